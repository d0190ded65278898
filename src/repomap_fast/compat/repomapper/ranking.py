"""RepoMapper's ranks: PageRank of files, in which each name that a file uses counts once for each other definer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import offsets_from
from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.rank import Boosts, rank
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE
from repomap_fast.weights import Weights

F64: TypeAlias = NDArray[np.float64]
Edge: TypeAlias = tuple[int, int, int]
"""A file, the number of a name that it has, and in which role."""

_TOLERANCE = 1e-6
"""networkx's: the change of all ranks together, for each file."""


def rank_files(defined: Sequence[dict[str, None]], used: Sequence[dict[str, None]], wanted: F64) -> F64:
    """Return the rank of each file; they add up to 1.

    defined, used  the distinct names that each file defines and refers to, in their order.
    wanted         (n_files,) not negative: where rank comes from and goes back to; all zeros for every file alike.
    """
    n_files = len(defined)
    if not n_files:
        return np.zeros(0)
    start = wanted / wanted.sum() if wanted.any() else np.full(n_files, 1 / n_files)
    edges, n_names = _edges(defined, used)
    leads, is_led_to = np.zeros(n_files, np.bool_), np.zeros(n_files, np.bool_)
    for file, _, role in edges:
        (leads if role == ROLE_REFERENCE else is_led_to)[file] = True
    has_edge = leads | is_led_to
    if not start[has_edge].any():
        # Nothing leads from where rank comes from to any other file.
        return start
    scores = rank(
        _graph(n_files, edges, n_names),
        Boosts(personalization=start),
        replace(Weights.aider(), many_definers=1.0, tolerance=_TOLERANCE * n_files / int(np.count_nonzero(has_edge))),
        limit=1,
    ).file_scores
    return _among_all(scores, start, leads, is_led_to)


def _edges(defined: Sequence[dict[str, None]], used: Sequence[dict[str, None]]) -> tuple[list[Edge], int]:
    """Return which file has which of the names that lead from one file to another, file by file, and how many names.

    A file leads nowhere by a name to itself: one that defines what it uses gets a name of its own, which all other
    definers have.
    """
    definers: dict[str, list[int]] = {}
    for file, names in enumerate(defined):
        for name in names:
            definers.setdefault(name, []).append(file)
    numbers: dict[tuple[str, int], int] = {}
    edges: list[Edge] = []
    for file, names in enumerate(used):
        for name in names:
            is_own = name in defined[file]
            if len(definers.get(name, ())) <= is_own:
                continue
            key = (name, file if is_own else -1)
            if key not in numbers:
                numbers[key] = len(numbers)
                edges += [(other, numbers[key], ROLE_DEFINITION) for other in definers[name] if other != key[1]]
            edges.append((file, numbers[key], ROLE_REFERENCE))
    return sorted(edges), len(numbers)


def _graph(n_files: int, edges: Sequence[Edge], n_names: int) -> Graph:
    files, names, roles = (np.array(column, np.int64) for column in zip(*edges, strict=True))
    offsets = offsets_from(np.bincount(files, minlength=n_files))
    return Graph.from_tags(
        # Neither paths nor spelling of names are to count.
        [b"%d" % file for file in range(n_files)],
        offsets,
        names.astype(np.uint32),
        roles.astype(np.uint8),
        np.zeros(len(edges), np.uint32),
        [b"%d" % name for name in range(n_names)],
    )


def _among_all(scores: F64, start: F64, leads: NDArray[np.bool_], is_led_to: NDArray[np.bool_]) -> F64:
    """Return the ranks among all files from those among the files with an edge, which add up to 1.

    A file without an edge has what comes to it from the start alone, and gives all of it back there. So has, exactly,
    every file that nothing leads to, however far the iteration went.
    """
    damping = Weights().damping
    # What flows back to the start of each unit of rank among the files with an edge.
    back = 1 - damping + damping * float(scores[~leads].sum())
    share = float(start[leads | is_led_to].sum())
    of_start = 1 / (share / back + 1 - share)
    return np.where(is_led_to, scores * (of_start * share / back), of_start * start)
