"""Ranks files and definitions for a text: what it says, what it names, and what the history tells, in one sum.

First all files are scored by their own words and paths. The best hundred go on: their definitions are read and scored,
and what these say goes back to the files. A score is the logarithm of a weight: ``e**score``, divided by the sum over
all files, is a file's value. ``benchmarks/localisation/DESIGN.md`` has the measurements behind each signal.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import distinct_places
from repomap_fast.ranking.definition_signals import largest_at, members_best, near
from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.ranking.file_signals import folder_support, scaled
from repomap_fast.ranking.full_text import TextQuery, best_of_files, definition_texts, file_texts, most_definitions
from repomap_fast.ranking.inner_tests import inner_tests

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.named import Named
    from repomap_fast.weights import Weights

F64: TypeAlias = NDArray[np.float64]

_SECOND_BEST = 0.6
"""Share of a file's second best definition in what its definitions say; the square of it for the third."""
_PATH_IN_FOLDER = 0.5
"""Share of the path in what a file says about the others in its folder."""


@dataclass(frozen=True, slots=True, eq=False)
class Marked:
    """A summand of the marked rows, 0 for all others: an eighth of the memory of a column of numbers.

    marks  (n,) bool.
    """

    marks: NDArray[np.bool_]
    summand: float

    def __getitem__(self, row: int) -> float:
        return self.summand if self.marks[row] else 0.0


class Fused(NamedTuple):
    """Scores of all files and of the definitions of the best files, and what they are the sums of.

    table        definitions of the best files.
    files        (n_files,) float64: scores; ``file_parts``: their summands, by the names of the weights.
    definitions  (n,) float64, for the rows of ``table``: scores; ``definition_parts``: their summands.
    """

    query: TextQuery
    table: DefinitionTable
    files: F64
    file_parts: Mapping[str, F64]
    definitions: F64
    definition_parts: Mapping[str, F64 | Marked]


class Past(NamedTuple):
    """What the history says of each file: (n_files,) float64 each.

    ages      commits since it was last touched.
    messages  how well the messages of commits that touched it fit the query.
    """

    ages: F64
    messages: F64


def fuse(
    query: TextQuery,
    named: Named,
    past: Past | None,
    result: ScanResult,
    graph: Graph,
    weights: Weights,
    *,
    kinds: Mapping[str, F64],
    prior: Mapping[str, F64],
    is_plain: NDArray[np.bool_],
) -> Fused:
    """Score all files, and the definitions of the best ones.

    past      None where there is no history.
    kinds     summands of files, and of their definitions, for the kinds of code by path; by weight.
    prior     other summands of files that are known before their words are counted.
    is_plain  (n_files,): files that are no tests, and not vendored or generated. They make the scales.

    Raises IndexDamagedError.
    """
    texts = scaled(file_texts(query, result.words, weights), is_plain)
    paths = scaled(query.paths, is_plain)
    parts = {
        "file_text": weights.file_text * texts,
        "file_path": weights.file_path * paths,
        "file_named": weights.file_named * named.files,
        "file_defined": weights.file_defined * named.defined,
        **kinds,
        **prior,
    }
    first = total(parts, len(graph))
    table = _table_of_best(graph, first, named, weights.text_files, most_definitions(query))
    in_table = _in_table(table, named)
    of_definitions = definition_texts(query, table, result, weights)
    plain_here = is_plain[table.file_ids][table.files] if len(table) else np.zeros(0, np.bool_)
    best, single = np.zeros(len(graph)), np.zeros(len(graph))
    first_three = best_of_files(of_definitions, table.files, len(table.file_ids))
    best[table.file_ids] = first_three[:, 0] + _SECOND_BEST * first_three[:, 1] + _SECOND_BEST**2 * first_three[:, 2]
    single[table.file_ids] = first_three[:, 0]
    mentioned = np.zeros(len(graph))
    np.maximum.at(mentioned, table.file_ids[table.files], np.where(table.are_functions, in_table["mentioned"], 0.0))
    base = scaled(texts + scaled(single, is_plain) + _PATH_IN_FOLDER * paths, is_plain)
    parts |= {
        "file_best": weights.file_best * scaled(best, is_plain),
        "file_mentioned": weights.file_mentioned * mentioned,
        "file_last_frame": weights.file_last_frame * named.last_frame,
        "file_folder": weights.file_folder * scaled(folder_support(base, graph.paths), is_plain),
    }
    if past is not None:
        parts["file_age"] = -weights.file_age * np.log1p(past.ages) / 8
        parts["file_message"] = weights.file_message * scaled(past.messages, is_plain)
    files = total(parts, len(graph))
    own = scaled(of_definitions, plain_here)
    definition_parts = _definition_parts(table, own, in_table, log_shares(files), weights)
    # A file's share counts little for its definitions: what a text does not ask for must not fill the map.
    of_kinds = {name: kind[table.file_ids][table.files] for name, kind in kinds.items()}
    if (of_tests := of_kinds.get("file_tests")) is not None:
        is_inner = inner_tests(table, table.names) & (in_table["place"] == 0)
        of_kinds["file_tests"] = np.where(is_inner, -weights.file_tests, of_tests)
    definition_parts |= of_kinds
    return Fused(query, table, files, parts, total(definition_parts, len(table)), definition_parts)


def _table_of_best(graph: Graph, scores: F64, named: Named, n_files: int, n_definitions: int) -> DefinitionTable:
    """Return the definitions of the best files and of those that were named, as many as may be scored."""
    order = np.lexsort((np.arange(len(scores)), -scores))
    must = np.array([file_id for file_id, _ in named.promised], np.int64)
    chosen = np.concatenate((must, order[:n_files]))
    first, _ = distinct_places(chosen)
    return DefinitionTable.of_first(graph, chosen[np.sort(first)], n_definitions)


def _in_table(table: DefinitionTable, named: Named) -> dict[str, F64]:
    return {
        "place": largest_at(table, *named.places),
        "mentioned": largest_at(table, *named.mentioned),
    }


def _definition_parts(
    table: DefinitionTable, own: F64, in_table: Mapping[str, F64], log_shares: F64, weights: Weights
) -> dict[str, F64 | Marked]:
    members = np.where(table.are_classes, members_best(table, np.where(table.are_functions, own, 0.0)), 0.0)
    place, mentioned = in_table["place"], in_table["mentioned"]
    is_constructor = table.are_named(b"__init__") | table.are_constructors
    is_other = ~(table.are_functions | table.are_classes)

    return {
        "definition_text": weights.definition_text * np.maximum(own, weights.definition_member * members),
        "definition_place": weights.definition_place * place,
        "definition_mentioned": weights.definition_mentioned * np.where(table.are_classes, 0.0, mentioned),
        "definition_near": weights.definition_near * near(table, np.maximum(place, mentioned)),
        "definition_rows": weights.definition_rows * np.log(table.n_rows) / 5,
        "constructor": Marked(is_constructor, -weights.constructor),
        "class_itself": Marked(table.are_classes, -weights.class_itself),
        "plain_value": Marked(is_other, -weights.plain_value),
        "definition_file": weights.definition_file * log_shares[table.file_ids][table.files],
    }


def total(parts: Mapping[str, F64 | Marked], n: int) -> F64:
    """Return the sum of summands of ``n`` rows, in their order."""
    summed = np.zeros(n)
    for column in parts.values():
        if isinstance(column, Marked):
            np.add(summed, column.summand, out=summed, where=column.marks)
        else:
            summed += column
    return summed


def log_shares(scores: F64) -> F64:
    """Return the logarithm of e**score divided by the sum over all."""
    if not len(scores):
        return scores
    least = scores - scores.max()
    shares: F64 = least - np.log(np.exp(least).sum())
    return shares
