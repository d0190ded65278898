"""A caller's own order of the best definitions, such as that of a model: after the ranking, before a map is drawn."""

from __future__ import annotations

import math
import os
import reprlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.rank import Ranking

MOST_CANDIDATES = 200
"""Definitions that a reranker is asked for, the best ones."""


@dataclass(frozen=True, slots=True)
class Candidate:
    """A definition that a map may show.

    path   below the root, as ``os.fsdecode`` gives it.
    name   of the definition alone, without its scope.
    line   on which the name stands, from 1.
    score  by which the definitions are ordered so far; never negative.
    """

    path: str
    name: str
    line: int
    score: float


Reranker: TypeAlias = Callable[[str, Sequence[Candidate]], Sequence[float]]
"""Returns a number for each candidate; the larger, the earlier the definition comes."""


def reranked(ranking: Ranking, graph: Graph, query: str, rerank: Reranker) -> Ranking:
    """Return the ranking with the best definitions in the order of ``rerank``; where it is undecided, as before.

    Definitions that a map must show stay first. Raises OptionError for an answer that is no list of as many finite
    numbers; what ``rerank`` raises.
    """
    n = min(MOST_CANDIDATES, len(ranking))
    rows = _rows(ranking, graph, n)
    candidates = [
        Candidate(
            os.fsdecode(graph.paths[file_id]), graph.name(name_id).decode(errors="replace"), row + 1, float(score)
        )
        for file_id, name_id, row, score in zip(
            ranking.file_ids[:n].tolist(), ranking.name_ids[:n].tolist(), rows, ranking.scores[:n], strict=True
        )
    ]
    given = _numbers(rerank(query, candidates), n)
    order = np.concatenate((np.lexsort((np.arange(n), -np.array(given, np.float64))), np.arange(n, len(ranking))))
    return replace(
        ranking,
        file_ids=ranking.file_ids[order],
        name_ids=ranking.name_ids[order],
        # The scores stay with their places, so that they still fall.
        scores=ranking.scores,
        rows=None if ranking.rows is None else ranking.rows[order],
    )


def _rows(ranking: Ranking, graph: Graph, n: int) -> list[int]:
    if ranking.rows is not None:
        rows: list[int] = ranking.rows[:n].tolist()
        return rows
    return [rows[0] for rows in graph.definition_rows(ranking.file_ids[:n], ranking.name_ids[:n])]


def _numbers(answer: object, n: int) -> list[float]:
    """Return the numbers of an answer. Of one that is longer than it may be, no more is read than tells."""
    if not isinstance(answer, Iterable):
        raise OptionError(f"rerank returned {reprlib.repr(answer)}; expected {n:,} numbers, one for each candidate")
    given = [_number(one) for one in islice(answer, n + 1)]
    if len(given) != n:
        n_given = f"more than {n:,}" if len(given) > n else f"{len(given):,}"
        raise OptionError(f"rerank returned {n_given} numbers; expected {n:,}, one for each candidate")
    return given


def _number(value: object) -> float:
    is_real = isinstance(value, int | float | np.number) and not isinstance(value, bool | np.complexfloating)
    try:
        number = float(value) if is_real else math.nan  # type: ignore[arg-type]
    except OverflowError as error:
        raise OptionError("rerank returned an int that no float holds; expected a finite number") from error
    if not math.isfinite(number):
        raise OptionError(f"rerank returned {reprlib.repr(value)}; expected a finite number for each candidate")
    return number
