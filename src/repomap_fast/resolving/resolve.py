"""Resolves imports: for each that a file has, which files of the repository it means, or that it leads outside.

No file of the repository is run and no environment is asked: the same files give the same answer on every machine.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining.imports import IMPORT_KIND_MASK, IMPORT_PACKAGE, IMPORT_PATH
from repomap_fast.resolving.source_tree import NOT_HERE, SCRIPTS, Found, SourceTree, Written
from repomap_fast.tables import I64

if TYPE_CHECKING:
    from repomap_fast.joining.imports import ImportTable
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.resolving.included_files import IncludedFiles

_BETWEEN_CHECKS = 4_096


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
    resolver = ImportResolver(result)
    rows, table = resolver.written
    kept = np.flatnonzero(table.kinds & IMPORT_KIND_MASK != IMPORT_PACKAGE)
    table, rows = table.rows_at(kept), rows[kept]
    found = []
    for i, row in enumerate(rows.tolist()):
        if i % _BETWEEN_CHECKS == 0:
            watch.raise_if_cancelled()
        found.append(resolver.find(row, written_at(table, i)))
    return ResolvedImports(table, rows, found, resolver.tree)


def written_at(table: ImportTable, i: int) -> Written:
    """Return an import of a table as finders take it."""
    return Written(int(table.kinds[i]), _text(table.modules[i]), _text(table.names[i]))


class ImportResolver:
    """Finds what imports mean in the files of a scan; each language's finder is made when it is first needed."""

    def __init__(self, result: ScanResult) -> None:
        self.tree = SourceTree.of(result)
        self._result = result
        self._definers_of = _definers_of(result)
        self._by_group: dict[str, Callable[[int, Written], Found]] = {}
        self._known: dict[tuple[object, Written], Found] = {}

    @cached_property
    def written(self) -> tuple[I64, ImportTable]:
        """All imports of the scan, and the row of the file table of each. Raises IndexDamagedError."""
        table = self._result.imports.table()
        return self._result.file_table.rows_with_language()[table.file_ids].astype(np.int64), table

    @cached_property
    def included_files(self) -> IncludedFiles:
        """What finds the files of ``#include``, in C and C++."""
        from repomap_fast.resolving.included_files import IncludedFiles

        return IncludedFiles(self._result.file_table.paths)

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means."""
        language = self.tree.languages[row]
        # But in Rust, all files of a folder mean the same by the same words.
        place = row if language == "rust" else (language, self.tree.folder_of(row))
        key = (place, written)
        found = self._known.get(key)
        if found is None:
            found = self._known[key] = self._finder(language, written.kind & IMPORT_KIND_MASK)(row, written)
        return found

    def packages(self, languages: Collection[str]) -> list[tuple[int, str]]:
        """Return each file of these languages with a package that it says it belongs to."""
        rows, table = self.written
        said = np.flatnonzero(table.kinds & IMPORT_KIND_MASK == IMPORT_PACKAGE)
        packages = ((int(rows[i]), _text(table.modules[i])) for i in said.tolist())
        return [(row, package) for row, package in packages if self.tree.languages[row] in languages]

    def _submodules(self) -> list[tuple[int, str]]:
        """Return each file of Rust with a module that it declares."""
        rows, table = self.written
        pairs = zip(rows.tolist(), table.modules, strict=True)
        of_rust = ((row, name) for row, name in pairs if name.startswith(b"self::"))
        return [(row, _text(name)) for row, name in of_rust if self.tree.languages[row] == "rust"]

    def _finder(self, language: str, kind: int) -> Callable[[int, Written], Found]:
        group = f"{language}, by path" if kind >= IMPORT_PATH else _GROUPS.get(language, language)
        if group not in self._by_group:
            self._by_group[group] = self._new_finder(group)
        return self._by_group[group]

    def _new_finder(self, group: str) -> Callable[[int, Written], Found]:
        tree = self.tree
        # A repository has few languages: the modules of the others need not be loaded.
        if group == "python":
            from repomap_fast.resolving.python_modules import PythonModules

            return PythonModules(tree).find
        if group == "script":
            from repomap_fast.resolving.script_modules import ScriptModules

            return ScriptModules(tree).find
        if group == "go":
            from repomap_fast.resolving.go_modules import GoModules

            return GoModules(tree).find
        if group in ("rust", "rust, by path"):
            from repomap_fast.resolving.rust_modules import RustModules

            return RustModules(tree, self._submodules()).find
        if group in ("c, by path", "cpp, by path"):
            return self.included_files.find
        if group in _REQUIRED:
            from repomap_fast.resolving.included_files import RequiredFiles

            return RequiredFiles(tree, *_REQUIRED[group]).find
        if group in _SEPARATORS:
            from repomap_fast.resolving.package_modules import PackageModules

            members = {name for name in tree.languages if _GROUPS.get(name, name) == group}
            return PackageModules(tree, self.packages(members), _SEPARATORS[group], self._top_definers_of).find
        return lambda row, written: NOT_HERE

    def _top_definers_of(self, name: str) -> frozenset[int]:
        """Return the files that define a name that can be imported: in Java that is a type in the file of its name."""
        return frozenset(row for row in self._definers_of(name) if self.tree.languages[row] != "java")


_GROUPS = {
    **dict.fromkeys(SCRIPTS, "script"),
    **dict.fromkeys(("java", "kotlin", "scala"), "jvm"),
}
"""Languages whose imports are found in the same way."""
_REQUIRED = {
    "ruby, by path": (".rb", ("lib", "app", "test", "spec", "ext")),
    "php, by path": (".php", ("src", "lib", "inc", "includes", "public")),
}
"""Of languages that require files by their paths: the suffix of a file, and the folders that paths begin in."""
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
