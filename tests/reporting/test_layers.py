"""layers: a directed graph in layers."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.reporting.layers import arrange


def test_a_chain_goes_downwards() -> None:
    assert arrange(3, {(2, 1): 1, (1, 0): 1}) == [[2], [1], [0]]


def test_the_lightest_edge_of_a_cycle_leads_back() -> None:
    assert arrange(3, {(0, 1): 9, (1, 2): 9, (2, 0): 1}) == [[0], [1], [2]]


def test_nothing_is_nothing() -> None:
    assert arrange(0, {}) == []


@given(
    st.dictionaries(
        st.tuples(st.integers(0, 9), st.integers(0, 9)).filter(lambda pair: pair[0] < pair[1]), st.integers(1, 9)
    )
)
def test_each_node_stands_once_and_after_all_that_lead_to_it_where_there_is_no_cycle(
    edges: dict[tuple[int, int], int],
) -> None:
    layers = arrange(10, edges)
    assert sorted(node for layer in layers for node in layer) == list(range(10))
    layer_of = {node: i for i, layer in enumerate(layers) for node in layer}
    assert all(layer_of[source] < layer_of[target] for source, target in edges)
