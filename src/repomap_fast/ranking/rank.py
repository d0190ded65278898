"""Ranking: PageRank over the graph, and the definitions that it puts first.

Rank goes from a file to the files that define what it refers to. Since every definer of a name gets the same share, an
iteration is two sparse products, from files to names and from names to files, and no edge is ever made.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE
from repomap_fast.ranking import _rank
from repomap_fast.ranking.order import best_by_files
from repomap_fast.tables import U8, U32
from repomap_fast.weights import Weights

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.query_words import Words

F64: TypeAlias = NDArray[np.float64]

DEFAULT_LIMIT = 1_000
"""Definitions that are put in order, unless more are asked for."""
LEAST_RANK = 1e-3
"""Of a file without an edge, by that of the average file."""


@dataclass(frozen=True, slots=True, eq=False)
class Boosts:
    """What is in focus, ready for ranking; a column that is None is all zeros, or all ones for factors.

    personalization    (n_files,) float64, not negative: where rank comes from and goes back to; of any sum. None, or
                       nothing on a file of the graph: every file alike.
    reference_factors  (n_files,) float64, above 0: what references from each file are multiplied by.
    name_factors       (n_linked,) float64, above 0: what references to each name are multiplied by.
    file_factors       (n_files,) float64, above 0: what scores of the definitions in each file are multiplied by.
    hidden             (n_files,) bool: files whose definitions are not listed; they are ranked all the same.
    one_row_heads      (n_files,) bool: files in whose language a map shows one row of the head of a definition.
    words              of the query: what definitions within their files are ordered by.
    """

    personalization: F64 | None = None
    reference_factors: F64 | None = None
    name_factors: F64 | None = None
    file_factors: F64 | None = None
    hidden: NDArray[np.bool_] | None = None
    one_row_heads: NDArray[np.bool_] | None = None
    words: Words | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """How much each file counts, and the definitions that count most.

    file_scores  (n_files,) float64: PageRank; they add up to 1, and are 0 for files without an edge.
    file_values  (n_files,) float64: what files stand by: PageRank and all other weights; they add up to 1.
    file_ids     (n,) uint32, name_ids (n,) uint32, scores (n,) float64: pairs of a file and a name that it defines,
                 best first; those alike by path, then by name, or by their order in the file, where it is files that
                 are ordered. A name's number is the graph's.
    name_scores  (n_linked,) float64: what each definer of a name gets for it.
    unreferenced_scores  (n_files,) float64: what a file gets for each of its lone names.
    n_iterations that it took, or -1 if rank had not settled after all that were allowed.
    """

    file_scores: F64
    file_values: F64
    file_ids: U32
    name_ids: U32
    scores: F64
    name_scores: F64
    unreferenced_scores: F64
    n_iterations: int

    def __len__(self) -> int:
        return len(self.scores)


def rank(
    graph: Graph, boosts: Boosts | None = None, weights: Weights | None = None, *, limit: int | None = DEFAULT_LIMIT
) -> Ranking:
    """Rank all files, and the first ``limit`` definitions, or all if None.

    The same graph, boosts and weights give the same bytes. Raises ValueError for an boosts that does not fit the
    graph, IndexDamagedError.
    """
    boosts, weights = boosts or Boosts(), weights or Weights()
    n_files = len(graph)
    file_scores, name_scores, out_weights, n_iterations = _rank.page_rank(
        graph.reference_offsets,
        graph.reference_names,
        graph.reference_counts,
        graph.definer_offsets,
        graph.definer_names,
        graph.lone_counts,
        definer_counts := graph.definer_counts(),
        name_factors(graph, definer_counts, weights) * _factors(boosts.name_factors, graph.n_linked),
        _factors(boosts.reference_factors, n_files),
        np.zeros(n_files) if boosts.personalization is None else _checked(boosts.personalization, n_files),
        weights.unreferenced,
        weights.damping,
        weights.tolerance,
        weights.max_iterations,
    )
    unreferenced_scores = np.zeros(n_files)
    has_lone = np.flatnonzero(graph.lone_counts)
    unreferenced_scores[has_lone] = file_scores[has_lone] * (weights.unreferenced / out_weights[has_lone])
    if weights.definition_decay == 0:
        file_values = file_scores
        file_ids, name_ids, scores = _best(graph, name_scores, unreferenced_scores, boosts, limit)
    else:
        file_values = _file_values(file_scores, boosts, weights)
        file_ids, name_ids, scores = best_by_files(
            graph,
            file_values,
            weights,
            words=boosts.words,
            one_row_heads=_marks(boosts.one_row_heads, n_files),
            is_listed=_marks(boosts.hidden, n_files) == 0,
            limit=limit,
        )
    return Ranking(file_scores, file_values, file_ids, name_ids, scores, name_scores, unreferenced_scores, n_iterations)


def _file_values(file_scores: F64, boosts: Boosts, weights: Weights) -> F64:
    """Return what each file counts, for all files together 1."""
    n_files = len(file_scores)
    values = np.power(file_scores * n_files + LEAST_RANK, weights.file_power)
    values *= _factors(boosts.file_factors, n_files)
    return values / values.sum() if n_files else values


def _marks(column: NDArray[np.bool_] | None, n: int) -> U8:
    if column is None:
        return np.zeros(n, np.uint8)
    if len(column) != n:
        raise ValueError(f"a column of the boosts has {len(column)} rows; expected {n}")
    return column.astype(np.uint8)


def name_factors(graph: Graph, definer_counts: U32, weights: Weights) -> F64:
    """Return what a reference to each linked name counts: (n_linked,) float64."""
    table = np.ones(4)
    table[[TRAIT_LONG_COMPOUND, TRAIT_LONG_COMPOUND | TRAIT_PRIVATE]] *= weights.long_compound
    table[[TRAIT_PRIVATE, TRAIT_LONG_COMPOUND | TRAIT_PRIVATE]] *= weights.private
    factors: F64 = table[graph.name_traits & np.uint8(3)]
    factors[definer_counts > weights.many_definers_above] *= weights.many_definers
    return factors


def _factors(factors: F64 | None, n: int) -> F64:
    if factors is None:
        return np.ones(n)
    if not (_checked(factors, n) > 0).all():
        raise ValueError("a factor of the boosts is 0; expected numbers above 0")
    return factors


def _checked(column: F64, n: int) -> F64:
    if len(column) != n:
        raise ValueError(f"a column of the boosts has {len(column)} rows; expected {n}")
    if not (np.isfinite(column) & (column >= 0)).all():
        raise ValueError("a column of the boosts has numbers below 0, or that are none")
    return np.ascontiguousarray(column, np.float64)


def _best(
    graph: Graph, name_scores: F64, unreferenced_scores: F64, boosts: Boosts, limit: int | None
) -> tuple[U32, U32, F64]:
    """Return the first pairs of file and name, and their scores."""
    n_files = len(graph)
    factors = _factors(boosts.file_factors, n_files)
    is_listed = np.ones(n_files, np.bool_) if boosts.hidden is None else ~boosts.hidden
    files = np.repeat(np.arange(n_files, dtype=np.uint32), np.diff(graph.definer_offsets).astype(np.int64))
    names, scores = graph.definer_names, name_scores[graph.definer_names]
    if boosts.file_factors is not None:
        scores *= factors[files]
    n_wanted = len(files) + int(graph.lone_counts.sum(dtype=np.int64)) if limit is None else limit
    kept = is_listed[files]
    if not kept.all():
        files, names, scores = files[kept], names[kept], scores[kept]
    # What is not among the best of the linked names is not among the best of all.
    if 0 < n_wanted < len(scores):
        least = np.partition(scores, len(scores) - n_wanted)[len(scores) - n_wanted]
        kept = scores >= least
        files, names, scores = files[kept], names[kept], scores[kept]
    else:
        least = 0.0
    lone_files, lone_names, lone = _best_lone(graph, unreferenced_scores * factors, is_listed, n_wanted, float(least))
    files, names = np.concatenate((files, lone_files)), np.concatenate((names, lone_names))
    scores = np.concatenate((scores, lone))
    order = np.lexsort((files, -scores))
    files, names, scores = files[order], names[order], scores[order]
    return _order_names(graph, files, names, scores, n_wanted)


def _best_lone(
    graph: Graph, unreferenced_scores: F64, is_listed: NDArray[np.bool_], n_wanted: int, least: float
) -> tuple[U32, U32, F64]:
    """Return the lone names that may be among the best: those of whole files, the best files first."""
    candidates = np.flatnonzero((graph.lone_counts > 0) & is_listed & (unreferenced_scores >= least))
    candidates = candidates[np.lexsort((candidates, -unreferenced_scores[candidates]))]
    before = np.cumsum(graph.lone_counts[candidates], dtype=np.int64) - graph.lone_counts[candidates]
    files: U32 = candidates[before < n_wanted].astype(np.uint32)
    names = [graph.lone_names(file_id) for file_id in files.tolist()]
    lengths = list(map(len, names))
    return (
        np.repeat(files, lengths),
        np.concatenate([*names, np.empty(0, np.uint32)]),
        np.repeat(unreferenced_scores[files], lengths),
    )


def _order_names(graph: Graph, files: U32, names: U32, scores: F64, n_wanted: int) -> tuple[U32, U32, F64]:
    """Order by name what has the same score in the same file, and cut off what is too much."""
    n_wanted = min(n_wanted, len(files))
    is_new = np.ones(len(files), np.bool_)
    is_new[1:] = (files[1:] != files[:-1]) | (scores[1:] != scores[:-1])
    starts = np.flatnonzero(is_new)
    ends = np.append(starts[1:], len(files))[: len(starts)]
    for start, end in zip(starts.tolist(), ends.tolist(), strict=True):
        if start >= n_wanted:
            break
        if end - start > 1:
            names[start:end] = sorted(names[start:end].tolist(), key=graph.name)
    return files[:n_wanted].copy(), names[:n_wanted].copy(), scores[:n_wanted].copy()
