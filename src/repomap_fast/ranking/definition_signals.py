"""What a task says about each definition, besides its text: where it was named, and what refers to what was named."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.ranking.definitions import NO_PARENT

if TYPE_CHECKING:
    from repomap_fast.ranking.definitions import DefinitionTable
    from repomap_fast.tables import I64, U32

F64: TypeAlias = NDArray[np.float64]

_MOST_DEFINERS = 6
"""A name that more definitions have says too little about which of them a reference means."""
_MOST_NESTED = 64
"""Definitions around each other that are looked through for the one around a reference."""
_MOST_SAME_ROW = 8
"""Definitions of one row that are compared by name: more are in generated code alone."""


def largest_at(table: DefinitionTable, file_ids: I64, rows: I64, name_ids: I64, values: F64) -> F64:
    """Return for each definition the largest of the values that are for its file, row and name: (n,) float64."""
    largest = np.zeros(len(table))
    if not len(file_ids) or not len(table):
        return largest
    files = np.searchsorted(table.file_ids, file_ids)
    is_there = files < len(table.file_ids)
    is_there[is_there] = table.file_ids[files[is_there]] == file_ids[is_there]
    keys = table.files << 32 | table.rows
    wanted = files << 32 | rows
    first = np.searchsorted(keys, wanted)
    for step in range(_MOST_SAME_ROW):
        places = np.minimum(first + step, len(keys) - 1)
        fits = is_there & (keys[places] == wanted) & (table.name_ids[places] == name_ids)
        np.maximum.at(largest, places[fits], values[fits])
    return largest


def members_best(table: DefinitionTable, values: F64) -> F64:
    """Return for each definition the largest value of those right within it; 0 if there are none: (n,) float64."""
    best = np.zeros(len(table))
    inner = np.flatnonzero(table.parents != NO_PARENT)
    np.maximum.at(best, table.parents[inner], values[inner])
    return best


def near(table: DefinitionTable, values: F64) -> F64:
    """Return for each definition the largest value of one that it refers to, or that refers to it: (n,) float64.

    The value is divided by how many definitions have the name of the reference. Only references within the files of
    the table count.
    """
    spread = np.zeros(len(table))
    if not values.any():
        return spread
    owners, names = _references(table, np.flatnonzero(values > 0))
    order = np.argsort(table.name_ids, kind="stable")
    ordered = table.name_ids[order]
    starts, stops = (np.searchsorted(ordered, names, side) for side in ("left", "right"))
    n_definers = np.maximum(stops - starts, _files_defining(table, names))
    best_of_name = np.zeros(len(table))
    np.maximum.at(best_of_name, np.searchsorted(ordered, ordered), values[order])
    is_known = (stops > starts) & (n_definers <= _MOST_DEFINERS)
    is_known &= (values[owners] > 0) | (best_of_name[np.minimum(starts, len(order) - 1)] > 0)
    owners, starts, stops, n_definers = owners[is_known], starts[is_known], stops[is_known], n_definers[is_known]
    for step in range(_MOST_DEFINERS):
        has_one = starts + step < stops
        sources, targets = owners[has_one], order[starts[has_one] + step]
        other = sources != targets
        sources, targets, n = sources[other], targets[other], n_definers[has_one][other]
        np.maximum.at(spread, targets, values[sources] / n)
        np.maximum.at(spread, sources, values[targets] / n)
    return np.minimum(spread, 1.0)


def _references(table: DefinitionTable, wanted: NDArray[np.intp]) -> tuple[I64, U32]:
    """Return the references within definitions: the innermost definition around each, and its name in the graph.

    wanted  definitions. References that are within none of them, and have the name of none, may be left out.
    """
    graph = table.graph
    bounds, tag_names, tag_rows = graph.tags.references_of(table.file_ids)
    files = np.repeat(np.arange(len(table.file_ids)), np.diff(bounds))
    chosen = _within(table, wanted, files << 32 | tag_rows)
    chosen[graph.tags_with(tag_names, table.name_ids[wanted])] = True
    files, rows = files[chosen], tag_rows[chosen].astype(np.int64)
    owners = np.searchsorted(table.files << 32 | table.rows, files << 32 | rows, side="right") - 1
    owners = np.where((owners >= 0) & (table.files[owners] == files), owners, NO_PARENT)
    for _ in range(_MOST_NESTED):
        ended = owners >= 0
        ended[ended] = table.end_rows[owners[ended]] < rows[ended]
        if not ended.any():
            break
        owners[ended] = table.parents[owners[ended]]
    else:
        owners[ended] = NO_PARENT
    names = graph.numbers_of(tag_names[chosen])
    is_within = owners >= 0
    return owners[is_within], names[is_within]


def _within(table: DefinitionTable, wanted: NDArray[np.intp], places: I64) -> NDArray[np.bool_]:
    """Return which of some places, which rise, are within wanted definitions by their rows: (n,) bool.

    places  (n,) int64: position of the file in the table << 32 | row.
    """
    files = table.files[wanted] << 32
    steps = np.zeros(len(places) + 1, np.int64)
    np.add.at(steps, np.searchsorted(places, files | table.rows[wanted]), 1)
    np.add.at(steps, np.searchsorted(places, files | table.end_rows[wanted], side="right"), -1)
    is_within: NDArray[np.bool_] = np.cumsum(steps[:-1]) > 0
    return is_within


def _files_defining(table: DefinitionTable, names: U32) -> I64:
    """Return how many files define each of these names; 1 for one that no file refers to."""
    counts = table.graph.definer_counts().astype(np.int64)
    if not len(counts):
        return np.ones(len(names), np.int64)
    return np.where(names < len(counts), counts[np.minimum(names, len(counts) - 1)], 1)
