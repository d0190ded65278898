"""Where files use names as values: functions that are handed on, constants, members that are read or written.

A name that is bound in a function around it is none of them, nor is one that a tag is at. They are no tags: no graph,
no map and no drop-in replacement counts them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _uses
from repomap_fast.joining.records import FileRecords, RecordColumns
from repomap_fast.tables import I64, U8, U32, U64
from repomap_fast.workers import for_each

if TYPE_CHECKING:
    from collections.abc import Iterator

_PIECE_BYTES = 1 << 20
"""Of records that a thread has in memory at a time, where all are searched."""
_MOST_THREADS = 2
"""That search at once: each needs memory, and a search is short."""
USE_KINDS = ("read", "write", "member")
"""Names of the kinds, by number: a name that is read; a name or member that is assigned; a member that is read."""


@dataclass(frozen=True, slots=True, eq=False)
class UseTable:
    """Uses of one name, in the order of the files and of their text.

    file_ids       (n,) int64: of the files that have a language.
    rows, columns  (n,) uint32: zero-based row; column in bytes of the UTF-8 text.
    kinds          (n,) uint8: rows of ``USE_KINDS``.
    """

    file_ids: I64
    rows: U32
    columns: U32
    kinds: U8

    def __len__(self) -> int:
        return len(self.rows)


_NO_USES = UseTable(np.empty(0, np.int64), np.empty(0, np.uint32), np.empty(0, np.uint32), np.empty(0, np.uint8))


@dataclass(frozen=True, slots=True, eq=False)
class UsesOfFile:
    """Uses of one file, in the order of its text.

    names          those that it uses, each once.
    name_numbers   (n,) uint32: rows of ``names``.
    rows, columns, kinds  as ``UseTable`` has them.
    """

    names: list[bytes]
    name_numbers: U32
    rows: U32
    columns: U32
    kinds: U8

    def __len__(self) -> int:
        return len(self.rows)


class FileUses(FileRecords):
    """The uses of files, read when they are asked for; every call raises IndexDamagedError."""

    def of_file(self, file: int) -> UsesOfFile:
        """Return all uses of a file."""
        try:
            return UsesOfFile(*_uses.read_uses(self.records_of(file)))
        except ValueError as error:
            raise IndexDamagedError(str(error)) from error

    def of_name(self, name: bytes) -> UseTable:
        """Return where files use a name."""
        found = [_find(*piece, name) for part in self._parts for piece in _pieces(*part)]
        if not found:
            return _NO_USES
        file_ids: I64 = np.concatenate([uses.file_ids for uses in found])
        rows: U32 = np.concatenate([uses.rows for uses in found])
        columns: U32 = np.concatenate([uses.columns for uses in found])
        kinds: U8 = np.concatenate([uses.kinds for uses in found])
        order = np.lexsort((columns, rows, file_ids))
        order = order[file_ids[order] >= 0]
        return UseTable(file_ids[order], rows[order], columns[order], kinds[order])

    def files_using(self, names: list[bytes], n_threads: int = 1) -> tuple[I64, I64]:
        """Return which files use some names, of which none stands twice: pairs of file and place in the names.

        n_threads  that may search at once.

        Leaves no thread behind.
        """
        pairs = for_each(
            [(columns, files, bounds) for columns, files in self._parts for bounds in _bounds(columns)],
            lambda one: _find_files(*_read(*one), names),
            n_threads=min(n_threads, _MOST_THREADS),
            name="repomap-fast-uses",
        )
        if not pairs:
            return _NO_USES.file_ids, _NO_USES.file_ids
        file_ids: I64 = np.concatenate([files for files, _ in pairs])
        numbers: I64 = np.concatenate([of_names for _, of_names in pairs])
        kept = file_ids >= 0
        return file_ids[kept], numbers[kept]

    def counts(self, names: list[bytes]) -> list[int]:
        """Return how often all files use each of some names, of which none stands twice."""
        found = [0] * len(names)
        for part in self._parts if names else ():
            for records, offsets, files in _pieces(*part):
                users, numbers = _find_files(records, offsets, np.arange(len(files)), names)
                numbers, users = numbers[files[users] >= 0], users[files[users] >= 0]
                for number in distinct(numbers).tolist():
                    found[number] += _n_in(records, offsets, users[numbers == number], names[number])
        return found


def _n_in(records: U8, offsets: U64, files: I64, name: bytes) -> int:
    """Return how often some of the files use a name."""
    starts, stops = offsets[files].astype(np.int64), offsets[files + 1].astype(np.int64)
    texts = [records[start:stop] for start, stop in zip(starts.tolist(), stops.tolist(), strict=True)]
    return len(_find(np.concatenate(texts), offsets_from(stops - starts), files, name))


def _pieces(columns: RecordColumns, files: I64) -> Iterator[tuple[U8, U64, I64]]:
    """Yield the records of some files after another, their offsets, and the files: few are in memory at a time."""
    for bounds in _bounds(columns):
        yield _read(columns, files, bounds)


def _bounds(columns: RecordColumns) -> Iterator[tuple[int, int]]:
    """Yield the rows of some files after another whose records are read in one piece."""
    offsets, start = columns.offsets, 0
    while start < len(columns):
        stop = int(np.searchsorted(offsets, int(offsets[start]) + _PIECE_BYTES, side="right")) - 1
        stop = min(max(stop, start + 1), len(columns))
        yield start, stop
        start = stop


def _read(columns: RecordColumns, files: I64, bounds: tuple[int, int]) -> tuple[U8, U64, I64]:
    """Return the records of the files in some rows, their offsets, and the files."""
    start, stop = bounds
    offsets = columns.offsets[start : stop + 1]
    return columns.records.read_again(int(offsets[0]), int(offsets[-1])), offsets - offsets[0], files[start:stop]


def _find_files(records: U8, offsets: U64, files: I64, names: list[bytes]) -> tuple[I64, I64]:
    try:
        found, numbers = _uses.find_files(records, offsets, names)
    except ValueError as error:
        raise IndexDamagedError(str(error)) from error
    return files[found], numbers.astype(np.int64)


def _find(records: U8, offsets: U64, files: I64, name: bytes) -> UseTable:
    try:
        found = _uses.find_uses(records, offsets, name)
    except ValueError as error:
        raise IndexDamagedError(str(error)) from error
    return UseTable(files[found[0]], *found[1:])
