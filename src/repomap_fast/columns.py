"""Named columns: written piece by piece to memory or to a folder, and read back as numpy arrays.

A folder of columns holds a file for each, nothing but its items one after another, in the machine's own byte order; a
manifest, which its reader must have kept, says how long each file is and what its CRC-32 is. A column is read when it is
first asked for. Where a few rows of a long column are wanted, it is asked for by pieces: each has a checksum too, in a
column of their own, and only those that are touched are read and checked.

Columns are read into memory of our own, not mapped: what was checked cannot change afterwards, and a file that is cut
while it is in use is no signal that ends the process.
"""

from __future__ import annotations

import errno
import mmap
import os
import stat
import threading
import zlib
from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError, StoreError
from repomap_fast.limits import memory_limit_bytes
from repomap_fast.private import PrivateFolder

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from repomap_fast.tables import U32

Manifest: TypeAlias = Mapping[str, tuple[int, int]]
"""Of each column its bytes and their CRC-32."""

PIECE_BYTES = 1 << 14
"""A piece has a checksum of its own. Smaller ones would be more of these; larger ones take longer to check."""
PIECE_CHECKSUMS = "piece_checksums"
"""The column of the CRC-32 of all pieces of all other columns, these in the order of their names."""

_READ_BYTES = 1 << 22
"""How much of a column is read at a time: Ctrl-C is heard in between."""
_PIECES_AT_A_TIME = 64
_LARGE_BYTES = 1 << 30
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE}
"""What the system says of a name at which there is no file; all else may pass."""


class ColumnWriter(Protocol):
    """Whatever takes columns."""

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column."""
        ...

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column."""
        ...

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column that is written to its end, while others are still being written."""
        ...

    def descriptor(self, name: str) -> int | None:
        """Return a file of what is written of a column, to be read at any place; None if columns are in memory.

        It is open until the columns are finished; -1 as long as nothing is written.
        """
        ...


class Columns(Protocol):
    """Whatever gives columns back."""

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Return a column, read-only; empty if nothing was ever added to it."""
        ...

    def pieces(self, name: str, dtype: DTypeLike) -> Pieces:
        """Return a column of which only some rows will be asked for."""
        ...


class Pieces:
    """A column whose pieces are read and checked when rows of them are first asked for."""

    __slots__ = ("_checksums", "_file", "_is_read", "_items", "_lock", "_room")

    def __init__(self, items: NDArray[Any], checksums: U32 | None = None, file: _ColumnFile | None = None) -> None:
        """Take a column; without ``file`` it is in memory already."""
        self._items = items
        self._checksums = checksums
        self._file = file
        self._is_read = bytearray(0 if checksums is None else len(checksums))
        self._lock = threading.Lock()
        self._room: memoryview | None = None

    @classmethod
    def of_file(cls, file: _ColumnFile, dtype: np.dtype[Any], checksums: U32) -> Self:
        """Take the column in a file, of which nothing is read yet; ``checksums`` are those of its pieces."""
        room = memoryview(_untouched_memory(file.n_bytes))
        items = np.frombuffer(room, dtype)
        items.flags.writeable = False
        pieces = cls(items, checksums, file)
        pieces._room = room
        return pieces

    def __len__(self) -> int:
        return len(self._items)

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows ``start`` to ``stop``, read-only. Raises IndexDamagedError if they are not what was written."""
        self._check_bounds(start, stop)
        if self._file is not None and start < stop:
            size = self._items.itemsize
            self._require(range(start * size // PIECE_BYTES, (stop * size - 1) // PIECE_BYTES + 1))
        return self._items[start:stop]

    def take(self, rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return single rows. Raises IndexDamagedError if they are not what was written."""
        if not len(rows):
            return self._items[:0]
        self._check_bounds(int(rows.min()), int(rows.max()) + 1)
        if self._file is not None:
            is_touched = np.zeros(len(self._is_read), np.bool_)
            is_touched[rows * self._items.itemsize // PIECE_BYTES] = True
            self._require(np.flatnonzero(is_touched).tolist())
        taken: NDArray[Any] = self._items[rows]
        return taken

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``rows`` does, but hold none of them, so that who goes over all of them holds only a few."""
        if self._file is None or start >= stop:
            return self.rows(start, stop)
        self._check_bounds(start, stop)
        size = self._items.itemsize
        first, end = start * size // PIECE_BYTES, (stop * size - 1) // PIECE_BYTES + 1
        found = np.empty(min(end * PIECE_BYTES, self._items.nbytes) - first * PIECE_BYTES, np.uint8)
        self._file.read_into(found.data, first * PIECE_BYTES)
        for piece in range(first, end):
            self._compare(piece, found[(piece - first) * PIECE_BYTES : (piece - first + 1) * PIECE_BYTES].data)
        skipped = start * size - first * PIECE_BYTES
        return found[skipped : skipped + (stop - start) * size].view(self._items.dtype)

    def around(self, starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[Any]:
        """Return the column, of which only rows ``starts[i]`` to ``stops[i]`` may be looked at. Raises as ``rows``."""
        if not len(starts):
            return self._items
        if int(stops.max()) > len(self._items) or bool((starts > stops).any()):
            raise IndexDamagedError(f"rows up to {int(stops.max())} of {len(self._items)} in {self._path}")
        if self._file is not None:
            size = self._items.itemsize
            firsts = starts.astype(np.int64) * size // PIECE_BYTES
            lasts = (stops.astype(np.int64) * size - 1) // PIECE_BYTES
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
        self._file.read_into(self._room[first * PIECE_BYTES : end * PIECE_BYTES], first * PIECE_BYTES)
        for piece in range(first, end):
            self._compare(piece, self._room[piece * PIECE_BYTES : (piece + 1) * PIECE_BYTES])
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
        if i == len(pieces) or pieces[i] != pieces[i - 1] + 1 or i - start == _PIECES_AT_A_TIME:
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


class MemoryColumns:
    """Columns that live and die with the process."""

    __slots__ = ("_arrays", "_pieces")

    def __init__(self) -> None:
        self._pieces: dict[str, list[bytes | NDArray[Any]]] = {}
        self._arrays: dict[str, NDArray[Any]] = {}

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column."""
        self._pieces.setdefault(name, []).append(items)

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column."""

        def write(data: memoryview) -> None:
            self._pieces.setdefault(name, []).append(bytes(data))

        return write

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Return a column, read-only; it takes no more items from then on."""
        if name not in self._arrays:
            pieces = [
                np.frombuffer(piece, dtype) if isinstance(piece, bytes) else piece
                for piece in self._pieces.pop(name, [])
            ]
            items = pieces[0] if len(pieces) == 1 else np.concatenate([np.empty(0, dtype), *pieces]).astype(dtype)
            items.flags.writeable = False
            self._arrays[name] = items
        return self._arrays[name]

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column, which takes no more items from then on."""
        return self.array(name, dtype)[start:stop]

    def descriptor(self, name: str) -> int | None:
        """Return None: there is no file."""
        return None

    def pieces(self, name: str, dtype: DTypeLike) -> Pieces:
        """Return a column of which only some rows will be asked for."""
        return Pieces(self.array(name, dtype))


class ColumnFolder:
    """Columns on their way into a folder, which must not exist yet; ``finish`` or ``abandon`` ends it."""

    def __init__(self, folder: Path) -> None:
        """Make the folder. Raises OSError; StoreError if the folder above is a link or others may change it."""
        self.folder = folder
        with PrivateFolder.open(folder.parent) as above:
            self._folder = above.make_folder(folder.name)
        self._files: dict[str, Any] = {}
        self._readers: dict[str, Any] = {}
        self._manifest: dict[str, tuple[int, int]] = {}
        self._pieces: dict[str, _PieceChecksums] = {}

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column. Raises OSError."""
        if items.size:
            self.writer(name)(np.ascontiguousarray(items).data.cast("B"))

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column and raises OSError."""

        def write(data: memoryview) -> None:
            if not len(data):
                return
            file = self._files.get(name)
            if file is None:
                file = self._files[name] = self._open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, "wb")
                self._pieces[name] = _PieceChecksums()
            n_bytes, checksum = self._manifest.get(name, (0, 0))
            rest = memoryview(data).cast("B")
            self._manifest[name] = n_bytes + len(rest), zlib.crc32(rest, checksum)
            self._pieces[name].add(rest)
            while rest:
                rest = rest[file.write(rest) :]

        return write

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column as far as it is written, copied. Raises OSError."""
        if name not in self._files:
            return np.empty(0, dtype)
        item_bytes = np.dtype(dtype).itemsize
        with self._open(name, os.O_RDONLY, "rb") as file:
            return np.fromfile(file, dtype, stop - start, offset=start * item_bytes)

    def descriptor(self, name: str) -> int | None:
        """Return a file of what is written of a column, open until the end; -1 if nothing is. Raises OSError."""
        if name not in self._files:
            return -1
        if name not in self._readers:
            self._readers[name] = self._open(name, os.O_RDONLY, "rb")
        descriptor: int = self._readers[name].fileno()
        return descriptor

    def _open(self, name: str, flags: int, mode: str) -> Any:
        return os.fdopen(self._folder.open_file(name, flags), mode, buffering=0)

    def finish(self) -> Manifest:
        """Close the files and return what ``KeptColumns`` needs. Raises OSError."""
        for name in sorted(self._pieces):
            self.writer(PIECE_CHECKSUMS)(memoryview(self._pieces[name].finished()))
        self._close()
        return self._manifest

    def abandon(self) -> None:
        """Remove the folder."""
        self._close()
        _remove(self.folder)

    def _close(self) -> None:
        for file in (*self._files.values(), *self._readers.values()):
            file.close()
        self._folder.close()


def _remove(folder: Path) -> None:
    with suppress(OSError, StoreError), PrivateFolder.open(folder.parent) as above:
        above.remove_folder(folder.name)


class _PieceChecksums:
    """The CRC-32 of each piece of a column that is written bit by bit."""

    __slots__ = ("_checksum", "_checksums", "_n_bytes")

    def __init__(self) -> None:
        self._checksums = array("I")
        self._checksum = 0
        self._n_bytes = 0

    def add(self, rest: memoryview) -> None:
        """Take the next bytes."""
        while rest:
            some = rest[: PIECE_BYTES - self._n_bytes]
            self._checksum = zlib.crc32(some, self._checksum)
            self._n_bytes += len(some)
            rest = rest[len(some) :]
            if self._n_bytes == PIECE_BYTES:
                self._end_piece()

    def _end_piece(self) -> None:
        self._checksums.append(self._checksum)
        self._checksum = self._n_bytes = 0

    def finished(self) -> array[int]:
        """Return the checksums of all pieces, the last of which may be short."""
        if self._n_bytes:
            self._end_piece()
        return self._checksums


class KeptColumns:
    """The columns of a finished folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises IndexDamagedError if a file is missing or has another length."""
        self.folder = folder
        self.manifest = manifest
        self._arrays: dict[str, NDArray[Any]] = {}
        self._pieces: dict[str, Pieces] = {}
        try:
            with PrivateFolder.open(folder.parent) as above:
                self._folder = above.folder(folder.name)
        except StoreError as error:
            raise IndexDamagedError(str(error)) from error
        except OSError as error:
            raise _trouble(folder, error) from error
        for name, (n_bytes, _) in manifest.items():
            try:
                status = self._folder.status(name)
            except OSError as error:
                raise _trouble(folder / name, error) from error
            _check_length(folder / name, status, n_bytes)

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Read a column, read-only. Raises IndexDamagedError if it is not what was written."""
        if name not in self._arrays:
            self._arrays[name] = self._read(name, np.dtype(dtype))
        return self._arrays[name]

    def pieces(self, name: str, dtype: DTypeLike) -> Pieces:
        """Open a column of which only some rows will be asked for; what was read stays so. Raises
        IndexDamagedError.
        """
        if name not in self._pieces:
            self._pieces[name] = self._open_pieces(name, np.dtype(dtype))
        return self._pieces[name]

    def _open_pieces(self, name: str, dtype: np.dtype[Any]) -> Pieces:
        checksums: U32 = self.array(PIECE_CHECKSUMS, np.uint32)
        n_pieces = {other: -(-n_bytes // PIECE_BYTES) for other, (n_bytes, _) in self.manifest.items()}
        first = sum(n_pieces[other] for other in n_pieces if other < name and other != PIECE_CHECKSUMS)
        end = first + n_pieces.get(name, 0)
        if end > len(checksums):
            raise IndexDamagedError(f"{self.folder / PIECE_CHECKSUMS} has {len(checksums)} items; expected {end}")
        if self._length(name, dtype) == 0:
            return Pieces(_nothing(dtype))
        return Pieces.of_file(self._open(name), dtype, checksums[first:end])

    def _read(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        if self._length(name, dtype) == 0:
            return _nothing(dtype)
        with self._open(name) as file:
            column = np.empty(file.n_bytes, np.uint8)
            checksum = 0
            for start in range(0, file.n_bytes, _READ_BYTES):
                some = column[start : start + _READ_BYTES].data
                file.read_into(some, start)
                checksum = zlib.crc32(some, checksum)
        self._compare(name, checksum)
        items = column.view(dtype)
        items.flags.writeable = False
        return items

    def _length(self, name: str, dtype: np.dtype[Any]) -> int:
        n_bytes, _ = self.manifest.get(name, (0, 0))
        if n_bytes % dtype.itemsize:
            raise IndexDamagedError(f"{self.folder / name} has {n_bytes} bytes; expected items of {dtype.itemsize}")
        if n_bytes > _LARGE_BYTES and n_bytes > memory_limit_bytes():
            raise IndexDamagedError(f"{self.folder / name} has {n_bytes} bytes; expected what fits into memory")
        return n_bytes

    def _open(self, name: str) -> _ColumnFile:
        n_bytes, _ = self.manifest[name]
        return _ColumnFile(self._folder, name, n_bytes)

    def _compare(self, name: str, found: int) -> None:
        _, expected = self.manifest[name]
        if found != expected:
            raise IndexDamagedError(f"{self.folder / name} has the checksum {found:08x}; expected {expected:08x}")

    def drop(self) -> None:
        """Remove the folder; what is open stays so."""
        _remove(self.folder)

    def damages(self) -> list[str]:
        """Return a sentence for each column that is not what was written."""
        found = []
        for name in self.manifest:
            try:
                self._check(name)
            except IndexDamagedError as error:
                found.append(str(error))
        return found

    def _check(self, name: str) -> None:
        """Read a column and keep nothing of it. Raises IndexDamagedError."""
        if not self.manifest[name][0]:
            return
        with self._open(name) as file:
            piece = memoryview(bytearray(min(file.n_bytes, _READ_BYTES)))
            checksum = 0
            for start in range(0, file.n_bytes, _READ_BYTES):
                some = piece[: file.n_bytes - start]
                file.read_into(some, start)
                checksum = zlib.crc32(some, checksum)
        self._compare(name, checksum)


class _ColumnFile:
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
            raise _trouble(self.path, error) from error
        try:
            _check_length(self.path, os.fstat(self._file.fileno()), n_bytes)
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
            raise _trouble(self.path, error) from error
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


def _nothing(dtype: np.dtype[Any]) -> NDArray[Any]:
    empty = np.empty(0, dtype)
    empty.flags.writeable = False
    return empty


def _check_length(path: Path, status: os.stat_result, n_bytes: int) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise IndexDamagedError(f"{path} is no regular file; expected a column")
    if status.st_size != n_bytes:
        raise IndexDamagedError(f"{path} has {status.st_size} bytes; expected {n_bytes}")


def _trouble(path: Path, error: OSError) -> IndexDamagedError:
    """Return what to raise: a column that is not there is damage, one that cannot be read now need not be."""
    is_damage = error.errno in _NOT_THERE
    kind = IndexDamagedError if is_damage else IndexUnreadableError
    return kind(f"{path}: {error.strerror or error}; expected a column")
