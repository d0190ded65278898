"""Which files have changed: in the work tree since the last commit, or since any commit that is named."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence

from repomap_fast.discovery.commits import PLAIN_DIFF, head_commit, known_commit
from repomap_fast.discovery.git_folder import Repository, repository_around
from repomap_fast.discovery.git_run import LIST_FILES, GitRun, git_is_installed, run_git
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress

_LIST_UNTRACKED = ("ls-files", "-z", "--others", "--exclude-standard")
# The plumbing, diff-index, would name files that were only touched.
_HUNKS = ("diff", "--unified=0", "--no-color", "--no-prefix", "--relative", "--diff-filter=d", *PLAIN_DIFF)
_HUNK = re.compile(rb"@@ -\d+(?:,\d+)? \+(\d+)(?:,(\d+))? @@")
_DIFF = ("diff", "--name-only", "-z", "--relative", "--diff-filter=d", *PLAIN_DIFF)


def changed_paths(root: bytes, revision: str | None, watch: Progress) -> list[bytes]:
    """Return the files below the folder ``root`` that are not as they were in a commit, or are new; sorted.

    revision  names the commit; None for the one that is checked out. Before the first commit, every file is new.

    Paths are below ``root``; files that are gone are left out. Raises GitError where git cannot say, OptionError for a
    revision that git does not know.
    """
    folder = os.path.realpath(root)
    repository = _repository_to_ask(root, folder)
    commit = _find_commit(repository, revision, watch)
    if commit is None:
        return _lines(run_git(repository, LIST_FILES, watch, folder=folder).output)
    untracked = GitRun(repository, _LIST_UNTRACKED, folder=folder)
    try:
        settings = _without_filters(repository, watch)
        changed = _diff(repository, commit, watch, folder=folder, settings=settings)
    except BaseException:
        untracked.end()
        raise
    return _lines(changed + untracked.answer(watch).output)


def changed_rows(root: bytes, revision: str | None, watch: Progress) -> dict[bytes, list[range] | None]:
    """Return the files that ``changed_paths`` returns, each with its changed rows, zero-based; None for all rows.

    Where rows were only taken away, the row before them counts. Raises as ``changed_paths`` does.
    """
    paths = changed_paths(root, revision, watch)
    folder = os.path.realpath(root)
    repository = _repository_to_ask(root, folder)
    commit = _find_commit(repository, revision, watch)
    rows: dict[bytes, list[range]] = {}
    if commit is not None and paths:
        settings = [*_without_filters(repository, watch), b"core.quotePath=false"]
        hunks = run_git(repository, [*_HUNKS, commit, "--"], watch, folder=folder, settings=settings).output
        path = b""
        is_head = False
        for line in hunks.split(b"\n"):
            if line.startswith(b"diff "):
                is_head = True
            elif is_head and line.startswith(b"+++ "):
                path = line[4:].partition(b"\t")[0]
            elif match := _HUNK.match(line):
                is_head = False
                first, count = int(match[1]) - 1, 1 if match[2] is None else int(match[2])
                rows.setdefault(path, []).append(range(max(0, first), max(0, first) + max(1, count)))
    # What is new, or has a name that git writes in quotes, counts as a whole.
    return {path: rows.get(path) for path in paths}


def _diff(repository: Repository, commit: str, watch: Progress, *, folder: bytes, settings: Sequence[bytes]) -> bytes:
    """Return the paths, each with a NUL behind it, of what differs from the commit. Raises GitError."""
    try:
        return run_git(repository, [*_DIFF, commit, "--"], watch, folder=folder, settings=settings).output
    except GitError as error:
        missing = "; `git diff` there fetches what a partial clone lacks" if "unable to read" in str(error) else ""
        top = os.fsdecode(repository.top)
        raise GitError(
            f"what changed in {top!r} since {commit[:12]} is unknown: git says {str(error)!r}{missing}"
        ) from None


def _repository_to_ask(root: bytes, folder: bytes) -> Repository:
    repository = repository_around(folder)
    if repository is None:
        raise GitError(f"{os.fsdecode(root)!r} is in no git work tree; what changed is known only in one")
    if not git_is_installed():
        raise GitError("git is not installed; what changed is known only to git")
    if repository.doubt:
        raise GitError(f"what changed cannot be asked of git: {repository.doubt}")
    return repository


def _find_commit(repository: Repository, revision: str | None, watch: Progress) -> str | None:
    """Return the hash of the commit; None if none is named and there is none yet."""
    if revision is None:
        return head_commit(repository, watch)
    return known_commit(repository, "changed", revision, watch)


def _without_filters(repository: Repository, watch: Progress) -> list[bytes]:
    """Return settings by which git cleans files through no program before it compares them.

    Git reads no filter of the repository's. A user's own (git-lfs) reads the repository's configuration itself.
    """
    try:
        names = ["config", "-z", "--name-only", "--get-regexp", r"^filter\."]
        found = run_git(repository, names, watch).output
    except GitError:
        # There is none.
        return []
    settings = []
    for name in dict.fromkeys(key.rpartition(b".")[0] for key in found.split(b"\0") if key):
        if b"=" in name:
            raise GitError(f"git's settings have a filter {os.fsdecode(name)!r}, which cannot be switched off")
        settings += [name + setting for setting in (b".clean=", b".process=", b".required=false")]
    return settings


def _lines(output: bytes) -> list[bytes]:
    return sorted({path for path in output.split(b"\0") if path})
