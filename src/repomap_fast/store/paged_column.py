"""A column in a file, of which only the pages that are asked for are read and checked.

It never returns a row whose page does not have the checksum that was written.
"""

from __future__ import annotations

import errno
import mmap
import os
import stat
import threading
import zlib
from collections.abc import Iterable, Iterator, Sequence
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
"""Each page has a checksum. Smaller pages would need more checksums; larger ones would take longer to check."""
PAGE_CHECKSUMS = "piece_checksums"
"""The column of the CRC-32 of all pages of all other columns, sorted by the name of the column."""

_PAGES_AT_A_TIME = 64
_MOST_KEPT_BYTES = 4 << 20
"""Of a column that is not read whole."""
_SMALL_BYTES = 1 << 20
"""Of a column that is kept once it was read: to read it again takes longer than most questions about it."""
_NOT_THERE = {errno.ENOENT, errno.ENOTDIR, errno.EISDIR, errno.ELOOP, errno.ENXIO, errno.ESTALE}
"""Error numbers of a name at which there is no file. Any other error may pass."""


class ColumnFile:
    """An open file of a column. Any part can be read, by any number of threads."""

    __slots__ = ("_descriptor", "_file", "_lock", "n_bytes", "path")

    def __init__(self, folder: PrivateFolder, name: str, n_bytes: int) -> None:
        """Raises IndexDamagedError if there is no file of that length."""
        self.path = folder.path / name
        self.n_bytes = n_bytes
        self._lock = threading.Lock()
        try:
            self._descriptor = folder.open_file(name, os.O_RDONLY)
        except OSError as error:
            raise column_trouble(self.path, error) from error
        # A file that owns its descriptor warns if the collector of cycles finds it before this column.
        self._file = os.fdopen(self._descriptor, "rb", buffering=0, closefd=False)
        try:
            check_length(self.path, os.fstat(self._descriptor), n_bytes)
        except BaseException:
            self._close()
            raise

    def read_into(self, room: memoryview, offset: int) -> None:
        """Fill ``room`` with the bytes from ``offset``. Raises IndexDamagedError if the file ends before."""
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
        self._close()

    def __del__(self) -> None:
        """Close the file of a paged column together with the column, which has no ``close``."""
        if hasattr(self, "_file"):
            self._close()

    def _close(self) -> None:
        self._file.close()
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1


class _Pages:
    """Those pages of a column that are in memory.

    items    all rows; only those of pages that were read may be looked at.
    room     the memory of the items; None for a column that is in memory as a whole.
    is_read  a byte for each page: 1 once it was read.
    """

    __slots__ = ("is_read", "items", "room")

    def __init__(self, items: NDArray[Any], room: memoryview | None, is_read: bytearray) -> None:
        self.items = items
        self.room = room
        self.is_read = is_read

    @classmethod
    def none_of(cls, n_bytes: int, dtype: np.dtype[Any]) -> Self:
        """Return the pages of a column of that many bytes, of which none is read."""
        room = memoryview(_untouched_memory(n_bytes))
        items = np.frombuffer(room, dtype)
        items.flags.writeable = False
        return cls(items, room, bytearray(-(-n_bytes // PAGE_BYTES)))


class PagedColumn:
    """A column whose pages are read and checked when their rows are first asked for.

    Pages stay in memory for whoever asks next, up to a bound: in time, a server asks for all of a column. Where a
    question takes more, the pages of those before are let go of; those of a question that takes more than the bound by
    itself are not kept. ``whole`` alone keeps all.
    """

    __slots__ = ("_checksums", "_file", "_kept", "_lock")

    def __init__(self, items: NDArray[Any]) -> None:
        """Take a column that is in memory."""
        self._kept = _Pages(items, None, bytearray())
        self._checksums: U32 | None = None
        self._file: ColumnFile | None = None
        self._lock = threading.Lock()

    @classmethod
    def of_file(cls, file: ColumnFile, dtype: np.dtype[Any], checksums: U32) -> Self:
        """Take the column in a file and read nothing of it yet; ``checksums`` are those of its pages."""
        column = cls(np.empty(0, dtype))
        column._kept = _Pages.none_of(file.n_bytes, dtype)
        column._checksums, column._file = checksums, file
        return column

    def __len__(self) -> int:
        return len(self._kept.items)

    @property
    def n_read_bytes(self) -> int:
        """Bytes of the pages that were read and are kept; 0 for a column that is in memory as a whole."""
        return self._kept.is_read.count(1) * PAGE_BYTES

    @property
    def _may_let_go(self) -> bool:
        return self._file is not None and self._kept.items.nbytes > _MOST_KEPT_BYTES

    def afresh(self) -> Self:
        """Return the same column with no page read; itself where it is in memory as a whole."""
        if self._file is None or self._checksums is None:
            return self
        return type(self).of_file(self._file, self._kept.items.dtype, self._checksums)

    def __reduce__(self) -> tuple[type[Self], tuple[NDArray[Any]]]:
        """Return the items themselves: a copy must not depend on a file. Raises IndexDamagedError."""
        return type(self), (self.rows(0, len(self)).copy(),)

    def whole(self) -> NDArray[Any]:
        """Return all rows, read-only, and keep them from then on. Raises IndexDamagedError."""
        kept = self._kept
        if kept.is_read.find(0) >= 0:
            with self._lock:
                kept = self._kept
                self._fill(kept, range(len(kept.is_read)))
        return kept.items

    def rows(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows ``start`` to ``stop``, read-only. Raises IndexDamagedError if they are not what was written.

        Who keeps some of a large column holds the pages of others too: ``some`` copies them.
        """
        first, end = self._checked(start, stop)
        kept = self._kept
        if kept.is_read.find(0, first, end) < 0:
            return kept.items[start:stop]
        return self._with(range(first, end))[start:stop]

    def some(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``rows`` does, of a large column as a copy: a few that are kept must not hold its pages."""
        rows = self.rows(start, stop)
        return rows.copy() if self._may_let_go else rows

    def read_ahead(self, starts: NDArray[Any], stops: NDArray[Any]) -> None:
        """Read rows that ``some`` is asked for next in one go, unless they are more than are kept."""
        pages = self._between(starts, stops)
        if len(pages) * PAGE_BYTES <= _MOST_KEPT_BYTES:
            self._with(pages)

    def at(self, rows: NDArray[np.integer[Any]]) -> NDArray[Any]:
        """Return single rows, in any order. Raises IndexDamagedError if they are not what was written."""
        if not len(rows):
            return self._kept.items[:0]
        self._checked(int(rows.min()), int(rows.max()) + 1)
        kept = self._kept
        if self._file is None:
            taken: NDArray[Any] = kept.items[rows]
            return taken
        of_page = PAGE_BYTES // kept.items.itemsize
        is_touched = np.zeros(len(kept.is_read), np.bool_)
        is_touched[rows // of_page] = True
        is_missing = is_touched & (np.frombuffer(bytes(kept.is_read), np.uint8) == 0)
        if np.count_nonzero(is_touched) * PAGE_BYTES <= _MOST_KEPT_BYTES or not is_missing.any():
            found: NDArray[Any] = self._with(np.flatnonzero(is_touched).tolist())[rows]
            return found
        # Those of a name may be in all of a column: a few pages at a time are in memory.
        is_rising = bool((rows[1:] >= rows[:-1]).all())
        order = np.arange(len(rows)) if is_rising else np.argsort(rows, kind="stable")
        rising = rows if is_rising else rows[order]
        found = np.empty(len(rows), kept.items.dtype)
        is_kept = ~is_missing[rising // of_page]
        found[order[is_kept]] = kept.items[rising[is_kept]]
        for first, end in _runs(np.flatnonzero(is_missing).tolist()):
            start, stop = np.searchsorted(rising, (first * of_page, end * of_page)).tolist()
            some = self.read(first * of_page, min(end * of_page, len(self)))
            found[order[start:stop]] = some[rising[start:stop] - first * of_page]
        return found

    def read(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``rows`` does, but keep none, so that a pass over all of them holds only a few in memory."""
        first, end = self._checked(start, stop)
        items = self._kept.items
        if self._file is None or first == end:
            return items[start:stop]
        found = np.empty(min(end * PAGE_BYTES, items.nbytes) - first * PAGE_BYTES, np.uint8)
        self._read_pages(first, end, found.data)
        skipped = start * items.itemsize - first * PAGE_BYTES
        return found[skipped : skipped + (stop - start) * items.itemsize].view(items.dtype)

    def read_again(self, start: int, stop: int) -> NDArray[Any]:
        """Return rows as ``read`` does, but keep those of a small column, which are asked for again and again."""
        return self.rows(start, stop) if self._kept.items.nbytes <= _SMALL_BYTES else self.read(start, stop)

    def read_parts(self, starts: list[int], stops: list[int]) -> list[NDArray[Any]]:
        """Return parts of the column, rows ``starts[i]`` to ``stops[i]``, as ``read_again`` does.

        Both rise. Pages that parts share, or that follow each other, are read at once.
        """
        pages = [self._checked(start, stop) for start, stop in zip(starts, stops, strict=True)]
        found: list[NDArray[Any]] = []
        while len(found) < len(pages):
            at = len(found)
            (first, end), stop, last = pages[at], stops[at], at + 1
            while last < len(pages) and pages[last][0] <= end and pages[last][1] - first <= _PAGES_AT_A_TIME:
                # A part without rows is in no page, and may be far away.
                if starts[last] < stops[last]:
                    end, stop = pages[last][1], stops[last]
                last += 1
            run = self.read_again(starts[at], stop)
            found += (run[starts[i] - starts[at] : stops[i] - starts[at]] for i in range(at, last))
        return found

    def rows_between(self, starts: NDArray[Any], stops: NDArray[Any]) -> NDArray[Any]:
        """Return the column; only rows ``starts[i]`` to ``stops[i]`` may be looked at. Raises as ``rows``."""
        return self._with(self._between(starts, stops))

    def _between(self, starts: NDArray[Any], stops: NDArray[Any]) -> list[int]:
        """Return the pages with rows ``starts[i]`` to ``stops[i]``, rising and each once."""
        if not len(starts):
            return []
        self._checked(int(starts.min()), int(stops.max()))
        if bool((starts > stops).any()):
            raise IndexDamagedError(f"rows that end before they start in {self._path}")
        if self._file is None:
            return []
        size = self._kept.items.itemsize
        firsts = starts.astype(np.int64) * size // PAGE_BYTES
        lasts = (stops.astype(np.int64) * size - 1) // PAGE_BYTES
        is_some = lasts >= firsts
        firsts, lasts = firsts[is_some], lasts[is_some]
        n_pages = len(self._kept.is_read)
        if bool((lasts - firsts <= 1).all()):
            if len(firsts) < n_pages:
                # Few parts: a pass over all pages for each question would take longer than the rows.
                return sorted({*firsts.tolist(), *lasts.tolist()})
            is_touched = np.zeros(n_pages, np.bool_)
            is_touched[firsts] = is_touched[lasts] = True
            return np.flatnonzero(is_touched).tolist()
        marks = np.zeros(n_pages + 1, np.int64)
        np.add.at(marks, firsts, 1)
        np.add.at(marks, lasts + 1, -1)
        return np.flatnonzero(np.cumsum(marks[:-1])).tolist()

    @property
    def _path(self) -> str:
        return "memory" if self._file is None else str(self._file.path)

    def _checked(self, start: int, stop: int) -> tuple[int, int]:
        """Return the first page of rows ``start`` to ``stop`` and one past the last; (0, 0) if none is to be read.

        Raises IndexDamagedError if the column has no such rows.
        """
        items = self._kept.items
        if not 0 <= start <= stop <= len(items):
            raise IndexDamagedError(f"rows {start} to {stop} of {len(items)} in {self._path}")
        if self._file is None or start == stop:
            return 0, 0
        return start * items.itemsize // PAGE_BYTES, (stop * items.itemsize - 1) // PAGE_BYTES + 1

    def _with(self, pages: Sequence[int]) -> NDArray[Any]:
        """Return the column with these pages, which rise, in memory."""
        kept = self._kept
        if all(map(kept.is_read.__getitem__, pages)):
            return kept.items
        with self._lock:
            kept = self._kept
            n_missing = len(pages) - sum(map(kept.is_read.__getitem__, pages))
            if n_missing * PAGE_BYTES + self.n_read_bytes > _MOST_KEPT_BYTES:
                fresh = _Pages.none_of(kept.items.nbytes, kept.items.dtype)
                self._take_over(kept, fresh, pages)
                if len(pages) * PAGE_BYTES <= _MOST_KEPT_BYTES:
                    self._kept = fresh
                kept = fresh
            self._fill(kept, pages)
        return kept.items

    def _take_over(self, old: _Pages, new: _Pages, pages: Sequence[int]) -> None:
        """Copy those of these pages that were read already, which takes less than to read them again."""
        assert old.room is not None
        assert new.room is not None
        for page in pages:
            if old.is_read[page]:
                part = slice(page * PAGE_BYTES, (page + 1) * PAGE_BYTES)
                new.room[part] = old.room[part]
                new.is_read[page] = 1

    def _fill(self, kept: _Pages, pages: Iterable[int]) -> None:
        """Read those of these pages, which rise, that are not in memory yet; the lock is held.

        Other threads may be looking at those that are: they are not written again.
        """
        assert kept.room is not None
        for first, end in _runs([page for page in pages if not kept.is_read[page]]):
            self._read_pages(first, end, kept.room[first * PAGE_BYTES : end * PAGE_BYTES])
            kept.is_read[first:end] = b"\1" * (end - first)

    def _read_pages(self, first: int, end: int, room: memoryview) -> None:
        """Fill ``room`` with these pages. Raises IndexDamagedError if a checksum is another one."""
        assert self._file is not None
        assert self._checksums is not None
        self._file.read_into(room, first * PAGE_BYTES)
        for page in range(first, end):
            start = (page - first) * PAGE_BYTES
            checksum, expected = zlib.crc32(room[start : start + PAGE_BYTES]), int(self._checksums[page])
            if checksum != expected:
                raise IndexDamagedError(
                    f"{self._path} has the checksum {checksum:08x} in page {page}; expected {expected:08x}"
                )


def _runs(pages: list[int]) -> Iterator[tuple[int, int]]:
    """Yield the first and one past the last of each run of consecutive numbers; no run is too long."""
    start = 0
    for i in range(1, len(pages) + 1):
        if i == len(pages) or pages[i] != pages[i - 1] + 1 or i - start == _PAGES_AT_A_TIME:
            yield pages[start], pages[i - 1] + 1
            start = i


def _untouched_memory(n_bytes: int) -> mmap.mmap:
    """Return memory that becomes resident only where it is written."""
    if not hasattr(mmap, "MAP_PRIVATE"):
        return mmap.mmap(-1, n_bytes)
    room = mmap.mmap(-1, n_bytes, flags=mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)
    if hasattr(mmap, "MADV_NOHUGEPAGE"):
        # A huge page would be resident for a single page of ours. Some kernels do not have them.
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
    """Return what to raise: a missing column is damage, one that cannot be read now may be sound."""
    is_damage = error.errno in _NOT_THERE
    kind = IndexDamagedError if is_damage else IndexUnreadableError
    return kind(f"{path}: {error.strerror or error}; expected a column")
