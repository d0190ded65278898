"""Suffixes that several languages share: the first bytes of a file tell which one it is written in.

A rule is a pattern and the language that it tells, or None where that is a language without a row. The first rule that
applies decides, then the default.
"""

from __future__ import annotations

import re
from typing import NamedTuple

FIRST_BYTES = 1024
"""How much of a file is looked at: past the licence that most begin with."""


class _Shared(NamedTuple):
    rules: tuple[tuple[re.Pattern[bytes], str | None], ...]
    default: str | None


def _at_line(pattern: bytes) -> re.Pattern[bytes]:
    """Return a pattern that applies at the beginning of a line, after blanks."""
    return re.compile(rb"(?m)^[ \t]*(?:" + pattern + rb")")


SHARED_SUFFIXES: dict[bytes, _Shared] = {
    b"m": _Shared(
        (
            (
                _at_line(rb"@(?:interface|implementation|protocol|import|class)\b|#[ \t]*(?:import|include|define)\b"),
                "objc",
            ),
            (_at_line(rb"//|/\*"), "objc"),
            (re.compile(rb"\A\s*\(\*"), None),
        ),
        None,
    ),
}


def told_by_contents(suffix: bytes, start: bytes) -> str | None:
    """Return the name of the language of a file that begins with ``start``; None if it is of none."""
    shared = SHARED_SUFFIXES.get(suffix) or SHARED_SUFFIXES[suffix.lower()]
    return next((language for pattern, language in shared.rules if pattern.search(start)), shared.default)
