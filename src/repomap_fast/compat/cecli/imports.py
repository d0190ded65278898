"""Which files an import may mean, by the parts of their paths."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from pathlib import Path

Parts = tuple[str, ...]

_SEPARATORS = re.compile(r"[.\\/]")
_MAX_PARTS = 32
"""Of the end of a path: deeper ones are not compared further."""


def path_parts(rel_fname: str) -> Parts:
    """Return the parts of a file's path, the last one without its suffix."""
    *folders, name = Path(rel_fname).parts or ("",)
    return (*folders, os.path.splitext(name)[0])


def import_parts(name: str) -> Parts:
    """Return the parts of the name of what is imported, which dots or slashes divide."""
    return tuple(part for part in _SEPARATORS.split(name) if part)


def means(parts: Parts, imported: Parts) -> bool:
    """Return whether an import may mean the file with these parts: they end with its parts, or have two or more."""
    n = len(imported)
    starts = [i for i in range(len(parts) - n + 1) if parts[i : i + n] == imported]
    return any(i + n == len(parts) or n > 1 for i in starts)


class Imports:
    """What each file imports, and what may be meant by it. A question costs no more than the file has imports."""

    def __init__(self, rel_fnames: Sequence[str]) -> None:
        self._rel_fnames = rel_fnames
        self._imported: dict[int, set[Parts]] = {}
        self._names: dict[int, frozenset[Parts]] = {}

    def add(self, file: int, name: str) -> None:
        """Note that a file imports a name."""
        self._imported.setdefault(file, set()).add(import_parts(name))

    def __bool__(self) -> bool:
        return bool(self._imported)

    def lead(self, source: int, target: int) -> bool:
        """Return whether an import of one file may mean the other."""
        imported = self._imported.get(source)
        if not imported:
            return False
        if target not in self._names:
            self._names[target] = names_of(self._rel_fnames[target])
        return not imported.isdisjoint(self._names[target])


def names_of(rel_fname: str) -> frozenset[Parts]:
    """Return all that an import may say of a file: each end of its path, and each run of two parts or more."""
    parts = path_parts(rel_fname)[-_MAX_PARTS:]
    n = len(parts)
    return frozenset(parts[i:j] for i in range(n) for j in range(i + 1, n + 1) if j == n or j - i > 1)
