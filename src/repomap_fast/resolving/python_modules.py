"""Python: from a module's name to its file, without an environment: by packages, and by the folders that hold them."""

from __future__ import annotations

import posixpath
import sys
from typing import TYPE_CHECKING

from repomap_fast.joining.imports import IMPORT_NAME
from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, ancestors, inside, n_common_folders

if TYPE_CHECKING:
    from repomap_fast.resolving.source_tree import SourceTree

_SUFFIXES = (".py", ".pyi", ".pyx")
_OF_PROJECTS = ("pyproject.toml", "setup.py", "setup.cfg")
_FOLDERS_OF_SOURCES = ("src", "lib", "python")


class PythonModules:
    """Finds modules.

    An absolute name is looked for in the folder that the importing file's package is in, then in the folders around it
    that are no packages. Then in other folders that hold a package of that name, the nearest first: those of projects
    and of sources, and those that have a folder in common with the file. A name of the standard library is not looked
    for in these.
    """

    def __init__(self, tree: SourceTree) -> None:
        self._tree = tree
        markers = ("__init__.py", "__init__.pyi")
        self._is_package = {tree.folder_of(row) for name in markers for row in tree.named(name)}
        self._roots_of_package: dict[str, list[str]] = {}
        for folder in sorted(self._is_package):
            if posixpath.dirname(folder) not in self._is_package:
                self._roots_of_package.setdefault(posixpath.basename(folder), []).append(posixpath.dirname(folder))
        self._roots: dict[str, str] = {}
        # The root may be a package itself.
        self._name_of_root = "" if tree.root is None or "" not in self._is_package else tree.root.name

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means."""
        folder, module = self._tree.folder_of(row), written.module
        if module.startswith("."):
            n_up = len(module) - len(module.lstrip(".")) - 1
            for _ in range(n_up):
                if not folder:
                    return NOT_FOUND
                folder = posixpath.dirname(folder)
            return self._below(folder, module.lstrip("."), written) or NOT_FOUND
        top, _, rest = module.partition(".")
        if top == self._name_of_root:
            return self._below("", rest, written) or NOT_FOUND
        is_known_there = False
        for root in self._places(folder, top):
            found = self._below(root, module, written)
            if found is not None:
                return found
            is_known_there = is_known_there or self._file(posixpath.join(root, top)) is not None
        return NOT_FOUND if is_known_there else NOT_HERE

    def _places(self, folder: str, top: str) -> list[str]:
        """Return the folders to look in for an absolute name, the best first."""
        own = self._root_around(folder)
        # A folder of a package holds no modules that are found by their bare names.
        is_root = {place: place not in self._is_package for place in ancestors(own)}
        places = dict.fromkeys(place for place, is_one in is_root.items() if is_one)
        if top not in sys.stdlib_module_names:
            others = [root for root in self._roots_of_package.get(top, []) if self._is_likely_root(root, folder)]
            places |= dict.fromkeys(
                sorted(others, key=lambda root: (-n_common_folders(root, folder), root.count("/"), root))
            )
            places |= dict.fromkeys(posixpath.join(around, "src") for around in ancestors(own))
        return list(places)

    def _is_likely_root(self, root: str, folder: str) -> bool:
        """Return whether a file in a folder may find packages in ``root``: one beside it, or that of a project."""
        names = (posixpath.join(root, name) for name in _OF_PROJECTS)
        return (
            n_common_folders(root, folder) > 0
            or posixpath.basename(root) in _FOLDERS_OF_SOURCES
            or any(map(self._tree.has_settings, names))
        )

    def _root_around(self, folder: str) -> str:
        """Return the first folder around that is no package: where the names of its packages begin."""
        if folder not in self._roots:
            root = folder
            while root and root in self._is_package:
                root = posixpath.dirname(root)
            self._roots[folder] = root
        return self._roots[folder]

    def _below(self, root: str, module: str, written: Written) -> Found | None:
        """Return what a module means whose name begins in a folder; None where it is not there."""
        path = posixpath.join(root, module.replace(".", "/")) if module else root
        if written.kind == IMPORT_NAME:
            # A module of the package goes before a name in its __init__.py.
            submodule = self._file(posixpath.join(path, written.name))
            if submodule is not None:
                return inside(submodule)
        found = self._file(path)
        return None if found is None else inside(found)

    def _file(self, path: str) -> int | None:
        """Return the file of a module or a package."""
        names = (f"{path}{suffix}" for suffix in _SUFFIXES)
        packages = (posixpath.join(path, f"__init__{suffix}") for suffix in _SUFFIXES)
        return self._tree.first_of((*packages, *names))
