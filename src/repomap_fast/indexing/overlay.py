"""An overlay: which files of a base are gone, and how a few changed files change the base's counts, terms and records.

It gives what a join of all files would give, and reads only the pages of the base that the change touches.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.joining.words import FileWords
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, ROLE_DEFINITION, StringTable
from repomap_fast.tagging.block import read_definition_kinds, read_names

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.base import Base
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.records import Kind, RecordColumns
    from repomap_fast.joining.words import WordColumns


def count_over(base: Base, state: State, blocks: Iterable[tuple[bytes, Sequence[str]]]) -> dict[str, Any]:
    """Return the counts of the record: of the base, less those of gone files, plus those of new ones.

    blocks  of each file that is not in the base and has tags, with the kinds of its tags query.

    Raises IndexDamagedError, ValueError for what is no block.
    """
    uses: dict[bytes, int] = {}
    kinds: Counter[str] = Counter()
    for block, of_query in blocks:
        for name in read_names(block):
            uses[name] = uses.get(name, 0) + 1
        kinds.update({of_query[number]: count for number, count in read_definition_kinds(block).items()})
    return {
        "identifier_classes": _classes_over(base, state, uses),
        "definition_kinds": _kinds_over(base, state, kinds),
    }


def _kinds_over(base: Base, state: State, added: Counter[str]) -> dict[str, int]:
    counts = Counter(base.record["definition_kinds"]) + added
    kinds = base.record["kinds"]
    roles, kind_ids = base.columns.paged("roles", np.uint8), base.columns.paged("kind_ids", np.uint8)
    for _, start, stop in gone_files(base.state, state):
        of_kinds = kind_ids.rows(start, stop)[roles.rows(start, stop) == ROLE_DEFINITION]
        for kind_id, count in enumerate(np.bincount(of_kinds).tolist()):
            if count and kind_id >= len(kinds):
                raise IndexDamagedError(f"the tags have kind {kind_id}; expected less than {len(kinds)}")
            if count:
                counts[kinds[kind_id]] -= count
    return {kind: count for kind, count in sorted(counts.items()) if count}


def _classes_over(base: Base, state: State, uses: dict[bytes, int]) -> list[int]:
    """Return how many names are of each identifier class.

    uses  how many files that are not in the base use each name; changed in place.
    """
    names = base.names()
    name_ids = base.columns.paged("name_ids", np.uint32)
    ids: dict[bytes, int] = {}
    for _, start, stop in gone_files(base.state, state):
        for name_id in distinct(name_ids.rows(start, stop)).tolist():
            name = names.name(name_id)
            ids[name] = name_id
            uses[name] = uses.get(name, 0) - 1
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
    of_base, of_changed = _files_of_rows(base, state)
    return FileWords([(base.words(), of_base), (changed, of_changed)], len(state))


def records_over(base: Base, state: State, changed: RecordColumns, kind: Kind) -> list[tuple[RecordColumns, I64]]:
    """Return the records of the files of a state: of most from the base, of the others from ``changed``.

    Each columns come with the file of each of their rows. Raises IndexDamagedError.
    """
    of_base, of_changed = _files_of_rows(base, state)
    return [(base.records(kind), of_base), (changed, of_changed)]


def _files_of_rows(base: Base, state: State) -> tuple[I64, I64]:
    """Return the file of the state for each row of the base, -1 for a row that is gone, and for each changed file."""
    in_base = state.base_rows != NOT_IN_BASE
    file_of_row: I64 = np.full(len(base.state), -1, np.int64)
    file_of_row[state.base_rows[in_base]] = np.flatnonzero(in_base)
    return file_of_row, np.flatnonzero(~in_base)


def gone_files(base: State, state: State) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of the base whose tags are no longer in the state, each with the bounds of its tags."""
    offsets = offsets_from(base.tag_counts)
    for row in np.flatnonzero(~_is_kept(base, state)).tolist():
        yield row, int(offsets[row]), int(offsets[row + 1])


def _is_kept(base: State, state: State) -> NDArray[np.bool_]:
    is_kept = np.zeros(len(base), np.bool_)
    is_kept[state.base_rows[state.base_rows != NOT_IN_BASE]] = True
    return is_kept
