"""The packages of a repository that a first map names, and what each is for.

A package is a folder with code of its own. Those with the most of what the first map is about come first. Only folders
are named whose files say in a sentence what they are for.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.drawing.formats import Package
from repomap_fast.drawing.purposes import (
    CODE_NAMES,
    HEAD_BYTES,
    MANIFEST_NAMES,
    README_NAMES,
    namesakes,
    of_code,
    of_manifest,
    of_readme,
)
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.paths import row_of, rows_at

if TYPE_CHECKING:
    from repomap_fast.drawing.sources import Sources
    from repomap_fast.ranking.rank import Ranking
    from repomap_fast.tables import FileTable

_MOST_FILES = 2_000
"""Files by which folders are ordered, the best ones."""
_MOST_FOLDERS = 60
"""Folders whose files are read."""
_MOST_READ_OF_FOLDER = 6
"""Files of a folder that are read."""
_MOST_LISTED = 200
"""Files in and below a folder, among which those of Go are looked for."""
_CODE_FOLDERS = frozenset({b"src", b"lib"})
_ROOT = b""


def list_packages(files: FileTable, ranking: Ranking, sources: Sources, cut_mark: str) -> Iterator[Package]:
    """Yield the packages of which something is said, the best first."""
    seen: set[bytes] = set()
    for folder in _folders(files, ranking)[:_MOST_FOLDERS]:
        around, _, name = folder.rpartition(b"/")
        # A package may have its manifest and README beside the folder of its code.
        for package in (folder, around) if name in _CODE_FOLDERS and around else (folder,):
            if package not in seen and (purpose := _purpose(files.paths, package, sources, cut_mark)):
                yield Package(os.fsdecode(package), purpose)
                seen.update((folder, package))
                break


def _folders(files: FileTable, ranking: Ranking) -> list[bytes]:
    """Return the root, and the folders that have plain code, by the values of the files in and below them."""
    rows = files.rows_with_language()
    best = np.lexsort((np.arange(len(rows)), -ranking.file_values))[:_MOST_FILES]
    paths = files.paths.rows(rows[best])
    is_plain = classify_files(files, rows[best]) == 0
    values: dict[bytes, float] = defaultdict(float)
    with_code: dict[bytes, None] = {}
    for number in np.flatnonzero(is_plain).tolist():
        folder, value = paths[number].rpartition(b"/")[0], float(ranking.file_values[best[number]])
        with_code[folder] = None
        while folder:
            values[folder] += value
            folder = folder.rpartition(b"/")[0]
    found = sorted((folder for folder in with_code if folder), key=lambda folder: (-values[folder], folder))
    return [_ROOT, *found]


def _purpose(paths: Sequence[bytes], folder: bytes, sources: Sources, cut_mark: str) -> str:
    prefix = folder + b"/" if folder else b""
    for row, kind in islice(_speakers(paths, folder, prefix), _MOST_READ_OF_FOLDER):
        text = sources.lines(row).text
        name = os.fsdecode(paths[row][len(prefix) :])
        if kind == "manifest":
            purpose = of_manifest(name, text.decode("utf-8", "replace"), cut_mark)
        else:
            head = text[:HEAD_BYTES].decode("utf-8", "replace")
            purpose = of_readme(head, cut_mark) if kind == "readme" else of_code(name, head, cut_mark)
        if " " in purpose and _letters(purpose) != _letters(os.fsdecode(folder.rpartition(b"/")[2])):
            return purpose
    return ""


def _letters(text: str) -> str:
    """Return what tells a sentence from the name of its folder."""
    return "".join(filter(str.isalpha, text)).lower()


def _speakers(paths: Sequence[bytes], folder: bytes, prefix: bytes) -> Iterator[tuple[int, str]]:
    """Yield the files that may say what a folder is for, and what they are: code first, but of the root, last."""
    code = [*CODE_NAMES, *namesakes(os.fsdecode(folder.rpartition(b"/")[2]))]
    in_order = [(code, "code"), (MANIFEST_NAMES, "manifest"), (README_NAMES, "readme")]
    if not folder:
        in_order = [*in_order[1:], in_order[0]]
    for names, kind in in_order:
        for name in names:
            if (row := row_of(paths, prefix + os.fsencode(name))) is not None:
                yield row, kind
    # In Go, any file of a package may have its comment.
    for row in rows_at(paths, folder)[:_MOST_LISTED] if folder else ():
        path = paths[row]
        if path.endswith(b".go") and b"/" not in path[len(prefix) :] and not path.endswith(b"_test.go"):
            yield row, "code"
