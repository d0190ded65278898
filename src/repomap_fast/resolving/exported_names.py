"""The names that a module of Python lists in ``__all__``."""

from __future__ import annotations

import re

_LINE = re.compile(rb"^[ \t]*__all__\b", re.MULTILINE)
_LISTED = re.compile(rb"\s*(?::[^=\n]*)?\+?=\s*[\[(]([^\])]*)[\])][ \t]*(?:#.*)?$", re.MULTILINE)
_NAME = re.compile(rb"""["'](\w+)["']""")


def listed_names(source: bytes) -> frozenset[bytes] | None:
    """Return the names in all lists of ``__all__``; None where it is, or may be, made in another way."""
    lists = [_LISTED.match(source, line.end()) for line in _LINE.finditer(source)]
    if not lists or None in lists:
        return None
    return frozenset(name for found in lists if found is not None for name in _NAME.findall(found[1]))
