"""Ranks of files beside plain PageRank."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.repomapper.ranking import rank_files

NAMES = st.lists(st.sampled_from("abcdef"), max_size=5, unique=True)


FILES = st.lists(st.tuples(NAMES, NAMES, st.sampled_from([0, 0, 1])), min_size=1, max_size=7)


def plain_ranks(defined: list[list[str]], used: list[list[str]], wanted: list[int]) -> np.ndarray:
    """PageRank as the definition has it, over a matrix: one edge for each name from its user to each other definer."""
    n = len(defined)
    start = np.array(wanted, float)
    start = start / start.sum() if start.sum() else np.full(n, 1 / n)
    edges = np.zeros((n, n))
    for user in range(n):
        for definer in range(n):
            edges[user, definer] = len(set(used[user]) & set(defined[definer])) if user != definer else 0
    total = edges.sum(axis=1, keepdims=True)
    steps = np.where(total > 0, edges / np.maximum(total, 1), start)
    return np.linalg.solve(np.eye(n) - 0.85 * steps.T, 0.15 * start)


@given(files=FILES)
def test_ranks_are_those_of_the_definition(files: list[tuple[list[str], list[str], int]]) -> None:
    defined, used, wanted = map(list, zip(*files, strict=True))
    ours = rank_files(
        [dict.fromkeys(names) for names in defined], [dict.fromkeys(names) for names in used], np.array(wanted, float)
    )
    assert ours == pytest.approx(plain_ranks(defined, used, wanted), abs=1e-4)


def test_no_files_have_no_ranks() -> None:
    assert len(rank_files([], [], np.zeros(0))) == 0
