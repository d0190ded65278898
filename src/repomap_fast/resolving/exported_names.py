"""The names that a module of Python lists in ``__all__``."""

from __future__ import annotations

import re

_LINE = re.compile(rb"^[ \t]*__all__\b", re.MULTILINE)
_LISTED = re.compile(rb"\s*(?::[^=\n]*)?\+?=\s*[\[(]([^\])]*)[\])][ \t]*(?:#.*)?$", re.MULTILINE)
_NAME = re.compile(rb"""["'](\w+)["']""")


def listed_names(source: bytes) -> frozenset[bytes] | None:
    """Return the names in all lists of ``__all__``; None where it is, or may be, made in another way."""
    if b"__all__" not in source:
        # Most modules have none: a search by the pattern takes far longer.
        return None
    names: set[bytes] = set()
    end = 0
    # Each search begins behind the list before, so that every byte is read once.
    while (line := _LINE.search(source, end)) is not None:
        found = _LISTED.match(source, line.end())
        if found is None:
            return None
        names.update(_NAME.findall(found[1]))
        end = found.end()
    return frozenset(names) if end else None
