"""Finding the files of a scan: what git considers part of the work tree, without what the user does not want.

In a work tree git itself is asked; elsewhere, and where git is missing or fails, ``walk`` finds the same files.
"""

from __future__ import annotations

import os
import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from repomap_fast.errors import GitError
from repomap_fast.git import LIST_FILES, GitRun, repository_around, repository_at, start_listing
from repomap_fast.ignore import Rule, deciding_rule
from repomap_fast.inodes import FILE, FOLDER, Inodes, look_up_inodes
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, Watch
from repomap_fast.selection import REPOMAP_IGNORE, SelectedFolder, Selection
from repomap_fast.tables import I64, U64, StringTable
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

_UNREADABLE_FOLDER = re.compile(rb"could not open directory '(.*)': ")


@dataclass(frozen=True, slots=True, eq=False)
class Discovery:
    """The files of a scan, sorted by path as bytes.

    paths        below the root, ``/``-separated, as ``os.fsencode`` gives them.
    sizes_bytes  (n,) int64.
    mtimes_ns    (n,) int64: when the contents changed, nanoseconds since 1970.
    ctimes_ns    (n,) int64: when the contents or the inode changed, nanoseconds since 1970; 0 on Windows.
    inodes       (n,) uint64: number of the file's inode; 0 on Windows.
    notes        what the user should know of how they were found, in sentences.
    """

    paths: list[bytes]
    sizes_bytes: I64
    mtimes_ns: I64
    ctimes_ns: I64
    inodes: U64
    notes: tuple[str, ...]

    def rows(self, rows: NDArray[np.intp]) -> Discovery:
        """Return these files and no others; ``rows`` rise."""
        return Discovery(
            [self.paths[row] for row in rows.tolist()],
            self.sizes_bytes[rows],
            self.mtimes_ns[rows],
            self.ctimes_ns[rows],
            self.inodes[rows],
            self.notes,
        )


def discover(root: Path, options: ScanOptions, watch: Watch, *, listing: GitRun | None = None) -> Discovery:
    """Find the files to scan below ``root``, an absolute path of a folder.

    Only regular files, reached through no symbolic link; a file that vanishes meanwhile is left out.

    listing  what ``start_listing`` gave for the root, where the caller had something to do while git runs; the caller
             ends it if this raises before it is asked.

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
    listed = _ListedFiles(root_path, selection, found, options.n_workers)
    if not options.follow_ignore_files:
        walk(root_path, selection.at_root(), None, selection=selection, found=found)
    elif not listed.add_root(listing):
        rules = rules_for_root(root_path, found)
        walk(root_path, selection.at_root(), rules, selection=selection, found=found)
    files = listed.files
    if found.paths or not listed.files:
        paths = sorted(found.paths)
        inodes = look_up_inodes(
            root_path, StringTable.from_strings(paths), lambda _: watch.check(), n_threads=options.n_workers
        )
        files.append(_rows_of(paths, inodes, np.flatnonzero(inodes.kinds == FILE)))
    paths, inodes = _join(files)
    watch.report(STAGE_DISCOVER, len(paths), len(paths))
    if options.follow_ignore_files:
        found.notes += _note_on_ignored_top(root_path, selection, paths, watch)
    notes = (*found.notes, *_notes_on_folders(found))
    return Discovery(paths, inodes.sizes_bytes, inodes.mtimes_ns, inodes.ctimes_ns, inodes.inodes, notes)


def _rows_of(paths: list[bytes], inodes: Inodes, rows: NDArray[np.intp]) -> tuple[list[bytes], Inodes]:
    if len(rows) == len(paths):
        return paths, inodes
    return [paths[row] for row in rows.tolist()], inodes.rows(rows)


def _join(parts: Sequence[tuple[list[bytes], Inodes]]) -> tuple[list[bytes], Inodes]:
    """Join files, each part of which is sorted, into one sorted list of files."""
    if len(parts) == 1:
        return parts[0]
    paths = [path for part, _ in parts for path in part]
    order = sorted(range(len(paths)), key=paths.__getitem__)
    return [paths[row] for row in order], Inodes.join([inodes for _, inodes in parts]).rows(np.array(order, np.intp))


class _ListedFiles:
    """What one run of ``git ls-files`` lists for the root, and one for each submodule below it.

    files  those that are there and that the user wants: a part for each run, sorted by path.
    """

    __slots__ = ("_folders", "_found", "_n_threads", "_root", "_selection", "files")

    def __init__(self, root: bytes, selection: Selection, found: FoundFiles, n_threads: int) -> None:
        self.files: list[tuple[list[bytes], Inodes]] = []
        self._root = root
        self._selection = selection
        self._found = found
        self._n_threads = n_threads
        self._folders: dict[bytes, SelectedFolder | None] = {}

    def add_root(self, listing: GitRun | None) -> bool:
        """Add the files that git lists; return False if it has to be done without git."""
        try:
            listing = listing or start_listing(self._root)
            if listing is None:
                return False
            paths = self._read(listing, b"")
        except GitError as error:
            self._found.notes.append(f"git could not list the files, they were found without it; git said: {error}")
            return False
        # git lists nothing of a folder that it ignores, but the user asked for this folder.
        if not paths:
            return False
        self._add(paths)
        return True

    def _read(self, listing: GitRun, prefix: bytes) -> list[bytes]:
        """Return what git lists in the folder ``prefix``, sorted; repositories that are no submodules are set aside."""
        answer = listing.answer(self._found.watch)
        self._found.unreadable += [prefix + path for path in _UNREADABLE_FOLDER.findall(answer.warnings)]
        paths = answer.output.split(b"\0")[:-1]
        if prefix:
            paths = [prefix + path for path in paths]
        # git lists two sorted runs; a file with a conflict once for each side, a repository once for each file in it.
        paths.sort()
        paths = list(dict.fromkeys(paths))
        if b"/\0" in answer.output:
            tops = [path[:-1] for path in paths if path.endswith(b"/")]
            self._found.embedded += [path for path in tops if self._folder(path) is not None]
            paths = [path for path in paths if not path.endswith(b"/")]
        return paths

    def _add(self, paths: list[bytes]) -> None:
        n_before = sum(len(part) for part, _ in self.files)
        inodes = look_up_inodes(
            self._root,
            StringTable.from_strings(paths),
            lambda n_paths: self._found.watch.report(STAGE_DISCOVER, n_before + n_paths, 0),
            n_threads=self._n_threads,
            rule_file=REPOMAP_IGNORE,
        )
        rows = np.flatnonzero(inodes.kinds == FILE)
        if inodes.has_rule_files or self._selection.has_patterns:
            rows = np.array([row for row in rows.tolist() if self._has_file(paths[row])], np.intp)
        self.files.append(_rows_of(paths, inodes, rows))
        for row in np.flatnonzero(inodes.kinds == FOLDER).tolist():
            self._add_submodule(paths[row])

    def _add_submodule(self, path: bytes) -> None:
        repository = repository_at(os.path.join(self._root, path))
        folder = self._folder(path)
        if repository is None or folder is None:
            return
        try:
            paths = self._read(GitRun(LIST_FILES, os.path.join(self._root, path)), folder.path)
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

    def _has_file(self, path: bytes) -> bool:
        folder_path, name = os.path.split(path)
        folder = self._folder(folder_path)
        return folder is not None and self._selection.has_file(folder, name)

    def _folder(self, path: bytes) -> SelectedFolder | None:
        """Return the folder at ``path``, or None if it is left out."""
        if path in self._folders:
            return self._folders[path]
        if not path:
            folder: SelectedFolder | None = self._selection.at_root()
        else:
            parent_path, name = os.path.split(path)
            parent = self._folder(parent_path)
            folder = None if parent is None else self._selection.below(parent, name)
        self._folders[path] = folder
        return folder


def _notes_on_folders(found: FoundFiles) -> list[str]:
    notes = []
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
    return notes


def _count(paths: Sequence[bytes], one: str, many: str) -> str:
    return f"{len(paths)} {one if len(paths) == 1 else many}"


def _first_of(paths: Sequence[bytes]) -> str:
    names = [os.fsdecode(path.removesuffix(b"/")) or "." for path in sorted(paths)[:_MAX_NAMED]]
    return ", ".join(names) + (", …" if len(paths) > _MAX_NAMED else "")


def _note_on_ignored_top(root: bytes, selection: Selection, paths: Sequence[bytes], watch: Watch) -> list[str]:
    """Return a sentence if the rules ignore nearly all entries at the top, which is seldom what a user wants."""
    is_folder_by_name = _top_entries(root)
    n_entries = len(is_folder_by_name)
    missing_names = _names_without(paths, is_folder_by_name, n_enough=(1 - _NEARLY_ALL) * n_entries)
    if len(missing_names) <= _NEARLY_ALL * n_entries:
        return []
    of_git = chain_for_root(root, repository_around(os.path.realpath(root)), chain_of_user(root, watch))
    # A root that git ignores was walked without the rules from above it, and a note says so.
    chains = (chain_in(root, b"", of_git or ()), selection.at_root().ignored)
    deciding: Counter[Rule] = Counter()
    for name in missing_names:
        rules = [deciding_rule(chain, name, is_folder=is_folder_by_name[name]) for chain in chains]
        deciding.update([rule for rule in rules if rule is not None and rule.ignores][:1])
    if deciding.total() <= _NEARLY_ALL * n_entries:
        return []
    ((rule, _),) = deciding.most_common(1)
    return [
        f"the rules in {rule.origin} ignore nearly everything here ({deciding.total()} of {n_entries} entries at the "
        f"top; the pattern {os.fsdecode(rule.text)!r} on line {rule.line}): use --no-ignore to scan all"
    ]


def _names_without(paths: Sequence[bytes], is_folder_by_name: dict[bytes, bool], *, n_enough: float) -> list[bytes]:
    """Return the names that no path starts with, sorted; none once more names than ``n_enough`` are found in one."""
    missing = []
    n_found = 0
    for name in sorted(is_folder_by_name):
        is_folder = is_folder_by_name[name]
        position = bisect_left(paths, name + b"/" if is_folder else name)
        first = paths[position] if position < len(paths) else b""
        if first.startswith(name + b"/") if is_folder else first == name:
            n_found += 1
            if n_found > n_enough:
                return []
        else:
            missing.append(name)
    return missing


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
