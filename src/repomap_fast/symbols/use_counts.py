"""Counts the references to the definitions that a search shows.

Names in few files are resolved by rules; the others are counted by name: each file that has a name takes about a
millisecond to read.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.resolving.source_tree import read_each_of_settings
from repomap_fast.symbols.kept_finder import kept_finder
from repomap_fast.symbols.sites import Definition

if TYPE_CHECKING:
    from repomap_fast.indexing.index import Index
    from repomap_fast.indexing.loaded_index import Answers
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.symbols.sites import SiteFinder, UseCount
    from repomap_fast.tables import I64

_MOST_FILES = 40
"""Files with the names of one search that are read."""
_MOST_DEFINITIONS = 200
"""Of one search that are looked at."""
_MOST_KNOWN = 100_000
"""Counts that are remembered; with more all are forgotten."""


def count_uses(result: ScanResult, rows: I64, answers: Answers, watch: Progress) -> dict[int, UseCount]:
    """Return how many references definitions have, rows of the table of tags: those whose names few files have.

    answers  what earlier calls counted in the same listed files; what is counted now is added.

    The same files and rows give the same counts, whatever was counted before. Raises ScanCancelled.
    """
    rows = rows[:_MOST_DEFINITIONS]
    # What an earlier search kept may be of columns that were damaged meanwhile, and made again.
    for _ in range(2):
        try:
            return _count(result, rows, answers, watch)
        except IndexDamagedError:
            continue
    # Names can be counted without what is damaged.
    return {}


def count_named(index: Index, names: list[bytes]) -> list[int]:
    """Return how often all files use some names as values, of which none stands twice."""
    try:
        return index.result.uses.counts(names)
    except IndexDamagedError as error:
        index.repair(error)
        return index.result.uses.counts(names)


def _count(result: ScanResult, rows: I64, answers: Answers, watch: Progress) -> dict[int, UseCount]:
    table, offsets = result.sparse_tags, result.file_table.tag_offsets.astype(np.int64)
    files = np.searchsorted(offsets, rows, side="right") - 1
    by_name: dict[bytes, dict[Definition, int]] = {}
    for row, file in zip(rows.tolist(), files.tolist(), strict=True):
        one = Definition(file, row - int(offsets[file]))
        by_name.setdefault(table.names[int(table.name_ids[row])], {})[one] = row
    if len(answers.known) > _MOST_KNOWN or not _have_same_settings(answers, result):
        answers.clear()
    with kept_finder(result, answers, watch) as finder:
        return _counted(by_name, finder, answers)


def _counted(by_name: dict[bytes, dict[Definition, int]], finder: SiteFinder, answers: Answers) -> dict[int, UseCount]:
    known, n_left = answers.known, _MOST_FILES
    found: dict[int, UseCount] = {}
    files_naming = finder.files_naming(by_name)
    for name, of_name in by_name.items():
        n_files = len(files_naming[name])
        if n_files > n_left:
            continue
        n_left -= n_files
        if any((name, one) not in known for one in of_name):
            counts = finder.counts(of_name)
            answers.unlisted |= {
                path: _digest(contents)
                for path, contents in finder.unlisted_settings.items()
                if path not in answers.unlisted
            }
            known.update({(name, one): counts.get(one) for one in of_name})
        found |= {row: count for one, row in of_name.items() if (count := known[name, one]) is not None}
    return found


def _have_same_settings(answers: Answers, result: ScanResult) -> bool:
    """Return whether the settings that counts depend on and the scan does not list are as they were."""
    known = answers.unlisted
    return all(_digest(text) == known[path] for path, text in read_each_of_settings(result.contents, known))


def _digest(contents: bytes | None) -> bytes | None:
    return None if contents is None else hashlib.blake2b(contents, digest_size=16).digest()
