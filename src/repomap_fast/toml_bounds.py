"""Refuses TOML that would be costly to parse, before it is parsed.

``tomllib`` takes the square of the parts of a dotted key, and calls itself once for each bracket within a bracket.
"""

from __future__ import annotations

import re

MOST_KEY_PARTS = 16
MOST_DEPTH = 64

_STRUCTURE = re.compile(r"""[."'#\[\]{}=,\n]""")
_QUOTE_OR_ESCAPE = {'"': re.compile(r'["\\]'), "'": re.compile("'")}


class CostlyTomlError(ValueError):
    """A text has a key of too many parts, or brackets within too many brackets."""


def check_toml(text: str) -> None:
    """Raise CostlyTomlError for a text that would take long to parse; whether it is TOML is not looked at.

    One pass over the text, with a step for each character that structures it.
    """
    at = n_dots = depth = 0
    while found := _STRUCTURE.search(text, at):
        at = found.end()
        character = found[0]
        if character == ".":
            n_dots += 1
            if n_dots >= MOST_KEY_PARTS:
                raise CostlyTomlError(
                    f"line {text.count(chr(10), 0, at) + 1}: a key of more than {MOST_KEY_PARTS} parts"
                )
            continue
        if character in "\"'":
            at = _string_end(text, found.start())
            continue
        if character == "#":
            end = text.find("\n", at)
            at = len(text) if end < 0 else end
            continue
        n_dots = 0
        if character in "[{":
            depth += 1
            if depth > MOST_DEPTH:
                raise CostlyTomlError(
                    f"line {text.count(chr(10), 0, at) + 1}: more than {MOST_DEPTH} brackets within each other"
                )
        elif character in "]}":
            depth = max(0, depth - 1)


def _string_end(text: str, start: int) -> int:
    """Return where the string that begins at ``start`` ends; the end of the text if it does not."""
    quote = text[start]
    is_long = text.startswith(quote * 3, start)
    delimiter = quote * 3 if is_long else quote
    at = start + len(delimiter)
    while found := _QUOTE_OR_ESCAPE[quote].search(text, at):
        if found[0] == "\\":
            at = found.end() + 1
        elif text.startswith(delimiter, found.start()):
            return found.start() + len(delimiter)
        else:
            at = found.end()
    return len(text)
