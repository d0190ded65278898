"""Our ranking and our maps, as answers to a query."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

import repomap_fast
from benchmarks.localisation.contenders import Answer, SourceFile
from repomap_fast.indexing.index import Index
from repomap_fast.ranking.task import find_task
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.weights import Weights

N_DEFINITIONS = 5_000
"""Definitions that are asked for: a function that stands below is not found."""


def our_answers(
    tree: Path,
    sources: Sequence[SourceFile],
    query: str,
    *,
    cache_dir: Path,
    budgets: Sequence[int],
    variants: dict[str, Weights],
    count: Callable[[str], int],
) -> dict[str, Answer]:
    """Return what we answer to a query, by the names of the variants of weights."""
    with Index.open(tree, cache_dir=cache_dir) as index:
        index.refresh()
        return {name: _answer(index, sources, query, weights, budgets, count) for name, weights in variants.items()}


def _answer(
    index: Index,
    sources: Sequence[SourceFile],
    query: str,
    weights: Weights,
    budgets: Sequence[int],
    count: Callable[[str], int],
) -> Answer:
    files, places = _ranking(index, query, weights)
    ranked_paths = {source.path for source in sources}
    lines = {
        (source.path, function.line): f"{source.path}:{function.name}"
        for source in sources
        for function in source.functions
    }
    answer = Answer(
        [path for path in files if path in ranked_paths],
        list(dict.fromkeys(lines[place] for place in places if place in lines)),
    )
    for budget in budgets:
        shown = repomap_fast.map(index, tokens=budget, query=query, weights=weights, tokenizer=count)
        answer.shown_files[budget] = [file.path for file in shown.files]
        shown_places = ((definition.path, definition.line) for definition in shown.definitions)
        answer.shown_functions[budget] = [lines[place] for place in shown_places if place in lines]
    return answer


def _ranking(index: Index, query: str, weights: Weights) -> tuple[list[str], list[tuple[str, int]]]:
    """Return all files, and path and line of the first definitions, best first."""
    result, graph = index.result, index.graph
    task = find_task(result, query=query)
    ranking = rank_task(task, result, graph, weights, limit=N_DEFINITIONS, history=index.history)
    paths = [os.fsdecode(path) for path in graph.paths]
    order = np.lexsort((np.arange(len(paths)), -ranking.file_values)).tolist()
    assert ranking.rows is not None
    places = zip(ranking.file_ids.tolist(), ranking.rows.tolist(), strict=True)
    return [paths[file_id] for file_id in order], [(paths[file_id], row + 1) for file_id, row in places]
