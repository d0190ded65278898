"""The join stage: joins the blocks of all files into one table, in the order of the files.

It never depends on which worker tagged a file: the same blocks give the same bytes.
"""

from __future__ import annotations

import gc
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _join
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.joining.records import KINDS, RecordWriter
from repomap_fast.joining.words import WordWriter
from repomap_fast.resources.governors import Pressure
from repomap_fast.tables import I32, I64, IDENTIFIER_CLASSES, NO_SCOPE, U8, U16, StringTable, TagTable
from repomap_fast.tagging.block import KINDS_OF_QUERY

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.resources.governors import MemoryGovernor
    from repomap_fast.store.columns import Columns, ColumnWriter

CHUNK_BYTES = 8 << 20
"""Blocks that are joined at a time: some four times as much in columns."""
_SCOPES_AT_A_TIME = 1 << 20
_SHORT_CHAIN = 16
"""Scopes within each other that are followed one by one: more than code has."""
_NAMES_AT_A_TIME = 1 << 16

TAG_COLUMNS: dict[str, type[np.generic]] = {
    "name_ids": np.uint32,
    "roles": np.uint8,
    "kind_ids": np.uint8,
    "rows": np.uint32,
    "columns": np.uint32,
    "end_rows": np.uint32,
    "scope_tag_ids": np.int32,
}


class Joined(NamedTuple):
    """What belongs to joined columns.

    kinds               sorted; the column of kinds has their numbers.
    seed                of the names' slots.
    identifier_classes  how many names are of each class.
    definition_kinds    how many definitions are of each kind, without kinds that no definition has.
    """

    kinds: tuple[str, ...]
    seed: int
    identifier_classes: list[int]
    definition_kinds: dict[str, int]


def join(
    chunks: Iterable[tuple[list[bytes], U16]],
    kinds_of_languages: Mapping[int, Sequence[str]],
    out: ColumnWriter,
    *,
    memory: MemoryGovernor | None = None,
) -> Joined:
    """Write the columns of all tags, names, terms and records to ``out``.

    chunks  blocks in file order, some at a time, and their language ids; an empty block stands for a file without.
    memory  governor; under pressure, names are re-read from disk instead of kept.

    The blocks must be sound: the tagger's own, or passed by ``check_block``. Raises MemoryError, OSError of ``out``.
    """
    kinds = tuple(sorted({kind for of_query in kinds_of_languages.values() for kind in of_query}))
    translation = _kind_translation(kinds, kinds_of_languages)
    joining = _join.Join()
    names = _NameWriter(joining, out)
    words, records = WordWriter(out), [RecordWriter(out, kind) for kind in KINDS]
    is_short = False
    for blocks, language_ids in chunks:
        joined: tuple[NDArray[Any], ...] = joining.add(blocks, language_ids, translation)
        for name, column in zip(TAG_COLUMNS, joined, strict=True):
            out.append(name, column)
        del joined, column
        words.add(blocks)
        for writer in records:
            writer.add(blocks)
        is_short = is_short or (memory is not None and memory.pressure() > Pressure.NONE)
        if is_short and memory is not None:
            has_let_go = names.let_go()
            memory.note(
                "read names where they were written" if has_let_go else "held all names, with no place for them"
            )
    names.finish()
    counts = zip(kinds, joining.definition_counts, strict=False)
    return Joined(kinds, joining.seed, names.classes.tolist(), {kind: count for kind, count in counts if count})


class _NameWriter:
    """Writes the names of a join, at its end or as they come."""

    def __init__(self, joining: _join.Join, out: ColumnWriter) -> None:
        self.classes: I64 = np.zeros(len(IDENTIFIER_CLASSES), np.int64)
        self._joining = joining
        self._out = out
        self._n_bytes = 0
        self._is_first = True

    def let_go(self) -> bool:
        """Write what names there are and free their memory; return False if they would only be elsewhere in it."""
        if self._out.descriptor("name_offsets") is None:
            return False
        if self._joining.n_names:
            self._joining.hand_out_names(self._take)
            offsets, data = self._out.descriptor("name_offsets"), self._out.descriptor("name_bytes")
            assert offsets is not None
            assert data is not None
            self._joining.forget_names(offsets, data)
        return True

    def finish(self) -> None:
        """Write the rest."""
        self._joining.hand_out_names(self._take)

        def take_uses(*columns: memoryview) -> None:
            for name, column in zip(("name_file_counts", "name_slots"), columns, strict=True):
                self._out.writer(name)(column)

        self._joining.hand_out_uses(take_uses)

    def _take(self, offsets_view: memoryview, data_view: memoryview) -> None:
        offsets, data = np.frombuffer(offsets_view, np.uint64), np.frombuffer(data_view, np.uint8)
        if self._is_first:
            self._out.writer("name_offsets")(offsets_view)
        elif len(offsets) > 1:
            self._out.append("name_offsets", offsets[1:] + np.uint64(self._n_bytes))
        self._is_first = False
        self._out.writer("name_bytes")(data_view)
        self._n_bytes += len(data)
        # While they are in memory: a column that is read again would come on top.
        for start in range(0, len(offsets) - 1, _NAMES_AT_A_TIME):
            some = offsets[start : start + _NAMES_AT_A_TIME + 1]
            names = StringTable(some - some[0], data[int(some[0]) : int(some[-1])])
            self.classes += np.bincount(classify_identifiers(names), minlength=len(self.classes))


def _kind_translation(kinds: Sequence[str], kinds_of_languages: Mapping[int, Sequence[str]]) -> NDArray[np.uint8]:
    kind_ids = {kind: kind_id for kind_id, kind in enumerate(kinds)}
    translation: U8 = np.zeros((max(kinds_of_languages, default=-1) + 1, KINDS_OF_QUERY), np.uint8)
    for language_id, of_query in kinds_of_languages.items():
        translation[language_id, : len(of_query)] = [kind_ids[kind] for kind in of_query]
    return translation


def tag_table(columns: Columns, kinds: Sequence[str], seed: int) -> TagTable:
    """Return the table that ``join`` wrote, with what it returned. Raises IndexDamagedError."""
    try:
        return TagTable(
            **{name: columns.array(name, dtype) for name, dtype in TAG_COLUMNS.items()},
            names=names_in(columns),
            kinds=tuple(kinds),
            name_slots=columns.array("name_slots", np.uint32),
            name_seed=seed,
        )
    except ValueError as error:
        raise IndexDamagedError(f"the columns of tags do not fit each other: {error}") from error


def is_sound(table: TagTable) -> bool:
    """Return whether every number in the table is one that its readers can follow to its end.

    A new table is sound. A kept one may have been damaged, or made by another program.
    """
    n = len(table)
    if any(len(getattr(table, name)) != n for name in TAG_COLUMNS) or not table.names.is_well_formed():
        return False
    n_slots = len(table.name_slots)
    if n_slots & (n_slots - 1) or table.name_slots.max(initial=0) > len(table.names):
        return False
    bounds = {"name_ids": len(table.names), "roles": 2, "kind_ids": len(table.kinds)}
    if any(n and int(getattr(table, name).max()) >= bound for name, bound in bounds.items()):
        return False
    return _scopes_end(table.scope_tag_ids)


def _scopes_end(scopes: I32) -> bool:
    """Return whether every chain of scopes ends at the top of its file."""
    n = len(scopes)
    if n == 0:
        return True
    if int(scopes.min()) < NO_SCOPE or int(scopes.max()) >= n:
        return False
    starts = range(0, n, _SCOPES_AT_A_TIME)
    pieces = ((start, scopes[start : start + _SCOPES_AT_A_TIME]) for start in starts)
    # Some point forwards, as a few in C do. A chain without an end comes to one of them again and again.
    ahead = np.concatenate([_forwards(piece, start) for start, piece in pieces])
    for _ in range(_SHORT_CHAIN):
        if not len(ahead):
            return True
        ahead = scopes[ahead]
        ahead = ahead[ahead != NO_SCOPE]
    # Pointer doubling: what has no end after log2(n) rounds is in a cycle.
    further = np.append(scopes, np.int32(NO_SCOPE))
    for _ in range(n.bit_length() + 1):
        if (further == NO_SCOPE).all():
            return True
        further = further[further]
    return False


def _forwards(scopes: I32, start: int) -> I32:
    """Return the rows of tags whose scope is no row before them; ``start`` is the row of the first."""
    rows = np.arange(start, start + len(scopes), dtype=np.int32)
    return rows[scopes >= rows]


def names_in(columns: Columns) -> StringTable:
    """Return the names that ``join`` wrote."""
    return StringTable(columns.array("name_offsets", np.uint64), columns.array("name_bytes", np.uint8))


find_names = _join.find_names
give_back_memory = _join.give_back_memory
keep_large_memory_apart = _join.keep_large_memory_apart


def tidy_memory() -> None:
    """Free what nothing needs any more, return it to the system, and from now on each large piece when it is freed."""
    # A result is part of a circle, of few objects with large columns: the collector would not come for long.
    gc.collect()
    keep_large_memory_apart()
    give_back_memory()
