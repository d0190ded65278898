"""Java, Kotlin, C#, PHP: from a package or a type in it to files, by the package that each file says it belongs to."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from repomap_fast.joining.imports import IMPORT_ALL, IMPORT_KIND_MASK, IMPORT_NAME, IMPORT_STATIC
from repomap_fast.resolving.source_tree import NOT_FOUND, NOT_HERE, Found, Written, inside

if TYPE_CHECKING:
    from repomap_fast.resolving.source_tree import SourceTree

_MOST_NESTED = 8
"""Types within types that an import may name."""
DefinersOf = Callable[[str], frozenset[int]]


class PackageModules:
    """Finds types and packages.

    A type is in the file of its name, as in all of these languages it mostly is; else in a file of the package that
    defines the name.
    """

    def __init__(
        self, tree: SourceTree, packages: Iterable[tuple[int, str]], separator: str, definers_of: DefinersOf
    ) -> None:
        """Take the files.

        packages     each file with a package that it says it belongs to.
        separator    between the names of a package.
        definers_of  returns the files that define a name.
        """
        self._separator = separator
        self._definers_of = definers_of
        self._files: dict[str, list[int]] = {}
        self._types: dict[str, list[int]] = {}
        for row, package in packages:
            stem = posixpath.basename(tree.paths[row]).partition(".")[0]
            self._files.setdefault(package, []).append(row)
            self._types.setdefault(f"{package}{separator}{stem}", []).append(row)

    def find(self, row: int, written: Written) -> Found:
        """Return what an import in a file means."""
        kind, is_static = written.kind & IMPORT_KIND_MASK, bool(written.kind & IMPORT_STATIC)
        name = written.module.removeprefix("global::")
        if kind == IMPORT_NAME:
            name = f"{name}{self._separator}{written.name}"
        if kind == IMPORT_ALL and not is_static and name in self._files:
            return inside(*self._files[name])
        outer = name
        for _ in range(_MOST_NESTED):
            if outer in self._types:
                return inside(*self._types[outer])
            package, _, member = outer.rpartition(self._separator)
            if package in self._files:
                defining = self._definers_of(member).intersection(self._files[package])
                if defining:
                    return inside(*defining)
            outer = package
            if not outer:
                break
        if name in self._files:
            # PHP imports namespaces as it does types.
            return inside(*self._files[name])
        # A type of a package that is here, and in none of its files, is made by a build.
        return NOT_FOUND if self._package_of(name) in self._files else NOT_HERE

    def _package_of(self, name: str) -> str:
        """Return the package of a type: what stands before the first name with a capital letter, or before the last."""
        parts = name.split(self._separator)
        ends = [i for i, part in enumerate(parts) if part[:1].isupper()] if self._separator == "." else []
        return self._separator.join(parts[: ends[0] if ends and ends[0] else -1])
