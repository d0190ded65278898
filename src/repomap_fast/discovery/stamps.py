"""Stamps of files and folders: what changes when they change, so that what was read of them need not be read again."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from typing import TypeAlias

GRAIN_NS = 2_000_000_000
"""The longest time between two ticks of a file system's clock: FAT has even seconds."""
CAN_TELL = sys.platform != "win32"
"""Windows gives no time of a change of the inode, and may write that of a folder late."""

Stamp: TypeAlias = tuple[int, ...]


def stamp_of(path: bytes) -> Stamp | None:
    """Return what changes with a file or a folder, links followed; None where there is nothing."""
    try:
        found = os.stat(path)
    except (OSError, ValueError):
        # Nothing has a name with a NUL.
        return None
    return found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_dev, found.st_size


def settled_stamp(path: bytes, read_ns: int) -> Stamp | None:
    """Return the stamp of what was read at ``read_ns``, a time since 1970 in nanoseconds.

    One that changed just before may change again within the clock's grain. Then it is a stamp that nothing has.
    """
    stamp = stamp_of(path)
    return () if stamp is not None and max(stamp[:2]) >= read_ns - GRAIN_NS else stamp


def are_current(of_files: Mapping[bytes, Stamp | None]) -> bool:
    """Return whether each of the files, by their paths, has the stamp that it had."""
    return all(stamp_of(path) == stamp for path, stamp in of_files.items())
