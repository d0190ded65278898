"""Our maps, and those of plain baselines, of the same trees; each in the form that our map has."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

import repomap_fast
from benchmarks.map_quality.commits import Commit
from benchmarks.map_quality.tree import pack, read_lines, visit
from repomap_fast.drawing.draw import draw
from repomap_fast.drawing.entries import Entries, most_entries
from repomap_fast.drawing.repo_map import Style
from repomap_fast.drawing.tokens import Counter
from repomap_fast.indexing.index import Index
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE
from repomap_fast.weights import Weights

BASELINES = ("size", "alphabet", "referred")
"""Largest files first; paths in order; definitions of the names that are referred to most often first."""


def write_maps(
    tree: Path,
    commits: Sequence[Commit],
    results: Path,
    maps: Callable[[Commit], dict[str, dict[int, str]]],
    count: Counter,
) -> None:
    """Add to ``results`` a line with the maps of each commit's parent that has none there yet."""
    done = {record["sha"] for record in read_lines(results)}
    with results.open("a") as out:
        for commit in commits:
            if commit.sha in done:
                continue
            visit(tree, commit.parent)
            start = time.perf_counter()
            texts = maps(commit)
            seconds = round(time.perf_counter() - start, 3)
            for contender, of_budget in texts.items():
                record: dict[str, Any] = {
                    "sha": commit.sha,
                    "contender": contender,
                    "all_seconds": seconds,
                    "tokens": {budget: count(text) for budget, text in of_budget.items()},
                    "texts": {budget: pack(text) for budget, text in of_budget.items()},
                }
                out.write(json.dumps(record) + "\n")
            out.flush()


def our_maps(
    tree: Path, budgets: Sequence[int], cache_dir: Path, count: Counter, *, variants: bool = False, run: str = "ours"
) -> Callable[[Commit], Any]:
    """Return what makes our maps of a commit: by the default weights; or the variants: without the message, and with
    aider's weights. ``run`` is what to call the first.
    """

    def maps(commit: Commit) -> dict[str, dict[int, str]]:
        with Index.open(tree, cache_dir=cache_dir) as index:
            index.refresh()

            def texts(**arguments: Any) -> dict[int, str]:
                return {
                    budget: repomap_fast.map(index, tokens=budget, tokenizer=count, **arguments).text
                    for budget in budgets
                }

            if not variants:
                return {run: texts(query=commit.message)}
            return {
                "ours-no-query": texts(),
                "ours-aider-weights": texts(query=commit.message, weights=Weights.aider()),
            }

    return maps


def baseline_maps(tree: Path, budgets: Sequence[int], cache_dir: Path, count: Counter) -> Callable[[Commit], Any]:
    """Return what makes the baselines' maps of a commit."""

    def maps(_: Commit) -> dict[str, dict[int, str]]:
        with Index.open(tree, cache_dir=cache_dir) as index:
            index.refresh()
            result = index.result
            tags, files = result.tag_table, result.file_table
            is_definition = tags.roles == ROLE_DEFINITION
            file_of_tag = np.repeat(np.arange(len(files)), np.diff(files.tag_offsets).astype(np.int64))[is_definition]
            names, rows = tags.name_ids[is_definition], tags.rows[is_definition].astype(np.int64)
            n_references = np.bincount(tags.name_ids[tags.roles == ROLE_REFERENCE], minlength=len(tags.names))
            orders = {
                "size": np.lexsort((rows, file_of_tag, -files.sizes_bytes[file_of_tag])),
                "alphabet": np.lexsort((rows, file_of_tag)),
                "referred": np.lexsort((rows, file_of_tag, -n_references[names])),
            }
            style = Style.of("text", tokenizer=count, header=False, ascii_marks=False)
            texts: dict[str, dict[int, str]] = {}
            for name, order in orders.items():
                for budget in budgets:
                    kept = order[: most_entries(budget)]
                    file_ids = file_of_tag[kept].astype(np.uint32)
                    entries = Entries(file_ids, rows[kept], np.full(len(kept), -1, np.int64))
                    repo_map = draw(result, index.graph, None, entries, style, budget=budget)
                    texts.setdefault(name, {})[budget] = repo_map.text
            return texts

    return maps
