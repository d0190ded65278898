"""Reading files that others made: regular files alone, of a bounded length, in a repository through no symbolic link.

A checkout may put a link, a named pipe or a huge file where a scan has seen a source file. A link would lead out of the
repository, a pipe would block, and a huge file would take all memory.
"""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

_PIECE_BYTES = 1 << 16
_HAS_DIR_FD = os.open in os.supports_dir_fd and hasattr(os, "O_NOFOLLOW")
_FLAGS = os.O_RDONLY | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_FILE_FLAGS = _FLAGS | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_NOFOLLOW", 0)
_FOLDER_FLAGS = _FLAGS | getattr(os, "O_DIRECTORY", 0) | getattr(os, "O_NOFOLLOW", 0)


def read_below(root: bytes, path: bytes, max_bytes: int) -> bytes:
    """Return the contents of the file at ``path``, which is ``/``-separated and below the folder ``root``.

    ``root`` itself may be a link. Raises OSError where there is no file, where it is not a regular file, where it or a
    folder on the way to it is a symbolic link, and where it has more than ``max_bytes``: then nothing of it is read.
    """
    return _read_open(_open_below(root, path), path, max_bytes)


def read_regular(path: str | os.PathLike[str], max_bytes: int) -> bytes:
    """Return the contents of a file that the user has named, links followed; else as ``read_below``."""
    return _read_open(open_at_once(path), os.fsencode(path), max_bytes)


def open_at_once(path: str | os.PathLike[str]) -> int:
    """Open a file for reading without waiting, as opening a named pipe does; return its descriptor. Raises OSError."""
    return os.open(path, _FLAGS | getattr(os, "O_NONBLOCK", 0))


def _read_open(descriptor: int, path: bytes, max_bytes: int) -> bytes:
    try:
        status = os.fstat(descriptor)
        if not stat.S_ISREG(status.st_mode):
            raise OSError(errno.EINVAL, "not a regular file", os.fsdecode(path))
        return _read_at_most(descriptor, status.st_size, max_bytes, os.fsdecode(path))
    finally:
        os.close(descriptor)


def _read_at_most(descriptor: int, size: int, max_bytes: int, path: str) -> bytes:
    if size > max_bytes:
        raise _too_large(max_bytes, path)
    # Read by its size: a reader that grows its buffer holds the file twice.
    contents = os.read(descriptor, size)
    # A large file comes in several pieces; one that grows meanwhile has more than its size says.
    while more := os.read(descriptor, min(max_bytes - len(contents) + 1, max(_PIECE_BYTES, size - len(contents)))):
        contents += more
        if len(contents) > max_bytes:
            raise _too_large(max_bytes, path)
    return contents


def _too_large(max_bytes: int, path: str) -> OSError:
    return OSError(errno.EFBIG, f"more than {max_bytes:,} bytes", path)


def _open_below(root: bytes, path: bytes) -> int:
    *folders, name = parts = path.split(b"/")
    if b".." in parts:
        raise OSError(errno.EINVAL, "not below the root", os.fsdecode(path))
    if not _HAS_DIR_FD:
        return _open_by_path(root, folders, name)
    folder = os.open(root, _FLAGS | getattr(os, "O_DIRECTORY", 0))
    try:
        for part in folders:
            inner = os.open(part, _FOLDER_FLAGS, dir_fd=folder)
            os.close(folder)
            folder = inner
        return os.open(name, _FILE_FLAGS, dir_fd=folder)
    finally:
        os.close(folder)


def _open_by_path(root: bytes, folders: list[bytes], name: bytes) -> int:
    """Open a file where no folder can be held open; a link that is put there meanwhile is not seen."""
    place = Path(os.fsdecode(root))
    for part in (*folders, name):
        place /= os.fsdecode(part)
        if place.is_symlink():
            raise OSError(errno.ELOOP, "a symbolic link", str(place))
    return os.open(place, _FILE_FLAGS)
