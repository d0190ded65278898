"""Checks the arguments of the public calls: a value of a wrong type is a TypeError that names the argument.

Where an argument takes several values, a single text or path is one value. It is never read letter by letter.
"""

from __future__ import annotations

import operator
import os
import re
from collections.abc import Iterable
from typing import Any, TypeAlias

from repomap_fast.errors import OptionError

StrPath: TypeAlias = "str | os.PathLike[str]"
"""A path; a leading ``~`` is the user's home folder."""
Several: TypeAlias = "str | os.PathLike[str] | Iterable[str | os.PathLike[str]]"
"""Names or paths; a single one is a list of one."""

_UNITS = {"": 1, "K": 2**10, "M": 2**20, "G": 2**30}
_SIZE = re.compile(r"\s*([0-9]{1,15}(?:\.[0-9]{1,15})?)\s*([KMG]?)(?:I?B)?\s*", re.IGNORECASE)


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


def path_text(option: str, given: Any) -> str:
    """Return a path as text, with a leading ``~`` expanded. Raises TypeError."""
    path = text(option, given, "a path")
    # Path would normalise the rest of the path.
    return os.path.expanduser(path) if path.startswith("~") else path  # noqa: PTH111


def size(option: str, given: Any) -> int:
    """Return bytes: a whole number, or a text such as ``256M``. Raises TypeError, OptionError."""
    if isinstance(given, str):
        return parse_size(given, option)
    return whole_number(option, given, "bytes as an int, or a text such as '256M'")


def parse_size(given: str, option: str) -> int:
    """Return the bytes that a text means: ``1000``, ``64M``, ``1.5 GB`` (K, M and G are powers of 1024).

    Raises OptionError, which begins with the name of ``option``.
    """
    match = _SIZE.fullmatch(given)
    if match is None:
        raise OptionError(f"{option} is {_quoted(given)}; expected bytes, or a number with K, M or G, such as 64M")
    return round(float(match[1]) * _UNITS[match[2].upper()])


def whole_number(option: str, given: Any, expected: str = "an int") -> int:
    """Return ``given`` if it is an int, or what counts as one, such as numpy's. Raises TypeError."""
    if not isinstance(given, bool):
        try:
            return operator.index(given)
        except TypeError:
            pass
    raise wrong_type(option, given, expected)


def number(option: str, given: Any) -> float:
    """Return ``given`` if it is a float or an int. Raises TypeError."""
    if isinstance(given, bool) or not hasattr(given, "__float__"):
        raise wrong_type(option, given, "a float")
    return float(given)


def check_type(option: str, given: Any, *types: type) -> None:
    """Raise TypeError if ``given`` is of none of these types."""
    if not isinstance(given, types):
        raise wrong_type(option, given, " or ".join(f"a {one.__name__}" for one in types))


def _quoted(given: str) -> str:
    shown = repr(given)
    return shown if len(shown) <= 80 else f"{shown[:60]}… ({len(given):,} characters)"


def check_choice(option: str, given: Any, allowed: tuple[str, ...]) -> None:
    """Raise TypeError if ``given`` is no str, OptionError if it is none of ``allowed``."""
    if text(option, given) not in allowed:
        *names, last = allowed
        raise OptionError(f"{option} is {_quoted(given)}; expected {', '.join(names)} or {last}")


def wrong_type(option: str, given: Any, expected: str) -> TypeError:
    """Return the error for an argument of a wrong type."""
    shown = repr(given)
    if len(shown) > _LONGEST_SHOWN:
        shown = shown[:_LONGEST_SHOWN] + "…"
    return TypeError(f"{option} is {shown}, of type {type(given).__name__}; expected {expected}")


_LONGEST_SHOWN = 60
