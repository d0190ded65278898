"""Compares the files with the last state: which tags are still known, and which files must be read.

It reads and changes nothing: it returns a new state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.tables import I64, FileStatus

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.base import Kept
    from repomap_fast.indexing.files import Files
    from repomap_fast.indexing.state import State
    from repomap_fast.options import ScanOptions


class Checked(NamedTuple):
    """The files beside the last state.

    state      of the files, with what is still known of each.
    unknown    rows of the files whose tags are not known, rising.
    unread     rows of those of them whose contents are not known either.
    n_known    how many files have the tags that they had.
    n_removed  how many files of the last state are gone.
    """

    state: State
    unknown: I64
    unread: I64
    n_known: int = 0
    n_removed: int = 0


def check(files: Files, last: Kept | None, options: ScanOptions) -> Checked:
    """Return what is still known of these files; ``last`` is what the last refresh kept, if anything."""
    state = files.unread_state()
    is_unknown, is_unread = np.ones(len(state), np.bool_), np.ones(len(state), np.bool_)
    n_known = n_removed = 0
    if last is not None:
        last_rows = state.rows_in(last.state)
        rows = np.flatnonzero(state.has_contents_of(last.state, last_rows))
        state.take_over(rows, last.state, last_rows[rows])
        is_unread[rows] = ~state.has_block()[rows]
        is_unknown[rows] = ~_would_give_the_same(files, state, rows, last, last_rows[rows], options)
        n_known = int(np.count_nonzero(~is_unknown))
        n_removed = len(last.state) - int(np.count_nonzero(last_rows >= 0))
    is_too_large = state.sizes_bytes > options.max_file_size
    state.forget_tags(np.flatnonzero(is_too_large & (state.statuses != FileStatus.TOO_LARGE)))
    state.statuses[is_too_large] = FileStatus.TOO_LARGE
    is_unknown &= ~is_too_large
    return Checked(state, np.flatnonzero(is_unknown), np.flatnonzero(is_unknown & is_unread), n_known, n_removed)


def _would_give_the_same(
    files: Files, state: State, rows: I64, last: Kept, last_rows: I64, options: ScanOptions
) -> NDArray[np.bool_]:
    """Return which of these files, whose contents are as they were, would give the tags that they gave."""
    budgets = last.record["budgets"]
    language_ids, statuses = state.language_ids[rows], last.state.statuses[last_rows]
    is_same: NDArray[np.bool_] = language_ids == last.state.language_ids[last_rows]
    is_same &= files.find_same_queries(last.record)[language_ids]
    is_same &= statuses != FileStatus.UNREADABLE
    is_same &= statuses != FileStatus.TOO_LARGE
    if options.timeout_per_file > budgets["file_timeout_s"]:
        is_same &= statuses != FileStatus.OUT_OF_TIME
    if options.max_file_memory > budgets["max_file_memory_bytes"]:
        is_same &= statuses != FileStatus.OUT_OF_MEMORY
    return is_same
