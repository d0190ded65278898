"""Steps from files to those that they include, in whatever order files ask."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.resolving import include_graph
from repomap_fast.resolving.include_graph import IncludeGraph

N_FILES = 12
graphs = st.lists(
    st.lists(st.integers(0, N_FILES - 1), max_size=4, unique=True).map(tuple), min_size=N_FILES, max_size=N_FILES
)
questions = st.lists(
    st.tuples(st.integers(0, N_FILES - 1), st.lists(st.integers(0, N_FILES - 1), max_size=4, unique=True)), max_size=12
)


def steps_by_walk(included: list[tuple[int, ...]], file: int) -> dict[int, int]:
    steps, edge = {file: 0}, [file]
    for one in edge:
        for other in included[one]:
            if other not in steps:
                steps[other] = steps[one] + 1
                edge.append(other)
    return steps


@given(graphs, questions)
def test_steps_are_those_of_a_walk_from_each_file(
    included: list[tuple[int, ...]], asked: list[tuple[int, list[int]]]
) -> None:
    graph = IncludeGraph(included.__getitem__, 100)
    for file, targets in asked:
        walked = steps_by_walk(included, file)
        assert graph.steps_between(file, targets) == {one: walked[one] for one in targets if one in walked}


@given(graphs, st.lists(st.integers(0, N_FILES - 1), max_size=4), st.integers(0, N_FILES - 1))
def test_files_that_see_one_are_those_from_which_a_walk_leads_to_it(
    included: list[tuple[int, ...]], begun: list[int], target: int
) -> None:
    graph = IncludeGraph(included.__getitem__, 100)
    graph.go_through(begun)
    gone_through = set().union(*(steps_by_walk(included, file) for file in begun))
    assert len(graph) == len(gone_through)
    assert graph.seeing(target) == {target, *(one for one in gone_through if target in steps_by_walk(included, one))}


def test_files_that_are_seen_by_very_many_ways_are_gone_through_once() -> None:
    """Each way was gone: 8 files in each of 12 layers that all include the next layer are seen by 8 ** 12 ways."""
    width, depth = 8, 12
    layers = [tuple(range(width * i, width * (i + 1))) for i in range(depth)]
    graph = IncludeGraph(lambda file: layers[file // width + 1] if file // width + 1 < depth else (), 1_000)
    graph.go_through(layers[0])
    assert len(graph.seeing(layers[-1][0])) == width * (depth - 1) + 1


def test_forgotten_targets_are_counted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(include_graph, "_MOST_TARGETS", 1)
    graph = IncludeGraph([(1,), (2,), ()].__getitem__, 100)
    for _ in range(2):
        assert graph.steps_between(0, [1, 2]) == {1: 1, 2: 2}
        assert len(graph._steps) == 1


def test_with_too_many_files_nothing_is_known() -> None:
    def next_one(file: int) -> tuple[int, ...]:
        asked.append(file)
        return (file + 1,)

    asked: list[int] = []
    graph = IncludeGraph(next_one, 50)
    assert graph.steps_between(0, [10]) is None
    assert len(asked) < 60
    assert graph.steps_between(7, [10]) is None
    assert len(asked) < 60


def visits(n: int) -> int:
    """Return what it takes to ask from n sources, each of which includes the first of n headers in a row."""
    headers = [(one + 1,) for one in range(n - 1)] + [()]
    included = headers + [(0,)] * n
    graph = IncludeGraph(included.__getitem__, 100_000)
    for source in range(n, 2 * n):
        assert graph.steps_between(source, [n - 1]) == {n - 1: n}
    return graph.n_visits


def test_files_that_see_the_same_headers_go_through_them_once() -> None:
    assert visits(400) <= 2 * visits(200) + 10
