"""Parts of columns: a column in a file of which only those pieces are read and checked that are asked for."""

from __future__ import annotations

import errno
import mmap
import os
import stat
import threading
import zlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Self

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from repomap_fast.store.private_folder import PrivateFolder
    from repomap_fast.tables import U32

PAGE_BYTES = 1 << 14
"""A piece has a checksum of its own. Smaller ones would be more of these; larger ones take longer to check."""
PAGE_CHECKSUMS = "piece_checksums"
"""The column of the CRC-32 of all pieces of all other columns, these in the order of their names."""

_PAGES_AT_A_TIME = 64
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE}
"""What the system says of a name at which there is no file; all else may pass."""


class ColumnFile:
    """An open file of a column, of which any part can be read; any number of threads may share it."""

    __slots__ = ("_file", "_lock", "n_bytes", "path")

    def __init__(self, folder: PrivateFolder, name: str, n_bytes: int) -> None:
        """Raises IndexDamagedError if there is no file of that length."""
        self.path = folder.path / name
        self.n_bytes = n_bytes
        self._lock = threading.Lock()
        try:
            self._file = os.fdopen(folder.open_file(name, os.O_RDONLY), "rb", buffering=0)
        except OSError as error:
            raise column_trouble(self.path, error) from error
        try:
            check_length(self.path, os.fstat(self._file.fileno()), n_bytes)
        except BaseException:
            self._file.close()
            raise

    def read_into(self, room: memoryview, offset: int) -> None:
        """Fill ``room`` from there on. Raises IndexDamagedError if the file ends before."""
        n_missing = len(room)
        try:
            with self._lock:
                self._file.seek(offset)
                while n_missing and (n_read := self._file.readinto(room[len(room) - n_missing :])):
                    n_missing -= n_read
        except OSError as error:
            raise column_trouble(self.path, error) from error
        if n_missing:
            raise IndexDamagedError(f"{self.path} was cut while it was read; expected {self.n_bytes} bytes")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __del__(self) -> None:
        """Close what was opened for pieces: it goes with the last of them, which nobody closes."""
        if hasattr(self, "_file"):
            self._file.close()


class PagedColumn:
    """A column whose pieces are read and checked when rows of them are first asked for."""

    __slots__ = ("_checksums", "_file", "_is_read", "_items", "_lock", "_room")

    def __init__(self, items: NDArray[Any], checksums: U32 | None = None, file: ColumnFile | None = None) -> None:
        """Take a column; without ``file`` it is in memory already."""
        self._items = items
        self._checksums = checksums
        self._file = file
        self._is_read = bytearray(0 if checksums is None else len(checksums))
        self._lock = threading.Lock()
        self._room: memoryview | None = None

    @classmethod
    def of_file(cls, file: ColumnFile, dtype: np.dtype[Any], checksums: U32) -> Self:
        """Take the column in a file, of which nothing is read yet; ``checksums`` are those of its pieces."""
        room = memoryview(_untouched_memory(file.n_bytes))
        items = np.frombuffer(room, dtype)
        items.flags.writeable = False
        pieces = cls(items, checksums, file)
        pieces._room = room
        return pieces

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple[type[Self], tuple[NDArray[Any]]]:
        """Return the items themselves: a copy must not depend on a file. Raises IndexDamagedError."""
        return type(self), (self.rows(0, len(self)).copy(),)

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows ``start`` to ``stop``, read-only. Raises IndexDamagedError if they are not what was written."""
        self._check_bounds(start, stop)
        if self._file is not None and start < stop:
            size = self._items.itemsize
            self._require(range(start * size // PAGE_BYTES, (stop * size - 1) // PAGE_BYTES + 1))
        return self._items[start:stop]

    def at(self, rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return single rows. Raises IndexDamagedError if they are not what was written."""
        if not len(rows):
            return self._items[:0]
        self._check_bounds(int(rows.min()), int(rows.max()) + 1)
        if self._file is not None:
            is_touched = np.zeros(len(self._is_read), np.bool_)
            is_touched[rows * self._items.itemsize // PAGE_BYTES] = True
            self._require(np.flatnonzero(is_touched).tolist())
        taken: NDArray[Any] = self._items[rows]
        return taken

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``rows`` does, but hold none of them, so that who goes over all of them holds only a few."""
        if self._file is None or start >= stop:
            return self.rows(start, stop)
        self._check_bounds(start, stop)
        size = self._items.itemsize
        first, end = start * size // PAGE_BYTES, (stop * size - 1) // PAGE_BYTES + 1
        found = np.empty(min(end * PAGE_BYTES, self._items.nbytes) - first * PAGE_BYTES, np.uint8)
        self._file.read_into(found.data, first * PAGE_BYTES)
        for piece in range(first, end):
            self._compare(piece, found[(piece - first) * PAGE_BYTES : (piece - first + 1) * PAGE_BYTES].data)
        skipped = start * size - first * PAGE_BYTES
        return found[skipped : skipped + (stop - start) * size].view(self._items.dtype)

    def rows_between(self, starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[Any]:
        """Return the column, of which only rows ``starts[i]`` to ``stops[i]`` may be looked at. Raises as ``rows``."""
        if not len(starts):
            return self._items
        if int(stops.max()) > len(self._items) or bool((starts > stops).any()):
            raise IndexDamagedError(f"rows up to {int(stops.max())} of {len(self._items)} in {self._path}")
        if self._file is not None:
            size = self._items.itemsize
            firsts = starts.astype(np.int64) * size // PAGE_BYTES
            lasts = (stops.astype(np.int64) * size - 1) // PAGE_BYTES
            marks = np.zeros(len(self._is_read) + 1, np.int64)
            is_some = lasts >= firsts
            np.add.at(marks, firsts[is_some], 1)
            np.add.at(marks, lasts[is_some] + 1, -1)
            self._require(np.flatnonzero(np.cumsum(marks[:-1])).tolist())
        return self._items

    @property
    def _path(self) -> str:
        return "memory" if self._file is None else str(self._file.path)

    def _check_bounds(self, start: int, stop: int) -> None:
        if not 0 <= start <= stop <= len(self._items):
            raise IndexDamagedError(f"rows {start} to {stop} of {len(self._items)} in {self._path}")

    def _require(self, pieces: Iterable[int]) -> None:
        """See that these pieces, which rise, are in memory."""
        missing = [piece for piece in pieces if not self._is_read[piece]]
        if not missing:
            return
        with self._lock:
            # Another thread may have read some, and may be looking at them: they are not to be written again.
            for first, end in _runs([piece for piece in missing if not self._is_read[piece]]):
                self._read_run(first, end)

    def _read_run(self, first: int, end: int) -> None:
        assert self._file is not None
        assert self._room is not None
        self._file.read_into(self._room[first * PAGE_BYTES : end * PAGE_BYTES], first * PAGE_BYTES)
        for piece in range(first, end):
            self._compare(piece, self._room[piece * PAGE_BYTES : (piece + 1) * PAGE_BYTES])
            self._is_read[piece] = 1

    def _compare(self, piece: int, found: memoryview) -> None:
        assert self._checksums is not None
        checksum, expected = zlib.crc32(found), int(self._checksums[piece])
        if checksum != expected:
            raise IndexDamagedError(
                f"{self._path} has the checksum {checksum:08x} in piece {piece}; expected {expected:08x}"
            )


def _runs(pieces: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and one past the last of each run of numbers that follow each other, none too long."""
    start = 0
    for i in range(1, len(pieces) + 1):
        if i == len(pieces) or pieces[i] != pieces[i - 1] + 1 or i - start == _PAGES_AT_A_TIME:
            yield pieces[start], pieces[i - 1] + 1
            start = i


def _untouched_memory(n_bytes: int) -> mmap.mmap:
    """Return memory that becomes resident only where it is written."""
    if not hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, n_bytes)
    room = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        # A large page would be resident for a single piece. Some kernels know none.
        with suppress(OSError):
            room.madvise(mmap.MADV_NOHUGEPAGE)
    return room


def check_length(path: Path, status: os.stat_result, n_bytes: int) -> None:
    """Raise IndexDamagedError if a file of that status is no column of that length."""
    if not stat.S_ISREG(status.st_mode):
        raise IndexDamagedError(f"{path} is no regular file; expected a column")
    if status.st_size != n_bytes:
        raise IndexDamagedError(f"{path} has {status.st_size} bytes; expected {n_bytes}")


def column_trouble(path: Path, error: OSError) -> IndexDamagedError:
    """Return what to raise: a column that is not there is damage, one that cannot be read now need not be."""
    is_damage = error.errno in _NOT_THERE
    kind = IndexDamagedError if is_damage else IndexUnreadableError
    return kind(f"{path}: {error.strerror or error}; expected a column")
