"""Reads tags and names of some files, a page at a time.

Ranking and drawing need the tags of a few files. Nothing here reads a whole column unless the caller needs all of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol, Self

import numpy as np

from repomap_fast.arrays import distinct, offsets_from, runs_of
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _graph, _join
from repomap_fast.tables import I64, ROLE_DEFINITION, ROLE_REFERENCE, U8, U32, U64, StringTable
from repomap_fast.workers import for_each

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.store.columns import Columns
    from repomap_fast.store.paged_column import PagedColumn

LAZY_TAG_COLUMNS: dict[str, type[np.generic]] = {
    "name_ids": np.uint32,
    "roles": np.uint8,
    "kind_ids": np.uint8,
    "rows": np.uint32,
    "end_rows": np.uint32,
}
_TAGS_AT_A_TIME = 1 << 18
_MOST_THREADS = 2
"""That look for names at once: each needs memory, and a look is short."""
_FEW_OF_PIECE = 1 << 13
"""Tags of a piece for which single pages of other columns are read, and kept."""
_NAMES_AT_A_TIME = 1 << 17
_SLOTS_AT_A_TIME = 8
PLACE_COLUMNS: dict[str, type[np.generic]] = {"columns": np.uint32, "scope_tag_ids": np.int32}
"""Read by drawing alone, and of the files that a map shows."""


@dataclass(frozen=True, slots=True, eq=False)
class PagedNames:
    """The names that ``join`` wrote, read a page at a time.

    offsets, data  of the names.
    slots          the hash table of names, under ``seed``; empty: names are compared one by one.
    file_counts    how many files use each.
    """

    offsets: PagedColumn
    data: PagedColumn
    slots: PagedColumn
    file_counts: PagedColumn
    seed: int

    @classmethod
    def of(cls, columns: Columns, seed: int) -> Self:
        """Take the columns of names. Raises IndexDamagedError."""
        return cls(
            offsets=columns.paged("name_offsets", np.uint64),
            data=columns.paged("name_bytes", np.uint8),
            slots=columns.paged("name_slots", np.uint32),
            file_counts=columns.paged("name_file_counts", np.uint32),
            seed=seed,
        )

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @property
    def n_read_bytes(self) -> int:
        """Bytes of names and their offsets that are kept in memory."""
        return self.offsets.n_read_bytes + self.data.n_read_bytes

    def afresh(self) -> Self:
        """Return the same names with none in memory."""
        return replace(self, offsets=self.offsets.afresh(), data=self.data.afresh())

    def name(self, name_id: int) -> bytes:
        """Return a name. Raises IndexDamagedError."""
        start, stop = self.offsets.rows(name_id, name_id + 2).tolist()
        return self.data.rows(start, stop).tobytes()

    def find(self, wanted: list[bytes]) -> I64:
        """Return the numbers of these names, (n,) int64; -1 for one that is not there. Raises IndexDamagedError."""
        found: I64 = np.full(len(wanted), -1, np.int64)
        n_slots = len(self.slots)
        if n_slots == 0:
            ids = {self.name(name_id): name_id for name_id in range(len(self))} if wanted else {}
            found[:] = [ids.get(name, -1) for name in wanted]
            return found
        if n_slots & (n_slots - 1):
            raise IndexDamagedError(f"the names have {n_slots} slots; expected a power of two")
        firsts = _join.first_slots(wanted, self.seed, n_slots).tolist()
        for position, (name, slot) in enumerate(zip(wanted, firsts, strict=True)):
            found[position] = self._find_from(name, slot, n_slots)
        return found

    def _find_from(self, name: bytes, first: int, n_slots: int) -> int:
        for number in self._slots_from(first, n_slots):
            if not number:
                return -1
            start, stop = self.offsets.rows(number - 1, number + 1).tolist()
            # The length alone rules out most other names.
            if stop - start == len(name) and self.data.rows(start, stop).tobytes() == name:
                return number - 1
        return -1

    def _slots_from(self, first: int, n_slots: int) -> Iterator[int]:
        """Yield all slots from one on, then those before it: a few are read at once, as many as most names need."""
        for start, stop in ((first, n_slots), (0, first)):
            for at in range(start, stop, _SLOTS_AT_A_TIME):
                yield from self.slots.rows(at, min(at + _SLOTS_AT_A_TIME, stop)).tolist()


class FileTags(NamedTuple):
    """The tags of one file: columns as of ``TagTable``."""

    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    end_rows: U32


class FilePlaces(NamedTuple):
    """Where the tags of one file stand.

    columns  (n,) uint32: where in its row each name starts, in bytes of the UTF-8 text.
    scopes   (n,) int64: number within the file of the innermost definition that encloses the tag, or NO_SCOPE.
    """

    columns: U32
    scopes: I64


class NamedTags(NamedTuple):
    """The tags of some names: columns, by file, then by their order in it.

    files     (n,) int64: the file of each.
    name_ids  (n,) int64: its name.
    roles     (n,) uint8, kind_ids (n,) uint8: as of ``TagTable``.
    """

    files: I64
    name_ids: I64
    roles: U8
    kind_ids: U8


class TagReader(Protocol):
    """Reads the tags of files, and names. Every method raises IndexDamagedError."""

    def __len__(self) -> int:
        """Return how many tags there are."""
        ...

    def of_file(self, file_id: int) -> FileTags:
        """Return the tags of a file."""
        ...

    def definitions_of(self, file_ids: I64) -> tuple[I64, FileTags]:
        """Return the definitions of some files, one after another, and their bounds."""
        ...

    def references_of(self, file_ids: I64) -> tuple[I64, U32, U32]:
        """Return the references of some files, one after another: their bounds, names and rows."""
        ...

    def places_of_file(self, file_id: int) -> FilePlaces:
        """Return where the tags of a file stand."""
        ...

    def read_ahead(self, file_ids: I64) -> None:
        """Read the tags of files and their places, so that those that lie together are read in one piece."""
        ...

    def name(self, name_id: int) -> bytes:
        """Return a name."""
        ...

    def find(self, names: list[bytes]) -> I64:
        """Return the numbers of names, -1 for one that is not there."""
        ...

    def all_names(self) -> StringTable:
        """Return every name, by its number; some that no tag has may be among them."""
        ...

    def tables_of_names(self) -> Iterator[StringTable]:
        """Yield the names of ``all_names()``, some at a time."""
        ...

    def names_of(self, name_ids: U32) -> StringTable:
        """Return some names, in the order of their numbers as they are given."""
        ...

    def definers(self, name_ids: I64) -> tuple[I64, I64]:
        """Return which files define some names: pairs of file and name, each once, by name, then by file."""
        ...

    def named(self, name_ids: I64, n_threads: int = 1) -> NamedTags:
        """Return the tags of some names; so many threads may look for them at once."""
        ...

    def pieces_with(self, is_wanted: NDArray[np.bool_]) -> Iterator[NamedTags]:
        """Yield the tags of the names that are marked among ``all_names()``, a piece at a time, in any order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class PagedTags:
    """The tags of all files and their names, read a page at a time.

    offsets  (n_files + 1,) uint64: the tags of file f are rows ``offsets[f]:offsets[f + 1]`` of the columns.
    """

    offsets: U64
    name_ids: PagedColumn
    roles: PagedColumn
    kind_ids: PagedColumn
    rows: PagedColumn
    end_rows: PagedColumn
    columns: PagedColumn
    scope_tag_ids: PagedColumn
    names: PagedNames

    @classmethod
    def of(cls, columns: Columns, offsets: U64, seed: int) -> Self:
        """Take the columns that a join wrote, with the seed of its names. Raises IndexDamagedError."""
        dtypes = LAZY_TAG_COLUMNS | PLACE_COLUMNS
        tags = {name: columns.paged(name, dtype) for name, dtype in dtypes.items()}
        if any(len(column) != int(offsets[-1]) for column in tags.values()):
            raise IndexDamagedError(f"the columns of tags are not all {int(offsets[-1])} rows long")
        return cls(offsets=offsets, **tags, names=PagedNames.of(columns, seed))

    def __len__(self) -> int:
        return len(self.name_ids)

    def of_file(self, file_id: int) -> FileTags:
        """Return the tags of a file. Raises IndexDamagedError."""
        start, stop = self.offsets[file_id : file_id + 2].tolist()
        return FileTags(*(getattr(self, name).some(start, stop) for name in LAZY_TAG_COLUMNS))

    def definitions_of(self, file_ids: I64) -> tuple[I64, FileTags]:
        """Return the definitions of some files, one after another, and their bounds. Raises IndexDamagedError."""
        bounds, rows = self._with_role(file_ids, ROLE_DEFINITION)
        columns = {name: getattr(self, name).at(rows) for name in LAZY_TAG_COLUMNS if name != "roles"}
        return bounds, FileTags(roles=np.full(len(rows), ROLE_DEFINITION, np.uint8), **columns)

    def references_of(self, file_ids: I64) -> tuple[I64, U32, U32]:
        """Return the references of some files, one after another: their bounds, names and rows.

        Raises IndexDamagedError.
        """
        bounds, rows = self._with_role(file_ids, ROLE_REFERENCE)
        return bounds, self.name_ids.at(rows), self.rows.at(rows)

    def _with_role(self, file_ids: I64, role: int) -> tuple[I64, NDArray[np.intp]]:
        """Return the rows of those tags of some files that have a role, and the bounds of the files among them."""
        starts, stops = (self.offsets[file_ids + i].astype(np.int64) for i in (0, 1))
        bounds = offsets_from(stops - starts).astype(np.int64)
        rows = np.arange(int(bounds[-1])) + np.repeat(stops - bounds[1:], stops - starts)
        found = np.flatnonzero(self.roles.at(rows) == role)
        return np.searchsorted(found, bounds), rows[found]

    def places_of_file(self, file_id: int) -> FilePlaces:
        """Return where the tags of a file stand. Raises IndexDamagedError."""
        start, stop = self.offsets[file_id : file_id + 2].astype(np.int64).tolist()
        scopes = _join.scopes_within(self.scope_tag_ids.some(start, stop), start)
        if scopes is None:
            raise IndexDamagedError(f"the scope of a tag of file {file_id} is in another file")
        return FilePlaces(self.columns.some(start, stop), scopes)

    def read_ahead(self, file_ids: I64) -> None:
        """Read the tags of files and their places. Raises IndexDamagedError."""
        starts, stops = (self.offsets[file_ids + i].astype(np.int64) for i in (0, 1))
        for name in (*LAZY_TAG_COLUMNS, *PLACE_COLUMNS):
            getattr(self, name).read_ahead(starts, stops)

    def name(self, name_id: int) -> bytes:
        """Return a name. Raises IndexDamagedError."""
        return self.names.name(name_id)

    def find(self, names: list[bytes]) -> I64:
        """Return the numbers of names, -1 for one that is not there. Raises IndexDamagedError."""
        return self.names.find(names)

    def all_names(self) -> StringTable:
        """Return every name. Raises IndexDamagedError."""
        offsets, data = self.names.offsets, self.names.data
        # Their bounds are read again for each search: in a large repository they take as much memory as its graph.
        bounds = offsets.read(0, len(offsets))
        _check_bounds(bounds[:-1], bounds[1:], len(data))
        return StringTable(bounds, data.whole())

    def tables_of_names(self) -> Iterator[StringTable]:
        """Yield every name, some at a time: their bounds take a third of the memory. Raises IndexDamagedError."""
        offsets, data = self.names.offsets, self.names.data
        for start in range(0, len(self.names), _NAMES_AT_A_TIME):
            bounds = offsets.read(start, min(start + _NAMES_AT_A_TIME, len(self.names)) + 1)
            _check_bounds(bounds[:-1], bounds[1:], len(data))
            yield StringTable(bounds, data.whole())

    def names_of(self, name_ids: U32) -> StringTable:
        """Return some names, in the order of their numbers as they are given. Raises IndexDamagedError."""
        # What is computed on the way takes several times the memory of the names.
        starts = range(0, max(len(name_ids), 1), _NAMES_AT_A_TIME)
        parts = [self._some_names(name_ids[start : start + _NAMES_AT_A_TIME]) for start in starts]
        if len(parts) == 1:
            return parts[0]
        lengths = np.concatenate([np.diff(part.offsets) for part in parts])
        return StringTable(offsets_from(lengths), np.concatenate([part.data for part in parts]))

    def _some_names(self, name_ids: U32) -> StringTable:
        ids = name_ids.astype(np.int64)
        of_names = self.names.offsets.rows_between(ids, ids + 2)
        _check_bounds(of_names[ids], of_names[ids + 1], len(self.names.data))
        starts, stops = of_names[ids].astype(np.int64), of_names[ids + 1].astype(np.int64)
        data = self.names.data.rows_between(starts, stops)
        return StringTable(offsets_from(stops - starts), runs_of(data, starts, stops - starts))

    def definers(self, name_ids: I64) -> tuple[I64, I64]:
        """Return which files define some names: pairs of file and name, each once, by name, then by file.

        It reads the column of names in pieces, and keeps none. Raises IndexDamagedError.
        """
        pairs = [np.empty(0, np.int64)]
        for rows, names in self._rows_of(name_ids):
            is_definition = self.roles.at(rows) == ROLE_DEFINITION
            pairs.append(names[is_definition] << 32 | self._files_of(rows[is_definition]))
        found = distinct(np.concatenate(pairs))
        return found & 0xFFFFFFFF, found >> 32

    def named(self, name_ids: I64, n_threads: int = 1) -> NamedTags:
        """Return the tags of some names, in the order of the columns; so many threads may look for them at once.

        Raises IndexDamagedError.
        """
        wanted, starts = bits_of(name_ids), range(0, len(self) if len(name_ids) else 0, _TAGS_AT_A_TIME)
        found = for_each(
            starts,
            lambda start: self._rows_in_piece(wanted, start),
            n_threads=min(n_threads, _MOST_THREADS),
            name="repomap-fast-tags",
        )
        rows = np.concatenate([np.empty(0, np.int64), *(some_rows for some_rows, _ in found)])
        names = np.concatenate([np.empty(0, np.int64), *(some_names for _, some_names in found)])
        return NamedTags(self._files_of(rows), names, self.roles.at(rows), self.kind_ids.at(rows))

    def pieces_with(self, is_wanted: NDArray[np.bool_]) -> Iterator[NamedTags]:
        """Yield the tags of the names that are marked, in the order of the columns. Raises IndexDamagedError."""
        for rows, names in self._rows_with(np.packbits(is_wanted, bitorder="little")):
            # Most pages of a column, where most names are wanted: none is kept.
            columns = self.roles, self.kind_ids
            if len(rows) > _FEW_OF_PIECE:
                first, stop = int(rows[0]), int(rows[-1]) + 1
                roles, kind_ids = (column.read(first, stop)[rows - first] for column in columns)
            else:
                roles, kind_ids = (column.at(rows) for column in columns)
            yield NamedTags(self._files_of(rows), names, roles, kind_ids)

    def rows_of(self, name_id: int) -> I64:
        """Return the rows of the tags that have a name, rising. It keeps no page. Raises IndexDamagedError."""
        found = [rows for rows, _ in self._rows_of(np.array([name_id], np.int64))]
        return np.concatenate([np.empty(0, np.int64), *found])

    def defined_names(self) -> Iterator[U32]:
        """Yield the names of the definitions, a piece at a time. It keeps no page. Raises IndexDamagedError."""
        for start in range(0, len(self), _TAGS_AT_A_TIME):
            stop = min(start + _TAGS_AT_A_TIME, len(self))
            yield self.name_ids.read(start, stop)[self.roles.read(start, stop) == ROLE_DEFINITION]

    def _rows_of(self, name_ids: I64) -> Iterator[tuple[I64, I64]]:
        """Yield the rows of the tags of some names, and the names, a piece at a time."""
        if len(name_ids) == 1:
            # As many questions are about one name: to compare takes half the time of looking up each number.
            starts = range(0, len(self), _TAGS_AT_A_TIME)
            return (self._rows_of_one(int(name_ids[0]), start) for start in starts)
        return self._rows_with(bits_of(name_ids)) if len(name_ids) else iter(())

    def _rows_with(self, wanted: U8) -> Iterator[tuple[I64, I64]]:
        """Yield the rows of the tags of the names whose bits are set, and the names, a piece at a time."""
        return (self._rows_in_piece(wanted, start) for start in range(0, len(self), _TAGS_AT_A_TIME))

    def _rows_in_piece(self, wanted: U8, start: int) -> tuple[I64, I64]:
        of_tags = self.name_ids.read(start, min(start + _TAGS_AT_A_TIME, len(self)))
        rows = _graph.rows_with(of_tags, wanted).astype(np.int64)
        return rows + start, of_tags[rows].astype(np.int64)

    def _rows_of_one(self, name_id: int, start: int) -> tuple[I64, I64]:
        of_tags = self.name_ids.read(start, min(start + _TAGS_AT_A_TIME, len(self)))
        rows = np.flatnonzero(of_tags == name_id)
        return rows + start, np.full(len(rows), name_id, np.int64)

    def _files_of(self, rows: I64) -> NDArray[np.intp]:
        """Return the file of each row; the rows rise."""
        if len(rows) <= _FEW_OF_PIECE:
            return np.searchsorted(self.offsets, rows.astype(np.uint64), side="right") - 1
        first, last = (np.searchsorted(self.offsets, np.uint64(row), side="right") for row in (rows[0], rows[-1]))
        bounds = np.searchsorted(rows, self.offsets[first : last + 1].astype(np.int64))
        return np.repeat(np.arange(first - 1, last), np.diff(bounds, prepend=0))


def bits_of(numbers: I64) -> U8:
    """Return a set of numbers as bits, the lowest of each byte first."""
    bits = np.zeros(int(numbers.max(initial=-1)) // 8 + 1, np.uint8)
    np.bitwise_or.at(bits, numbers >> 3, np.uint8(1) << (numbers & 7).astype(np.uint8))
    return bits


def _check_bounds(starts: U64, stops: U64, n_bytes: int) -> None:
    """Raise IndexDamagedError for names that end before they start, or beyond the bytes that they are made of."""
    if (starts > stops).any() or (stops > n_bytes).any():
        raise IndexDamagedError(f"a name is not within the {n_bytes} bytes of all names")
