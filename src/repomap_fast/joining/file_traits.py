"""Traits of files: tests, vendored, generated, examples, by their paths, their contents and ``.gitattributes``.

One list of traits for the map, for search and for ranking. It never reads a file.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from weakref import WeakKeyDictionary

import numpy as np

from repomap_fast.arrays import distinct_places
from repomap_fast.joining.path_kinds import PathKind, classify_paths
from repomap_fast.tables import FileMark

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.tables import I64, U8, FileTable, StringTable

_GENERATED_MARKS = FileMark.GENERATED_BANNER | FileMark.LONG_LINES | FileMark.GENERATED_ATTRIBUTE
_REASONS = (
    (PathKind.GENERATED, FileMark.GENERATED_ATTRIBUTE, ".gitattributes: linguist-generated"),
    (PathKind.VENDORED, FileMark.VENDORED_ATTRIBUTE, ".gitattributes: linguist-vendored"),
    (PathKind.GENERATED, FileMark.GENERATED_BANNER, "its first comments say so"),
    (PathKind.GENERATED, FileMark.LONG_LINES, "its lines are longer than a person writes"),
)
_BY_PATH = "its path"
_kinds_of_tables: WeakKeyDictionary[FileTable, U8] = WeakKeyDictionary()
_kinds_of_paths: WeakKeyDictionary[StringTable, tuple[NDArray[np.intp], U8]] = WeakKeyDictionary()
"""The paths of one refresh are those of the next, where no file came or went: their rows with a language, and kinds."""


class FileTrait(NamedTuple):
    """A trait of a file.

    name    tests, vendored, generated, examples.
    reason  what says so.
    """

    name: str
    reason: str


def classify_files(files: FileTable, rows: I64 | NDArray[np.intp] | None = None) -> U8:
    """Return the traits of files: (n,) uint8, bits of PathKind.

    rows  of the file table, in any order; None for all.
    """
    if rows is None:
        return _with_marks(classify_paths(files.paths), files.marks)
    first, which = distinct_places(rows)
    distinct_rows = rows[first]
    return _with_marks(classify_paths(files.paths.rows(distinct_rows)), files.marks[distinct_rows])[which]


def kinds_with_language(files: FileTable) -> U8:
    """Return the traits of the files that have a language, in their order: (n,) uint8. A table keeps them."""
    kinds = _kinds_of_tables.get(files)
    if kinds is None:
        rows = files.rows_with_language()
        known = _kinds_of_paths.get(files.paths)
        if known is None or not np.array_equal(known[0], rows):
            known = _kinds_of_paths[files.paths] = rows, classify_paths(files.paths.rows(rows))
        kinds = _kinds_of_tables[files] = _with_marks(known[1], files.marks[rows])
    return kinds


def _with_marks(kinds: U8, marks: U8) -> U8:
    """Return kinds by path with what contents and ``.gitattributes`` say; where they deny it, they are right."""
    if not marks.any():
        return kinds
    generated, vendored = np.uint8(PathKind.GENERATED), np.uint8(PathKind.VENDORED)
    kinds = np.where(marks & np.uint8(_GENERATED_MARKS), kinds | generated, kinds)
    kinds = np.where(marks & np.uint8(FileMark.VENDORED_ATTRIBUTE), kinds | vendored, kinds)
    kinds = np.where(marks & np.uint8(FileMark.WRITTEN_ATTRIBUTE), kinds & ~generated, kinds)
    return np.where(marks & np.uint8(FileMark.OWN_ATTRIBUTE), kinds & ~vendored, kinds)


def traits_of(files: FileTable, row: int) -> tuple[FileTrait, ...]:
    """Return the traits of one file, each with the first reason that there is."""
    kinds = PathKind(int(classify_files(files, np.array([row]))[0]))
    mark = FileMark(int(files.marks[row]))
    reasons = {kind: reason for kind, of_mark, reason in reversed(_REASONS) if mark & of_mark}
    return tuple(FileTrait(kind.weight_name, reasons.get(kind, _BY_PATH)) for kind in PathKind if kind in kinds)
