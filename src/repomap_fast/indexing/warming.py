"""Chooses files to tag before a scan needs them: at some paths, or those that changed last.

Each function returns a filter for ``Index.warm``. It never looks outside of the files of a scan.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.argument_types import several
from repomap_fast.discovery.commits import last_changed
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.errors import GitError, OptionError
from repomap_fast.paths import path_below, row_of, rows_at
from repomap_fast.progress import Progress
from repomap_fast.tables import NO_LANGUAGE, U16

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.discovery.discover import Discovery
    from repomap_fast.indexing.files import FileFilter

_FIRST_COMMITS, _MAX_COMMITS = 64, 32768
"""Commits that git is asked for first, and at most. While they name too few files, eight times as many are read."""


def at_paths(root: Path, paths: str | os.PathLike[str] | Iterable[str | os.PathLike[str]]) -> FileFilter:
    """Choose files by name, and all files in folders; each path is below ``root``, or absolute.

    The choice raises OptionError for a path at which there is no file of the scan.
    """
    names = several("paths", paths)
    if "" in names:
        raise OptionError("paths is ''; expected files or folders")
    below = [path_below(root, name) for name in names]

    def choose(found: Discovery, language_ids: U16) -> NDArray[np.intp]:
        chosen = np.zeros(len(found.paths), np.bool_)
        for path, name in zip(below, names, strict=True):
            rows = rows_at(found.paths, path)
            if not rows:
                raise OptionError(
                    f"no file of the scan is at {name!r}; expected files or folders below {str(root)!r} "
                    "that no rule excludes"
                )
            chosen[rows.start : rows.stop] = True
        return np.flatnonzero(chosen)

    return choose


def changed_last(root: Path, n_files: int) -> FileFilter:
    """Choose the files with a language that changed last: by git's commits, and if these name too few, by time."""
    if n_files < 1:
        raise OptionError(f"n_files is {n_files}; expected at least 1")

    def choose(found: Discovery, language_ids: U16) -> NDArray[np.intp]:
        sources = np.flatnonzero(language_ids != NO_LANGUAGE)
        newest = sources[np.argsort(-found.mtimes_ns[sources], kind="stable")].tolist()
        rows = dict.fromkeys(_committed_rows(root, found.paths, set(newest), n_files))
        rows.update(dict.fromkeys(newest))
        return np.array(sorted(list(rows)[:n_files]), np.intp)

    return choose


def _committed_rows(root: Path, paths: Sequence[bytes], sources: set[int], n_files: int) -> list[int]:
    """Return the rows of the files that the last commits name, newest first; none without git."""
    folder = os.path.realpath(os.fsencode(root))
    repository = repository_around(folder)
    if repository is None:
        return []
    rows: list[int] = []
    n_commits = _FIRST_COMMITS
    while len(rows) < n_files and n_commits <= _MAX_COMMITS:
        try:
            changed = last_changed(repository, n_commits, folder, Progress())
        except GitError:
            break
        rows = [row for row in (row_of(paths, path) for path in changed) if row in sources]
        n_commits *= 8
    return rows
