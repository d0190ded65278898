"""Java: the packages of a repository, and the types in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast.resolving.meanings import BOUND, MODULE, NOTHING, OUTSIDE
from repomap_fast.resolving.scopes import NONE

if TYPE_CHECKING:
    from repomap_fast.resolving.meanings import Meaning, Meanings, Sources

_MOST_PARTS = 40
"""Of a name with dots."""


class JavaPackages:
    """The packages that files say they belong to, and what stands for each: a number behind MODULE."""

    def __init__(self, sources: Sources) -> None:
        self._sources = sources
        self._of_file = {file: package.encode("utf-8", "surrogateescape") for file, package in sources.packages("java")}
        self._files: dict[bytes, set[int]] = {}
        for file, package in self._of_file.items():
            self._files.setdefault(package, set()).add(file)
        outer = {
            b".".join(parts[:n]) for parts in (name.split(b".") for name in self._files) for n in range(1, len(parts))
        }
        self._names = sorted(outer.union(self._files))
        self._numbers = {name: number for number, name in enumerate(self._names)}
        self._types: dict[tuple[bytes, bytes], Meanings] = {}

    def of(self, file: int) -> bytes:
        """Return the package of a file; empty for the one without a name."""
        return self._of_file.get(file, b"")

    def named(self, name: bytes) -> Meanings:
        """Return the package of a name, or whose name begins so; OUT for others."""
        number = self._numbers.get(name)
        return OUTSIDE if number is None else ((MODULE, number),)

    def member(self, value: Meaning, name: bytes) -> Meanings:
        """Return a type in a package, or a package whose name goes on so."""
        package = self._names[value[1]]
        return self.type_in(package, name) or self.named(package + b"." + name)

    def type_in(self, package: bytes, name: bytes) -> Meanings:
        """Return a type at the top of a file of a package."""
        key = (package, name)
        if key not in self._types:
            self._types[key] = self._find(package, name)
        return self._types[key]

    def _find(self, package: bytes, name: bytes) -> Meanings:
        files = self._files.get(package)
        if not files:
            return NOTHING
        found = []
        for file in sorted(files.intersection(self._sources.definers(min(files), name))):
            here = self._sources.scopes(file)
            found += [(BOUND, file, one) for one in here.bound(0, name) if here.opened_by(one) != NONE]
        return tuple(found)

    def qualified(self, path: bytes) -> Meanings:
        """Return the type that a name with dots means; OUT for one of a package that is not here."""
        parts = path.split(b".")
        if len(parts) > _MOST_PARTS:
            return NOTHING
        for n in range(len(parts) - 1, 0, -1):
            package = b".".join(parts[:n])
            if package not in self._files:
                continue
            found = self.type_in(package, parts[n])
            for name in parts[n + 1 :]:
                found = self._nested(found, name)
            return found
        return OUTSIDE

    def _nested(self, types: Meanings, name: bytes) -> Meanings:
        found = []
        for _, file, binding in types:
            here = self._sources.scopes(file)
            scope = here.opened_by(binding)
            if scope != NONE:
                found += [(BOUND, file, one) for one in here.bound(scope, name) if here.opened_by(one) != NONE]
        return tuple(found)
