"""Reads files that others made: regular files only, up to a bounded length, in a repository through no symbolic link.

It never follows a link out of a repository, never waits for a named pipe, and never reads a huge file into memory.
A checkout may put any of them where a scan has seen a source file.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Self

_PIECE_BYTES = 1 << 16
_MOST_OPEN = 16
"""Folders within each other that are held open: a hostile path has thousands."""
_HAS_DIR_FD = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_LINK = getattr(os, "O_NOFOLLOW", 0)
_FILE_FLAGS = _FLAGS | _NO_LINK | getattr(os, "O_NONBLOCK", 0)
_FOLDER_FLAGS = _FLAGS | _NO_LINK | getattr(os, "O_DIRECTORY", 0)


def read_below(root: bytes, path: bytes, max_bytes: int) -> bytes:
    """Return the contents of the file at ``path``, which is ``/``-separated and below the folder ``root``.

    ``root`` itself may be a link. Raises OSError where there is no file, where it is not a regular file, where it or a
    folder on the way to it is a symbolic link, and where it has more than ``max_bytes``: then nothing of it is read.
    """
    return _read_whole(_open_below(root, path), path, max_bytes)


def read_each_below(
    root: bytes, paths: Iterable[bytes], max_bytes: int, max_file_bytes: int | None = None
) -> Iterator[bytes | None]:
    """Yield the contents of some files, one after another, as ``read_below`` reads them; None for one that it refuses.

    max_bytes       of all of them: a file for which there is no room left is refused.
    max_file_bytes  of a single one.

    Folders stay open from one file to the next, so sorted paths take the fewest system calls.
    """
    with _OpenFolders(root) as folders:
        for path in paths:
            try:
                most = max_bytes if max_file_bytes is None else min(max_bytes, max_file_bytes)
                contents = _read_whole(folders.open_file(path), path, most)
            except (OSError, ValueError):  # no file has a zero byte in its path
                yield None
                continue
            max_bytes -= len(contents)
            yield contents


def read_regular(path: str | bytes | os.PathLike[str], max_bytes: int) -> bytes:
    """Return the contents of a file that the user has named, links followed; else as ``read_below``."""
    return _read_whole(open_regular(path), path, max_bytes)


def read_start(path: str | bytes | os.PathLike[str], n_bytes: int, *, follow_link: bool = True) -> bytes:
    """Return the first ``n_bytes`` of a file, or all of it where it has fewer. Raises as ``open_regular``."""
    descriptor = open_regular(path, follow_link=follow_link)
    try:
        return _read_up_to(descriptor, os.fstat(descriptor).st_size, n_bytes)
    finally:
        os.close(descriptor)


def open_regular(path: str | bytes | os.PathLike[str], *, follow_link: bool = True) -> int:
    """Open a file for reading, and return its descriptor, which the caller closes.

    Raises OSError, also where the path is not a regular file (opening a named pipe would wait), or is a symbolic link
    that is not to be followed; ValueError where the path has a NUL.
    """
    descriptor = os.open(path, (_FILE_FLAGS & ~_NO_LINK) if follow_link else _FILE_FLAGS)
    try:
        _refuse_special(os.fstat(descriptor), path)
    except BaseException:
        os.close(descriptor)
        raise
    return descriptor


def _refuse_special(status: os.stat_result, path: str | bytes | os.PathLike[str]) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", os.fsdecode(path))


def _read_whole(descriptor: int, path: str | bytes | os.PathLike[str], max_bytes: int) -> bytes:
    try:
        status = os.fstat(descriptor)
        _refuse_special(status, path)
        if status.st_size > max_bytes:
            raise _too_large(max_bytes, path)
        # A file that grows meanwhile has more than its size says.
        contents = _read_up_to(descriptor, status.st_size, max_bytes + 1)
    finally:
        os.close(descriptor)
    if len(contents) > max_bytes:
        raise _too_large(max_bytes, path)
    return contents


def _read_up_to(descriptor: int, size: int, n_bytes: int) -> bytes:
    # Read by its size: a reader that grows its buffer holds the file twice. One byte more says that it has ended.
    contents = os.read(descriptor, min(size + 1, n_bytes))
    if len(contents) == size:
        return contents
    # A large file comes in several pieces, and one that grows has more than its size said.
    while more := os.read(descriptor, min(n_bytes - len(contents), max(_PIECE_BYTES, size - len(contents)))):
        contents += more
    return contents


def _too_large(max_bytes: int, path: str | bytes | os.PathLike[str]) -> OSError:
    return OSError(errno.EFBIG, f"more than {max_bytes:,} bytes", os.fsdecode(path))


def _open_below(root: bytes, path: bytes) -> int:
    with _OpenFolders(root) as folders:
        return folders.open_file(path)


class _OpenFolders:
    """The folders on the way to the file that was last opened below a root, each opened through no link."""

    def __init__(self, root: bytes) -> None:
        self._root = root
        self._names: list[bytes] = []
        self._descriptors: list[int] = []

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._close_from(0)

    def open_file(self, path: bytes) -> int:
        """Return a descriptor of the file at a path, which the caller closes. Raises OSError."""
        *folders, name = parts = path.split(b"/")
        if b".." in parts:
            raise OSError(errno.EINVAL, "not below the root", os.fsdecode(path))
        if not _HAS_DIR_FD:
            return _open_by_path(self._root, folders, name)
        n_same = 0
        for name_before, name_now in zip(self._names, folders, strict=False):
            if name_before != name_now:
                break
            n_same += 1
        self._close_from(n_same + 1)
        if not self._descriptors:
            self._descriptors.append(os.open(self._root, _FLAGS | getattr(os, "O_DIRECTORY", 0)))
        for part in folders[len(self._names) : _MOST_OPEN]:
            self._descriptors.append(os.open(part, _FOLDER_FLAGS, dir_fd=self._descriptors[-1]))
            self._names.append(part)
        return _open_from(self._descriptors[-1], folders[_MOST_OPEN:], name)

    def _close_from(self, n: int) -> None:
        """Close all but the first ``n`` of the root and the folders below it."""
        for descriptor in self._descriptors[n:]:
            os.close(descriptor)
        del self._descriptors[n:], self._names[max(n - 1, 0) :]


def _open_from(folder: int, folders: Sequence[bytes], name: bytes) -> int:
    """Open a file some folders below an open one, which stays open."""
    if not folders:
        return os.open(name, _FILE_FLAGS, dir_fd=folder)
    inner = os.open(folders[0], _FOLDER_FLAGS, dir_fd=folder)
    try:
        for part in folders[1:]:
            outer, inner = inner, os.open(part, _FOLDER_FLAGS, dir_fd=inner)
            os.close(outer)
        return os.open(name, _FILE_FLAGS, dir_fd=inner)
    finally:
        os.close(inner)


def _open_by_path(root: bytes, folders: list[bytes], name: bytes) -> int:
    """Open a file where no folder can be held open. It misses a link that is put there between check and open."""
    path = Path(os.fsdecode(root))
    for part in (*folders, name):
        path /= os.fsdecode(part)
        if path.is_symlink():
            raise OSError(errno.ELOOP, "a symbolic link", str(path))
    return os.open(path, _FILE_FLAGS)
