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
_MOST_OF_ALL = 100_000
"""Most paths remembered whose answer is the same for all files."""


class IncludedFiles:
    """Finds the files of ``#include``."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._of_all: dict[str, Found] = {}

    def find(self, row: int, written: Written) -> Found:
        """Return what an ``#include`` in a file means."""
        known = self._of_all.get(written.module) if written.kind & IMPORT_KIND_MASK != IMPORT_LOCAL_PATH else None
        return self._find(row, written) if known is None else known

    def _find(self, row: int, written: Written) -> Found:
        tree, folder, path = self._tree, self._tree.folder_of(row), written.module
        is_local = written.kind & IMPORT_KIND_MASK == IMPORT_LOCAL_PATH
        beside = join(folder, path)
        if is_local and beside in tree.row_of:
            return inside(tree.row_of[beside])
        tail = posixpath.normpath(path)
        while tail.startswith("../"):
            tail = tail[3:]
        if not is_local and (self._is_standard(tail)):
            return NOT_HERE
        found = tree.ending_in(tail)
        if not found:
            return NOT_FOUND if is_local else NOT_HERE
        if not is_local and "/" not in tail:
            # Without a folder it is the system's, unless a folder of headers has it.
            found = [one for one in found if posixpath.basename(tree.folder_of(one)) in _FOLDERS_OF_HEADERS] or found
        if not is_local and len(found) == 1 and len(self._of_all) < _MOST_OF_ALL:
            # It is the same from every folder.
            self._of_all[path] = inside(*found)
        return inside(*tree.nearest(found, folder))

    def _is_standard(self, path: str) -> bool:
        stem, _, suffix = path.partition(".")
        return (suffix == "h" and stem in _STANDARD_C) or ("/" not in path and not suffix)


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
