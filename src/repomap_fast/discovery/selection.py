"""Applies the user's own selection: .repomapignore files, --include and --exclude.

It never adds a file that git does not consider part of the work tree. It is applied folder by folder, so that nothing
below an excluded folder is read.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.contents import FolderContents
from repomap_fast.discovery.ignore import (
    BOUNDS,
    MAX_RULE_FILE_BYTES,
    Chain,
    Rules,
    chain_with_rules,
    is_ignored,
    may_have,
)
from repomap_fast.discovery.user_patterns import as_rule_text, expand
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.contents import Contents
    from repomap_fast.progress import Progress

REPOMAP_IGNORE = b".repomapignore"
_CHECK_EVERY = 256
"""Paths between two checks for cancellation, where each path is compared with patterns."""


class SelectedFolder(NamedTuple):
    """A folder that is not left out, and what applies in it.

    path         below the root: empty, or with a slash at its end.
    ignored      the rules that take entries away: .repomapignore files.
    is_included  files are taken unless a pattern of ``--include`` says otherwise.
    """

    path: bytes
    ignored: Chain
    is_included: bool


class Selection:
    """What the user wants of the folder ``root``.

    include, exclude  patterns as ``user_patterns.expand`` takes them.
    contents          where .repomapignore files are read; None for the folder.

    Raises OptionError from the constructor for a pattern with too many alternatives, or for too many patterns.
    """

    __slots__ = ("_contents", "_cut_rule_files", "_exclude", "_follow_ignore_files", "_include", "_patterns_of_include")

    def __init__(
        self,
        root: bytes,
        *,
        include: Iterable[str] = (),
        exclude: Iterable[str] = (),
        follow_ignore_files: bool = True,
        contents: Contents | None = None,
    ) -> None:
        self._contents = contents or FolderContents(Path(os.fsdecode(root)))
        self._patterns_of_include = {
            pattern: expand(pattern, os.fsdecode(root), option="include") for pattern in include
        }
        self._include = _read_patterns([*chain.from_iterable(self._patterns_of_include.values())], option="include")
        self._exclude = _read_patterns(
            [one for pattern in exclude for one in expand(pattern, os.fsdecode(root), option="exclude")],
            option="exclude",
        )
        self._follow_ignore_files = follow_ignore_files
        self._cut_rule_files: list[bytes] = []

    @property
    def has_patterns(self) -> bool:
        """Whether more than .repomapignore files can leave a file out."""
        return bool(self._include) or bool(self._exclude)

    @property
    def notes_unmatched(self) -> bool:
        """Whether it has to be asked about each file, to know which patterns match none."""
        return bool(self._include)

    @property
    def cut_rule_files(self) -> list[bytes]:
        """The .repomapignore files, below the root, of which not all rules are applied."""
        return self._cut_rule_files

    def patterns_without_match(self) -> list[str]:
        """Return the patterns of ``include`` that have matched nothing that was asked about so far."""
        matched = self._include.matched_patterns() if self._include else set()
        return [
            pattern
            for pattern, expanded in self._patterns_of_include.items()
            if not any(not rule.ignores or rule.pattern in matched for rule in Rules(as_rule_text(expanded), ""))
        ]

    def at_root(self) -> SelectedFolder:
        """Return the root itself, which is never left out."""
        return self._folder(b"", (), is_included=not self._include)

    def below(self, folder: SelectedFolder, name: bytes, *, is_listed: bool = False) -> SelectedFolder | None:
        """Return the folder ``name`` in ``folder``, or None if all of it is left out.

        is_listed  the caller lists the folder, and calls ``entered`` then.
        """
        if self._is_taken_away(folder, name, is_folder=True):
            return None
        is_included, path = self._is_included(folder, name, is_folder=True), folder.path + name + b"/"
        if is_listed:
            return SelectedFolder(path, folder.ignored, is_included)
        return self._folder(path, folder.ignored, is_included=is_included)

    def entered(self, folder: SelectedFolder, names: Collection[bytes]) -> SelectedFolder:
        """Return a folder with the rules of its own, which is read if it is among the names in the folder."""
        if not may_have(names, REPOMAP_IGNORE):
            return folder
        return self._folder(folder.path, folder.ignored, is_included=folder.is_included)

    def has_all_files(self, folder: SelectedFolder) -> bool:
        """Return whether it is plain that every file in ``folder`` is wanted, so that none has to be asked for."""
        return not folder.ignored and not self.has_patterns

    def has_file(self, folder: SelectedFolder, name: bytes) -> bool:
        """Return whether the file ``name`` in ``folder`` is wanted."""
        return not self._is_taken_away(folder, name, is_folder=False) and self._is_included(
            folder, name, is_folder=False
        )

    def _folder(self, path: bytes, ignored: Chain, *, is_included: bool) -> SelectedFolder:
        if self._follow_ignore_files:
            of_parent = ignored
            ignored = chain_with_rules(of_parent, self._read_rules(path + REPOMAP_IGNORE), path)
            if ignored is not of_parent and ignored[0][0].n_not_applied:
                self._cut_rule_files.append(path + REPOMAP_IGNORE)
        return SelectedFolder(path, ignored, is_included)

    def _read_rules(self, path: bytes) -> Rules | None:
        try:
            text = self._contents.start(path, MAX_RULE_FILE_BYTES + 1)
        except (OSError, ValueError):
            return None
        return Rules(text, os.fsdecode(path)) or None

    def _is_taken_away(self, folder: SelectedFolder, name: bytes, *, is_folder: bool) -> bool:
        if folder.ignored and is_ignored(folder.ignored, folder.path, name, is_folder=is_folder):
            return True
        return bool(self._exclude) and self._exclude.ignores(folder.path, name, is_folder=is_folder)

    def _is_included(self, folder: SelectedFolder, name: bytes, *, is_folder: bool) -> bool:
        if not self._include:
            return True
        # Rules are written to ignore; here those that match are the ones to take.
        rule = self._include.deciding_rule(folder.path, name, is_folder=is_folder)
        return folder.is_included if rule is None else rule.ignores


def select_rows(
    selection: Selection,
    paths: Sequence[bytes],
    rows: Iterable[int],
    watch: Progress,
    folders: dict[bytes, SelectedFolder | None] | None = None,
) -> NDArray[np.intp]:
    """Return those of the rows, which rise, whose files the user wants.

    folders  the folders that are known already, see ``folder_at``.

    Raises ScanCancelled.
    """
    folders = {} if folders is None else folders
    selected = []
    folder_path: bytes | None = None
    folder: SelectedFolder | None = None
    for i, row in enumerate(rows):
        path_of_folder, _, name = paths[row].rpartition(b"/")
        if path_of_folder != folder_path:
            folder_path, folder = path_of_folder, folder_at(selection, path_of_folder, folders)
        if folder is not None and selection.has_file(folder, name):
            selected.append(row)
        if i % _CHECK_EVERY == 0:
            watch.raise_if_cancelled()
    return np.array(selected, np.intp)


def folder_at(selection: Selection, path: bytes, folders: dict[bytes, SelectedFolder | None]) -> SelectedFolder | None:
    """Return the folder at ``path``, or None if it is left out; ``folders`` keeps those that were asked for."""
    unknown = []
    while path and path not in folders:
        unknown.append(path)
        path = path.rpartition(b"/")[0]
    if not path and not folders:
        folders[path] = selection.at_root()
    folder = folders[path]
    for path in reversed(unknown):
        name = path.rpartition(b"/")[2]
        folder = folders[path] = None if folder is None else selection.below(folder, name)
    return folder


def _read_patterns(patterns: list[str], *, option: str) -> Rules:
    rules = Rules(as_rule_text(patterns), f"--{option}")
    if rules.n_not_applied:
        raise OptionError(f"{option} has {len(patterns):,} patterns, of which not all can be used; {BOUNDS}")
    return rules
