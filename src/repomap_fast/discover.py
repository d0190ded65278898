"""Finding the files of a scan: what git considers part of the work tree, without what the user does not want.

In a work tree git itself is asked; elsewhere, and where git is missing or fails, ``walk`` finds the same files.
"""

from __future__ import annotations

import os
import re
import stat
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repomap_fast.errors import GitError
from repomap_fast.git import git_is_installed, repository_around, repository_at, run_git
from repomap_fast.ignore import Rule, deciding_rule
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, Watch
from repomap_fast.selection import SelectedFolder, Selection
from repomap_fast.tables import I64
from repomap_fast.walk import (
    FoundFiles,
    chain_for_root,
    chain_in,
    chain_of_user,
    rules_for_repository,
    rules_for_root,
    walk,
)

_NEARLY_ALL = 0.9
"""Share of the entries at the top from which on their being ignored is taken for a surprise."""

_MAX_NAMED = 3
"""Paths that one note names; more would hide the other notes."""

_LIST_FILES = ("ls-files", "-z", "--cached", "--others", "--exclude-standard")

_UNREADABLE_FOLDER = re.compile(rb"could not open directory '(.*)': ")


@dataclass(frozen=True, slots=True, eq=False)
class Discovery:
    """The files of a scan, sorted by path as bytes.

    paths        below the root, ``/``-separated, as ``os.fsencode`` gives them.
    sizes_bytes  (n,) int64.
    mtimes_ns    (n,) int64: nanoseconds since 1970.
    notes        what the user should know of how they were found, in sentences.
    """

    paths: list[bytes]
    sizes_bytes: I64
    mtimes_ns: I64
    notes: tuple[str, ...]

    def rows(self, rows: NDArray[np.intp]) -> Discovery:
        """Return these files and no others; ``rows`` rise."""
        paths = [self.paths[row] for row in rows.tolist()]
        return Discovery(paths, self.sizes_bytes[rows], self.mtimes_ns[rows], self.notes)


def discover(root: Path, options: ScanOptions, watch: Watch) -> Discovery:
    """Find the files to scan below ``root``, an absolute path of a folder.

    Only regular files, reached through no symbolic link; a file that vanishes meanwhile is left out.
    Raises ScanCancelled; any other trouble is a note.
    """
    found = FoundFiles(watch)
    root_path = os.fsencode(root)
    selection = Selection(
        root_path,
        include=options.include,
        exclude=options.exclude,
        follow_ignore_files=options.follow_ignore_files,
    )
    if not options.follow_ignore_files:
        walk(root_path, selection.at_root(), None, selection=selection, found=found)
        return _sorted(found)
    listing = _GitListing(root_path, selection, found)
    if not listing.add_root():
        rules = rules_for_root(root_path, found)
        walk(root_path, selection.at_root(), rules, selection=selection, found=found)
    found.notes += _note_on_ignored_top(root_path, selection, found)
    return _sorted(found)


class _GitListing:
    """One run of ``git ls-files`` for the root, and one for each submodule below it."""

    __slots__ = ("_folders", "_found", "_root", "_selection")

    def __init__(self, root: bytes, selection: Selection, found: FoundFiles) -> None:
        self._root = root
        self._selection = selection
        self._found = found
        self._folders: dict[bytes, SelectedFolder | None] = {b"": selection.at_root()}

    def add_root(self) -> bool:
        """Add the files that git lists; return False if it has to be done without git."""
        if not git_is_installed() or repository_around(os.path.realpath(self._root)) is None:
            return False
        try:
            paths = self._list(b"")
        except GitError as error:
            self._found.notes.append(f"git could not list the files, they were found without it; git said: {error}")
            return False
        # git lists nothing of a folder that it ignores, but the user asked for this folder.
        if not paths:
            return False
        self._add(paths)
        return True

    def _list(self, prefix: bytes) -> list[bytes]:
        answer = run_git(_LIST_FILES, os.path.join(self._root, prefix), self._found.watch)
        self._found.unreadable += [prefix + path for path in _UNREADABLE_FOLDER.findall(answer.warnings)]
        # A file with a conflict is listed once for each side.
        return list(dict.fromkeys(prefix + path for path in answer.output.split(b"\0") if path))

    def _add(self, paths: Sequence[bytes]) -> None:
        for path in paths:
            folder_path, name = os.path.split(path.removesuffix(b"/"))
            folder = self._folder(folder_path)
            if folder is None:
                continue
            if path.endswith(b"/"):
                if self._selection.below(folder, name) is not None:
                    self._found.embedded.append(path.removesuffix(b"/"))
                continue
            try:
                status = os.lstat(os.path.join(self._root, path))
            except OSError:
                continue
            if stat.S_ISDIR(status.st_mode):
                self._add_submodule(path)
            elif stat.S_ISREG(status.st_mode) and self._selection.has_file(folder, name):
                self._found.add(path, status)

    def _add_submodule(self, path: bytes) -> None:
        repository = repository_at(os.path.join(self._root, path))
        folder = self._folder(path)
        if repository is None or folder is None:
            return
        try:
            paths = self._list(folder.path)
        except GitError as error:
            self._found.notes.append(
                f"git could not list the files of the submodule {os.fsdecode(path)}, they were found without it; "
                f"git said: {error}"
            )
            of_user = chain_of_user(self._root, self._found.watch)
            rules = rules_for_repository(repository, folder.path, of_user=of_user, found=self._found)
            walk(self._root, folder, rules, selection=self._selection, found=self._found)
        else:
            self._add(paths)

    def _folder(self, path: bytes) -> SelectedFolder | None:
        """Return the folder at ``path``, or None if it is left out, or is no folder but a symbolic link to one."""
        if path in self._folders:
            return self._folders[path]
        parent_path, name = os.path.split(path)
        parent = self._folder(parent_path)
        folder = None
        if parent is not None and _is_real_folder(os.path.join(self._root, path)):
            folder = self._selection.below(parent, name)
        self._folders[path] = folder
        return folder


def _is_real_folder(path: bytes) -> bool:
    try:
        return stat.S_ISDIR(os.lstat(path).st_mode)
    except OSError:
        return False


def _sorted(found: FoundFiles) -> Discovery:
    n_files = len(found.paths)
    found.watch.report(STAGE_DISCOVER, n_files, n_files)
    order = sorted(range(n_files), key=found.paths.__getitem__)
    notes = list(found.notes)
    if found.embedded:
        notes.append(
            f"skipped {_count(found.embedded, 'repository', 'repositories')} inside the work tree that "
            f"{'is no submodule' if len(found.embedded) == 1 else 'are no submodules'} of it "
            f"({_first_of(found.embedded)}): scan such a repository by itself"
        )
    if found.unreadable:
        notes.append(
            f"skipped {_count(found.unreadable, 'folder', 'folders')} that cannot be read "
            f"({_first_of(found.unreadable)})"
        )
    return Discovery(
        paths=[found.paths[i] for i in order],
        sizes_bytes=np.array([found.sizes_bytes[i] for i in order], np.int64),
        mtimes_ns=np.array([found.mtimes_ns[i] for i in order], np.int64),
        notes=tuple(notes),
    )


def _count(paths: Sequence[bytes], one: str, many: str) -> str:
    return f"{len(paths)} {one if len(paths) == 1 else many}"


def _first_of(paths: Sequence[bytes]) -> str:
    names = [os.fsdecode(path.removesuffix(b"/")) or "." for path in sorted(paths)[:_MAX_NAMED]]
    return ", ".join(names) + (", …" if len(paths) > _MAX_NAMED else "")


def _note_on_ignored_top(root: bytes, selection: Selection, found: FoundFiles) -> list[str]:
    """Return a sentence if the rules ignore nearly all entries at the top, which is seldom what a user wants."""
    is_folder_by_name = _top_entries(root)
    n_entries = len(is_folder_by_name)
    found_names = {path.partition(b"/")[0] for path in found.paths}
    missing_names = is_folder_by_name.keys() - found_names
    if len(missing_names) <= _NEARLY_ALL * n_entries:
        return []
    of_git = chain_for_root(root, repository_around(os.path.realpath(root)), chain_of_user(root, found.watch))
    # A root that git ignores was walked without the rules from above it, and a note says so.
    chains = (chain_in(root, b"", of_git or ()), selection.at_root().ignored)
    deciding: Counter[Rule] = Counter()
    for name in sorted(missing_names):
        rules = [deciding_rule(chain, name, is_folder=is_folder_by_name[name]) for chain in chains]
        deciding.update([rule for rule in rules if rule is not None and rule.ignores][:1])
    if deciding.total() <= _NEARLY_ALL * n_entries:
        return []
    ((rule, _),) = deciding.most_common(1)
    return [
        f"the rules in {rule.origin} ignore nearly everything here ({deciding.total()} of {n_entries} entries at the "
        f"top; the pattern {os.fsdecode(rule.text)!r} on line {rule.line}): use --no-ignore to scan all"
    ]


def _top_entries(root: bytes) -> dict[bytes, bool]:
    """Return the names of the files and folders at the top, and whether each is a folder."""
    try:
        with os.scandir(root) as scan:
            return {
                entry.name: entry.is_dir(follow_symlinks=False)
                for entry in scan
                if entry.name != b".git"
                and (entry.is_dir(follow_symlinks=False) or entry.is_file(follow_symlinks=False))
            }
    except OSError:
        return {}
