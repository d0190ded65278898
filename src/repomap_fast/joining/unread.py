"""Says which files were not read whole, so that what is not found may be in them."""

from __future__ import annotations

import os
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import are_among, distinct
from repomap_fast.tables import FileMark, FileStatus
from repomap_fast.tagging.words import hash_terms, terms_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.marks import LineRange
    from repomap_fast.joining.result import ScanResult

_MOST_NAMED = 5
_MOST_RANGES = 3
_NOT_READ = (*(status for status in FileStatus if status.is_failure), FileStatus.TOO_LARGE)


def unread_rows(result: ScanResult) -> NDArray[np.intp]:
    """Return the rows of the files that were parsed, but not read whole, rising."""
    return np.flatnonzero(result.file_table.marks & np.uint8(FileMark.UNREAD))


def not_whole_rows(result: ScanResult) -> NDArray[np.intp]:
    """Return the rows of all files that were not read whole, or not at all, rising."""
    return _with_not_parsed(result, unread_rows(result))


def _with_not_parsed(result: ScanResult, rows: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return these rows and those of the files that were not parsed, rising."""
    not_parsed = np.flatnonzero(are_among(result.file_table.statuses, np.array(_NOT_READ, np.uint8)))
    return distinct(np.concatenate((rows, not_parsed)))


def unread_note(result: ScanResult, rows: NDArray[np.intp] | None = None) -> str:
    """Return a sentence that names files that were not read whole; empty where all were.

    rows  of the files that count; None for all that were parsed. Raises IndexDamagedError.
    """
    rows = unread_rows(result) if rows is None else rows
    if not len(rows):
        return ""
    named = [_described(result, row) for row in rows[:_MOST_NAMED].tolist()]
    more = f" and {len(rows) - len(named):,} more" if len(rows) > len(named) else ""
    return f"{len(rows):,} {'file was' if len(rows) == 1 else 'files were'} not read whole: {', '.join(named)}{more}"


def unread_with(result: ScanResult, name: str) -> str:
    """Return a sentence on files that were not read whole and may have that name; empty where there is none.

    A file that was parsed may have it only if its text has all words of the name. Where there is no source file, the
    sentence says why, if the scan knows. Raises IndexDamagedError.
    """
    if not len(result.file_table.rows_with_language()):
        return "; ".join(result.notes)
    rows = unread_rows(result)
    terms = terms_in(name.encode("utf-8", "surrogatepass"))
    if len(rows) and terms:
        with_language = result.file_table.rows_with_language()
        has_all = result.words.has_all(hash_terms(terms))
        rows = rows[has_all[np.searchsorted(with_language, rows)]]
    return unread_note(result, _with_not_parsed(result, rows))


def line_text(lines: Sequence[LineRange]) -> str:
    """Return ``line 7``, ``lines 3-5, 9``; of many ranges the first, and how many more there are."""
    shown = [str(first) if first == last else f"{first}-{last}" for first, last in lines[:_MOST_RANGES]]
    more = f" and {len(lines) - len(shown)} more" if len(lines) > len(shown) else ""
    return f"{'line' if len(lines) == 1 and '-' not in shown[0] else 'lines'} {', '.join(shown)}{more}"


def _described(result: ScanResult, row: int) -> str:
    lines = result.unread_lines(row)
    what = line_text(lines) if lines else result.file_at(row).reason
    return f"{os.fsdecode(result.file_table.paths[row])} ({what})"
