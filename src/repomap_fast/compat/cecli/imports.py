"""Which files an import may mean, by the parts of their paths."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
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


class ImportedFiles:
    """The files that imports may mean; each question costs what it finds, however many files there are."""

    def __init__(self, rel_fnames: Sequence[str]) -> None:
        self._files: dict[Parts, list[int]] = {}
        for file, rel_fname in enumerate(rel_fnames):
            parts = path_parts(rel_fname)[-_MAX_PARTS:]
            n = len(parts)
            runs = {parts[i:j] for i in range(n) for j in range(i + 1, n + 1) if j == n or j - i > 1}
            for run in runs:
                self._files.setdefault(run, []).append(file)

    def meant_by(self, names: Iterable[str]) -> set[int]:
        """Return the files that imports of these names may mean."""
        return {file for name in names for file in self._files.get(import_parts(name), ())}
