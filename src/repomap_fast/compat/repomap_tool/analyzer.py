"""repomap-tool's counts: files by their endings, names by how they are spelled.

Its spelling rules are not the plan's: a constant needs an underscore, and lower-case words joined by underscores are
taken for functions.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from repomap_fast.compat.repomap_tool.tag_cache import default_cache_folder

_FUNCTION_STARTS = ("get_", "set_", "is_")


def analyze_file_types(files: Iterable[str]) -> dict[str, int]:
    """Return how many files have each ending, in lower case and without its dot; files without one are left out."""
    counts: dict[str, int] = {}
    for path in files:
        _, dot, ending = path.rpartition(".")
        if dot:
            counts[ending.lower()] = counts.get(ending.lower(), 0) + 1
    return counts


def analyze_identifier_types(identifiers: Iterable[str]) -> dict[str, int]:
    """Return how many names look like functions, classes, variables, constants, and like none of these."""
    counts = dict.fromkeys(("functions", "classes", "variables", "constants", "other"), 0)
    for name in identifiers:
        counts[_type_of(name)] += 1
    return counts


def _type_of(name: str) -> str:
    if not name:
        return "other"
    if name.isupper() and "_" in name:
        return "constants"
    if name[0].isupper():
        return "classes"
    if name.startswith(_FUNCTION_STARTS):
        return "functions"
    if name.islower():
        return "functions" if "_" in name else "variables"
    return "other"


def get_cache_size(cache_dir: str | os.PathLike[str] | None = None) -> int:
    """Return the bytes of the tag cache in ``cache_dir``, or in repomap-tool's own folder; 0 where there is none."""
    folder = default_cache_folder() if cache_dir is None else Path(cache_dir)
    return sum(path.stat().st_size for path in folder.glob("tags.sqlite3*") if path.is_file())
