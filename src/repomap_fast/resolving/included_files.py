"""C, C++, Ruby, PHP: from the path of an included file to the file, beside the one that includes it or anywhere else.

The folders that a compiler looks in are in no file that all builds have. So a path is looked for at the end of all
paths, and the nearest is taken. Where several are as near, the import means any of them.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_LOCAL_PATH
from repomap_fast.resolving import _included_files
from repomap_fast.resolving.source_tree import INSIDE, NOT_FOUND, NOT_HERE, Found, Written, inside, join

if TYPE_CHECKING:
    from repomap_fast.resolving.source_tree import SourceTree
    from repomap_fast.tables import StringTable

_STANDARD_C = frozenset(
    f"{stem}.h".encode()
    for stem in (
        *("assert", "complex", "ctype", "errno", "fenv", "float", "inttypes", "iso646", "limits", "locale", "math"),
        *("setjmp", "signal", "stdalign", "stdarg", "stdatomic", "stdbool", "stddef", "stdint", "stdio", "stdlib"),
        *("stdnoreturn", "string", "tgmath", "threads", "time", "uchar", "wchar", "wctype"),
        *("unistd", "fcntl", "dirent", "pthread", "poll", "sched", "semaphore", "termios", "syslog", "pwd", "grp"),
        *("netdb", "strings", "dlfcn", "glob", "regex"),
    )
)
"""Headers of C and of POSIX."""
_FOLDERS_OF_HEADERS = frozenset((b"include", b"inc", b"src"))
_MOST_KNOWN = 100_000
"""Most paths of which it is remembered what they may mean, and most answers for one folder each."""


class IncludedFiles:
    """Finds the files of ``#include``."""

    def __init__(self, paths: StringTable) -> None:
        """Take the paths of all files, which are sorted."""
        self._finder = _included_files.IncludeFinder(
            paths.offsets,
            paths.data,
            outside=_STANDARD_C,
            folders_of_headers=_FOLDERS_OF_HEADERS,
            most_known=_MOST_KNOWN,
        )

    @property
    def n_searched(self) -> int:
        """How many paths were looked for among all files, to count what answers take."""
        return self._finder.n_searched

    def find(self, row: int, written: Written) -> Found:
        """Return what an ``#include`` in a file means."""
        is_local = written.kind & IMPORT_KIND_MASK == IMPORT_LOCAL_PATH
        files = self._finder.find(row, written.module.encode("utf-8", "surrogateescape"), is_local)
        if files:
            return Found(files, INSIDE)
        return NOT_FOUND if is_local else NOT_HERE

    def included(self, row: int, records: bytes) -> tuple[int, ...]:
        """Return the files that a file includes, each once, in the order of its text.

        records  of all that it imports.

        Raises IndexDamagedError for what are no records.
        """
        try:
            return self._finder.included(row, records)
        except ValueError as error:
            raise IndexDamagedError(str(error)) from error

    def included_at(self, row: int, records: bytes) -> list[tuple[int, tuple[int, ...]]]:
        """Return for each ``#include`` of a file its row in the text, zero-based, and the files that it means, rising.

        The rest is as for ``included``.
        """
        try:
            return self._finder.included_at(row, records)
        except ValueError as error:
            raise IndexDamagedError(str(error)) from error


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
