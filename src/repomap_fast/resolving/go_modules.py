"""Go: from the path of a package to the files in its folder, by ``go.mod``, ``vendor`` and the name of the root."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, ancestors, inside, join

if TYPE_CHECKING:
    from repomap_fast.resolving.source_tree import SourceTree

# A repository may hold any text: each piece takes what it can, within its line, and gives none of it back.
_MODULE = re.compile(r'^[^\S\n]*+module[^\S\n]++"?([^\s"]++)', re.MULTILINE)
_REPLACE = re.compile(
    r'^[^\S\n]*+(?:replace[^\S\n]++)?"?([^\s"]++)"?(?:[^\S\n]++v\S++)?+[^\S\n]*+=>[^\S\n]*+'
    r'"?(\.{1,2}/[^\s"]*+|\.{1,2})"?[^\S\n]*+(?://[^\n]*+)?$',
    re.MULTILINE,
)

_STANDARD = "std"
"""The module whose packages are imported without its name: the standard library."""


class GoModules:
    """Finds packages."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._folder_of: dict[str, str] = {}
        for folder in tree.folders_with("go.mod", ("go",)):
            text = tree.read(posixpath.join(folder, "go.mod")) or ""
            if declared := _MODULE.search(text):
                self._folder_of.setdefault(declared[1], folder)
            for module, path in _REPLACE.findall(text):
                replaced = join(folder, path)
                if replaced is not None:
                    self._folder_of.setdefault(module, replaced)

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means: the files of the package, without its tests."""
        path = written.module
        for folder in ancestors(self._tree.folder_of(row)):
            if vendored := self._files(posixpath.join(folder, "vendor", path)):
                return inside(*vendored)
        for module in ancestors(path):
            if module and module in self._folder_of:
                rest = path[len(module) :].lstrip("/")
                found = self._files(posixpath.join(self._folder_of[module], rest).rstrip("/"))
                return inside(*found) if found else NOT_FOUND
        if _STANDARD in self._folder_of and (found := self._files(posixpath.join(self._folder_of[_STANDARD], path))):
            return inside(*found)
        if not self._folder_of:
            return self._without_modules(path)
        return NOT_HERE

    def _without_modules(self, path: str) -> Found:
        """Return what a path means where no ``go.mod`` is: it has the name of the root, and goes on from there."""
        name = "" if self._tree.root is None else self._tree.root.name
        parts = path.split("/")
        if "." in parts[0] and name in parts:
            found = self._files("/".join(parts[parts.index(name) + 1 :]))
            return inside(*found) if found else NOT_HERE
        found = self._files(posixpath.join("src", path))
        return inside(*found) if found else NOT_HERE

    def _files(self, folder: str) -> list[int]:
        tree = self._tree
        return [
            row
            for row in tree.folders.get(folder, ())
            if tree.languages[row] == "go" and not tree.paths[row].endswith("_test.go")
        ]
