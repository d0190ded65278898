"""Ranking: PageRank over the graph of files, and the best definitions.

Rank goes from a file to the files that define what it refers to. Every definer of a name gets the same share. So an
iteration is two sparse products, from files to names and from names to files. No edge is ever stored.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.joining.graph import TRAIT_LONG_COMPOUND, TRAIT_PRIVATE
from repomap_fast.ranking import _rank
from repomap_fast.tables import U32
from repomap_fast.weights import Weights

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.fuse import Fused

F64: TypeAlias = NDArray[np.float64]

DEFAULT_LIMIT = 1_000
"""Definitions that are ordered, unless the caller asks for more."""
LEAST_RANK = 1e-3
"""Rank of a file without an edge, as a multiple of the average rank."""


class Boosts(NamedTuple):
    """What the task multiplies. A column that is None is all zeros; all ones if it has factors.

    personalization    (n_files,) float64, not negative, of any sum: where rank starts, and returns to. None, or zeros
                       on all files that have an edge: the same for every file.
    reference_factors  (n_files,) float64, above 0, of the references from each file.
    name_factors       (n_shared,) float64, above 0, of the references to each name.
    hidden             (n_files,) bool: files whose definitions are not listed. They are ranked like all others.
    name_parts         what ``name_factors`` is the product of, by the names of the weights, if that was asked for.
    """

    personalization: F64 | None = None
    reference_factors: F64 | None = None
    name_factors: F64 | None = None
    hidden: NDArray[np.bool_] | None = None
    name_parts: Mapping[str, F64] | None = None


class Factors(NamedTuple):
    """What ``rank`` multiplied; for an explanation.

    names         (n_shared,) float64 each, by the names of the weights: their product is ``name_factors``.
    name_factors  (n_shared,) float64: what a reference to each name counts.
    sent          (n,) float64, one for each of the graph's references: rank that the file sends along it. Each definer
                  of the name gets it, multiplied by the name's factor.
    """

    names: Mapping[str, F64]
    name_factors: F64
    sent: F64


def _no_numbers() -> F64:
    return np.zeros(0)


@dataclass(frozen=True, slots=True, eq=False)
class Ranking:
    """The value of each file, and the best definitions.

    file_scores  (n_files,) float64: PageRank. The sum is 1; files without an edge have 0.
    file_values  (n_files,) float64: files are ordered by it. The sum is 1. By rank alone, it is PageRank.
    file_ids     (n,) uint32, name_ids (n,) uint32, scores (n,) float64: pairs of a file and a name that it defines,
                 best first. Equal scores are ordered by path, then by row, or by name. Ids of names are the graph's.
    name_scores  (n_shared,) float64: rank that each definer of a name gets for it.
    unreferenced_scores  (n_files,) float64: rank that a file gets for each unreferenced name that it defines.
    n_iterations of PageRank, or -1 if it did not converge within the iterations that were allowed.
    factors      if they were asked for.
    rows         (n,) uint32: the row of each definition. None: a pair stands for all definitions of its name.
    promised     files and rows that a map must show, the best first; rows of -1 stand for a file alone.
    fused        sums of signals, if definitions stand by them and they were asked for. Then there is no PageRank: all
                 of ``file_scores`` is 0, and the columns of names are empty.
    has_text     whether any word of the task's text occurs in the repository; None for a task without.
    """

    file_scores: F64
    file_values: F64
    file_ids: U32
    name_ids: U32
    scores: F64
    name_scores: F64 = field(default_factory=_no_numbers)
    unreferenced_scores: F64 = field(default_factory=_no_numbers)
    n_iterations: int = 0
    factors: Factors | None = None
    rows: U32 | None = None
    promised: tuple[tuple[int, int], ...] = ()
    fused: Fused | None = None
    has_text: bool | None = None

    def __len__(self) -> int:
        return len(self.scores)


def rank(
    graph: Graph,
    boosts: Boosts | None = None,
    weights: Weights | None = None,
    *,
    limit: int | None = DEFAULT_LIMIT,
    keep_factors: bool = False,
) -> Ranking:
    """Rank all files, and the first ``limit`` definitions, or all if None.

    keep_factors  return what was multiplied, too.

    The same graph, boosts and weights give the same bytes. Raises ValueError for boosts that do not fit the graph,
    IndexDamagedError.
    """
    boosts, weights = boosts or Boosts(), weights or Weights()
    n_files, definer_counts = len(graph), graph.definer_counts()
    reference_factors = _factors(boosts.reference_factors, n_files)
    name_factors = _factors(boosts.name_factors, graph.n_shared)
    name_factors = _spelling_factors(graph, definer_counts, weights) * name_factors
    file_scores, name_scores, out_weights, n_iterations = _rank.page_rank(
        graph.reference_offsets,
        graph.reference_names,
        graph.reference_counts,
        graph.definer_offsets,
        graph.definer_names,
        graph.unreferenced_counts,
        definer_counts,
        name_factors,
        reference_factors,
        np.zeros(n_files) if boosts.personalization is None else _checked(boosts.personalization, n_files),
        weights.unreferenced,
        weights.damping,
        weights.tolerance,
        weights.max_iterations,
    )
    unreferenced_scores = np.zeros(n_files)
    with_unreferenced = np.flatnonzero(graph.unreferenced_counts)
    unreferenced_scores[with_unreferenced] = file_scores[with_unreferenced] * (
        weights.unreferenced / out_weights[with_unreferenced]
    )
    file_ids, name_ids, scores = _best(graph, name_scores, unreferenced_scores, boosts, limit)
    factors = None
    if keep_factors:
        spelling = _spelling_parts(graph, definer_counts, weights)
        names = {name: np.where(marks, factor, 1.0) for name, marks, factor in spelling}
        if boosts.name_parts is not None:
            names |= boosts.name_parts
        factors = Factors(names, name_factors, _sent(graph, file_scores, out_weights, reference_factors))
    return Ranking(
        file_scores,
        file_scores,
        file_ids,
        name_ids,
        scores,
        name_scores,
        unreferenced_scores,
        n_iterations,
        factors,
    )


def _sent(graph: Graph, file_scores: F64, out_weights: F64, reference_factors: F64) -> F64:
    """Return the rank that each reference sends; the same multiplications as in ``_rank``, in the same order."""
    shares = file_scores / np.where(out_weights > 0, out_weights, 1.0) * reference_factors
    sent: F64 = shares[reference_files(graph)] * np.sqrt(graph.reference_counts.astype(np.float64))
    return sent


def reference_files(graph: Graph) -> NDArray[np.intp]:
    """Return the file of each of the graph's references."""
    return np.repeat(np.arange(len(graph)), np.diff(graph.reference_offsets).astype(np.int64))


def _spelling_parts(
    graph: Graph, definer_counts: U32, weights: Weights
) -> Iterator[tuple[str, NDArray[np.bool_], float]]:
    """Yield the weights by which names differ: name of the weight, which names it is for, and the weight."""
    yield "long_compound", (graph.name_traits & np.uint8(TRAIT_LONG_COMPOUND)) != 0, weights.long_compound
    yield "private", (graph.name_traits & np.uint8(TRAIT_PRIVATE)) != 0, weights.private
    yield "many_definers", definer_counts > weights.many_definers_above, weights.many_definers


def _spelling_factors(graph: Graph, definer_counts: U32, weights: Weights) -> F64:
    """Return what a reference to each shared name counts before any boost: (n_shared,) float64."""
    factors: F64 = np.ones(graph.n_shared)
    for _, marks, factor in _spelling_parts(graph, definer_counts, weights):
        np.multiply(factors, factor, out=factors, where=marks)
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
    is_listed = np.ones(n_files, np.bool_) if boosts.hidden is None else ~boosts.hidden
    files = np.repeat(np.arange(n_files, dtype=np.uint32), np.diff(graph.definer_offsets).astype(np.int64))
    names, scores = graph.definer_names, name_scores[graph.definer_names]
    if limit == 0:
        return np.empty(0, np.uint32), np.empty(0, np.uint32), np.empty(0)
    n_wanted = len(files) + int(graph.unreferenced_counts.sum(dtype=np.int64)) if limit is None else limit
    kept = is_listed[files]
    if not kept.all():
        files, names, scores = files[kept], names[kept], scores[kept]
    # What is not among the best of the shared names is not among the best of all.
    if 0 < n_wanted < len(scores):
        least = np.partition(scores, len(scores) - n_wanted)[len(scores) - n_wanted]
        kept = scores >= least
        files, names, scores = files[kept], names[kept], scores[kept]
    else:
        least = 0.0
    more_files, more_names, more_scores = _best_unreferenced(
        graph, unreferenced_scores, is_listed, n_wanted, float(least)
    )
    files, names = np.concatenate((files, more_files)), np.concatenate((names, more_names))
    scores = np.concatenate((scores, more_scores))
    order = np.lexsort((files, -scores))
    files, names, scores = files[order], names[order], scores[order]
    return _order_names(graph, files, names, scores, n_wanted)


def _best_unreferenced(
    graph: Graph, unreferenced_scores: F64, is_listed: NDArray[np.bool_], n_wanted: int, least: float
) -> tuple[U32, U32, F64]:
    """Return unreferenced names, among them all of the best: those of whole files, the best files first."""
    candidates = np.flatnonzero((graph.unreferenced_counts > 0) & is_listed & (unreferenced_scores >= least))
    candidates = candidates[np.lexsort((candidates, -unreferenced_scores[candidates]))]
    before = np.cumsum(graph.unreferenced_counts[candidates], dtype=np.int64) - graph.unreferenced_counts[candidates]
    files: U32 = candidates[before < n_wanted].astype(np.uint32)
    names = [graph.unreferenced_names(file_id) for file_id in files.tolist()]
    lengths = list(map(len, names))
    return (
        np.repeat(files, lengths),
        np.concatenate([*names, np.empty(0, np.uint32)]),
        np.repeat(unreferenced_scores[files], lengths),
    )


def _order_names(graph: Graph, files: U32, names: U32, scores: F64, n_wanted: int) -> tuple[U32, U32, F64]:
    """Order pairs of the same file and score by name, and return the first ``n_wanted``."""
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
