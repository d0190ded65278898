"""What a few files that are laid over a base change: the classes of its names, and its graph.

Both are what a join of all files would give, but of the base only those pieces are read that the change touches. One
thing takes a pass over every tag: where a name of the base becomes linked, the files that have it must be found.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.indexing.state import NOT_IN_BASE
from repomap_fast.joining.graph import (
    NAME_DEFINED,
    NAME_REFERRED,
    NOT_LINKED,
    FileTags,
    Graph,
    TagPieces,
    chunks_of_files,
    count_definitions,
    link_files,
    traits_of,
)
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.joining.join import names_in
from repomap_fast.store.paged_column import Pieces
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, ROLE_DEFINITION, U8, U32, U64, StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.base import Base
    from repomap_fast.indexing.state import State
    from repomap_fast.joining.join import Joined
    from repomap_fast.store.columns import Columns


def classes_over(base: Base, state: State, names_of_files: Iterable[list[bytes]]) -> list[int]:
    """Return how many names are of each identifier class: those of the base, less what went, and what came.

    names_of_files  the distinct names of each file that is not in the base.

    Raises IndexDamagedError.
    """
    names = base.names()
    name_ids = base.columns.pieces("name_ids", np.uint32)
    ids: dict[bytes, int] = {}
    uses: dict[bytes, int] = {}
    for _, start, stop in _gone_files(base.state, state):
        for name_id in distinct(name_ids.rows(start, stop)).tolist():
            name = names.name(name_id)
            ids[name] = name_id
            uses[name] = uses.get(name, 0) - 1
    for of_file in names_of_files:
        for name in of_file:
            uses[name] = uses.get(name, 0) + 1
    wanted = [name for name, n_uses in uses.items() if n_uses]
    # Most names of a file are those that it had: only the others are looked for.
    others = [name for name in wanted if name not in ids]
    ids.update(zip(others, names.find(others).tolist(), strict=True))
    found = np.array([ids[name] for name in wanted], np.int64)
    before: I64 = np.zeros(len(wanted), np.int64)
    before[found >= 0] = names.file_counts.take(found[found >= 0])
    after = before + np.array([uses[name] for name in wanted], np.int64)
    classes = classify_identifiers(StringTable.from_strings(wanted))
    n_classes = len(IDENTIFIER_CLASSES)
    came = np.bincount(classes[(before == 0) & (after > 0)], minlength=n_classes)
    went = np.bincount(classes[(before > 0) & (after == 0)], minlength=n_classes)
    after_all: list[int] = (np.array(base.record["identifier_classes"]) + came - went).tolist()
    return after_all


def _gone_files(base: State, state: State) -> Iterator[tuple[int, int, int]]:
    """Yield the rows of the base whose tags are not in the state any more, each with the bounds of its tags."""
    offsets = _offsets_of(base.tag_counts)
    for row in np.flatnonzero(~_is_kept(base, state)).tolist():
        yield row, int(offsets[row]), int(offsets[row + 1])


def _is_kept(base: State, state: State) -> NDArray[np.bool_]:
    is_kept = np.zeros(len(base), np.bool_)
    is_kept[state.base_rows[state.base_rows != NOT_IN_BASE]] = True
    return is_kept


def _offsets_of(lengths: U32 | U64 | NDArray[np.bool_]) -> U64:
    offsets: U64 = np.zeros(len(lengths) + 1, np.uint64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """The tags of a base and of the files that are laid over it.

    A name of theirs that is in no base has its own number after all of the base.

    below     the tags of the base.
    above     those of the other files.
    rows      (n_files,) int64: the file's row in the base; where that is NOT_IN_BASE,
    rows_above  (n_files,) int64: its row among the other files.
    name_ids  (n_names_above,) uint32: their numbers here.
    own_names (n_own,) int64: numbers above of the names that are in no base.
    kind_ids  (n_kinds_above,) uint8: their numbers here.
    """

    below: TagPieces
    above: TagPieces
    rows: I64
    rows_above: I64
    name_ids: U32
    own_names: I64
    kind_ids: U8

    def __len__(self) -> int:
        counts_below, counts_above = np.diff(self.below.offsets), np.diff(self.above.offsets)
        kept = self.rows[self.rows != NOT_IN_BASE]
        return int(counts_below[kept].sum()) + int(counts_above.sum())

    def of_file(self, file_id: int) -> FileTags:
        """Return the tags of a file. Raises IndexDamagedError."""
        row = int(self.rows[file_id])
        if row != NOT_IN_BASE:
            return self.below.of_file(row)
        tags = self.above.of_file(int(self.rows_above[file_id]))
        return tags._replace(name_ids=self.name_ids[tags.name_ids], kind_ids=self.kind_ids[tags.kind_ids])

    def of_files(self, file_ids: I64) -> tuple[I64, FileTags]:
        """Return the tags of some files, one after another, and their bounds. Raises IndexDamagedError."""
        found = [_NO_TAGS, *(self.of_file(file_id) for file_id in file_ids.tolist())]
        bounds = np.cumsum([len(tags.roles) for tags in found])
        return bounds, FileTags(*(np.concatenate(columns) for columns in zip(*found, strict=True)))

    def name(self, name_id: int) -> bytes:
        """Return a name. Raises IndexDamagedError."""
        n_below = len(self.below.names)
        return (
            self.below.name(name_id) if name_id < n_below else self.above.name(int(self.own_names[name_id - n_below]))
        )

    def find(self, names: list[bytes]) -> I64:
        """Return the numbers of names, -1 for one that is not there. Raises IndexDamagedError."""
        found = self.below.find(names)
        others = np.flatnonzero(found < 0)
        found_above = self.above.find([names[i] for i in others.tolist()])
        is_above = found_above >= 0
        found[others[is_above]] = self.name_ids[found_above[is_above]]
        return found

    def all_names(self) -> StringTable:
        """Return every name, those that are in no base last. Raises IndexDamagedError."""
        below = self.below.all_names()
        own = StringTable.from_strings([self.above.name(number) for number in self.own_names.tolist()])
        offsets = np.concatenate((below.offsets, own.offsets[1:] + below.offsets[-1]))
        return StringTable(offsets, np.concatenate((below.data, own.data)))

    def names_of(self, name_ids: U32) -> StringTable:
        """Return some names, in the order of their numbers as they are given. Raises IndexDamagedError."""
        return StringTable.from_strings([self.name(name_id) for name_id in name_ids.tolist()])

    def all_definitions(self) -> tuple[U64, U32]:
        """Return the bounds of the definitions of each file, and their names. Raises IndexDamagedError."""
        (offsets, below), (offsets_above, above) = self.below.all_definitions(), self.above.all_definitions()
        above = self.name_ids[above] if len(above) else above
        of_files = [
            below[int(offsets[row]) : int(offsets[row + 1])]
            if row != NOT_IN_BASE
            else above[int(offsets_above[row_above]) : int(offsets_above[row_above + 1])]
            for row, row_above in zip(self.rows.tolist(), self.rows_above.tolist(), strict=True)
        ]
        lengths = np.fromiter(map(len, of_files), np.uint64, len(of_files))
        return _offsets_of(lengths), np.concatenate([*of_files, np.empty(0, np.uint32)])

    def count_kinds(self) -> I64:
        """Return how many definitions are of each kind: (256,) int64. Raises IndexDamagedError."""
        is_gone = np.ones(len(self.below.offsets) - 1, np.bool_)
        is_gone[self.rows[self.rows != NOT_IN_BASE]] = False
        _, gone = self.below.of_files(np.flatnonzero(is_gone))
        counts = self.below.count_kinds() - count_definitions(gone.roles, gone.kind_ids)
        np.add.at(counts, self.kind_ids, self.above.count_kinds()[: len(self.kind_ids)])
        return counts


@dataclass(frozen=True, slots=True, eq=False)
class _Rows:
    """What a graph says of some files, as ``Graph`` has it."""

    reference_offsets: U64
    reference_names: U32
    reference_counts: U32
    definer_offsets: U64
    definer_names: U32
    lone_counts: U32

    @classmethod
    def of_graph(cls, graph: Graph) -> Self:
        """Return those of all files of a graph."""
        return cls(*(getattr(graph, name) for name in cls.__slots__))

    def renumbered(self, numbers: U32) -> Self:
        """Return the rows with other numbers for their names; those that get NOT_LINKED are left out, or are lone."""
        references, definers = numbers[self.reference_names], numbers[self.definer_names]
        is_reference, is_definer = references != NOT_LINKED, definers != NOT_LINKED
        if is_reference.all() and is_definer.all():
            counts, offsets = self.reference_counts, (self.reference_offsets, self.definer_offsets)
            return type(self)(offsets[0], references, counts, offsets[1], definers, self.lone_counts)
        definer_offsets = _kept_before(is_definer, self.definer_offsets)
        n_dropped = np.diff(self.definer_offsets) - np.diff(definer_offsets)
        return type(self)(
            _kept_before(is_reference, self.reference_offsets),
            references[is_reference],
            self.reference_counts[is_reference],
            definer_offsets,
            definers[is_definer],
            self.lone_counts + n_dropped.astype(np.uint32),
        )


def _kept_before(is_kept: NDArray[np.bool_], offsets: U64) -> U64:
    """Return the offsets of what is kept of a column."""
    return _offsets_of(is_kept)[offsets.astype(np.int64)]


class _Linker:
    """Makes the rows of files out of their tags, by numbers of names that stay the same."""

    def __init__(self, name_ids: U32, n_names: int) -> None:
        n_linked = len(name_ids)
        self._graph_ids: U32 = np.full(n_names, NOT_LINKED, np.uint32)
        self._graph_ids[name_ids] = np.arange(n_linked, dtype=np.uint32)
        self._defined_in: U32 = np.zeros(n_names, np.uint32)
        self._used_in, self._places = np.zeros(n_linked, np.uint32), np.zeros(n_linked, np.uint32)
        self._n_files = 0

    def link(self, tag_counts: U32, name_ids: U32, roles: U8) -> _Rows:
        """Return the rows of some files."""
        scratch = (self._defined_in, self._used_in, self._places)
        made = link_files(tag_counts, name_ids, roles, self._graph_ids, *scratch, self._n_files, False)
        self._n_files += len(tag_counts)
        return _Rows(_offsets_of(made[0]), made[1], made[2], _offsets_of(made[3]), made[4], made[5])


def graph_over(base: Base, state: State, columns: Columns, joined: Joined) -> Graph | None:
    """Return the graph of a state, of which most files are in the base.

    columns, joined  of the files that are not in the base, in their order, as ``join`` writes them.

    It ranks to the last bit as the graph of a join of all files. None if there is no reference in the base or in the
    state: then definitions stand for references, and all must be joined. Raises IndexDamagedError; LookupError and
    ValueError for columns that do not fit each other.
    """
    if _has_no_reference(base.state) or _has_no_reference(state):
        return None
    old = base.graph()
    assert isinstance(old.tags, TagPieces)
    came = np.flatnonzero(state.base_rows == NOT_IN_BASE)
    tag_counts = state.tag_counts[came]
    above = TagPieces.of(columns, _offsets_of(tag_counts), joined.seed)
    n_below, kinds = len(old.tags.names), list(dict.fromkeys((*base.record["kinds"], *joined.kinds)))
    names_above = list(names_in(columns))
    name_ids = old.tags.find(names_above)
    own_names = np.flatnonzero(name_ids < 0)
    name_ids[own_names] = n_below + np.arange(len(own_names))
    rows_above: I64 = np.full(len(state), -1, np.int64)
    rows_above[came] = np.arange(len(came))
    kind_ids = np.array([kinds.index(kind) for kind in joined.kinds], np.uint8)
    numbers_here: U32 = name_ids.astype(np.uint32)
    tags = _Laid(old.tags, above, state.base_rows, rows_above, numbers_here, own_names, kind_ids)
    ids_above: U32 = numbers_here[columns.array("name_ids", np.uint32)]
    roles_above: U8 = columns.array("roles", np.uint8)

    names = _Names.of(base, state, old, ids_above, roles_above, numbers_here)
    rows, linked, traits = _Rows.of_graph(old), old.name_ids, old.name_traits
    name_lengths, name_bytes = old.name_lengths, old.name_bytes
    if len(names.gained) or len(names.lost):
        is_kept = np.ones(len(linked), np.bool_)
        is_kept[np.searchsorted(linked, names.lost)] = False
        linked = np.sort(np.concatenate((linked[is_kept], names.gained)))
        numbers = np.searchsorted(linked, old.name_ids).astype(np.uint32)
        numbers[~is_kept] = NOT_LINKED
        if len(names.lost) or not np.array_equal(numbers, np.arange(len(numbers))):
            rows = rows.renumbered(numbers)
        traits = np.zeros(len(linked), np.uint8)
        traits[numbers[is_kept]] = old.name_traits[is_kept]
        gained, places = (
            [tags.name(name_id) for name_id in names.gained.tolist()],
            np.searchsorted(linked, names.gained),
        )
        traits[places] = np.array([traits_of(name.decode(errors="replace")) for name in gained], np.uint8)
        spelled = _with_names(old.linked_names().rows(np.flatnonzero(is_kept)), gained, places)
        name_lengths, name_bytes = Pieces(np.diff(spelled.offsets).astype(np.uint32)), Pieces(spelled.data)
    linker = _Linker(linked, n_below + len(own_names))
    parts = [rows, linker.link(tag_counts, ids_above, roles_above)]
    # Of each file: which part has its row, and which row that is.
    part_of_file, row_of_file = np.where(state.base_rows == NOT_IN_BASE, 1, 0), state.base_rows.copy()
    row_of_file[came] = np.arange(len(came))
    if len(names.to_look_for):
        file_of_row: I64 = np.full(len(base.state), -1, np.int64)
        kept = np.flatnonzero(state.base_rows != NOT_IN_BASE)
        file_of_row[state.base_rows[kept]] = kept
        for base_rows, part in _relinked(old.tags, base.state.tag_counts, names.to_look_for, linker):
            files = file_of_row[base_rows]
            part_of_file[files[files >= 0]] = len(parts)
            row_of_file[files[files >= 0]] = np.flatnonzero(files >= 0)
            parts.append(part)
    gathered = _gathered(parts, part_of_file, row_of_file)
    columns_of_rows = {name: getattr(gathered, name) for name in _Rows.__slots__}
    return Graph(
        paths=state.paths,
        name_ids=linked,
        name_traits=traits,
        name_lengths=name_lengths,
        name_bytes=name_bytes,
        kinds=tuple(kinds),
        tags=tags,
        **columns_of_rows,
    )


def _with_names(table: StringTable, names: list[bytes], places: NDArray[np.intp]) -> StringTable:
    """Return a table with further names, which stand at these places of it, rising."""
    lengths = np.zeros(len(table) + len(names), np.uint64)
    is_new = np.zeros(len(lengths), np.bool_)
    is_new[places] = True
    lengths[~is_new] = np.diff(table.offsets)
    lengths[is_new] = [len(name) for name in names]
    runs, start = [], 0
    for name, place in zip(names, (places - np.arange(len(places))).tolist(), strict=True):
        stop = int(table.offsets[place])
        runs += [table.data[start:stop], np.frombuffer(name, np.uint8)]
        start = stop
    return StringTable(_offsets_of(lengths), np.concatenate([*runs, table.data[start:]]))


def _has_no_reference(state: State) -> bool:
    return int(state.tag_counts.sum(dtype=np.int64)) == int(state.definition_counts.sum(dtype=np.int64))


@dataclass(frozen=True, slots=True, eq=False)
class _Names:
    """Names that become linked, and that are so no more, by their numbers; each rising.

    to_look_for  those of the gained that files of the base have which are still there.
    """

    gained: U32
    lost: U32
    to_look_for: U32

    @classmethod
    def of(cls, base: Base, state: State, old: Graph, ids_above: U32, roles_above: U8, names_above: U32) -> Self:
        """Find them, among the names of the files that went and of those that came."""
        tags = old.tags
        assert isinstance(tags, TagPieces)
        empty = [np.empty(0, np.uint32)]
        gone_files = list(_gone_files(base.state, state))
        gone = [row for row, _, _ in gone_files]
        uses = np.concatenate([*(distinct(tags.name_ids.rows(start, stop)) for _, start, stop in gone_files), *empty])
        touched = distinct(np.concatenate((uses, names_above)))
        n_touched, n_below = len(touched), len(tags.names)
        n_in_base = int(np.searchsorted(touched, n_below))
        in_base = touched[:n_in_base]
        places = np.minimum(np.searchsorted(old.name_ids, in_base), max(old.n_linked - 1, 0))
        was_linked = np.zeros(n_touched, np.bool_)
        if old.n_linked:
            was_linked[:n_in_base] = old.name_ids[places] == in_base
        is_asked = np.zeros(old.n_linked, np.bool_)
        is_asked[places[was_linked[:n_in_base]]] = True
        # How many files that are still there define each, and refer to it.
        left: dict[int, I64] = {}
        n_uses = np.bincount(np.searchsorted(in_base, uses), minlength=n_in_base)
        n_files = tags.names.file_counts.take(in_base).astype(np.int64) - n_uses
        roles = base.columns.pieces("graph_name_roles", np.uint8).take(in_base)
        for bit, offsets, numbers in (
            (NAME_DEFINED, old.definer_offsets, old.definer_names),
            (NAME_REFERRED, old.reference_offsets, old.reference_names),
        ):
            went = [numbers[int(offsets[row]) : int(offsets[row + 1])] for row in gone]
            # Only of the touched ones: to count all would take eight bytes for every number.
            n_linked = np.bincount(numbers[is_asked[numbers]], minlength=max(old.n_linked, 1))
            n_linked -= np.bincount(np.concatenate([*went, *empty]), minlength=max(old.n_linked, 1))
            left[bit] = np.zeros(n_touched, np.int64)
            left[bit][:n_in_base] = np.where(
                was_linked[:n_in_base], n_linked[places], np.where(roles & bit, n_files, 0)
            )
        is_definition = roles_above == ROLE_DEFINITION
        is_defined, is_referred = left[NAME_DEFINED] > 0, left[NAME_REFERRED] > 0
        is_defined[np.searchsorted(touched, ids_above[is_definition])] = True
        is_referred[np.searchsorted(touched, ids_above[~is_definition])] = True
        is_linked = is_defined & is_referred
        is_gained = is_linked & ~was_linked
        to_look_for = is_gained & ((left[NAME_DEFINED] > 0) | (left[NAME_REFERRED] > 0))
        return cls(touched[is_gained], touched[was_linked & ~is_linked], touched[to_look_for])


def _relinked(tags: TagPieces, tag_counts: U32, name_ids: U32, linker: _Linker) -> Iterator[tuple[I64, _Rows]]:
    """Yield rows of the base that have one of these names, some at a time, with what is to be said of them now."""
    is_wanted = np.zeros(len(tags.names), np.bool_)
    is_wanted[name_ids] = True
    for first, end, start, stop in chunks_of_files(tag_counts):
        of_chunk = tags.name_ids.read(start, stop)
        hits = np.flatnonzero(is_wanted[of_chunk])
        if not len(hits):
            continue
        bounds = _offsets_of(tag_counts[first:end]).astype(np.int64)
        has_one = np.zeros(end - first, np.bool_)
        has_one[np.searchsorted(bounds, hits, side="right") - 1] = True
        is_taken = np.repeat(has_one, tag_counts[first:end])
        part = linker.link(tag_counts[first:end][has_one], of_chunk[is_taken], tags.roles.read(start, stop)[is_taken])
        yield np.flatnonzero(has_one) + first, part


def _gathered(parts: Sequence[_Rows], part_of_file: I64, row_of_file: I64) -> _Rows:
    """Return the rows of all files, each of which is a row of one of the parts; copied run by run."""
    n_files = len(part_of_file)
    is_start = np.ones(n_files, np.bool_)
    is_start[1:] = (np.diff(part_of_file) != 0) | (np.diff(row_of_file) != 1)
    starts = np.flatnonzero(is_start)
    lengths = np.diff(np.append(starts, n_files)).tolist()
    runs = [
        (parts[part], row, row + length)
        for part, row, length in zip(part_of_file[starts].tolist(), row_of_file[starts].tolist(), lengths, strict=True)
    ]

    def of_files(column: str) -> NDArray[np.uint32]:
        return np.concatenate([getattr(part, column)[start:stop] for part, start, stop in runs] + [_NOTHING])

    def of_names(column: str, offsets: str) -> NDArray[np.uint32]:
        bounds = [(part, getattr(part, offsets)[[start, stop]].tolist()) for part, start, stop in runs]
        return np.concatenate([getattr(part, column)[start:stop] for part, (start, stop) in bounds] + [_NOTHING])

    def offsets_of(offsets: str) -> U64:
        differences = [np.diff(getattr(part, offsets)[start : stop + 1]) for part, start, stop in runs]
        return _offsets_of(np.concatenate([*differences, np.empty(0, np.uint64)]))

    return _Rows(
        offsets_of("reference_offsets"),
        of_names("reference_names", "reference_offsets"),
        of_names("reference_counts", "reference_offsets"),
        offsets_of("definer_offsets"),
        of_names("definer_names", "definer_offsets"),
        of_files("lone_counts"),
    )


_NOTHING = np.empty(0, np.uint32)
_NO_TAGS = FileTags(_NOTHING, np.empty(0, np.uint8), np.empty(0, np.uint8), _NOTHING, _NOTHING)
