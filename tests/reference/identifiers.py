"""The slow twin of identifier classes: Python's own str, asked about each name."""

from __future__ import annotations


def classify_identifier(name: str) -> str:
    """Return the class that the spelling of ``name`` puts it into."""
    if not name:
        return "unknown"
    if name.isupper():
        return "constants"
    if name[0].isupper():
        return "classes"
    if name.endswith("()"):
        return "functions"
    if name.islower():
        return "variables"
    return "other"
