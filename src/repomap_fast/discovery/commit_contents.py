"""The files of a commit, read from git: their paths, sizes and contents.

It never checks anything out, runs no filter, fetches nothing, and writes nothing into the repository. A path of a
commit is a name and no more: nothing is opened or made by it.
"""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.contents import LaidOut
from repomap_fast.discovery.commits import known_commit
from repomap_fast.discovery.git_blobs import BlobReader
from repomap_fast.discovery.git_folder import Repository, bare_repository_at, repository_around
from repomap_fast.discovery.git_run import MAX_PATH_BYTES, git_is_installed, run_git
from repomap_fast.discovery.git_view import temporary_folder
from repomap_fast.errors import GitError, OptionError
from repomap_fast.paths import row_of
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.progress import Progress
    from repomap_fast.tables import I64, U8

UNKNOWN_SIZE = -1
"""Size of a blob that git cannot read."""
_FILE_MODES = (b"100644", b"100755", b"100664")
"""Of regular files; the last is of repositories that are older than the rule."""
_BATCH_BYTES = 64 << 20
"""Bytes of blobs that are laid out at a time; a larger one is alone."""
_START_BYTES = 1 << 20
"""Most bytes of a file without a suffix whose first line is wanted."""
_POINTER = b"version https://git-lfs.github.com/spec/"
_MAX_POINTER_BYTES = 1024


class TreeEntries(NamedTuple):
    """The regular files of a commit below a folder, sorted by path.

    paths        below the folder, ``/``-separated.
    blob_ids     (n, 20) uint8; (n, 32) in a repository of SHA-256.
    sizes_bytes  (n,) int64; UNKNOWN_SIZE where git cannot read the blob.
    """

    paths: StringTable
    blob_ids: U8
    sizes_bytes: I64

    def rows(self, rows: NDArray[np.intp]) -> TreeEntries:
        """Return these files and no others; ``rows`` rise."""
        return TreeEntries(self.paths.rows(rows), self.blob_ids[rows], self.sizes_bytes[rows])


@dataclass(frozen=True, slots=True, eq=False)
class CommitContents:
    """The contents of the files of a commit.

    revision    what the user called it.
    commit      its id, as hexadecimal digits.
    entries     its files below the folder that is scanned.
    """

    repository: Repository
    revision: str
    commit: str
    entries: TreeEntries
    _blobs: BlobReader = field(repr=False)

    def read(self, path: bytes, max_bytes: int) -> bytes:
        """Return the contents of a file; nothing of one that Git LFS keeps elsewhere.

        Raises OSError, also where it has more than ``max_bytes``: then nothing of it is read.
        """
        row = row_of(self.entries.paths, path)
        if row is None:
            raise FileNotFoundError(errno.ENOENT, f"not in the commit {self.commit[:12]}", os.fsdecode(path))
        return self._read(row, max_bytes)

    def _read(self, row: int, max_bytes: int) -> bytes:
        n_bytes = int(self.entries.sizes_bytes[row])
        if n_bytes == UNKNOWN_SIZE:
            raise OSError(errno.EIO, "git cannot read the blob", self.entries.blob_ids[row].tobytes().hex())
        if n_bytes > max_bytes:
            raise OSError(errno.EFBIG, f"more than {max_bytes:,} bytes", os.fsdecode(self.entries.paths[row]))
        contents = self._blobs.read(self.entries.blob_ids[row].tobytes(), max_bytes)
        return b"" if len(contents) <= _MAX_POINTER_BYTES and contents.startswith(_POINTER) else contents

    def read_each(
        self, paths: Iterable[bytes], max_bytes: int, max_file_bytes: int | None = None
    ) -> Iterator[bytes | None]:
        """Yield the contents of files that together have at most ``max_bytes``; None for one that cannot be read.

        max_file_bytes  of a single one.
        """
        for path in paths:
            try:
                contents = self.read(path, max_bytes if max_file_bytes is None else min(max_bytes, max_file_bytes))
            except OSError:
                yield None
                continue
            max_bytes -= len(contents)
            yield contents

    def start(self, path: bytes, n_bytes: int) -> bytes:
        """Return the first bytes of a file that is not very long. Raises OSError."""
        return self.read(path, max(_START_BYTES, n_bytes))[:n_bytes]

    def held_open(self) -> BlobReader:
        """Keep git open."""
        return self._blobs

    def lay_out(self, paths: StringTable, sizes_bytes: I64, rows: I64) -> Iterator[LaidOut]:
        """Yield files at these rows in a folder of their own, some megabytes at a time; what cannot be read is missing.

        Their names there are numbers: a path of a commit may be one that no file must have.
        """
        numbers = StringTable.from_strings([b"%d" % row for row in range(len(paths))])
        with self._blobs:
            start = 0
            while start < len(rows):
                with temporary_folder() as folder:
                    end = self._write(folder, paths, sizes_bytes, rows, start)
                    yield LaidOut(Path(folder), numbers, rows[start:end])
                start = end

    def _write(self, folder: str, paths: StringTable, sizes_bytes: I64, rows: I64, start: int) -> int:
        """Write files from a position on until they are many bytes; return the position after them."""
        n_bytes = 0
        for position in range(start, len(rows)):
            row = int(rows[position])
            n_bytes += int(sizes_bytes[row])
            if n_bytes > _BATCH_BYTES and position > start:
                return position
            try:
                contents = self.read(paths[row], max(int(sizes_bytes[row]), 0))
            except OSError:
                continue
            with open(os.path.join(folder, str(row)), "xb") as file:
                file.write(contents)
        return len(rows)

    def of_rows(self, rows: NDArray[np.intp]) -> CommitContents:
        """Return the same with these files and no others; ``rows`` rise."""
        return replace(self, entries=self.entries.rows(rows))

    def fingerprints(self) -> tuple[I64, I64, I64]:
        """Return the first 24 bytes of each blob's id as three columns of numbers that are not negative in the second.

        Files with the same three have the same contents.
        """
        ids = self.entries.blob_ids
        padded = np.zeros((len(ids), 24), np.uint8)
        padded[:, : min(24, ids.shape[1])] = ids[:, :24]
        first, second, third = np.ascontiguousarray(padded.view("<i8").T)
        return first, third & np.int64(0x7FFFFFFFFFFFFFFF), second


def open_commit(root: bytes, revision: str, watch: Progress) -> CommitContents:
    """Return the files that a commit has below the folder ``root``, which may be a repository without a work tree.

    Raises OptionError where ``root`` is in no repository and where git knows no such commit; GitError where git is not
    to be asked or cannot list the files; ScanCancelled.
    """
    folder = os.path.realpath(root)
    repository = bare_repository_at(folder) or repository_around(folder)
    if repository is None:
        raise OptionError(f"revision is {revision!r}, and {os.fsdecode(root)!r} is in no git repository; expected one")
    if not git_is_installed():
        raise GitError("git is not installed; the files of a commit are known only to git")
    if repository.doubt:
        raise GitError(f"the files of {revision!r} cannot be asked of git: {repository.doubt}")
    commit = known_commit(repository, "revision", revision, watch)
    try:
        listed = run_git(repository, ["ls-tree", "-r", "-l", "-z", commit], watch, folder=folder).output
    except GitError as error:
        raise GitError(f"the files of {revision!r} ({commit[:12]}) cannot be listed: {error}") from None
    return CommitContents(repository, revision, commit, read_entries(listed), BlobReader(repository))


def read_entries(listed: bytes) -> TreeEntries:
    """Return the regular files of what ``git ls-tree -r -l -z`` lists.

    Links and submodules are left out, and names that no work tree can have.
    """
    found: dict[bytes, tuple[bytes, int]] = {}
    for entry in listed.split(b"\0"):
        head, _, path = entry.partition(b"\t")
        parts = head.split()
        if len(parts) == 4 and parts[0] in _FILE_MODES and parts[1] == b"blob" and _is_possible(path):
            found.setdefault(path, (parts[2], int(parts[3]) if parts[3].isdigit() else UNKNOWN_SIZE))
    paths = sorted(found)
    ids = np.frombuffer(bytes.fromhex(b"".join(found[path][0] for path in paths).decode()), np.uint8)
    return TreeEntries(
        StringTable.from_strings(paths),
        ids.reshape(len(paths), -1 if paths else 20),
        np.array([found[path][1] for path in paths], np.int64),
    )


def _is_possible(path: bytes) -> bool:
    parts = path.split(b"/")
    return len(path) <= MAX_PATH_BYTES and not any(
        part in (b"", b".", b"..") or part.lower() == b".git" for part in parts
    )
