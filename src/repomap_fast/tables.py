"""The tables of a scan. Every column's dtype, unit and invariant is said here, once.

A table is a frozen set of numpy columns; a column is never resized. A column has one item a row, but for two kinds:
``*_offsets`` have n + 1, bounds of rows of variable length, the first 0, none smaller than the one before; and a hash
table (``name_slots``) has a length of its own. Each table checks dtypes and lengths when it is made, and raises
ValueError.

    files    one row a file, sorted by path (as bytes)
    tags     one row a tag, in the order of the files, then of where the name starts
    strings  distinct byte strings, numbered in the order in which the tags first use them
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields
from enum import IntEnum
from typing import Any, TypeAlias, overload

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import offsets_from

U8: TypeAlias = NDArray[np.uint8]
U16: TypeAlias = NDArray[np.uint16]
U32: TypeAlias = NDArray[np.uint32]
U64: TypeAlias = NDArray[np.uint64]
I32: TypeAlias = NDArray[np.int32]
I64: TypeAlias = NDArray[np.int64]

ROLE_DEFINITION = 0
ROLE_REFERENCE = 1
ROLES = ("definition", "reference")
"""Names of the roles, by number."""

IDENTIFIER_CLASSES = ("unknown", "constants", "classes", "functions", "variables", "other")
"""Names of the identifier classes, by number: empty; all upper case; first letter upper case; ends in ``()``; all
lower case; anything else. The first that fits counts."""

NO_LANGUAGE = 0xFFFF
"""``language_ids`` of a file whose language is not in the table."""
NO_SCOPE = -1
"""``scope_tag_ids`` of a tag that no definition encloses."""


class FileStatus(IntEnum):
    """What became of a file."""

    TAGGED = 0
    NO_TAGS = 1
    UNKNOWN_LANGUAGE = 2
    TOO_LARGE = 3
    BINARY = 4
    UNREADABLE = 5
    OUT_OF_TIME = 6
    OUT_OF_MEMORY = 7
    TOO_DEEP = 8

    @property
    def label(self) -> str:
        """The status in words, as the command line prints it."""
        return _STATUS_LABELS[self]

    @property
    def is_failure(self) -> bool:
        """Whether a file that should have given tags gave none."""
        return self in _FAILURES


_STATUS_LABELS = {
    FileStatus.TAGGED: "tagged",
    FileStatus.NO_TAGS: "nothing to tag",
    FileStatus.UNKNOWN_LANGUAGE: "unknown language",
    FileStatus.TOO_LARGE: "too large",
    FileStatus.BINARY: "binary",
    FileStatus.UNREADABLE: "unreadable",
    FileStatus.OUT_OF_TIME: "out of time",
    FileStatus.OUT_OF_MEMORY: "out of memory",
    FileStatus.TOO_DEEP: "nested too deeply",
}
_FAILURES = (FileStatus.UNREADABLE, FileStatus.OUT_OF_TIME, FileStatus.OUT_OF_MEMORY, FileStatus.TOO_DEEP)


_DTYPES: dict[str, type[np.generic]] = {
    "U8": np.uint8,
    "U16": np.uint16,
    "U32": np.uint32,
    "U64": np.uint64,
    "I32": np.int32,
    "I64": np.int64,
}
"""Items of a column, by the name of the type that its field is annotated with."""
_NOT_OF_TAGS = ("names", "kinds", "name_slots", "name_seed")
"""Fields of a table of tags that have no item a tag."""


def _check_columns(table: Any, lengths: Mapping[str, int]) -> None:
    """Raise ValueError for a column that has not the dtype of its annotation, one dimension, or the length it must."""
    for field in fields(table):
        column, dtype = getattr(table, field.name), _DTYPES.get(str(field.type))
        if dtype is not None and (column.dtype != dtype or column.ndim != 1):
            raise ValueError(f"{field.name} is of {column.dtype}, {column.shape}; expected {dtype.__name__}, (n,)")
        expected = lengths.get(field.name)
        if expected is not None and len(column) != expected:
            raise ValueError(f"{field.name} has {len(column)} rows; expected {expected}")


def column_dtypes(table: type[Any]) -> dict[str, type[np.generic]]:
    """Return the dtype of each column of a table, by the name of its field."""
    return {field.name: _DTYPES[str(field.type)] for field in fields(table) if str(field.type) in _DTYPES}


@dataclass(frozen=True, slots=True, eq=False)
class StringTable(Sequence[bytes]):
    """Distinct byte strings, each stored once, as found in the files (UTF-8 is likely, not certain).

    offsets  (n + 1,) uint64: string i is ``data[offsets[i]:offsets[i + 1]]``.
    data     (n_bytes,) uint8.
    """

    offsets: U64
    data: U8

    def __post_init__(self) -> None:
        _check_columns(self, {})

    def __len__(self) -> int:
        return len(self.offsets) - 1

    @overload
    def __getitem__(self, position: int, /) -> bytes: ...
    @overload
    def __getitem__(self, position: slice, /) -> list[bytes]: ...
    def __getitem__(self, position: int | slice, /) -> bytes | list[bytes]:
        if isinstance(position, slice):
            return [self[i] for i in range(*position.indices(len(self)))]
        n = len(self)
        i = position + n if position < 0 else position
        if not 0 <= i < n:
            raise IndexError(f"string {position} of a table of {n}")
        return self.data[int(self.offsets[i]) : int(self.offsets[i + 1])].tobytes()

    def __iter__(self) -> Iterator[bytes]:
        text = self.data.tobytes()
        bounds = self.offsets.tolist()
        for i in range(len(self)):
            yield text[bounds[i] : bounds[i + 1]]

    def rows(self, rows: NDArray[np.intp]) -> StringTable:
        """Return the strings in these rows, which rise, and no others."""
        offsets = offsets_from(np.diff(self.offsets)[rows])
        # Most of the strings of a table are kept, and stand side by side: they are copied a run at a time.
        ends = np.flatnonzero(np.diff(rows, append=-1) != 1)
        starts = np.concatenate((np.zeros(1, np.intp), ends[:-1] + 1))[: len(ends)]
        bounds = zip(self.offsets[rows[starts]].tolist(), self.offsets[rows[ends] + 1].tolist(), strict=True)
        runs = [self.data[start:end] for start, end in bounds]
        return StringTable(offsets, np.concatenate(runs) if runs else np.empty(0, np.uint8))

    def is_well_formed(self) -> bool:
        """Return whether the offsets fit the data, as those of a table read from a damaged file may not."""
        offsets = self.offsets
        return (
            len(offsets) > 0
            and int(offsets[0]) == 0
            and int(offsets[-1]) == len(self.data)
            and bool((offsets[1:] >= offsets[:-1]).all())
        )

    def equals(self, other: StringTable) -> bool:
        """Return whether both have the same strings in the same order."""
        return np.array_equal(self.offsets, other.offsets) and np.array_equal(self.data, other.data)

    @classmethod
    def from_strings(cls, strings: Sequence[bytes]) -> StringTable:
        """Store ``strings`` in their order; equal ones are kept apart."""
        offsets = offsets_from(np.fromiter(map(len, strings), np.uint64, len(strings)))
        return cls(offsets, np.frombuffer(b"".join(strings), np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class FileColumns:
    """How files are, and what came of each.

    paths         StringTable: row f's path below the root, ``/``-separated bytes.
    language_ids  (n,) uint16: rows of ``languages.LANGUAGES``, or NO_LANGUAGE.
    sizes_bytes   (n,) int64.
    mtimes_ns     (n,) int64: when the contents changed, nanoseconds since 1970.
    ctimes_ns     (n,) int64: when the contents or the inode changed, nanoseconds since 1970; 0 on Windows.
    inodes        (n,) uint64: number of the file's inode; 0 on Windows.
    statuses      (n,) uint8: values of FileStatus.
    errnos        (n,) int32: the system's error number of an unreadable file, else 0.
    definition_counts  (n,) uint32: how many of the file's tags are definitions.
    """

    paths: StringTable
    language_ids: U16
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    statuses: U8
    errnos: I32
    definition_counts: U32

    def __len__(self) -> int:
        return len(self.sizes_bytes)


@dataclass(frozen=True, slots=True, eq=False)
class FileTable(FileColumns):
    """The files of a scan, sorted by path: the columns of ``FileColumns``, and one more.

    tag_offsets   (n + 1,) uint64: the tags of file f are rows ``tag_offsets[f]:tag_offsets[f + 1]``.
    """

    tag_offsets: U64

    def __post_init__(self) -> None:
        n = len(self)
        _check_columns(self, {field.name: n for field in fields(self)} | {"tag_offsets": n + 1})

    def rows_with_language(self) -> NDArray[np.intp]:
        """Return the rows of the files that have a language, rising: row i is file i of the graph."""
        return np.flatnonzero(self.language_ids != NO_LANGUAGE)


@dataclass(frozen=True, slots=True, eq=False)
class TagTable:
    """The tags of a scan, file by file, in the order in which their names start.

    name_ids       (n,) uint32: rows of the table of names.
    roles          (n,) uint8: ROLE_DEFINITION or ROLE_REFERENCE.
    kind_ids       (n,) uint8: rows of ``kinds``.
    rows           (n,) uint32: zero-based row on which the name starts.
    columns        (n,) uint32: where in that row, in bytes of the UTF-8 text.
    end_rows       (n,) uint32: zero-based last row of a definition's whole node; of a reference's name.
    scope_tag_ids  (n,) int32: the innermost definition that encloses the tag, a row of this table, or NO_SCOPE. Of a
                   definition that names its owner, as ``int Sub::Panel::open()`` does, its owner: a definition if that
                   is in the file, else the reference that names it, which may name its own.
    names          StringTable: the distinct names.
    kinds          names of the kinds (function, class, call …), sorted.
    name_slots     (n_slots,) uint32: a hash table of the names, to be read with ``name_seed`` by ``join.find_names``;
                   n_slots is a power of two, or 0 where there is no name.
    name_seed      the hash table's key, below 2**64.
    """

    name_ids: U32
    roles: U8
    kind_ids: U8
    rows: U32
    columns: U32
    end_rows: U32
    scope_tag_ids: I32
    names: StringTable
    kinds: tuple[str, ...]
    name_slots: U32
    name_seed: int

    def __post_init__(self) -> None:
        n = len(self)
        _check_columns(self, {name: n for name in self.__slots__ if name not in _NOT_OF_TAGS})

    def __len__(self) -> int:
        return len(self.name_ids)
