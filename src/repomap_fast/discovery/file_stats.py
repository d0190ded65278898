"""Looks up kind, size, times and inode of many paths, in several threads; it never follows a symbolic link."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from repomap_fast.discovery import _file_stats
from repomap_fast.tables import I64, U8, U64, StringTable

MISSING, FILE, FOLDER, LINK, OTHER, BEHIND_LINK = range(6)
"""Kinds of path; BEHIND_LINK: one of the folders on the way is a symbolic link, or no folder."""

_SLICE = 512
"""Paths between two looks at whether the caller has cancelled: half a millisecond, or a tenth of a second where a
server far away is asked for each."""

_WORTH_A_THREAD = 4 * _SLICE
"""Paths that one more thread should have to look up: to start it takes as long as some dozens of them."""


class Inodes(NamedTuple):
    """The stats of some paths, one row a path; zeros for what is missing or behind a link.

    kinds           (n,) uint8: MISSING, FILE, FOLDER, LINK, OTHER or BEHIND_LINK.
    sizes_bytes     (n,) int64.
    mtimes_ns       (n,) int64: when the contents changed, nanoseconds since 1970.
    ctimes_ns       (n,) int64: when contents or inode changed; 0 on Windows.
    inodes          (n,) uint64: numbers of the inodes; 0 on Windows.
    has_rule_files  whether a folder on the way to any of the paths has a file of the name that was asked for.
    """

    kinds: U8
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    has_rule_files: bool

    def rows(self, rows: NDArray[np.intp] | slice) -> Inodes:
        """Return these rows and no others; those of a slice are not copied."""
        return Inodes(
            self.kinds[rows],
            self.sizes_bytes[rows],
            self.mtimes_ns[rows],
            self.ctimes_ns[rows],
            self.inodes[rows],
            self.has_rule_files,
        )

    def with_rows(self, rows: NDArray[np.intp], inodes: Inodes) -> Inodes:
        """Return a copy whose ``rows`` are those of ``inodes``, in their order."""
        has_rule_files = self.has_rule_files or inodes.has_rule_files
        copy = self.rows(np.arange(len(self.kinds)))._replace(has_rule_files=has_rule_files)
        copy.kinds[rows], copy.sizes_bytes[rows] = inodes.kinds, inodes.sizes_bytes
        copy.mtimes_ns[rows], copy.ctimes_ns[rows], copy.inodes[rows] = (
            inodes.mtimes_ns,
            inodes.ctimes_ns,
            inodes.inodes,
        )
        return copy

    @classmethod
    def join(cls, parts: list[Inodes]) -> Inodes:
        """Put the rows of all parts, of which there is at least one, behind each other."""
        if len(parts) == 1:
            return parts[0]
        return cls(
            np.concatenate([part.kinds for part in parts]),
            np.concatenate([part.sizes_bytes for part in parts]),
            np.concatenate([part.mtimes_ns for part in parts]),
            np.concatenate([part.ctimes_ns for part in parts]),
            np.concatenate([part.inodes for part in parts]),
            any(part.has_rule_files for part in parts),
        )


def look_up_inodes(
    root: bytes,
    paths: StringTable,
    tell: Callable[[int], None],
    *,
    n_threads: int = 1,
    rule_file: bytes = b"",
) -> Inodes:
    """Look up ``paths``, which are below ``root``. If they are sorted, each folder is looked up once.

    tell       called in this thread, now and then and at the end, with how many are looked up; may raise.
    rule_file  a name to look for in all folders on the way to the paths.

    Leaves no thread behind.
    """
    n = len(paths)
    found = Inodes(
        np.zeros(n, np.uint8),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.int64),
        np.zeros(n, np.uint64),
        has_rule_files=False,
    )
    starts = iter(range(0, n, _SLICE))
    n_done, has_rule_files = 0, False

    def look_up_slices() -> Iterator[bool]:
        # The GIL makes next() of a range iterator safe across threads.
        for start in starts:
            part = found.rows(slice(start, start + _SLICE))
            yield _file_stats.look_up(
                root,
                paths.offsets[start : start + _SLICE + 1],
                paths.data,
                rule_file,
                part.kinds,
                part.sizes_bytes,
                part.mtimes_ns,
                part.ctimes_ns,
                part.inodes,
            )

    def take(has_met: bool) -> None:
        nonlocal n_done, has_rule_files
        n_done = min(n, n_done + _SLICE)
        has_rule_files |= has_met
        tell(n_done)

    def stop() -> None:
        for _ in starts:
            pass

    n_jobs = min(n_threads, 1 + n // _WORTH_A_THREAD)
    if n_jobs <= 1:
        for has_met in look_up_slices():
            take(has_met)
    else:
        from repomap_fast.workers import run_workers

        jobs = [look_up_slices() for _ in range(n_jobs)]
        run_workers(jobs, take, poll=lambda: tell(n_done), stop=stop, name="repomap-fast-stat")
    tell(n)
    return found._replace(has_rule_files=has_rule_files)
