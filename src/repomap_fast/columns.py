"""Named columns: written piece by piece to memory or to a folder, and read back as numpy arrays.

A folder of columns holds a file for each, nothing but its items one after another, in the machine's own byte order; a
manifest, which its reader must have kept, says how long each file is and what its CRC-32 is. Columns of a folder are
mapped, not read: a column that nobody looks at costs no memory. Where a few rows of a long column are wanted, it is
asked for by pieces: each has a checksum too, in a column of their own, and only those that are touched are checked.
"""

from __future__ import annotations

import shutil
import zlib
from array import array
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeAlias

import numpy as np

from repomap_fast.errors import IndexDamagedError

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
"""How much of a column is checked at a time, so that a long one does not become resident as a whole at once."""


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
    """A column whose pieces are checked when rows of them are first asked for."""

    __slots__ = ("_bytes", "_checksums", "_is_checked", "_items", "_path")

    def __init__(self, items: NDArray[Any], checksums: U32 | None = None, path: Path | None = None) -> None:
        """Take a column; without ``checksums`` it is taken for what was written."""
        self._items = items
        self._checksums = checksums
        self._path = path
        self._bytes = items.view(np.uint8)
        self._is_checked = bytearray(0 if checksums is None else len(checksums))

    def __len__(self) -> int:
        return len(self._items)

    def __reduce__(self) -> tuple[type[Self], tuple[NDArray[Any]]]:
        """Return the items themselves: a copy must not depend on a file. Raises IndexDamagedError."""
        return type(self), (self.rows(0, len(self)).copy(),)

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows ``start`` to ``stop``, read-only. Raises IndexDamagedError if they are not what was written."""
        if not 0 <= start <= stop <= len(self._items):
            raise IndexDamagedError(f"rows {start} to {stop} of {len(self._items)} in {self._path}")
        if self._checksums is not None and start < stop:
            size = self._items.itemsize
            for piece in range(start * size // PIECE_BYTES, (stop * size - 1) // PIECE_BYTES + 1):
                if not self._is_checked[piece]:
                    self._check(piece, int(self._checksums[piece]))
        return self._items[start:stop]

    def take(self, rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return single rows. Raises IndexDamagedError if they are not what was written."""
        if not len(rows):
            return self._items[:0]
        if not 0 <= int(rows.min()) <= int(rows.max()) < len(self._items):
            raise IndexDamagedError(f"rows {rows.min()} to {rows.max()} of {len(self._items)} in {self._path}")
        if self._checksums is not None:
            size = self._items.itemsize
            is_touched = np.zeros(len(self._checksums), np.bool_)
            is_touched[rows * size // PIECE_BYTES] = True
            for piece in np.flatnonzero(is_touched).tolist():
                if not self._is_checked[piece]:
                    self._check(piece, int(self._checksums[piece]))
        taken: NDArray[Any] = self._items[rows]
        return taken

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``rows`` does, but read, not mapped, so that who goes over all of them holds only a few."""
        if self._checksums is None or self._path is None or start >= stop:
            return self.rows(start, stop)
        if not 0 <= start <= stop <= len(self._items):
            raise IndexDamagedError(f"rows {start} to {stop} of {len(self._items)} in {self._path}")
        size = self._items.itemsize
        first, end = start * size // PIECE_BYTES, (stop * size - 1) // PIECE_BYTES + 1
        n_bytes = min(end * PIECE_BYTES, len(self._bytes)) - first * PIECE_BYTES
        try:
            found = np.fromfile(self._path, np.uint8, n_bytes, offset=first * PIECE_BYTES)
        except OSError as error:
            raise IndexDamagedError(f"{self._path}: {error}; expected a column") from error
        for piece in range(first, end):
            of_piece = found[(piece - first) * PIECE_BYTES : (piece - first + 1) * PIECE_BYTES]
            self._compare(piece, zlib.crc32(of_piece.data), int(self._checksums[piece]))
        skipped = start * size - first * PIECE_BYTES
        return found[skipped : skipped + (stop - start) * size].view(self._items.dtype)

    def around(self, starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[Any]:
        """Return the column, of which only rows ``starts[i]`` to ``stops[i]`` may be looked at. Raises as ``rows``."""
        if not len(starts):
            return self._items
        if int(stops.max()) > len(self._items) or bool((starts > stops).any()):
            raise IndexDamagedError(f"rows up to {int(stops.max())} of {len(self._items)} in {self._path}")
        if self._checksums is not None:
            size = self._items.itemsize
            firsts = starts.astype(np.int64) * size // PIECE_BYTES
            lasts = (stops.astype(np.int64) * size - 1) // PIECE_BYTES
            marks = np.zeros(len(self._checksums) + 1, np.int64)
            is_some = lasts >= firsts
            np.add.at(marks, firsts[is_some], 1)
            np.add.at(marks, lasts[is_some] + 1, -1)
            for piece in np.flatnonzero(np.cumsum(marks[:-1])).tolist():
                if not self._is_checked[piece]:
                    self._check(piece, int(self._checksums[piece]))
        return self._items

    def _check(self, piece: int, expected: int) -> None:
        self._compare(piece, zlib.crc32(self._bytes[piece * PIECE_BYTES : (piece + 1) * PIECE_BYTES].data), expected)
        self._is_checked[piece] = 1

    def _compare(self, piece: int, found: int, expected: int) -> None:
        if found != expected:
            raise IndexDamagedError(
                f"{self._path} has the checksum {found:08x} in piece {piece}; expected {expected:08x}"
            )


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
        folder.mkdir(parents=True)
        self.folder = folder
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
                file = self._files[name] = (self.folder / name).open("xb", buffering=0)
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
        return np.fromfile(self.folder / name, dtype, stop - start, offset=start * item_bytes)

    def descriptor(self, name: str) -> int | None:
        """Return a file of what is written of a column, open until the end; -1 if nothing is. Raises OSError."""
        if name not in self._files:
            return -1
        if name not in self._readers:
            self._readers[name] = (self.folder / name).open("rb", buffering=0)
        descriptor: int = self._readers[name].fileno()
        return descriptor

    def finish(self) -> Manifest:
        """Close the files and return what ``MappedColumns`` needs. Raises OSError."""
        for name in sorted(self._pieces):
            self.writer(PIECE_CHECKSUMS)(memoryview(self._pieces[name].finished()))
        for file in (*self._files.values(), *self._readers.values()):
            file.close()
        return self._manifest

    def abandon(self) -> None:
        """Remove the folder."""
        for file in (*self._files.values(), *self._readers.values()):
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)


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


class MappedColumns:
    """The columns of a finished folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises IndexDamagedError if a file is missing or has another length."""
        self.folder = folder
        self.manifest = manifest
        self._arrays: dict[str, NDArray[Any]] = {}
        self._pieces: dict[str, Pieces] = {}
        for name, (n_bytes, _) in manifest.items():
            try:
                found = (folder / name).stat().st_size
            except OSError as error:
                raise IndexDamagedError(f"{folder / name}: {error.strerror}; expected a column") from error
            if found != n_bytes:
                raise IndexDamagedError(f"{folder / name} has {found} bytes; expected {n_bytes}")

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Map a column, read-only. Raises IndexDamagedError if it is not what was written."""
        if name not in self._arrays:
            self._arrays[name] = self._map(name, np.dtype(dtype))
        return self._arrays[name]

    def pieces(self, name: str, dtype: DTypeLike) -> Pieces:
        """Map a column of which only some rows will be asked for; what was checked stays so. Raises
        IndexDamagedError.
        """
        if name not in self._pieces:
            self._pieces[name] = self._map_pieces(name, np.dtype(dtype))
        return self._pieces[name]

    def _map_pieces(self, name: str, dtype: np.dtype[Any]) -> Pieces:
        checksums: U32 = self.array(PIECE_CHECKSUMS, np.uint32)
        n_pieces = {other: -(-n_bytes // PIECE_BYTES) for other, (n_bytes, _) in self.manifest.items()}
        first = sum(n_pieces[other] for other in n_pieces if other < name and other != PIECE_CHECKSUMS)
        end = first + n_pieces.get(name, 0)
        if end > len(checksums):
            raise IndexDamagedError(f"{self.folder / PIECE_CHECKSUMS} has {len(checksums)} items; expected {end}")
        items = self._map_unchecked(name, dtype)
        return Pieces(items, checksums[first:end], self.folder / name)

    def _map(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        path, (_, checksum) = self.folder / name, self.manifest.get(name, (0, 0))
        mapped = self._map_unchecked(name, dtype)
        if len(mapped):
            try:
                found = _crc32_of_file(path)
            except OSError as error:
                raise IndexDamagedError(f"{path}: {error}; expected a column") from error
            if found != checksum:
                raise IndexDamagedError(f"{path} has the checksum {found:08x}; expected {checksum:08x}")
        return mapped

    def _map_unchecked(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        n_bytes, _ = self.manifest.get(name, (0, 0))
        if n_bytes == 0:
            empty = np.empty(0, dtype)
            empty.flags.writeable = False
            return empty
        path = self.folder / name
        if n_bytes % dtype.itemsize:
            raise IndexDamagedError(f"{path} has {n_bytes} bytes; expected items of {dtype.itemsize}")
        try:
            mapped = np.memmap(path, dtype, "r")
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{path}: {error}; expected a column") from error
        if mapped.nbytes != n_bytes:
            raise IndexDamagedError(f"{path} has {mapped.nbytes} bytes; expected {n_bytes}")
        return mapped.view(np.ndarray)

    def drop(self) -> None:
        """Remove the folder; what is mapped stays so."""
        shutil.rmtree(self.folder, ignore_errors=True)

    def damages(self) -> list[str]:
        """Return a sentence for each column that is not what was written."""
        found = []
        for name in self.manifest:
            try:
                self._map(name, np.dtype(np.uint8))
            except IndexDamagedError as error:
                found.append(str(error))
        return found


def _crc32_of_file(path: Path) -> int:
    """Read, not mapped: what is only checked must not count as this process's memory."""
    checksum = 0
    piece = bytearray(_READ_BYTES)
    with path.open("rb", buffering=0) as file:
        while n_read := file.readinto(piece):
            checksum = zlib.crc32(memoryview(piece)[:n_read], checksum)
    return checksum
