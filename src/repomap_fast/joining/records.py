"""Records of files, kept as their blocks have them: imports, uses, facts, marks. Who asks for them decodes them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Self, TypeAlias, get_args

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _records
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import I64, U64

if TYPE_CHECKING:
    from repomap_fast.store.columns import Columns, ColumnWriter

Kind: TypeAlias = Literal["import", "use", "fact", "mark"]

KINDS: tuple[Kind, ...] = get_args(Kind)
"""Kinds of records, as the compiled half numbers them."""


@dataclass(frozen=True, slots=True, eq=False)
class RecordColumns:
    """The columns of records of one kind that one join wrote.

    offsets  (n_rows + 1,) uint64: the records of the file in row r are ``records[offsets[r]:offsets[r + 1]]``.
    records  paged uint8.
    """

    offsets: U64
    records: PagedColumn

    @classmethod
    def of(cls, columns: Columns, kind: Kind) -> Self:
        """Take the columns that a join wrote. Raises IndexDamagedError."""
        taken = cls(columns.array(f"{kind}_offsets", np.uint64), columns.paged(f"{kind}_records", np.uint8))
        offsets = taken.offsets
        if not len(offsets) or offsets[0] != 0 or (offsets[1:] < offsets[:-1]).any():
            raise IndexDamagedError(f"the offsets of the {kind} records make no sense")
        if offsets[-1] != len(taken.records):
            raise IndexDamagedError(f"{len(taken.records)} bytes of {kind} records; expected {offsets[-1]}")
        return taken

    @classmethod
    def empty(cls, n_rows: int) -> Self:
        """Return the columns of files without any record."""
        return cls(np.zeros(n_rows + 1, np.uint64), PagedColumn(np.empty(0, np.uint8)))

    def __len__(self) -> int:
        return len(self.offsets) - 1

    def n_bytes_of(self, row: int) -> int:
        """Return the size of the records of the file in a row."""
        return int(self.offsets[row + 1]) - int(self.offsets[row])


class FileRecords:
    """The records of files that have a language, in the order of their paths; those of a graph.

    They are read when they are asked for; every call raises IndexDamagedError.
    """

    def __init__(self, parts: Sequence[tuple[RecordColumns, I64]], n_files: int) -> None:
        """Take columns, each with the file of each of its rows: (n_rows,) int64, -1 for a file that is gone.

        Every file has one row in one of them.
        """
        self._parts = list(parts)
        self._n_files = n_files
        self._places: tuple[I64, I64] | None = None

    @classmethod
    def of(cls, columns: RecordColumns) -> Self:
        """Return the records of the files whose rows these are, one after another."""
        return cls([(columns, np.arange(len(columns), dtype=np.int64))], len(columns))

    def __len__(self) -> int:
        return self._n_files

    @property
    def n_bytes(self) -> int:
        """The size of all records, about: some may be of files that are gone."""
        return sum(len(columns.records) for columns, _ in self._parts)

    def records_of(self, file: int) -> bytes:
        """Return the records of one file."""
        columns, row = self._place_of(file)
        return columns.records.rows(*columns.offsets[row : row + 2].tolist()).tobytes()

    def _place_of(self, file: int) -> tuple[RecordColumns, int]:
        """Return the columns that have a file, and its row in them."""
        if self._places is None:
            parts, rows = np.zeros(self._n_files, np.int64), np.zeros(self._n_files, np.int64)
            for number, (_, files) in enumerate(self._parts):
                there = np.flatnonzero(files >= 0)
                parts[files[there]], rows[files[there]] = number, there
            self._places = parts, rows
        parts, rows = self._places
        return self._parts[parts.item(file)][0], rows.item(file)


class RecordWriter:
    """Writes the records of blocks, some at a time, in the order of their files."""

    def __init__(self, out: ColumnWriter, kind: Kind) -> None:
        self._out = out
        self._kind = kind
        self._n_bytes = 0
        out.append(f"{kind}_offsets", np.zeros(1, np.uint64))
        out.append(f"{kind}_records", np.empty(0, np.uint8))

    def add(self, blocks: list[bytes]) -> None:
        """Write the records of the next files; an empty block has none. Raises OSError of ``out``."""
        sizes, records = _records.read_records(blocks, KINDS.index(self._kind))
        self._out.append(f"{self._kind}_offsets", offsets_from(sizes)[1:] + np.uint64(self._n_bytes))
        self._out.append(f"{self._kind}_records", records)
        self._n_bytes += len(records)
