"""Which files have changed: in the work tree since the last commit, or since any commit that is named."""

from __future__ import annotations

import os
from collections.abc import Iterable

from repomap_fast.errors import GitError, OptionError
from repomap_fast.git import GitRun, repository_around, run_git
from repomap_fast.progress import Watch

_LIST_UNTRACKED = ("ls-files", "-z", "--others", "--exclude-standard")
_LIST_ALL = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")
_DIFF = (
    *("diff", "--name-only", "-z", "--relative", "--no-renames", "--diff-filter=d"),
    # Within a submodule another repository's settings would hold.
    *("--ignore-submodules=all", "--no-ext-diff", "--no-textconv"),
)
_HEAD = "HEAD"


def changed_paths(root: bytes, revision: str | None, watch: Watch) -> list[bytes]:
    """Return the files below the folder ``root`` that are not as they were in a commit, or are new; sorted.

    revision  names the commit; None for the one that is checked out. Before the first commit, every file is new.

    Paths are below ``root``; files that are gone are left out. Raises GitError where git cannot say, OptionError for a
    revision that git does not know.
    """
    if repository_around(os.path.realpath(root)) is None:
        raise GitError(f"{os.fsdecode(root)!r} is in no git work tree; what changed is known only in one")
    commit = _commit_of(root, revision, watch)
    if commit is None:
        return _lines(run_git(_LIST_ALL, root, watch).output)
    untracked = GitRun(_LIST_UNTRACKED, root)
    try:
        changed = run_git([*_without_filters(root, watch), *_DIFF, commit, "--"], root, watch).output
    except BaseException:
        untracked.end()
        raise
    return _lines(changed + untracked.answer(watch).output)


def _commit_of(root: bytes, revision: str | None, watch: Watch) -> bytes | None:
    """Return the hash of the commit; None if none is named and there is none yet."""
    name = _HEAD if revision is None else revision
    try:
        answer = run_git(["rev-parse", "--verify", "--quiet", "--end-of-options", f"{name}^{{commit}}"], root, watch)
    except GitError as error:
        if revision is None:
            return None
        raise OptionError(
            f"changed is {revision!r}, which git does not know in {os.fsdecode(root)!r}; expected a commit, a branch "
            "or a tag"
        ) from error
    return answer.output.strip()


def _without_filters(root: bytes, watch: Watch) -> Iterable[bytes]:
    """Return arguments by which git runs no program that the repository names to clean its files.

    A diff compares what is in a file with what was committed, through such a filter; nobody vouches for the
    repositories that are scanned.
    """
    try:
        found = run_git(["config", "-z", "--name-only", "--get-regexp", r"^filter\."], root, watch).output
    except GitError:
        # There is none.
        return
    for name in dict.fromkeys(key.rpartition(b".")[0] for key in found.split(b"\0") if key):
        if b"=" in name:
            raise GitError(f"git's settings have a filter {os.fsdecode(name)!r}, which cannot be switched off")
        for setting in (b".clean=", b".process=", b".required=false"):
            yield b"-c"
            yield name + setting


def _lines(output: bytes) -> list[bytes]:
    return sorted({path for path in output.split(b"\0") if path})
