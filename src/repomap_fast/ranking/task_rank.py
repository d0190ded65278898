"""The order of files and definitions for a task: by its text if there is one, otherwise by graph and history."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.joining.file_traits import kinds_with_language
from repomap_fast.joining.path_kinds import PathKind
from repomap_fast.ranking.first_map import fuse_first
from repomap_fast.ranking.full_text import TextQuery
from repomap_fast.ranking.fuse import Past, fuse, log_shares
from repomap_fast.ranking.history import FileHistory
from repomap_fast.ranking.message_codes import codes_in, files_with_codes
from repomap_fast.ranking.query_text import Zone
from repomap_fast.ranking.rank import LEAST_RANK, Ranking, rank
from repomap_fast.ranking.stop_words import STOP_WORDS
from repomap_fast.ranking.task import boosts_for

if TYPE_CHECKING:
    from collections.abc import Callable

    from repomap_fast.discovery.git_history import History
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.ranking.fuse import Fused
    from repomap_fast.ranking.named import Named
    from repomap_fast.ranking.rank import Boosts
    from repomap_fast.ranking.task import Task
    from repomap_fast.tables import U8
    from repomap_fast.weights import Weights

F64: TypeAlias = NDArray[np.float64]


def rank_task(
    task: Task,
    result: ScanResult,
    graph: Graph,
    weights: Weights,
    *,
    limit: int | None,
    history: Callable[[], History] | None = None,
    show_focus: bool = False,
    keep_factors: bool = False,
) -> Ranking:
    """Rank all files, and the first ``limit`` definitions, or all that are ranked if None.

    history       returns the history of the files. None: history does not count.
    show_focus    list definitions of files in focus, too.
    keep_factors  return what was multiplied, too.

    The same files, history and arguments give the same bytes. Raises IndexDamagedError.
    """
    boosts = boosts_for(task, result, graph, weights, show_focus=show_focus, keep_parts=keep_factors)
    if weights.by_rank_alone:
        return rank(graph, boosts, weights, limit=limit, keep_factors=keep_factors)
    named, has_text = task.named, None
    if named is None:
        fused = _fuse_without_text(task, result, graph, boosts, weights, history)
    else:
        fused = _fuse_task(task, named, result, graph, boosts, weights, history)
        has_text = len(fused.query) > 0 or bool(named.files.any())
    hidden = np.zeros(len(graph), np.bool_) if boosts.hidden is None else boosts.hidden
    table = fused.table
    order = np.argsort(-fused.definitions, kind="stable")
    order = order[~hidden[table.file_ids[table.files[order]]]][:limit]
    shares = np.exp(log_shares(fused.definitions))
    return Ranking(
        file_scores=np.zeros(len(graph)),
        file_values=np.exp(log_shares(fused.files)),
        file_ids=table.file_ids[table.files[order]].astype(np.uint32),
        name_ids=table.name_ids[order],
        scores=shares[order],
        rows=table.rows[order],
        fused=fused if keep_factors else None,
        promised=() if named is None else tuple(one for one in named.promised if not hidden[one[0]]),
        has_text=has_text,
    )


def _fuse_task(
    task: Task,
    named: Named,
    result: ScanResult,
    graph: Graph,
    boosts: Boosts,
    weights: Weights,
    history: Callable[[], History] | None,
) -> Fused:
    """Score all files and the definitions of the best ones for the text of a task. Raises IndexDamagedError."""
    kinds = kinds_with_language(result.file_table)
    is_plain = kinds == 0
    prior = {}
    if codes := codes_in(task.text.words):
        prior["file_code"] = weights.file_code * files_with_codes(codes, result.words, is_plain)
    query = TextQuery.of(task.term_weights(weights), result.words, graph.paths)
    past = None
    if history is not None and (weights.file_age or weights.file_message) and len(commits := history()):
        of_files = FileHistory.of(commits, graph.paths)
        common = sorted(STOP_WORDS.difference(query.terms))
        past = Past(of_files.ages(), of_files.message_scores(query.terms, query.weights, common=common))
    of_kinds = penalties_of_kinds(kinds, named.files > 0, weights, asks_for_tests=task.asks_for_tests)
    if task.focus_files or task.changed_files:
        page_ranks = rank(graph, boosts, weights, limit=0).file_scores
        prior["file_rank"] = weights.file_rank * np.log(page_ranks * len(graph) + LEAST_RANK)
    return fuse(query, named, past, result, graph, weights, kinds=of_kinds, prior=prior, is_plain=is_plain)


def _fuse_without_text(
    task: Task,
    result: ScanResult,
    graph: Graph,
    boosts: Boosts,
    weights: Weights,
    history: Callable[[], History] | None,
) -> Fused:
    """Score all files and the definitions of the best ones for a task without a text. Raises IndexDamagedError."""
    kinds = kinds_with_language(result.file_table)
    often = None
    if history is not None and weights.first_often and len(commits := history()):
        often = FileHistory.of(commits, graph.paths).often()
    others = penalties_of_kinds(kinds, np.zeros(len(graph), np.bool_), weights, asks_for_tests=True)
    return fuse_first(
        graph,
        rank(graph, boosts, weights, limit=0).file_scores,
        often,
        weights,
        prior={"first_tests": np.where((kinds & PathKind.TESTS) > 0, -weights.first_tests, 0.0), **others},
        is_plain=kinds == 0,
        is_data=(kinds & np.uint8(PathKind.DATA)) > 0,
        is_near=bool(task.focus_files or task.changed_files),
    )


def penalties_of_kinds(
    kinds: U8, is_named: NDArray[np.bool_], weights: Weights, *, asks_for_tests: bool
) -> dict[str, F64]:
    """Return what is subtracted from tests, vendored code and the like, unless the text asks for such files."""
    return {
        f"file_{kind.weight_name}": np.where(
            ((kinds & kind) > 0) & ~is_named, -getattr(weights, f"file_{kind.weight_name}"), 0.0
        )
        for kind in PathKind
        if kind is not PathKind.TESTS or not asks_for_tests
    }


def notes_on_text(task: Task, ranking: Ranking, *, where: str = "here") -> tuple[str, ...]:
    """Return a note if there is a query, and nothing of it occurs; ``where`` says in which files."""
    if not task.query.strip() or task.named is None or ranking.has_text is not False:
        return ()
    if not task.text.term_weights([1.0] * len(Zone)):
        return ("the query has no word that could tell files apart",)
    return (f"no word of the query stands in a file {where}",)
