"""Rust: from a path of ``use`` or ``mod`` to the file of the module that it leads into.

Modules are found by their files: ``a::b`` is ``a/b.rs`` or ``a/b/mod.rs``. What is left of a path is in that file.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_LOCAL_PATH, IMPORT_MODULE
from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, ancestors, inside, join

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.source_tree import SourceTree

_STANDARD = frozenset(("std", "core", "alloc", "proc_macro", "test"))
_ROOTS = ("lib.rs", "main.rs")
_FOLDERS_OF_ROOTS = frozenset(("tests", "examples", "benches", "bin"))
"""Each file directly in one of these that no other file declares is a crate of its own."""
_SECTION = re.compile(r"^[ \t]*+\[++([^\]\n]++)\]", re.MULTILINE)
_SETTING = re.compile(r'^[ \t]*(name|path)[ \t]*=[ \t]*"([^"\n]*)"', re.MULTILINE)
_KEY = re.compile(r'^[ \t]*"?([\w-]+)"?[ \t]*(?:\.|=)', re.MULTILINE)
_TARGETS = frozenset(("lib", "bin", "test", "example", "bench"))
_MOST_MODULES = 64
"""Modules within modules that a path may lead out of."""


class RustModules:
    """Finds modules."""

    def __init__(self, tree: SourceTree, submodules: Iterable[tuple[int, str]]) -> None:
        """Take the files, and what each declares as its modules: ``self::name`` of ``mod name;``."""
        self._tree = tree
        self._root_of_crate: dict[str, int] = {}
        self._root_of_folder: dict[str, int] = {}
        self._roots: set[int] = set()
        self._dependencies: set[str] = set()
        self._declared_in: dict[int, int] = {}
        crates = tree.folders_with("Cargo.toml", ("rust",))
        for folder in crates:
            self._read_crate(folder, tree.read(posixpath.join(folder, "Cargo.toml")) or "")
        self._has_crates = bool(crates)
        for row, module in submodules:
            child = self._inner(row, module.split("::")[1:])
            if child is not None and child not in self._roots:
                self._declared_in.setdefault(child, row)

    def _read_crate(self, folder: str, text: str) -> None:
        """Note where the targets of a crate begin, what its library is called, and what it depends on."""
        pieces = _SECTION.split(text)
        names = {"package": "", "lib": ""}
        library = "src/lib.rs"
        for section, body in zip((part.strip() for part in pieces[1::2]), pieces[2::2], strict=True):
            if "dependencies" in section:
                before, _, name = section.rpartition("dependencies.")
                keys = [name] if before or section.startswith("dependencies.") else _KEY.findall(body)
                self._dependencies |= {key.replace("-", "_") for key in keys}
                continue
            settings = dict(_SETTING.findall(body))
            names |= {section: settings.get("name", "")} if section in names else {}
            if section in _TARGETS and (path := join(folder, settings.get("path", ""))) in self._tree.row_of:
                self._roots.add(self._tree.row_of[path])
                library = settings["path"] if section == "lib" else library
        root = self._tree.first_of(
            path for one in (library, "src/lib.rs", "src/main.rs") if (path := join(folder, one)) is not None
        )
        if root is None:
            return
        self._root_of_folder[folder] = root
        self._roots.add(root)
        if name := names["lib"] or names["package"]:
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
        near = self._child(row, first)
        if near is not None:
            return self._from(near, parts[1:])
        if first in _STANDARD:
            return NOT_HERE
        if first in self._root_of_crate:
            return self._from(self._root_of_crate[first], parts[1:])
        if not self._has_crates or first in self._dependencies:
            return NOT_HERE
        # It is no crate: a type or an inline module of the file itself.
        return inside(row)

    def _relative(self, row: int, parts: list[str], *, is_module: bool) -> Found:
        at: int | None = row
        while parts and parts[0] in ("self", "super"):
            if parts[0] == "super" and at is not None:
                at = self._parent(at)
            parts = parts[1:]
        if at is None:
            return NOT_FOUND
        if is_module and parts:
            # `mod name;` says that there is a file.
            found = self._inner(at, parts)
            return NOT_FOUND if found is None else inside(found)
        return self._from(at, parts)

    def _from(self, row: int, parts: list[str]) -> Found:
        """Return the file of the innermost module that a path leads into, from the module of a file on."""
        for part in parts:
            child = self._child(row, part)
            if child is None:
                break
            row = child
        return inside(row)

    def _inner(self, row: int, parts: list[str]) -> int | None:
        """Return the file of a module that a file declares, maybe in inline modules: these are folders."""
        return self._child(row, "/".join(parts))

    def _child(self, row: int, path: str) -> int | None:
        below = [posixpath.join(folder, path) for folder in self._folders_below(row)]
        return self._tree.first_of(f"{one}{end}" for one in below for end in (".rs", "/mod.rs"))

    def _folders_below(self, row: int) -> tuple[str, ...]:
        """Return the folders in which the modules within the module of a file may be."""
        folder, name = posixpath.split(self._tree.paths[row])
        own = posixpath.join(folder, name.removesuffix(".rs"))
        if name in (*_ROOTS, "mod.rs") or row in self._roots:
            return (folder,)
        if row not in self._declared_in and self._may_be_root(folder, name):
            return (folder, own)
        return (own,)

    def _may_be_root(self, folder: str, name: str) -> bool:
        return name == "build.rs" or posixpath.basename(folder) in _FOLDERS_OF_ROOTS

    def _parent(self, row: int) -> int | None:
        """Return the file of the module around that of a file."""
        if row in self._declared_in:
            return self._declared_in[row]
        folder, name = posixpath.split(self._tree.paths[row])
        if name in _ROOTS or row in self._roots:
            return None
        if name == "mod.rs":
            folder = posixpath.dirname(folder)
        return self._tree.first_of((*(posixpath.join(folder, one) for one in ("mod.rs", *_ROOTS)), f"{folder}.rs"))

    def _crate_of(self, row: int) -> int | None:
        """Return the file that the crate of a file begins with."""
        for _ in range(_MOST_MODULES):
            if row in self._roots or row not in self._declared_in:
                break
            row = self._declared_in[row]
        folder, name = posixpath.split(self._tree.paths[row])
        if row in self._roots or name in _ROOTS or self._may_be_root(folder, name):
            return row
        for around in ancestors(folder):
            root = self._tree.first_of(posixpath.join(around, one) for one in _ROOTS)
            if root is not None:
                return root
            if around in self._root_of_folder:
                return self._root_of_folder[around]
        return None
