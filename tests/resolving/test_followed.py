"""Answers that depend on each other are remembered, and cut alike in any order."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.resolving import followed
from repomap_fast.resolving.followed import MAX_DEPTH, MOST_VALUES, Answer, Followed


class Network:
    """Questions that are answered by their own number and the answers to others."""

    def __init__(self, edges: Mapping[int, list[int]]) -> None:
        self._edges = edges
        self._followed = Followed()
        self.n_computed = 0

    def ask(self, node: int) -> Answer:
        self._followed.begin()
        return self._answer(node, 0)

    def _answer(self, node: int, depth: int) -> Answer:
        return self._followed.answer(node, depth, lambda deeper: self._compute(node, deeper))

    def _compute(self, node: int, depth: int) -> Answer:
        self.n_computed += 1
        return ((node,), *(value for other in self._edges.get(node, ()) for value in self._answer(other, depth)))


def test_whole_answers_are_remembered() -> None:
    network = Network({0: [1, 2], 1: [2], 2: [3]})
    assert network.ask(0) == ((0,), (1,), (2,), (3,))
    assert network.n_computed == 4
    assert network.ask(1) == ((1,), (2,), (3,))
    assert network.n_computed == 4


def test_a_circle_ends_and_is_asked_anew() -> None:
    network = Network({0: [1], 1: [0]})
    assert network.ask(0) == ((0,), (1,))
    assert network.ask(1) == ((1,), (0,))


def test_what_is_too_deep_is_cut() -> None:
    network = Network({i: [i + 1] for i in range(10 * MAX_DEPTH)})
    assert len(network.ask(0)) <= MOST_VALUES
    assert network.n_computed <= MAX_DEPTH + 1


def test_many_values_are_cut() -> None:
    network = Network({0: list(range(1, 100))})
    assert len(network.ask(0)) == MOST_VALUES


def test_what_is_forgotten_is_found_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(followed, "_MOST_KNOWN", 3)
    network = Network({i: [i + 1] for i in range(6)})
    first = [network.ask(node) for node in range(6)]
    assert [network.ask(node) for node in range(6)] == first
    assert network.n_computed > 7


NODES = st.integers(0, 60)


@given(st.dictionaries(NODES, st.lists(NODES, max_size=4)), st.lists(NODES, min_size=1, max_size=30))
def test_an_answer_does_not_hang_on_what_was_asked_before(edges: dict[int, list[int]], asked: list[int]) -> None:
    used = Network(edges)
    for node in asked:
        assert used.ask(node) == Network(edges).ask(node)
