"""Where the contents of the files of a scan are read from: a folder, or a commit (``discovery/commit_contents``)."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Protocol

from repomap_fast.safe_files import read_below, read_each_below, read_start

if TYPE_CHECKING:
    from repomap_fast.tables import I64, StringTable


class LaidOut(NamedTuple):
    """Some files of a scan, as the tagger can read them.

    paths  (n,) of all files of the scan, below ``root``; those of ``rows`` are there.
    """

    root: Path
    paths: StringTable
    rows: I64


class Contents(Protocol):
    """The contents of the files of a scan."""

    def read(self, path: bytes, max_bytes: int) -> bytes:
        """Return the contents of a file. Raises OSError, also where it has more than ``max_bytes``."""
        ...

    def read_each(
        self, paths: Iterable[bytes], max_bytes: int, max_file_bytes: int | None = None
    ) -> Iterator[bytes | None]:
        """Yield the contents of files that together have at most ``max_bytes``; None for one that cannot be read.

        max_file_bytes  of a single one.
        """
        ...

    def start(self, path: bytes, n_bytes: int) -> bytes:
        """Return the first bytes of a file. Raises OSError."""
        ...

    def held_open(self) -> AbstractContextManager[object]:
        """Keep open what reading takes, so that many files are read soon."""
        ...

    def lay_out(self, paths: StringTable, sizes_bytes: I64, rows: I64) -> Iterator[LaidOut]:
        """Yield files at these rows where they can be read by their paths: all of them, or some megabytes at a time.

        What was yielded is gone when the next is asked for.
        """
        ...


class FolderContents(NamedTuple):
    """The files below a folder, as they are now. No symbolic link is followed, and only regular files are read."""

    root: Path

    def read(self, path: bytes, max_bytes: int) -> bytes:
        """Return the contents of a file. Raises OSError, also where it has more than ``max_bytes``."""
        return read_below(os.fsencode(self.root), path, max_bytes)

    def read_each(
        self, paths: Iterable[bytes], max_bytes: int, max_file_bytes: int | None = None
    ) -> Iterator[bytes | None]:
        """Yield the contents of files that together have at most ``max_bytes``; None for one that cannot be read.

        max_file_bytes  of a single one.
        """
        return read_each_below(os.fsencode(self.root), paths, max_bytes, max_file_bytes)

    def start(self, path: bytes, n_bytes: int) -> bytes:
        """Return the first bytes of a file. Raises OSError."""
        # pathlib refuses bytes.
        return read_start(os.path.join(os.fsencode(self.root), path), n_bytes, follow_link=False)  # noqa: PTH118

    def held_open(self) -> AbstractContextManager[object]:
        """Do nothing: there is nothing to keep open."""
        return nullcontext()

    def lay_out(self, paths: StringTable, sizes_bytes: I64, rows: I64) -> Iterator[LaidOut]:
        """Yield all files as they are."""
        yield LaidOut(self.root, paths, rows)
