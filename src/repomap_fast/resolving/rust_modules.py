"""Rust: from a path of ``use`` or ``mod`` to the file of the module that it leads into.

Modules are found by their files alone: ``a::b`` is ``a/b.rs`` or ``a/b/mod.rs``. What is left of a path is in that file.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_LOCAL_PATH, IMPORT_MODULE
from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, ancestors, inside, join

if TYPE_CHECKING:
    from repomap_fast.resolving.source_tree import SourceTree

_STANDARD = frozenset(("std", "core", "alloc", "proc_macro", "test"))
_ROOTS = ("lib.rs", "main.rs")
_SECTION = re.compile(r"^\s*\[([^\]\n]+)\]", re.MULTILINE)
_SETTING = re.compile(r'^\s*(name|path)\s*=\s*"([^"\n]*)"', re.MULTILINE)
_FOLDERS_OF_ROOTS = frozenset(("tests", "examples", "benches", "bin"))
"""Each file directly in one of these is a crate of its own."""


class RustModules:
    """Finds modules."""

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        self._root_of_crate: dict[str, int] = {}
        self._root_of_folder: dict[str, int] = {}
        self._roots: set[int] = set()
        for row in tree.named("Cargo.toml"):
            self._read_crate(tree.folder_of(row), tree.read(tree.paths[row]) or "")

    def _read_crate(self, folder: str, text: str) -> None:
        """Note where a crate's library begins."""
        pieces = _SECTION.split(text)
        named = {"package": "", "lib": ""}
        path = "src/lib.rs"
        for section, body in zip(pieces[1::2], pieces[2::2], strict=False):
            settings = dict(_SETTING.findall(body))
            if section.strip() in named:
                named[section.strip()] = settings.get("name", "")
            if section.strip() == "lib" and "path" in settings:
                path = settings["path"]
        tree = self._tree
        root = tree.first_of(filter(None, (join(folder, one) for one in (path, "src/lib.rs", "src/main.rs"))))
        if root is None:
            return
        self._root_of_folder[folder] = root
        self._roots.add(root)
        name = named["lib"] or named["package"]
        if name:
            self._root_of_crate.setdefault(name.replace("-", "_"), root)

    def find(self, row: int, written: Written) -> Found:
        """Return what a ``use`` or ``mod`` in a file means."""
        if written.kind & IMPORT_KIND_MASK == IMPORT_LOCAL_PATH:
            beside = join(self._tree.folder_of(row), written.module)
            return inside(self._tree.row_of[beside]) if beside in self._tree.row_of else NOT_FOUND
        parts = [*written.module.split("::"), *(written.name.split("::") if written.name else [])]
        first = parts[0]
        if first == "crate":
            root = self._crate_of(row)
            return NOT_FOUND if root is None else self._from(root, parts[1:])
        if first in ("self", "super"):
            return self._relative(row, parts, is_module=written.kind & IMPORT_KIND_MASK == IMPORT_MODULE)
        near = self._child(self._folder_below(row), first)
        if near is not None:
            return self._from(near, parts[1:])
        if first in _STANDARD:
            return NOT_HERE
        if first in self._root_of_crate:
            return self._from(self._root_of_crate[first], parts[1:])
        return NOT_HERE

    def _relative(self, row: int, parts: list[str], *, is_module: bool) -> Found:
        at: int | None = row
        while parts and parts[0] in ("self", "super"):
            if parts[0] == "super" and at is not None:
                at = self._parent(at)
            parts = parts[1:]
        if at is None:
            return NOT_FOUND
        found = self._from(at, parts)
        # `mod name;` says that there is a file.
        is_missing = is_module and len(parts) == 1 and found.files == (at,)
        return NOT_FOUND if is_missing else found

    def _from(self, row: int, parts: list[str]) -> Found:
        """Return the file of the innermost module that a path leads into, from the module of a file on."""
        for part in parts:
            child = self._child(self._folder_below(row), part)
            if child is None:
                break
            row = child
        return inside(row)

    def _child(self, folder: str, name: str) -> int | None:
        return self._tree.first_of((posixpath.join(folder, f"{name}.rs"), posixpath.join(folder, name, "mod.rs")))

    def _folder_below(self, row: int) -> str:
        """Return the folder of the modules within the module of a file."""
        folder, name = posixpath.split(self._tree.paths[row])
        if name in (*_ROOTS, "mod.rs") or row in self._roots or self._is_root(folder, name):
            return folder
        return posixpath.join(folder, name.removesuffix(".rs"))

    def _is_root(self, folder: str, name: str) -> bool:
        around = posixpath.dirname(folder)
        is_of_crate = around in self._root_of_folder or posixpath.dirname(around) in self._root_of_folder
        return name == "build.rs" or (posixpath.basename(folder) in _FOLDERS_OF_ROOTS and is_of_crate)

    def _parent(self, row: int) -> int | None:
        """Return the file of the module around that of a file."""
        folder, name = posixpath.split(self._tree.paths[row])
        if name in _ROOTS:
            return None
        if name == "mod.rs":
            folder = posixpath.dirname(folder)
        roots = (posixpath.join(folder, one) for one in ("mod.rs", *_ROOTS))
        return self._tree.first_of((*roots, f"{folder}.rs"))

    def _crate_of(self, row: int) -> int | None:
        """Return the file that the crate of a file begins with."""
        tree = self._tree
        folder, name = posixpath.split(tree.paths[row])
        if self._is_root(folder, name):
            return row
        for around in ancestors(folder):
            if (root := tree.first_of(posixpath.join(around, one) for one in _ROOTS)) is not None:
                return root
            if around in self._root_of_folder:
                return self._root_of_folder[around]
        return None
