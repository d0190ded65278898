"""C, C++, Ruby, PHP: from the path of an included file to the file, beside the one that includes it or anywhere else.

The folders that a compiler looks in are in no file that all builds have. So a path is looked for at the end of all
paths, and the nearest is taken. Where several are as near, the import means any of them.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_LOCAL_PATH
from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, inside, join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.source_tree import SourceTree

_STANDARD_C = frozenset(
    (
        *("assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math"),
        *("setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib"),
        *("stdnoreturn", "string", "tgmath", "threads", "time", "uchar", "wchar", "wctype"),
        *("unistd", "fcntl", "dirent", "pthread", "poll", "sched", "semaphore", "termios", "syslog", "pwd", "grp"),
        *("netdb", "strings", "dlfcn", "glob", "regex"),
    )
)
"""Headers of C and of POSIX, without their suffix."""
_FOLDERS_OF_HEADERS = ("include", "inc", "src")
_MOST_KNOWN = 100_000
"""Most paths of which it is remembered what they may mean, and most answers for one folder each."""


class IncludedFiles:
    """Finds the files of ``#include``."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._of_all: dict[bytes, Found] = {}
        """By paths that are not local: what they mean, where that is the same from every folder."""
        self._candidates: dict[tuple[bytes, bool], _Candidates] = {}
        self._from_folders: dict[str, _FromFolder] = {}
        self._from_tops: dict[str, dict[bytes, tuple[int, ...]]] = {}
        """By topmost folders: what paths mean that are not local, where that is the same from all folders in them."""
        self._n_known = 0

    def find(self, row: int, written: Written) -> Found:
        """Return what an ``#include`` in a file means."""
        is_local = written.kind & IMPORT_KIND_MASK == IMPORT_LOCAL_PATH
        path = written.module.encode("utf-8", "surrogateescape")
        known = None if is_local else self._of_all.get(path)
        return self._find(self._tree.folder_of(row), path, is_local=is_local) if known is None else known

    def find_from(self, folder: str, paths: Iterable[tuple[int, bool, bytes]]) -> list[tuple[int, tuple[int, ...]]]:
        """Return what each ``#include`` of a path means in the files of a folder, and remember it.

        paths  any number, whether the path is looked for beside the file first, and the path.

        Each has its number again, with rows of the file table.
        """
        # A large repository asks this for a hundred thousand includes: what is known is found without a text.
        known = self._from_folders.get(folder)
        if known is None:
            top = folder.partition("/")[0]
            known = self._from_folders[folder] = _FromFolder(self._from_tops.setdefault(top, {}), top)
        from_top, others, local = known.from_top, known.others, known.local
        found = []
        for number, is_local, path in paths:
            files = local.get(path) if is_local else from_top.get(path, others.get(path))
            if files is None:
                files = self._find_new(folder, path, known, is_local=is_local)
            found.append((number, files))
        return found

    def _find_new(self, folder: str, path: bytes, known: _FromFolder, *, is_local: bool) -> tuple[int, ...]:
        files = self._find(folder, path, is_local=is_local).files
        if self._n_known >= _MOST_KNOWN:
            self._n_known = 0
            for of_paths in self._from_tops.values():
                of_paths.clear()
            for of_folder in self._from_folders.values():
                of_folder.clear()
        self._n_known += 1
        if is_local:
            known.local[path] = files
        elif known.top in self._candidates_at(path, is_local=False).tops:
            known.others[path] = files
        else:
            known.from_top[path] = files
        return files

    def _find(self, folder: str, path: bytes, *, is_local: bool) -> Found:
        tree = self._tree
        if is_local:
            beside = _beside(folder, path.decode("utf-8", "surrogateescape"))
            if beside in tree.row_of:
                return inside(tree.row_of[beside])
        candidates = self._candidates_at(path, is_local=is_local)
        if not candidates.rows:
            return NOT_FOUND if is_local else NOT_HERE
        if is_local or len(candidates.rows) > 1:
            return candidates.nearest(folder)
        found = inside(*candidates.rows)
        if len(self._of_all) < _MOST_KNOWN:
            self._of_all[path] = found
        return found

    def _candidates_at(self, path: bytes, *, is_local: bool) -> _Candidates:
        candidates = self._candidates.get((path, is_local))
        if candidates is None:
            text = path.decode("utf-8", "surrogateescape")
            candidates = _Candidates(self._tree, self._candidates_of(text, is_local=is_local))
            if len(self._candidates) < _MOST_KNOWN:
                self._candidates[path, is_local] = candidates
        return candidates

    def _candidates_of(self, path: str, *, is_local: bool) -> list[int]:
        """Return the files that a path may mean, from whatever folder; rising."""
        tree, tail = self._tree, posixpath.normpath(path)
        while tail.startswith("../"):
            tail = tail[3:]
        if not is_local and self._is_standard(tail):
            return []
        found = tree.ending_in(tail)
        if not is_local and "/" not in tail:
            # Without a folder it is the system's, unless a folder of headers has it.
            found = [one for one in found if posixpath.basename(tree.folder_of(one)) in _FOLDERS_OF_HEADERS] or found
        return found

    def _is_standard(self, path: str) -> bool:
        stem, _, suffix = path.partition(".")
        return (suffix == "h" and stem in _STANDARD_C) or ("/" not in path and not suffix)


def _beside(folder: str, path: str) -> str | None:
    """Return a path as it is seen from a folder; None where it leads out of the root."""
    if "/" not in path and path not in ("", ".", ".."):
        return f"{folder}/{path}" if folder else path
    return join(folder, path)


class _FromFolder:
    """What paths mean in the files of a folder: rows of the file table.

    from_top  that is the same in all folders of its topmost one, ``top``.
    others    that is not, and
    local     of paths that are looked for beside the file first.
    """

    __slots__ = ("from_top", "local", "others", "top")

    def __init__(self, from_top: dict[bytes, tuple[int, ...]], top: str) -> None:
        self.from_top = from_top
        self.top = top
        self.others: dict[bytes, tuple[int, ...]] = {}
        self.local: dict[bytes, tuple[int, ...]] = {}

    def clear(self) -> None:
        """Forget what is known of this folder alone."""
        self.others.clear()
        self.local.clear()


class _Candidates:
    """The files that a path may mean.

    rows  of the file table, rising.
    tops  the topmost folders that several of them are in.
    """

    def __init__(self, tree: SourceTree, rows: list[int]) -> None:
        self.rows = rows
        self._tree = tree
        self.tops = {tree.folder_of(row).partition("/")[0] for row in rows} if len(rows) > 1 else set()
        self._from_afar: Found | None = None

    def nearest(self, folder: str) -> Found:
        """Return those that are nearest to a folder."""
        if folder.partition("/")[0] in self.tops:
            return inside(*self._tree.nearest(self.rows, folder))
        # Seen from any folder that has none in common with theirs they are the same.
        if self._from_afar is None:
            self._from_afar = inside(*self._tree.nearest(self.rows, folder))
        return self._from_afar


class RequiredFiles:
    """Finds the files of ``require`` and ``require_relative`` in Ruby, ``require`` and ``include`` in PHP."""

    def __init__(self, tree: SourceTree, suffix: str, folders: tuple[str, ...]) -> None:
        """Take the suffix that may be left out, and the names of folders that paths begin in."""
        self._tree = tree
        self._suffix = suffix
        self._folders = folders

    def find(self, row: int, written: Written) -> Found:
        """Return what a ``require`` in a file means."""
        tree, folder = self._tree, self._tree.folder_of(row)
        path = written.module if written.module.endswith(self._suffix) else written.module + self._suffix
        is_local = written.kind & IMPORT_KIND_MASK == IMPORT_LOCAL_PATH
        beside = join(folder, path)
        if (is_local or path.startswith(".")) and beside is not None:
            found = tree.first_of((beside, written.module))
            return NOT_FOUND if found is None else inside(found)
        candidates = [one for one in tree.ending_in(path.lstrip("/")) if self._begins(tree.paths[one], path, folder)]
        if candidates:
            return inside(*tree.nearest(candidates, folder))
        return NOT_HERE

    def _begins(self, found: str, path: str, folder: str) -> bool:
        """Return whether paths that are required begin in the folder that is left of this one."""
        before = found[: -len(path.lstrip("/"))].rstrip("/")
        return before in ("", folder) or posixpath.basename(before) in self._folders
