"""Finding files without git: one walk over the folders, by the rules that git would follow.

A folder is listed once and tested once. Ignored folders are left out with all that is below them, except for the way
to what is tracked in them. Symbolic links, FIFOs, sockets and devices are passed over and never opened.
"""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field

from repomap_fast.errors import GitError
from repomap_fast.git import (
    Repository,
    configured_excludes_file,
    excludes_file,
    repository_around,
    repository_at,
)
from repomap_fast.git_index import NOTHING_TRACKED, TrackedPaths, read_index
from repomap_fast.ignore import Chain, chain_below, chain_with_own, is_ignored, read_rule_file
from repomap_fast.progress import STAGE_DISCOVER, Watch
from repomap_fast.selection import SelectedFolder, Selection

GITIGNORE = b".gitignore"

_REPORT_EVERY = 2048
"""Files between two reports: some milliseconds' worth."""


@dataclass(slots=True)
class FoundFiles:
    """What was found below a root so far; paths are below the root.

    embedded    tops of repositories inside a work tree that does not have them as submodules.
    unreadable  folders that could not be listed.
    notes       other sentences for the user.
    """

    watch: Watch
    paths: list[bytes] = field(default_factory=list)
    sizes_bytes: list[int] = field(default_factory=list)
    mtimes_ns: list[int] = field(default_factory=list)
    embedded: list[bytes] = field(default_factory=list)
    unreadable: list[bytes] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, path: bytes, status: os.stat_result) -> None:
        """Add the regular file ``path``; leaves by ScanCancelled if the caller wants no more."""
        self.paths.append(path)
        self.sizes_bytes.append(status.st_size)
        self.mtimes_ns.append(status.st_mtime_ns)
        if len(self.paths) % _REPORT_EVERY == 0:
            self.watch.report(STAGE_DISCOVER, len(self.paths), 0)


@dataclass(frozen=True, slots=True)
class GitRules:
    """What git knows of a folder.

    chain              the rules that apply in it, without those of its own .gitignore; None: what is not tracked is
                       ignored, as the folder itself is.
    tracked            paths below the root of the walk, whichever repository they are of.
    is_in_work_tree    repositories below it are submodules or left out; else they are walked by their own rules.
    """

    chain: Chain | None
    tracked: TrackedPaths
    is_in_work_tree: bool


def rules_for_root(root: bytes, found: FoundFiles) -> GitRules:
    """Return what git knows of ``root``, from the folders above it and the user's settings."""
    real_root = os.path.realpath(root)
    repository = repository_around(real_root)
    excludes_path = excludes_file(root, found.watch)
    of_user = _chain_of_file((), excludes_path, excludes_path)
    if repository is None:
        return GitRules(of_user, NOTHING_TRACKED, is_in_work_tree=False)
    tracked = _read_tracked(repository, found)
    chain: Chain | None = _chain_of_repository(of_user, repository)
    folder = repository.top
    way_down = os.path.relpath(real_root, repository.top).split(os.fsencode(os.sep)) if real_root != folder else []
    for name in way_down:
        assert chain is not None
        chain = chain_with_own(chain, folder, GITIGNORE, os.fsdecode(os.path.join(folder, GITIGNORE)))
        if is_ignored(chain, name, is_folder=True):
            chain = None
            break
        chain = chain_below(chain, name)
        folder = os.path.join(folder, name)
    prefix = b"".join(name + b"/" for name in way_down)
    tracked = tracked.moved(from_folder=prefix, to_folder=b"")
    if chain is None and not tracked.files and not tracked.submodules:
        found.notes.append(
            f"{os.fsdecode(root)} is ignored by the repository {os.fsdecode(repository.top)} that it is in; "
            "it was scanned without the rules from above it"
        )
        return GitRules(of_user, NOTHING_TRACKED, is_in_work_tree=False)
    return GitRules(chain, tracked, is_in_work_tree=True)


def chain_in(folder: bytes, path: bytes, chain: Chain) -> Chain:
    """Return ``chain`` with the .gitignore in ``folder``, which is ``path`` below the root, put first."""
    return chain_with_own(chain, folder, GITIGNORE, os.fsdecode(path + GITIGNORE))


def _chain_of_file(chain: Chain, path: bytes | None, origin: bytes | None) -> Chain:
    if path is None or origin is None:
        return chain
    rules = read_rule_file(path, os.fsdecode(origin), follow_link=True)
    return ((rules, b""), *chain) if rules else chain


def _chain_of_repository(of_user: Chain, repository: Repository) -> Chain:
    return _chain_of_file(of_user, os.path.join(repository.common_dir, b"info", b"exclude"), b".git/info/exclude")


def _read_tracked(repository: Repository, found: FoundFiles) -> TrackedPaths:
    try:
        return read_index(os.path.join(repository.git_dir, b"index"))
    except GitError as error:
        found.notes.append(f"files that are tracked and ignored are missing: {error}")
        return NOTHING_TRACKED
