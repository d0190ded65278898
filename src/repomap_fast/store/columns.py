"""Named columns: appended to memory or to a folder, and read back as numpy arrays.

A column is never mapped: what was checked cannot change afterwards, and a file that is cut while it is in use raises no
signal that ends the process.

A folder of columns has one file for each column: its items one after another, in the machine's own byte order. The
manifest, which the reader must have kept, has the length and the CRC-32 of each file. A column is read when it is first
asked for. A reader that needs a few rows of a long column asks for a paged one (``paged``): each page has a checksum in
a column of its own, and only the pages that are needed are read and checked.
"""

from __future__ import annotations

import os
import zlib
from array import array
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias
from weakref import WeakValueDictionary

import numpy as np

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError, StoreError
from repomap_fast.resources.limits import memory_limit_bytes
from repomap_fast.store.paged_column import (
    PAGE_BYTES,
    PAGE_CHECKSUMS,
    ColumnFile,
    PagedColumn,
    check_length,
    column_trouble,
)
from repomap_fast.store.private_folder import PrivateFolder

if TYPE_CHECKING:
    from numpy.typing import DTypeLike, NDArray

    from repomap_fast.tables import U32

Manifest: TypeAlias = Mapping[str, tuple[int, int]]
"""The bytes of each column, and their CRC-32."""

_READ_BYTES = 1 << 22
"""Bytes of a column that are read at a time: Python handles Ctrl-C in between."""
_KEPT_BYTES = 8 << 20
"""An array of more is not kept for those who may ask for it again."""
_LARGE_BYTES = 1 << 30


class ColumnWriter(Protocol):
    """Where columns are written to."""

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column."""
        ...

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column."""
        ...

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column that is written to its end, while others are still written."""
        ...

    def descriptor(self, name: str) -> int | None:
        """Return a descriptor to read what is written of a column; None if columns are in memory.

        It is open until the columns are finished; -1 as long as nothing is written.
        """
        ...


class Columns(Protocol):
    """Where columns are read from."""

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Return a column, read-only; empty if nothing was ever appended to it."""
        ...

    def paged(self, name: str, dtype: DTypeLike) -> PagedColumn:
        """Return a column that is read a page at a time."""
        ...


class MemoryColumns:
    """Columns in memory."""

    __slots__ = ("_arrays", "_parts")

    def __init__(self) -> None:
        self._parts: dict[str, list[bytes | NDArray[Any]]] = {}
        self._arrays: dict[str, NDArray[Any]] = {}

    def append(self, name: str, items: NDArray[Any]) -> None:
        """Add items to the end of a column."""
        self._parts.setdefault(name, []).append(items)

    def writer(self, name: str) -> Callable[[memoryview], object]:
        """Return a function that adds bytes to the end of a column."""

        def write(data: memoryview) -> None:
            self._parts.setdefault(name, []).append(bytes(data))

        return write

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Return a column, read-only; nothing can be appended to it any more."""
        if name not in self._arrays:
            parts = [
                np.frombuffer(part, dtype) if isinstance(part, bytes) else part for part in self._parts.pop(name, [])
            ]
            items = parts[0] if len(parts) == 1 else np.concatenate([np.empty(0, dtype), *parts]).astype(dtype)
            items.flags.writeable = False
            self._arrays[name] = items
        return self._arrays[name]

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return rows of a column, to which nothing can be appended any more."""
        return self.array(name, dtype)[start:stop]

    def descriptor(self, name: str) -> int | None:
        """Return None: there is no file."""
        return None

    def paged(self, name: str, dtype: DTypeLike) -> PagedColumn:
        """Return a column that is read a page at a time."""
        return PagedColumn(self.array(name, dtype))


class ColumnFolder:
    """Columns that are written to a new folder; ``finish`` or ``abandon`` ends it."""

    def __init__(self, folder: Path) -> None:
        """Make the folder. Raises OSError; StoreError if its parent is a link or others may change it."""
        self.folder = folder
        with PrivateFolder.open(folder.parent) as above:
            self._folder = above.make_folder(folder.name)
        self._files: dict[str, Any] = {}
        self._readers: dict[str, Any] = {}
        self._manifest: dict[str, tuple[int, int]] = {}
        self._checksums: dict[str, _PageChecksums] = {}

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
                self._checksums[name] = _PageChecksums()
            n_bytes, checksum = self._manifest.get(name, (0, 0))
            rest = memoryview(data).cast("B")
            self._manifest[name] = n_bytes + len(rest), zlib.crc32(rest, checksum)
            self._checksums[name].add(rest)
            while rest:
                rest = rest[file.write(rest) :]

        return write

    def read(self, name: str, dtype: DTypeLike, start: int, stop: int) -> NDArray[Any]:
        """Return a copy of rows of a column that are written already. Raises OSError."""
        if name not in self._files:
            return np.empty(0, dtype)
        item_bytes = np.dtype(dtype).itemsize
        with self._open(name, os.O_RDONLY, "rb") as file:
            return np.fromfile(file, dtype, stop - start, offset=start * item_bytes)

    def descriptor(self, name: str) -> int | None:
        """Return a descriptor to read what is written of a column; -1 if nothing is. Raises OSError."""
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
        for name in sorted(self._checksums):
            self.writer(PAGE_CHECKSUMS)(memoryview(self._checksums[name].finished()))
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


class _PageChecksums:
    """The CRC-32 of each page of a column that is written bit by bit."""

    __slots__ = ("_checksum", "_checksums", "_n_bytes")

    def __init__(self) -> None:
        self._checksums = array("I")
        self._checksum = 0
        self._n_bytes = 0

    def add(self, rest: memoryview) -> None:
        """Take the next bytes."""
        while rest:
            some = rest[: PAGE_BYTES - self._n_bytes]
            self._checksum = zlib.crc32(some, self._checksum)
            self._n_bytes += len(some)
            rest = rest[len(some) :]
            if self._n_bytes == PAGE_BYTES:
                self._end_page()

    def _end_page(self) -> None:
        self._checksums.append(self._checksum)
        self._checksum = self._n_bytes = 0

    def finished(self) -> array[int]:
        """Return the checksums of all pages, the last of which may be short."""
        if self._n_bytes:
            self._end_page()
        return self._checksums


class KeptColumns:
    """The columns of a finished folder."""

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        """Raises IndexDamagedError if a file is missing or has another length."""
        self.folder = folder
        self.manifest = manifest
        self._arrays: dict[str, NDArray[Any]] = {}
        self._large_arrays: WeakValueDictionary[str, NDArray[Any]] = WeakValueDictionary()
        """Those that are kept while somebody uses them."""
        self._paged: dict[str, PagedColumn] = {}
        try:
            with PrivateFolder.open(folder.parent) as above:
                self._folder = above.folder(folder.name)
        except StoreError as error:
            raise IndexDamagedError(str(error)) from error
        except OSError as error:
            raise column_trouble(folder, error) from error
        for name, (n_bytes, _) in manifest.items():
            try:
                status = self._folder.status(name)
            except OSError as error:
                raise column_trouble(folder / name, error) from error
            check_length(folder / name, status, n_bytes)

    def array(self, name: str, dtype: DTypeLike) -> NDArray[Any]:
        """Read a column, read-only. Raises IndexDamagedError if it is not what was written."""
        found = self._arrays.get(name)
        if found is None:
            found = self._large_arrays.get(name)
        if found is None:
            found = self._read(name, np.dtype(dtype))
            arrays = self._arrays if found.nbytes < _KEPT_BYTES else self._large_arrays
            arrays[name] = found
        return found

    def paged(self, name: str, dtype: DTypeLike) -> PagedColumn:
        """Open a column that is read a page at a time; pages that were read stay. Raises IndexDamagedError."""
        if name not in self._paged:
            self._paged[name] = self._open_paged(name, np.dtype(dtype))
        return self._paged[name]

    def _open_paged(self, name: str, dtype: np.dtype[Any]) -> PagedColumn:
        checksums: U32 = self.array(PAGE_CHECKSUMS, np.uint32)
        n_pages = {other: -(-n_bytes // PAGE_BYTES) for other, (n_bytes, _) in self.manifest.items()}
        first = sum(n_pages[other] for other in n_pages if other < name and other != PAGE_CHECKSUMS)
        end = first + n_pages.get(name, 0)
        if end > len(checksums):
            raise IndexDamagedError(f"{self.folder / PAGE_CHECKSUMS} has {len(checksums)} items; expected {end}")
        if self._length(name, dtype) == 0:
            return PagedColumn(_nothing(dtype))
        return PagedColumn.of_file(self._open(name), dtype, checksums[first:end])

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

    def _open(self, name: str) -> ColumnFile:
        n_bytes, _ = self.manifest[name]
        return ColumnFile(self._folder, name, n_bytes)

    def _compare(self, name: str, found: int) -> None:
        _, expected = self.manifest[name]
        if found != expected:
            raise IndexDamagedError(f"{self.folder / name} has the checksum {found:08x}; expected {expected:08x}")

    def drop(self) -> None:
        """Remove the folder; open files stay open."""
        _remove(self.folder)

    def problems(self) -> list[str]:
        """Return a sentence for each column whose bytes are not those that were written.

        Raises IndexUnreadableError.
        """
        found = []
        for name in self.manifest:
            try:
                self._check(name)
            except IndexUnreadableError:
                raise
            except IndexDamagedError as error:
                found.append(str(error))
        return found

    def _check(self, name: str) -> None:
        """Read a column and keep nothing of it. Raises IndexDamagedError."""
        if not self.manifest[name][0]:
            return
        with self._open(name) as file:
            room = memoryview(bytearray(min(file.n_bytes, _READ_BYTES)))
            checksum = 0
            for start in range(0, file.n_bytes, _READ_BYTES):
                some = room[: file.n_bytes - start]
                file.read_into(some, start)
                checksum = zlib.crc32(some, checksum)
        self._compare(name, checksum)


def _nothing(dtype: np.dtype[Any]) -> NDArray[Any]:
    empty = np.empty(0, dtype)
    empty.flags.writeable = False
    return empty
