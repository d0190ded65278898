"""Answers which commit is checked out, which one a name means, and what the last ones changed.

The first is read without git where that is possible."""

from __future__ import annotations

import os
import re

from repomap_fast.discovery.git_folder import MAX_PACKED_BYTES, Repository, read_file_start, repository_around
from repomap_fast.discovery.git_run import run_git
from repomap_fast.errors import GitError, OptionError
from repomap_fast.progress import Progress

_MAX_HEAD_BYTES = 2**16
_MAX_TIME_S = 253_402_300_799
"""The end of the year 9999."""
_MOST_NAMES = 5000
"""Branches and tags that an unknown name is compared with."""
_IN_TABLES = b"refs/heads/.invalid"
"""What HEAD names where git keeps its references in tables, which only git reads."""


def commit_around(folder: bytes, watch: Progress | None = None) -> str | None:
    """Return the hash of the commit that the work tree around ``folder`` has checked out; None where there is none."""
    repository = repository_around(os.path.realpath(folder))
    return None if repository is None else head_commit(repository, watch)


def head_commit(repository: Repository, watch: Progress | None = None) -> str | None:
    """Return the hash of the commit that is checked out, as hexadecimal digits; None if there is none.

    It is read without git, which would take longer to start than a map of a small repository takes.
    """
    if repository.doubt:
        return None
    head = read_file_start(os.path.join(repository.git_dir, b"HEAD"), _MAX_HEAD_BYTES) or b""
    reference = head.removeprefix(b"ref: ").strip()
    if not head.startswith(b"ref: "):
        return _hash_in(head)
    if not reference.startswith(b"refs/") or b".." in reference:
        return None
    if reference == _IN_TABLES:
        return commit_named(repository, "HEAD", watch or Progress())
    for git_dir in (repository.git_dir, repository.common_dir):
        if text := read_file_start(os.path.join(git_dir, reference), _MAX_HEAD_BYTES):
            return _hash_in(text)
    packed = read_file_start(os.path.join(repository.common_dir, b"packed-refs"), MAX_PACKED_BYTES) or b""
    line = re.search(rb"^([0-9a-f]+) " + re.escape(reference) + rb"$", packed, re.MULTILINE)
    return _hash_in(line[1]) if line else None


def commit_named(repository: Repository, revision: str, watch: Progress) -> str | None:
    """Return the hash of the commit that git knows by this name; None if there is none, or git cannot say."""
    if "\0" in revision:
        return None
    # What follows a colon and a slash is a part of a message, to its end, and means a commit.
    name = revision if revision.startswith(":/") else f"{revision}^{{commit}}"
    try:
        answer = run_git(repository, ["rev-parse", "--verify", "--quiet", "--end-of-options", name], watch)
    except GitError:
        return None
    return _hash_in(answer.output)


def known_commit(repository: Repository, option: str, revision: str, watch: Progress) -> str:
    """Return the id of the commit of that name. Raises OptionError, with names that are like it."""
    commit = commit_named(repository, revision, watch)
    if commit is not None:
        return commit
    near = _names_like(repository, revision, watch)
    meant = f"; did you mean {' or '.join(map(repr, near))}?" if near else ""
    is_shallow = os.path.exists(os.path.join(repository.common_dir, b"shallow"))
    lacking = "; the clone is shallow, and lacks older commits: `git fetch --unshallow` there gets them"
    raise OptionError(
        f"{option} is {revision!r}, which git does not know in {os.fsdecode(repository.top)!r}; expected a commit, "
        f"a branch or a tag{meant or (lacking if is_shallow else '')}"
    )


def _names_like(repository: Repository, revision: str, watch: Progress) -> list[str]:
    """Return branches and tags whose names are like this one, the most alike first."""
    arguments = ("for-each-ref", f"--count={_MOST_NAMES}", "--format=%(refname:short)")
    try:
        listed = run_git(repository, [*arguments, "refs/heads", "refs/tags", "refs/remotes"], watch).output
    except GitError:
        return []
    from rapidfuzz import fuzz, process

    names = [name.decode("utf-8", "replace") for name in listed.splitlines()]
    near = process.extract(revision[:256], names, scorer=fuzz.ratio, limit=3, score_cutoff=60)
    # A tag of what is no commit has the very name.
    return [name for name, _, _ in near if name != revision]


def commit_time_s(repository: Repository, commit: str) -> int:
    """Return when a commit was made, in seconds since 1970; 0 where git cannot say."""
    try:
        line = run_git(repository, ["rev-list", "--max-count=1", "--timestamp", commit, "--"], Progress()).output
    except GitError:
        return 0
    time_s = line.partition(b" ")[0]
    return min(int(time_s), _MAX_TIME_S) if time_s.isdigit() else 0


def last_changed(repository: Repository, n_commits: int, folder: bytes, watch: Progress) -> list[bytes]:
    """Return the paths below ``folder`` that the last commits changed, each once, the newest first.

    A merge counts as no change. Raises GitError.
    """
    head = head_commit(repository, watch)
    if head is None:
        return []
    commits = run_git(repository, ["rev-list", f"--max-count={n_commits}", head, "--"], watch).output
    # rev-list and diff-tree read no setting that names a program, as log does.
    of_tree = ("diff-tree", "--stdin", "-r", "-z", "--root", "--no-commit-id", "--name-only", "--relative", *PLAIN_DIFF)
    return list(dict.fromkeys(run_git(repository, of_tree, watch, folder=folder, feed=commits).output.split(b"\0")))


PLAIN_DIFF = ("--no-renames", "--ignore-submodules=all", "--no-ext-diff", "--no-textconv")
"""Within a submodule another repository's settings would hold."""


def _hash_in(text: bytes) -> str | None:
    match = re.fullmatch(rb"([0-9a-f]{40}|[0-9a-f]{64})\s*", text)
    return match[1].decode() if match else None
