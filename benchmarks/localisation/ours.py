"""Our ranking and our maps, as answers to a query."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path

import repomap_fast
from benchmarks.localisation.contenders import Answer, SourceFile
from repomap_fast.indexing.index import Index
from repomap_fast.ranking.rank import rank
from repomap_fast.ranking.task import boosts_for, find_task
from repomap_fast.tables import ROLE_DEFINITION
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
    files, functions = _ranking(index, query, weights)
    ranked_paths = {source.path for source in sources}
    ranked_functions = {f"{source.path}:{function.name}" for source in sources for function in source.functions}
    lines = {
        (source.path, function.line): f"{source.path}:{function.name}"
        for source in sources
        for function in source.functions
    }
    answer = Answer(
        [path for path in files if path in ranked_paths],
        [key for key in functions if key in ranked_functions],
    )
    for budget in budgets:
        shown = repomap_fast.map(index, tokens=budget, query=query, weights=weights, tokenizer=count)
        answer.shown_files[budget] = [file.path for file in shown.files]
        places = ((definition.path, definition.line) for definition in shown.definitions)
        answer.shown_functions[budget] = [lines[place] for place in places if place in lines]
    return answer


def _ranking(index: Index, query: str, weights: Weights) -> tuple[list[str], list[str]]:
    """Return all files and the first definitions, best first."""
    result, graph = index.result, index.graph
    boosts = boosts_for(find_task(result, query=query), result, graph, weights)
    ranking = rank(graph, boosts, weights, limit=N_DEFINITIONS)
    table_rows = [row for row, file in enumerate(result.files) if file.language is not None]
    paths = [os.fsdecode(result.file_table.paths[row]) for row in table_rows]
    order = sorted(range(len(paths)), key=lambda file_id: (-ranking.file_values[file_id], file_id))
    functions = []
    qualified: dict[int, dict[str, list[str]]] = {}
    for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True):
        if file_id not in qualified:
            qualified[file_id] = _qualified(index, table_rows[file_id])
        name = graph.name(name_id).decode(errors="replace")
        functions += [f"{paths[file_id]}:{full}" for full in qualified[file_id].get(name, ())]
    return [paths[file_id] for file_id in order], list(dict.fromkeys(functions))


def _qualified(index: Index, row: int) -> dict[str, list[str]]:
    """Return, by its last name, the dotted names of each definition of a file."""
    result = index.result
    first, last = int(result.file_table.tag_offsets[row]), int(result.file_table.tag_offsets[row + 1])
    names = defaultdict(list)
    for place in range(first, last):
        if result.tag_table.roles[place] == ROLE_DEFINITION:
            tag = result.tag(place)
            names[tag.name].append(f"{tag.scope}.{tag.name}" if tag.scope else tag.name)
    return names
