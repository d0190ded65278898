"""The last commits of a repository: when, which files below a folder, and with what message.

Merges are left out. It never fetches, never reads a repository that is in doubt, shallow or partial, and is bounded in
commits, bytes and time. A commit never changes, so only commits that are not known are read.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.discovery.commits import PLAIN_DIFF
from repomap_fast.discovery.git_folder import Repository, repository_settings
from repomap_fast.discovery.git_run import MAX_PATH_BYTES, GitRun, git_is_installed
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress
from repomap_fast.tables import I64, U8, U32, U64, StringTable

MAX_COMMITS = 3000
MAX_FILES = 100
"""Of a commit that changed more, only that is kept: it moved or reformatted them."""
MAX_MESSAGE_CHARACTERS = 1500
PATIENCE_S = 2.0
"""How long the history may be read for an answer; the largest repositories take about a second."""
_MAX_BYTES = 2**26
"""Of what git writes; a thousand times that of most repositories."""
_MAX_TIME_S = 2**62

READ, MANY_FILES, UNREAD = range(3)
"""What is known of a commit: its files and message; that it changed more than MAX_FILES; nothing yet."""


class Commit(NamedTuple):
    """One commit. ``paths`` are sorted; ``message`` is as it was written, UTF-8 in all likelihood."""

    id: bytes
    time_s: int
    knowledge: int = UNREAD
    paths: Sequence[bytes] = ()
    message: bytes = b""


@dataclass(frozen=True, slots=True, eq=False)
class History:
    """The last commits without merges, newest first as ``git log`` lists them: one row a commit.

    ids             (n, 20) uint8; (n, 32) in a repository of SHA-256.
    times_s         (n,) int64: when it was committed, seconds since 1970.
    knowledge       (n,) uint8: READ, MANY_FILES or UNREAD; the last two have neither files nor a message.
    path_offsets    (n + 1,) uint64: the files that commit i changed below the folder, also those that are gone, are
                    ``path_ids[path_offsets[i]:path_offsets[i + 1]]``.
    path_ids        (n_changes,) uint32: rows of ``paths``.
    paths           StringTable, sorted: paths below the folder, ``/``-separated bytes.
    messages        StringTable: the start of each message; empty where no file below the folder was changed.
    """

    ids: U8
    times_s: I64
    knowledge: U8
    path_offsets: U64
    path_ids: U32
    paths: StringTable
    messages: StringTable

    def __len__(self) -> int:
        return len(self.times_s)

    @classmethod
    def of(cls, commits: Sequence[Commit]) -> History:
        """Return the history of these commits, whose ids are all of one length."""
        n = len(commits)
        paths = sorted({path for commit in commits for path in commit.paths})
        numbers = {path: number for number, path in enumerate(paths)}
        return cls(
            ids=np.frombuffer(b"".join(commit.id for commit in commits), np.uint8).reshape(n, -1 if n else 20),
            times_s=np.array([commit.time_s for commit in commits], np.int64),
            knowledge=np.array([commit.knowledge for commit in commits], np.uint8),
            path_offsets=offsets_from(np.array([len(commit.paths) for commit in commits], np.uint64)),
            path_ids=np.array([numbers[path] for commit in commits for path in commit.paths], np.uint32),
            paths=StringTable.from_strings(paths),
            messages=StringTable.from_strings([commit.message for commit in commits]),
        )

    def commits(self) -> list[Commit]:
        """Return the rows one by one."""
        paths, bounds, path_ids = list(self.paths), self.path_offsets.tolist(), self.path_ids.tolist()
        columns: Any = zip(self.times_s.tolist(), self.knowledge.tolist(), self.messages, strict=True)
        return [
            Commit(self.ids[i].tobytes(), time_s, known, [paths[k] for k in path_ids[bounds[i] : bounds[i + 1]]], text)
            for i, (time_s, known, text) in enumerate(columns)
        ]

    @property
    def notes(self) -> tuple[str, ...]:
        """What is missing, as sentences for the user."""
        n_unread = int(np.count_nonzero(self.knowledge == UNREAD))
        if not n_unread:
            return ()
        return (f"of the last {len(self):,} commits, {n_unread:,} could not be read in time and do not count",)


NO_HISTORY = History.of([])


def has_history(repository: Repository | None) -> bool:
    """Return whether the history of this repository may be asked of git, and is all here."""
    if repository is None or repository.doubt or not git_is_installed():
        return False
    return not os.path.exists(os.path.join(repository.common_dir, b"shallow")) and not _is_partial(repository)


def _is_partial(repository: Repository) -> bool:
    """Return whether git would fetch what is missing when it needs it."""
    return any(
        (setting.section, setting.name) == (b"extensions", b"partialclone")
        or (setting.section == b"remote" and setting.name in (b"promisor", b"partialclonefilter"))
        for setting in repository_settings(repository)
    )


def read_history(
    repository: Repository,
    folder: bytes,
    head: str,
    watch: Progress,
    *,
    known: History = NO_HISTORY,
    patience_s: float = PATIENCE_S,
) -> History:
    """Return the history of the commit ``head`` for the files below ``folder``, which has no symbolic links.

    known       what was read before for the same folder, at any commit; its commits are not read again.
    patience_s  after that time, what was read counts.

    Raises GitError where git knows no such commit; ScanCancelled.
    """
    deadline_s = time.monotonic() + patience_s
    listed = _list_commits(repository, head, watch, patience_s)
    by_id = {commit.id: commit for commit in known.commits() if commit.knowledge != UNREAD}
    wanted = [commit.id for commit in listed if commit.id not in by_id]
    if wanted:
        by_id |= _read_commits(repository, folder, wanted, watch, max(deadline_s - time.monotonic(), 0.0))
    return History.of([by_id.get(commit.id, commit)._replace(time_s=commit.time_s) for commit in listed])


def _list_commits(repository: Repository, head: str, watch: Progress, patience_s: float) -> list[Commit]:
    """Return the ids and times of the last commits before ``head``, with it. Raises GitError, ScanCancelled."""
    arguments = ("rev-list", f"--max-count={MAX_COMMITS}", "--no-merges", "--timestamp", head, "--")
    output, is_whole = GitRun(repository, arguments).part_of_answer(watch, patience_s)
    lines = output.split(b"\n")[:-1]
    if not lines and not is_whole:
        raise GitError(f"git did not list the commits before {head}")
    pairs = (line.split() for line in lines)
    return [Commit(bytes.fromhex(name.decode()), min(int(time_s), _MAX_TIME_S)) for time_s, name in pairs]


def _read_commits(
    repository: Repository, folder: bytes, ids: Sequence[bytes], watch: Progress, patience_s: float
) -> dict[bytes, Commit]:
    """Return, by their ids, those of these commits that git told of within the time; their ``time_s`` is 0."""
    # No file and no message can hold a mark that did not exist when they were written.
    mark = os.urandom(16).hex()
    # diff-tree reads no setting that names a program, as log does. A message is not converted: git would load what the
    # commit names as its encoding.
    of_tree = ("diff-tree", "--stdin", "-r", "-z", "--root", "--name-only", "--relative", *PLAIN_DIFF)
    arguments = [*of_tree, "--encoding=none", f"--format={mark}%H%n%B"]
    feed = b"".join(commit_id.hex().encode() + b"\n" for commit_id in ids)
    running = GitRun(repository, arguments, folder=folder, feed=feed, max_bytes=_MAX_BYTES)
    output, is_whole = running.part_of_answer(watch, patience_s)
    records = output.split(mark.encode())[1:]
    if not is_whole and records and records[-1].count(b"\0") <= MAX_FILES + 1:
        # The last may be cut anywhere. One that has too many files already need not be read to its end, ever.
        records.pop()
    told = {commit.id: commit for commit in map(_read_record, records)}
    # Git passes over commits that changed nothing below the folder, and lists the others in the order of the ids.
    n_passed = len(ids) if is_whole else max((i + 1 for i, commit_id in enumerate(ids) if commit_id in told), default=0)
    return {commit_id: told.get(commit_id, Commit(commit_id, 0, READ)) for commit_id in ids[:n_passed]}


def _read_record(record: bytes) -> Commit:
    """Return what git wrote of a commit: id, message, and files with a NUL after each."""
    text, _, changed = record.partition(b"\0")
    name, _, message = text.partition(b"\n")
    commit_id, changed = bytes.fromhex(name.decode()), changed.removeprefix(b"\n")
    # Counted before they are split: there may be millions.
    if changed.count(b"\0") > MAX_FILES:
        return Commit(commit_id, 0, MANY_FILES)
    paths = sorted({path for path in changed.split(b"\0") if 0 < len(path) <= MAX_PATH_BYTES})
    return Commit(commit_id, 0, READ, paths, _start_of(message.strip()) if paths else b"")


def _start_of(message: bytes) -> bytes:
    if len(message) <= MAX_MESSAGE_CHARACTERS:
        return message
    return message.decode("utf-8", "surrogateescape")[:MAX_MESSAGE_CHARACTERS].encode("utf-8", "surrogateescape")
