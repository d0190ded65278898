"""Says in words what became of a file."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from repomap_fast.tables import FileStatus

if TYPE_CHECKING:
    from repomap_fast.options import ScanOptions


def reason_of(status: FileStatus, errno: int, size_bytes: int, options: ScanOptions) -> str:
    """Return a status in words, with the limit that was exceeded, or the system's error for an unreadable file.

    errno  of the system; 0 for none.
    """
    if status is FileStatus.TOO_LARGE:
        return f"{status.label}: {_size(size_bytes)}, limit {_size(options.max_file_size)}"
    if status is FileStatus.OUT_OF_TIME:
        return f"{status.label}: {options.timeout_per_file:g} s"
    if status is FileStatus.OUT_OF_MEMORY:
        limit_bytes = options.max_memory
        if limit_bytes is not None and limit_bytes < options.max_file_memory:
            return f"{status.label}: the limit of {limit_bytes // 10**6} MB for all"
        return f"{status.label}: {_size(options.max_file_memory)}"
    return f"{status.label}: {os.strerror(errno)}" if errno else status.label


def _size(n_bytes: int) -> str:
    """Return ``700 bytes``, ``64 MiB``, ``66.8 MiB``."""
    size, unit = float(n_bytes), "bytes"
    for larger in ("KiB", "MiB", "GiB"):
        if size < 1024:
            break
        size, unit = size / 1024, larger
    return f"{size:.0f} {unit}" if size.is_integer() else f"{size:.1f} {unit}"
