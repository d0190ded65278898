"""Words and possible paths in a text of plain language.

The text is not trusted: agents pass on issues that anybody can write. So each text is read in one pass. A pattern here
is one repeated class of characters, and never backtracks.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import groupby

_WORD = re.compile(r"[^\W\d]\w*")
_RUN = re.compile(r"[\w.@+/-]+")
"""Contains everything that could be a path."""
_UPPER, _LOWER = re.compile(rb"[A-Z]"), re.compile(rb"[a-z]")


def words_in(text: str) -> Iterator[str]:
    """Yield possible identifiers, in the order of the text."""
    return (found[0] for found in _WORD.finditer(text))


def paths_in(text: str) -> Iterator[str]:
    """Yield possible paths, in the order of the text: parts joined by single slashes, or a name that contains a dot."""
    for run in _RUN.findall(text):
        if "/" not in run and "." not in run:
            continue
        for parts in _unbroken(run.split("/")):
            if len(parts) > 1:
                yield "/".join(parts)
            else:
                yield from (".".join(names) for names in _unbroken(parts[0].split(".")) if len(names) > 1)


def first_distinct(items: Iterable[str], most: int) -> list[str]:
    """Return the first ``most`` distinct items, and read no more than these need."""
    found: dict[str, None] = {}
    for item in items:
        found[item] = None
        if len(found) == most:
            break
    return list(found)


def _unbroken(parts: list[str]) -> Iterator[list[str]]:
    """Yield the longest runs of parts that are not empty."""
    return (list(row) for is_full, row in groupby(parts, bool) if is_full)


def is_compound(word: bytes) -> bool:
    """Return whether an identifier is made of several words: ``a_b``, ``aB``, or ``ABc``."""
    if b"_" in word.strip(b"_"):
        return True
    uppers = [found.start() for found in _UPPER.finditer(word)]
    lowers = [found.start() for found in _LOWER.finditer(word)]
    if not uppers or not lowers:
        return False
    return lowers[0] < uppers[-1] or (len(uppers) > 1 and uppers[1] < lowers[-1])
