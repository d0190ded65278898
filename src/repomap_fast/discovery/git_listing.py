"""Lists a work tree and its submodules by git, looks up each path, and selects files."""

from __future__ import annotations

import os
import re
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.discovery import _git_listing
from repomap_fast.discovery.file_stats import FILE, FOLDER, Inodes, look_up_inodes
from repomap_fast.discovery.git_folder import repository_at
from repomap_fast.discovery.git_run import LIST_FILES_TAGGED, GitRun, start_listing
from repomap_fast.discovery.selection import REPOMAP_IGNORE, SelectedFolder, Selection, folder_at, select_rows
from repomap_fast.discovery.tool_folders import find_tool_folders
from repomap_fast.discovery.walk import FoundFiles, rules_for_repository, user_chain, walk
from repomap_fast.errors import GitError
from repomap_fast.progress import STAGE_DISCOVER
from repomap_fast.tables import StringTable

FilePart: TypeAlias = tuple[StringTable, Inodes]
"""Some files, sorted by path, and their stats."""

_MAX_FAILURES = 3
"""Most failures before git is not run again; each may have taken its whole time limit."""

_UNREADABLE_FOLDER = re.compile(rb"could not open directory '(.*)': ")


def file_part(paths: StringTable, inodes: Inodes, rows: NDArray[np.intp]) -> FilePart:
    """Return the files in these rows, which rise."""
    return (paths, inodes) if len(rows) == len(paths) else (paths.rows(rows), inodes.rows(rows))


class ListedFiles:
    """What one run of ``git ls-files`` lists for the root, and one for each submodule below it.

    files  those that are there and that the user wants: a part for each run, sorted by path.
    """

    __slots__ = ("_folders", "_found", "_n_failures", "_n_threads", "_root", "_selection", "files")

    def __init__(self, root: bytes, selection: Selection, found: FoundFiles, n_threads: int) -> None:
        self.files: list[FilePart] = []
        self._root = root
        self._selection = selection
        self._found = found
        self._n_threads = n_threads
        self._folders: dict[bytes, SelectedFolder | None] = {}
        self._n_failures = 0

    def add_root(self, listing: GitRun | None) -> bool:
        """Add the files that git lists; return False if it has to be done without git."""
        try:
            listing = listing or start_listing(self._root)
            if listing is None:
                return False
            paths = self._read(listing, b"")
        except GitError as error:
            self._found.notes.append(f"git did not list the files, they were found without it: {error}")
            return False
        # git lists nothing of a folder that it ignores, but the user asked for this folder.
        if not len(paths):
            return False
        self._add(paths)
        return True

    def _read(self, listing: GitRun, prefix: bytes) -> StringTable:
        """Return what git lists in the folder ``prefix``, sorted; repositories that are no submodules are set aside."""
        answer = listing.answer(self._found.watch)
        self._found.unreadable += [prefix + path for path in _UNREADABLE_FOLDER.findall(answer.warnings)]
        has_repositories = b"/\0" in answer.output
        columns = None if prefix or has_repositories else _git_listing.read_listing(answer.output)
        if columns is not None:
            offsets, data, untracked = columns
            return self._without_tool_folders(StringTable(offsets, data), untracked)
        # A file with a conflict is listed once for each side, a repository once for each file in it.
        tag_by_path = {prefix + entry[2:]: entry[:1] for entry in answer.output.split(b"\0") if len(entry) > 2}
        for path in [path for path in tag_by_path if path.endswith(b"/")]:
            if self._folder(path[:-1]) is not None:
                self._found.embedded.append(path[:-1])
            del tag_by_path[path]
        paths = sorted(tag_by_path)
        untracked = np.array([tag_by_path[path] == b"?" for path in paths], np.bool_)
        return self._without_tool_folders(StringTable.from_strings(paths), untracked)

    def _without_tool_folders(self, paths: StringTable, untracked: NDArray[np.bool_]) -> StringTable:
        rows = np.flatnonzero(untracked).tolist()
        if not rows:
            return paths
        left_out = find_tool_folders(self._root, [paths[row] for row in rows])
        self._found.tool_folders += [folder for folder in left_out.folders if self._folder(folder) is not None]
        if not left_out.positions:
            return paths
        is_kept = np.ones(len(paths), np.bool_)
        is_kept[np.array(rows)[left_out.positions]] = False
        return paths.rows(np.flatnonzero(is_kept))

    def _add(self, paths: StringTable) -> None:
        n_before = sum(len(part) for part, _ in self.files)
        inodes = look_up_inodes(
            self._root,
            paths,
            lambda n_paths: self._found.watch.report(STAGE_DISCOVER, n_before + n_paths, 0),
            n_threads=self._n_threads,
            rule_file=REPOMAP_IGNORE,
        )
        rows = np.flatnonzero(inodes.kinds == FILE)
        if inodes.has_rule_files or self._selection.has_patterns:
            rows = select_rows(self._selection, paths, rows.tolist(), self._found.watch, self._folders)
        self.files.append(file_part(paths, inodes, rows))
        for row in np.flatnonzero(inodes.kinds == FOLDER).tolist():
            self._add_submodule(paths[row])

    def _add_submodule(self, path: bytes) -> None:
        repository = repository_at(os.path.join(self._root, path))
        folder = self._folder(path)
        if repository is None or folder is None:
            return
        try:
            if self._n_failures == _MAX_FAILURES:
                raise GitError(f"it failed in {_MAX_FAILURES} submodules before")
            paths = self._read(GitRun(repository, LIST_FILES_TAGGED), folder.path)
        except GitError as error:
            self._n_failures = min(self._n_failures + 1, _MAX_FAILURES)
            # Of a repository in doubt the walk says so itself.
            if not repository.doubt:
                self._found.notes.append(
                    f"git did not list the files of the submodule {os.fsdecode(path)}, they were found without it: "
                    f"{error}"
                )
            of_user = user_chain(None, self._found.watch)
            rules = rules_for_repository(repository, folder.path, of_user=of_user, found=self._found)
            walk(self._root, folder, rules, selection=self._selection, found=self._found)
        else:
            self._add(paths)

    def _folder(self, path: bytes) -> SelectedFolder | None:
        """Return the folder at ``path``, or None if it is left out."""
        return folder_at(self._selection, path, self._folders)
