"""How often the definitions that a search shows are referred to: as rules resolve it, within a bound.

To find what refers to a definition, each file that has its name is read: about a millisecond each. So the names that
few files have are resolved; the rest is counted by name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.symbols.sites import Definition, SiteFinder

if TYPE_CHECKING:
    from collections.abc import Hashable
    from typing import Any

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.symbols.sites import UseCount
    from repomap_fast.tables import I64

_MOST_FILES = 40
"""Files with the names of one search that are read."""
_MOST_DEFINITIONS = 200
"""Of one search that are looked at."""
_MOST_KNOWN = 100_000
"""Counts that are remembered; with more all are forgotten."""


def count_uses(result: ScanResult, rows: I64, answers: dict[Hashable, Any], watch: Progress) -> dict[int, UseCount]:
    """Return how many references definitions have, rows of the table of tags: those whose names few files have.

    answers  what earlier calls counted in the same files; what is counted now is added.

    The same files and rows give the same counts, whatever was counted before. Raises ScanCancelled.
    """
    try:
        return _count(result, rows[:_MOST_DEFINITIONS], answers, watch)
    except IndexDamagedError:
        # Names can be counted without what is damaged.
        return {}


def _count(result: ScanResult, rows: I64, answers: dict[Hashable, Any], watch: Progress) -> dict[int, UseCount]:
    table, offsets = result.tag_table, result.file_table.tag_offsets.astype(np.int64)
    files = np.searchsorted(offsets, rows, side="right") - 1
    by_name: dict[bytes, dict[Definition, int]] = {}
    for row, file in zip(rows.tolist(), files.tolist(), strict=True):
        one = Definition(file, row - int(offsets[file]))
        by_name.setdefault(table.names[int(table.name_ids[row])], {})[one] = row
    if len(answers) > _MOST_KNOWN:
        answers.clear()
    finder, n_left = SiteFinder(result, watch), _MOST_FILES
    found: dict[int, UseCount] = {}
    for (name, of_name), n_files in zip(by_name.items(), finder.n_files_naming(by_name), strict=True):
        if n_files > n_left:
            continue
        n_left -= n_files
        if any((name, one) not in answers for one in of_name):
            counts = finder.counts(of_name)
            answers.update({(name, one): counts.get(one) for one in of_name})
        found |= {row: count for one, row in of_name.items() if (count := answers[name, one]) is not None}
    return found
