"""The order of all definitions, by the values of their files and their slots within the files.

The k-th definition of a file, from 0, has the file's value divided by a power of k + 1. So the numbers of definitions
alone tell which files have any of the best, and how many. The definitions of all other files are not read.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct, distinct_places, offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.ranking import _definitions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Definitions, Graph
    from repomap_fast.tables import I64, U8, U32
    from repomap_fast.weights import Weights

    F64 = NDArray[np.float64]


def best_by_files(
    graph: Graph,
    file_values: F64,
    weights: Weights,
    *,
    one_row_heads: U8,
    is_listed: NDArray[np.bool_],
    limit: int | None,
) -> tuple[U32, U32, F64]:
    """Return the first pairs of file and name, and their scores. Equal scores are ordered by path, then by slot.

    file_values      (n_files,) float64, not negative.
    one_row_heads  (n_files,) uint8: whether one row of a definition is shown, in the file's language.
    is_listed        (n_files,): whether definitions of the file are wanted.

    Raises IndexDamagedError.
    """
    counts = np.where(is_listed, np.diff(graph.definer_offsets.astype(np.int64)) + graph.lone_counts, 0)
    files, slots, scores = _best_slots(file_values, counts, weights.definition_decay, limit)
    chosen = distinct(files)
    offsets, names = ordered_names(graph, chosen, weights, one_row_heads=one_row_heads)
    if not np.array_equal(np.diff(offsets), counts[chosen]):
        raise IndexDamagedError("the graph counts other definitions than the tags have")
    found = names[offsets[np.searchsorted(chosen, files)] + slots] if len(files) else np.empty(0, np.uint32)
    return files.astype(np.uint32), found.astype(np.uint32), scores


def _best_slots(values: F64, counts: I64, decay: float, limit: int | None) -> tuple[I64, I64, F64]:
    """Return file, slot within the file, and score of the best definitions; ``counts`` of each file are there."""
    files: I64 = np.flatnonzero(counts)
    n_wanted = int(counts.sum()) if limit is None else min(limit, int(counts.sum()))
    files = files[np.lexsort((files, -values[files]))]
    of_file = counts[files]
    if 0 < n_wanted < len(files):
        # The best definition of each kept file scores no lower than that of the last kept file.
        files = files[:n_wanted]
        least = values[files[-1]]
        with np.errstate(divide="ignore", over="ignore"):
            most = np.power(values[files] / least, 1 / decay) if least > 0 else np.full(n_wanted, np.inf)
        of_file = np.minimum(counts[files], np.minimum(most, n_wanted).astype(np.int64) + 1)
    of_file = np.minimum(of_file, n_wanted)
    ends = np.cumsum(of_file)
    slots = np.arange(int(ends[-1]) if len(ends) else 0) - np.repeat(ends - of_file, of_file)
    files = np.repeat(files, of_file)
    scores = slot_scores(values[files], slots, decay)
    order = np.lexsort((slots, files, -scores))[:n_wanted]
    return files[order], slots[order], scores[order]


def slot_scores(file_values: F64, slots: I64, decay: float) -> F64:
    """Return the scores of definitions, by the values of their files and their slots within these, from 0."""
    scores: F64 = file_values / np.power(1.0 + slots, decay)
    return scores


def definition_position(values: F64, counts: I64, decay: float, file_id: int, slot: int) -> int:
    """Return how many definitions come before the one in a slot of a file; the others as for ``_best_slots``."""
    score = slot_scores(values[[file_id]], np.array([slot]), decay)[0]
    with np.errstate(over="ignore"):
        guess = np.minimum(np.power(values / score, 1 / decay), 1e15).astype(np.int64) if score > 0 else counts
    n_before = np.minimum(np.maximum(guess - 2, 0), counts)
    # The last digits of a power and its root are not exact.
    for _ in range(5):
        others = slot_scores(values, n_before, decay)
        is_before = (others > score) | ((others == score) & (np.arange(len(values)) < file_id))
        n_before += is_before & (n_before < counts)
    n_before[file_id] = slot
    return int(n_before.sum())


def ordered_names(graph: Graph, file_ids: I64, weights: Weights, *, one_row_heads: U8) -> tuple[I64, U32]:
    """Return the distinct names that each of these files defines, the best first: bounds, and ids in the graph.

    file_ids  rising. Raises IndexDamagedError.
    """
    bounds, definitions = graph.definitions_of(file_ids)
    own, shown = _definitions.nested_rows(
        bounds,
        definitions.rows,
        definitions.end_rows,
        np.ascontiguousarray(one_row_heads[file_ids], np.uint8),
        weights.most_rows_of_head,
    )
    files = np.repeat(np.arange(len(file_ids)), np.diff(bounds).astype(np.int64))
    values, first = _values(files, definitions, own, shown, weights)
    files, names = files[first], definitions.name_ids[first]
    order = np.lexsort((first, -values, files))
    offsets = offsets_from(np.bincount(files, minlength=len(file_ids))).astype(np.int64)
    return offsets, names[order]


def _values(
    files: I64, definitions: Definitions, own: U32, shown: U32, weights: Weights
) -> tuple[F64, NDArray[np.intp]]:
    """Return the value of each distinct name within its file, and the row of its first definition."""
    keys = files.astype(np.uint64) << np.uint64(32) | definitions.name_ids.astype(np.uint64)
    first, names = distinct_places(keys)
    largest = np.zeros(len(first), np.uint32)
    np.maximum.at(largest, names, own)
    # A name that is defined several times is shown as often.
    n_shown = np.bincount(names, shown, minlength=len(first))
    values: F64 = weights.own_rows * np.log1p(largest) - weights.shown_rows * np.log(np.maximum(n_shown, 1))
    return values, first
