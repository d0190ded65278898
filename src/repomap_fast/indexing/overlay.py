"""An overlay: what a few changed files change of the counts of identifier classes and of the terms of files, and which
files of a base are gone.

It gives what a join of all files would give, and reads only the pages of the base that the change touches.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.joining.words import FileWords
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.base import Base
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.words import WordColumns


def classes_over(base: Base, state: State, names_of_files: Iterable[list[bytes]]) -> list[int]:
    """Return how many names are of each identifier class: those of the base, less the gone names, plus the new ones.

    names_of_files  the distinct names of each file that is not in the base.

    Raises IndexDamagedError.
    """
    names = base.names()
    name_ids = base.columns.paged("name_ids", np.uint32)
    ids: dict[bytes, int] = {}
    uses: dict[bytes, int] = {}
    for _, start, stop in gone_files(base.state, state):
        for name_id in distinct(name_ids.rows(start, stop)).tolist():
            name = names.name(name_id)
            ids[name] = name_id
            uses[name] = uses.get(name, 0) - 1
    for of_file in names_of_files:
        for name in of_file:
            uses[name] = uses.get(name, 0) + 1
    wanted = [name for name, n_uses in uses.items() if n_uses]
    # A changed file has most of the names that it had: only the others are searched for.
    others = [name for name in wanted if name not in ids]
    ids.update(zip(others, names.find(others).tolist(), strict=True))
    found = np.array([ids[name] for name in wanted], np.int64)
    before: I64 = np.zeros(len(wanted), np.int64)
    before[found >= 0] = names.file_counts.at(found[found >= 0])
    after = before + np.array([uses[name] for name in wanted], np.int64)
    classes = classify_identifiers(StringTable.from_strings(wanted))
    n_classes = len(IDENTIFIER_CLASSES)
    added = np.bincount(classes[(before == 0) & (after > 0)], minlength=n_classes)
    removed = np.bincount(classes[(before > 0) & (after == 0)], minlength=n_classes)
    after_all: list[int] = (np.array(base.record["identifier_classes"]) + added - removed).tolist()
    return after_all


def words_over(base: Base, state: State, changed: WordColumns) -> FileWords:
    """Return the terms of the files of a state: of most from the base, of the others from ``changed``, in their order.

    Raises IndexDamagedError.
    """
    in_base = state.base_rows != NOT_IN_BASE
    file_of_row: I64 = np.full(len(base.state), -1, np.int64)
    file_of_row[state.base_rows[in_base]] = np.flatnonzero(in_base)
    return FileWords([(base.words(), file_of_row), (changed, np.flatnonzero(~in_base))], len(state))


def gone_files(base: State, state: State) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of the base whose tags are no longer in the state, each with the bounds of its tags."""
    offsets = offsets_from(base.tag_counts)
    for row in np.flatnonzero(~_is_kept(base, state)).tolist():
        yield row, int(offsets[row]), int(offsets[row + 1])


def _is_kept(base: State, state: State) -> NDArray[np.bool_]:
    is_kept = np.zeros(len(base), np.bool_)
    is_kept[state.base_rows[state.base_rows != NOT_IN_BASE]] = True
    return is_kept
