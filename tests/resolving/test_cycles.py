"""Cycles in a directed graph."""

from __future__ import annotations

import networkx
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.resolving.cycles import find_cycles, shortest_cycle

edges_of_graphs = st.dictionaries(st.integers(0, 9), st.lists(st.integers(0, 9), max_size=4), max_size=10)


@given(edges_of_graphs)
def test_cycles_are_the_strongly_connected_components(edges: dict[int, list[int]]) -> None:
    graph = networkx.DiGraph(edges)
    wanted = [sorted(one) for one in networkx.strongly_connected_components(graph) if len(one) > 1]
    assert find_cycles(edges) == sorted(wanted, key=lambda one: (-len(one), one))


@given(edges_of_graphs)
def test_a_shortest_cycle_goes_once_around(edges: dict[int, list[int]]) -> None:
    for component in find_cycles(edges):
        cycle = shortest_cycle(edges, component)
        assert cycle[0] == component[0]
        assert len(set(cycle)) == len(cycle) > 1
        assert all(after in edges[node] for node, after in zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        graph = networkx.DiGraph(edges)
        lengths = [networkx.shortest_path_length(graph, other, cycle[0]) for other in edges[cycle[0]]
                   if other != cycle[0] and networkx.has_path(graph, other, cycle[0])]  # fmt: skip
        assert len(cycle) == 1 + min(lengths)


def test_a_long_cycle_needs_no_recursion() -> None:
    n = 50_000
    edges = {i: [(i + 1) % n] for i in range(n)}
    (component,) = find_cycles(edges)
    assert len(component) == n
