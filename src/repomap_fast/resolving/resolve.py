"""Resolves imports: for each that a file has, which files of the repository it means, or that it leads outside.

No file of the repository is run and no environment is asked: the same files give the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import ScanCancelled
from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_PACKAGE, IMPORT_PATH
from repomap_fast.resolving.go_modules import GoModules
from repomap_fast.resolving.included_files import IncludedFiles, RequiredFiles
from repomap_fast.resolving.package_modules import PackageModules
from repomap_fast.resolving.python_modules import PythonModules
from repomap_fast.resolving.rust_modules import RustModules
from repomap_fast.resolving.script_modules import ScriptModules
from repomap_fast.resolving.source_tree import NOT_HERE, Found, SourceTree, Written
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from repomap_fast.joining.imports import ImportTable
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress

_BETWEEN_CHECKS = 4_096
_PHP_FOLDERS = ("src", "lib", "inc", "includes", "public")
_RUBY_FOLDERS = ("lib", "app", "test", "spec", "ext")


@dataclass(frozen=True, slots=True, eq=False)
class ResolvedImports:
    """The imports of a repository and what they mean.

    table    as they are written; no record of a package is among them.
    rows     (n,) int64: the row of the file table of each import's file.
    found    of each, the files that it means and where it leads.
    tree     the files.
    """

    table: ImportTable
    rows: I64
    found: list[Found]
    tree: SourceTree

    def __len__(self) -> int:
        return len(self.found)


def resolve_imports(result: ScanResult, watch: Progress) -> ResolvedImports:
    """Return what the imports of a scan mean. Raises ScanCancelled, IndexDamagedError."""
    table = result.imports.table()
    rows = result.file_table.rows_with_language()[table.file_ids].astype(np.int64)
    tree = SourceTree.of(result)
    is_package = table.kinds & IMPORT_KIND_MASK == IMPORT_PACKAGE
    packages = [
        (int(rows[i]), _text(table.modules[i])) for i in np.flatnonzero(is_package).tolist()
    ]
    finders = _Finders(tree, packages, _definers_of(result))
    kept = np.flatnonzero(~is_package)
    table, rows = table.rows_at(kept), rows[kept]
    found = []
    for i, (row, kind) in enumerate(zip(rows.tolist(), table.kinds.tolist(), strict=True)):
        if i % _BETWEEN_CHECKS == 0:
            watch.raise_if_cancelled()
        found.append(finders.find(row, Written(kind, _text(table.modules[i]), _text(table.names[i]))))
    return ResolvedImports(table, rows, found, tree)


class _Finders:
    """The finder of each language, made when it is first needed, and what was found so far."""

    def __init__(
        self, tree: SourceTree, packages: list[tuple[int, str]], definers_of: Callable[[str], frozenset[int]]
    ) -> None:
        self._tree = tree
        self._packages = packages
        self._definers_of = definers_of
        self._by_group: dict[str, Callable[[int, Written], Found]] = {}
        self._known: dict[tuple[object, Written], Found] = {}

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means."""
        language = self._tree.languages[row]
        # But in Rust and C#, all files of a folder mean the same by the same words.
        place = row if language in ("rust", "csharp") else (language, self._tree.folder_of(row))
        key = (place, written)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._finder(language, written.kind & IMPORT_KIND_MASK)(row, written)
        return found

    def _finder(self, language: str, kind: int) -> Callable[[int, Written], Found]:
        group = f"{language}, by path" if kind >= IMPORT_PATH else _GROUPS.get(language, language)
        if group not in self._by_group:
            self._by_group[group] = self._new_finder(group)
        return self._by_group[group]

    def _new_finder(self, group: str) -> Callable[[int, Written], Found]:
        tree = self._tree
        if group == "python":
            return PythonModules(tree).find
        if group == "script":
            return ScriptModules(tree).find
        if group == "go":
            return GoModules(tree).find
        if group in ("rust", "rust, by path"):
            return RustModules(tree).find
        if group in ("c, by path", "cpp, by path"):
            return IncludedFiles(tree).find
        if group == "ruby, by path":
            return RequiredFiles(tree, ".rb", _RUBY_FOLDERS).find
        if group == "php, by path":
            return RequiredFiles(tree, ".php", _PHP_FOLDERS).find
        if group in _SEPARATORS:
            members = {name for name in tree.languages if _GROUPS.get(name, name) == group}
            packages = [(row, name) for row, name in self._packages if tree.languages[row] in members]
            return PackageModules(tree, packages, _SEPARATORS[group], self._definers_of).find
        return lambda row, written: NOT_HERE


_GROUPS = {
    **dict.fromkeys(("javascript", "typescript", "tsx"), "script"),
    **dict.fromkeys(("java", "kotlin", "scala"), "jvm"),
}
"""Languages whose imports are found in the same way."""
_SEPARATORS = {"jvm": ".", "csharp": ".", "php": "\\", "cpp": "."}


def _definers_of(result: ScanResult) -> Callable[[str], frozenset[int]]:
    """Return a function that gives the files that define a name, as rows of the file table."""
    rows = result.file_table.rows_with_language()
    known: dict[str, frozenset[int]] = {}

    def definers_of(name: str) -> frozenset[int]:
        if name not in known:
            graph = result.graph
            ids = graph.tags.find([name.encode("utf-8", "surrogateescape")])
            files, _ = graph.definers_of(ids[ids >= 0])
            known[name] = frozenset(rows[files].tolist())
        return known[name]

    return definers_of


def _text(name: bytes) -> str:
    return name.decode("utf-8", "surrogateescape")
