"""Reads a name with what encloses it: ``Class.method``, ``module::function``, ``Class#method?``.

A name may have the characters that also separate names: ``#private`` of JavaScript, ``operator->`` of C++, a dotted
package of Ada. So a qualified name has several readings, and the repository says which of them is meant.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

SEPARATOR = re.compile(r"\.|::|#|->|/")
"""What stands between a name and what encloses it."""
_MOST_READINGS = 20


_WORD = re.compile(r"\w+")


def is_word(text: str) -> bool:
    """Return whether a text has the characters of words alone."""
    return _WORD.fullmatch(text) is not None


def is_plain(text: str) -> bool:
    """Return whether a qualified name is made of words, so that each separator in it separates."""
    return all(map(is_word, SEPARATOR.split(text)))


def is_called(name: bytes, wanted: bytes) -> bool:
    """Return whether a definition has a name, or a dotted name that ends in it: ``Cart`` is ``Shop.Cart`` in Elixir."""
    return name == wanted or name.endswith(b"." + wanted)


def readings(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to read a qualified name, as what encloses the name and the name; the longest name first."""
    for n_read, separator in enumerate(SEPARATOR.finditer(text)):
        outer, name = text[: separator.start()], text[separator.end() :]
        if n_read == _MOST_READINGS:
            return
        if outer and name:
            yield outer, name


def owners(outer: str) -> list[str]:
    """Return what may be the name of the enclosing definition itself, the longest first.

    Of ``package.Class`` these are ``package.Class`` and ``Class``.
    """
    return list(dict.fromkeys([outer, *(name for _, name in readings(outer))]))
