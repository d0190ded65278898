"""What a report says of each source file: its lines, kind, importance and changes."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from repomap_fast.joining.file_traits import classify_files
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.progress import STAGE_LINES
from repomap_fast.tables import FileStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import Progress
    from repomap_fast.tables import I64

    F64: TypeAlias = NDArray[np.float64]

KINDS = ("code", "tests", "examples", "generated", "vendored", "style", "data")
"""Kinds of files, as a report names them."""
_BY_BIT = (
    (PathKind.VENDORED, "vendored"),
    (PathKind.GENERATED, "generated"),
    (PathKind.TESTS, "tests"),
    (PathKind.EXAMPLES, "examples"),
    (PathKind.DATA, "data"),
)
"""Of a file that has several traits, the first says its kind."""
_READ = (FileStatus.TAGGED, FileStatus.NO_TAGS)
_BETWEEN_REPORTS = 64


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that has a language.

    path           below the root, ``/``-separated.
    language       name of a row of the language table.
    kind           code, tests, examples, generated, vendored, style (style sheets) or data (texts and settings).
    n_lines        0 for a file that was not read.
    n_definitions  how many of its tags are definitions.
    place          position among all files by importance, from 1.
    importance     its share; those of all files add up to 1.
    n_changes      commits that changed it; 0 where there is no history.
    """

    path: str
    language: str
    kind: str
    n_lines: int
    n_definitions: int
    place: int
    importance: float
    n_changes: int


def describe_files(result: ScanResult, importance: F64, n_changes: I64, watch: Progress) -> tuple[ReportFile, ...]:
    """Return the files that have a language, sorted by path.

    importance  (n_files,) float64, of the files that have a language.
    n_changes   (n_files,) int64.

    Raises ScanCancelled.
    """
    table = result.file_table
    rows = table.rows_with_language()
    places: I64 = np.empty(len(rows), np.int64)
    places[np.lexsort((np.arange(len(rows)), -importance))] = np.arange(1, len(rows) + 1)
    columns = zip(
        table.paths.rows(rows),
        table.language_ids[rows].tolist(),
        classify_files(table, rows).tolist(),
        count_lines(result, watch).tolist(),
        table.definition_counts[rows].tolist(),
        places.tolist(),
        importance.tolist(),
        n_changes.tolist(),
        strict=True,
    )
    return tuple(
        ReportFile(os.fsdecode(path), LANGUAGES[language].name, kind_of(bits, LANGUAGES[language].role), *numbers)
        for path, language, bits, *numbers in columns
    )


def kind_of(bits: int, role: str) -> str:
    """Return the kind of a file that has these bits of ``PathKind``, in a language of that role."""
    return next((kind for bit, kind in _BY_BIT if bits & bit), "style" if role == "style" else "code")


def count_lines(result: ScanResult, watch: Progress) -> I64:
    """Return the lines of each file that has a language: (n_files,) int64; 0 for one that was not read.

    One file at a time is in memory. Raises ScanCancelled.
    """
    table, most = result.file_table, result.options.max_file_size
    rows = table.rows_with_language()
    is_read = np.isin(table.statuses[rows], _READ)
    n_lines: I64 = np.zeros(len(rows), np.int64)
    for i, path in enumerate(table.paths.rows(rows)):
        if i % _BETWEEN_REPORTS == 0:
            watch.report(STAGE_LINES, i, len(rows))
        if is_read[i]:
            try:
                contents = result.contents.read(path, most)
            except OSError:
                continue
            n_lines[i] = contents.count(b"\n") + (contents[-1:] not in (b"", b"\n"))
    return n_lines
