"""The order for a task without a text: what a reader needs when opening the repository for the first time.

A definition counts by its own rows, by how many files refer to its name, and by its file: rank, kind of code, how often
it was changed. ``benchmarks/map_quality --question first-map`` measures it: what do the next commits change?

It reads the definitions of some files only, those that may have any of the best, in a time that does not grow with the
repository.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.ranking.full_text import TextQuery
from repomap_fast.ranking.fuse import Fused, Marked, total
from repomap_fast.ranking.inner_tests import inner_tests, within
from repomap_fast.ranking.rank import LEAST_RANK

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.joining.graph import Graph
    from repomap_fast.tables import I64, StringTable
    from repomap_fast.weights import Weights

F64: TypeAlias = NDArray[np.float64]
Marks: TypeAlias = NDArray[np.bool_]

_MOST_FILES = 1_000
"""Files whose definitions are read."""
_MOST_DEFINITIONS = 100_000
"""Definitions that are read, those of the first file in any case."""
_WITH_ROWS = frozenset({"type", "typedef"})
"""Kinds that count as definitions of code though they are neither functions nor hold members."""
_WITH_ROWS_IN_CODE = frozenset({"resource", "table", "view", "trigger", "message", "service", "model"})
"""Kinds that count so too in files of code: what Terraform, SQL and schemas define. Those of TOML and YAML are data."""
_GROUPS = frozenset({"implementation", "module", "namespace", "extension"})
"""Kinds that only group what is within them: a type is shown by its own definition."""


def fuse_first(
    graph: Graph,
    page_ranks: F64,
    often: F64 | None,
    weights: Weights,
    *,
    prior: Mapping[str, F64],
    is_plain: Marks,
    is_data: Marks,
    is_near: bool,
) -> Fused:
    """Score all files, and the definitions of the best ones, for a task without a text.

    page_ranks  (n_files,) float64: ``Ranking.file_scores``.
    often       (n_files,) float64: how often each file was changed; None where there is no history.
    prior       summands of files that do not depend on rank, by the names of the weights.
    is_plain    (n_files,): files that are no tests, and not vendored or generated. Their references count.
    is_data     (n_files,): files of text and configuration.
    is_near     whether rank starts from files in focus or changed ones: what is near them counts more.

    Raises IndexDamagedError.
    """
    n_files = len(graph)
    power = weights.near_power if is_near else weights.file_power
    parts = {"file_power": power * np.log(page_ranks * n_files + LEAST_RANK), **prior}
    if is_near:
        parts["near_power"] = parts.pop("file_power")
    if often is not None:
        parts["first_often"] = weights.first_often * np.log1p(often)
    files = total(parts, n_files)
    references = weights.first_references * np.log1p(_references(graph, is_plain))
    table = DefinitionTable.of_first(graph, _best_files(graph, files, references), _MOST_DEFINITIONS)
    definition_parts = _definition_parts(table, references, weights, is_data[table.file_ids][table.files])
    of_files = files[table.file_ids][table.files]
    scores = total(definition_parts, len(table)) + of_files
    slots = -weights.first_decay * np.log1p(_slots(table, scores))
    definition_parts |= {"definition_file": of_files, "first_decay": slots}
    none = np.zeros(0)
    query = TextQuery((), np.zeros(0, np.uint32), none, none, np.zeros(n_files))
    return Fused(query, table, files, parts, scores + slots, definition_parts)


def _references(graph: Graph, is_plain: Marks) -> F64:
    """Return what references to each shared name tell of a definition of it: (n_shared,) float64.

    The square root of how often each plain file refers to it, summed, and divided among the files that define it.
    """
    files = np.repeat(np.arange(len(graph)), np.diff(graph.reference_offsets).astype(np.int64))
    counts = np.where(is_plain[files], np.sqrt(graph.reference_counts.astype(np.float64)), 0.0)
    sums = np.bincount(graph.reference_names, counts, minlength=graph.n_shared).astype(np.float64)
    shares: F64 = sums / np.maximum(graph.definer_counts(), 1)
    return shares


def _best_files(graph: Graph, files: F64, references: F64) -> I64:
    """Return the files whose definitions are read, the best first, by the sum of score and largest reference."""
    largest = np.zeros(len(graph))
    of_pairs = np.repeat(np.arange(len(graph)), np.diff(graph.definer_offsets).astype(np.int64))
    np.maximum.at(largest, of_pairs, references[graph.definer_names])
    return np.lexsort((np.arange(len(graph)), -(files + largest)))[:_MOST_FILES]


def _definition_parts(
    table: DefinitionTable, references: F64, weights: Weights, is_data: Marks
) -> dict[str, F64 | Marked]:
    n_shared = np.uint32(len(references))
    is_shared = table.name_ids < n_shared
    brought = np.zeros(len(table))
    brought[is_shared] = references[table.name_ids[is_shared]]
    is_code = table.are_functions | table.are_classes | table.are_of(_WITH_ROWS)
    is_code |= table.are_of(_WITH_ROWS_IN_CODE) & ~is_data
    # Nothing asks for all of them later, and of many definitions they are as large as the numbers.
    names = table.read_names()
    is_private, is_special = _spellings(names)

    return {
        "first_rows": weights.first_rows * np.log1p(_own_rows(table, is_code)),
        "first_references": brought,
        "first_value": Marked(~is_code, -weights.first_value),
        "first_inner": Marked(within(table, table.are_functions), -weights.first_inner),
        "first_private": Marked(is_private, -weights.first_private),
        "first_special": Marked(is_special | table.are_constructors, -weights.first_special),
        "first_group": Marked(table.are_of(_GROUPS), -weights.first_group),
        "first_tests": Marked(inner_tests(table, names), -weights.first_tests),
    }


def _own_rows(table: DefinitionTable, is_code: Marks) -> F64:
    """Return the rows of each definition without those of functions and classes within it; at least 1."""
    rows = table.n_rows.astype(np.float64)
    inner = is_code & (table.parents >= 0)
    own: F64 = rows - np.bincount(table.parents[inner], rows[inner], minlength=len(table))
    return np.maximum(own, 1.0)


def _spellings(names: StringTable) -> tuple[Marks, Marks]:
    """Return which names start with one underscore, and which with two."""
    offsets = names.offsets.view(np.int64)
    starts, lengths = offsets[:-1], np.diff(offsets)

    def has_underscore(place: int) -> Marks:
        is_long = lengths > place
        found: Marks = np.zeros(len(names), np.bool_)
        found[is_long] = names.data[starts[is_long] + place] == ord("_")
        return found

    first, second = has_underscore(0), has_underscore(1)
    return first & ~second, first & second


def _slots(table: DefinitionTable, scores: F64) -> I64:
    """Return how many definitions of the same file come before each."""
    order = np.lexsort((-scores, table.files))
    slots: I64 = np.empty(len(table), np.int64)
    # The order has the files as they are: it goes on within each.
    slots[order] = np.arange(len(table)) - table.bounds[table.files]
    return slots
