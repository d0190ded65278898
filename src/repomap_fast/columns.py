"""Named columns: written piece by piece to memory or to a folder, and read back as numpy arrays.

A folder of columns holds a file for each, nothing but its items one after another, in the machine's own byte order; a
manifest, which its reader must have kept, says how long each file is and what its CRC-32 is. Columns of a folder are
mapped, not read: a column that nobody looks at costs no memory.
"""

from __future__ import annotations

import shutil
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import numpy as np

from repomap_fast.errors import IndexDamagedError

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

Manifest: TypeAlias = Mapping[str, tuple[int, int]]
"""Of each column its bytes and their CRC-32."""

_PIECE_BYTES = 1 << 22
"""How much of a column is checked at a time, so that a long one does not become resident as a whole at once."""


class ColumnWriter(Protocol):
    """Whatever takes columns."""

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column."""
        ...

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column."""
        ...


class Columns(Protocol):
    """Whatever gives columns back."""

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Return a column, read-only; empty if nothing was ever added to it."""
        ...


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
            array = pieces[0] if len(pieces) == 1 else np.concatenate([np.empty(0, dtype), *pieces]).astype(dtype)
            array.flags.writeable = False
            self._arrays[name] = array
        return self._arrays[name]


class ColumnFolder:
    """Columns on their way into a folder, which must not exist yet; ``finish`` or ``abandon`` ends it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(parents=True)
        self.folder = folder
        self._files: dict[str, Any] = {}
        self._manifest: dict[str, tuple[int, int]] = {}

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
            n_bytes, checksum = self._manifest.get(name, (0, 0))
            rest = memoryview(data).cast("B")
            self._manifest[name] = n_bytes + len(rest), zlib.crc32(rest, checksum)
            while rest:
                rest = rest[file.write(rest) :]

        return write

    def finish(self) -> Manifest:
        """Close the files and return what ``MappedColumns`` needs. Raises OSError."""
        for file in self._files.values():
            file.close()
        return self._manifest

    def abandon(self) -> None:
        """Remove the folder."""
        for file in self._files.values():
            file.close()
        shutil.rmtree(self.folder, ignore_errors=True)


class MappedColumns:
    """The columns of a finished folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises IndexDamagedError if a file is missing or has another length."""
        self.folder = folder
        self.manifest = manifest
        self._arrays: dict[str, NDArray[Any]] = {}
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

    def _map(self, name: str, dtype: np.dtype[Any]) -> NDArray[Any]:
        n_bytes, checksum = self.manifest.get(name, (0, 0))
        if n_bytes == 0:
            empty = np.empty(0, dtype)
            empty.flags.writeable = False
            return empty
        path = self.folder / name
        if n_bytes % dtype.itemsize:
            raise IndexDamagedError(f"{path} has {n_bytes} bytes; expected items of {dtype.itemsize}")
        try:
            found = _crc32_of_file(path)
            mapped = np.memmap(path, dtype, "r")
        except (OSError, ValueError) as error:
            raise IndexDamagedError(f"{path}: {error}; expected a column") from error
        if found != checksum or mapped.nbytes != n_bytes:
            raise IndexDamagedError(f"{path} has the checksum {found:08x}; expected {checksum:08x}")
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
    piece = bytearray(_PIECE_BYTES)
    with path.open("rb", buffering=0) as file:
        while n_read := file.readinto(piece):
            checksum = zlib.crc32(memoryview(piece)[:n_read], checksum)
    return checksum
