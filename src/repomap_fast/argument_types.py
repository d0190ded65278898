"""Arguments of the public calls, checked: a value of a wrong type is a TypeError that names the argument.

Where several values may stand, a single text or path is one value: it is never read letter by letter.
"""

from __future__ import annotations

import operator
import os
from collections.abc import Iterable
from typing import Any


def several(option: str, given: Any) -> tuple[str, ...]:
    """Return the texts that ``given`` is, or holds; paths as texts. Raises TypeError."""
    if isinstance(given, str | os.PathLike):
        return (text(option, given),)
    if isinstance(given, bytes) or not isinstance(given, Iterable):
        raise wrong_type(option, given, "a str, or several")
    return tuple(text(option, one, "each to be a str") for one in given)


def several_paths(option: str, given: bytes | str | os.PathLike[str] | Iterable[Any]) -> tuple[bytes, ...]:
    """Return the paths that ``given`` is, or holds, as ``os.fsencode`` gives them. Raises TypeError."""
    if isinstance(given, bytes | str | os.PathLike):
        return (os.fsencode(given),)
    if not isinstance(given, Iterable):
        raise wrong_type(option, given, "a path, or several")
    paths = tuple(given)
    for path in paths:
        if not isinstance(path, bytes | str | os.PathLike):
            raise wrong_type(option, path, "each to be a path")
    return tuple(map(os.fsencode, paths))


def text(option: str, given: Any, expected: str = "a str") -> str:
    """Return ``given`` if it is a str, or the text of a path. Raises TypeError."""
    found = os.fspath(given) if isinstance(given, os.PathLike) else given
    if not isinstance(found, str):
        raise wrong_type(option, given, expected)
    return found


def whole_number(option: str, given: Any) -> int:
    """Return ``given`` if it is an int, or what counts as one, such as numpy's. Raises TypeError."""
    if not isinstance(given, bool):
        try:
            return operator.index(given)
        except TypeError:
            pass
    raise wrong_type(option, given, "an int")


def number(option: str, given: Any) -> float:
    """Return ``given`` if it is a float or an int. Raises TypeError."""
    if isinstance(given, bool) or not hasattr(given, "__float__"):
        raise wrong_type(option, given, "a float")
    return float(given)


def one_of(option: str, given: Any, *types: type) -> None:
    """Raise TypeError if ``given`` is of none of these types."""
    if not isinstance(given, types):
        raise wrong_type(option, given, " or ".join(f"a {one.__name__}" for one in types))


def wrong_type(option: str, given: Any, expected: str) -> TypeError:
    """Return the error for an argument of a wrong type."""
    shown = repr(given)
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    return TypeError(f"{option} is {shown}, of type {type(given).__name__}; expected {expected}")


_LONGEST_SHOWN = 60
