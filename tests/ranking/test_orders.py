"""orders: positions and factors as an explanation shows them, beside the ranking that a map is drawn from."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.orders import GraphOrder, TextOrder
from repomap_fast.ranking.rank import rank
from repomap_fast.ranking.task import boosts_for, find_task
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.weights import Weights


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    (tmp_path / "a.py").write_text("class A:\n    def load(self):\n        return save()\n\n    def run(self): pass\n")
    (tmp_path / "b.py").write_text("def save():\n    return 1\n\n\ndef save_all():\n    return save()\n")
    (tmp_path / "c.py").write_text("def other():\n    return save()\n")
    return repomap_fast.scan(tmp_path, cache=False)


def _product(factors: dict[str, float]) -> float:
    return float(np.prod([*factors.values()]))


def test_by_a_text_positions_are_those_of_the_ranking(result: ScanResult) -> None:
    graph, task = result.graph, find_task(result, query="save_all")
    ranking = rank_task(task, result, graph, Weights(), limit=None, keep_factors=True)
    order = TextOrder(graph, ranking, np.ones(len(graph), np.bool_))
    places = [
        order.position(file_id, name_id)
        for file_id, name_id in zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
    ]
    assert [one.place for one in places] == list(range(1, len(ranking) + 1))
    assert [one.score for one in places] == pytest.approx(ranking.scores.tolist())
    # Scores are the products of their factors, but for one constant.
    ratios = [one.score / _product(one.factors) for one in places]
    assert ratios == pytest.approx([ratios[0]] * len(ratios))
    values = [order.file_values[file_id] / _product(order.file_factors(file_id)) for file_id in range(len(graph))]
    assert values == pytest.approx([values[0]] * len(values))


def test_by_a_text_the_names_of_a_file_come_by_their_scores(result: ScanResult) -> None:
    graph, task = result.graph, find_task(result, query="save_all")
    ranking = rank_task(task, result, graph, Weights(), limit=None, keep_factors=True)
    order = TextOrder(graph, ranking, np.ones(len(graph), np.bool_))
    assert [graph.name(name_id) for name_id in order.names(1).tolist()] == [b"save_all", b"save"]


def test_by_a_text_what_is_hidden_has_no_place(result: ScanResult) -> None:
    graph, task = result.graph, find_task(result, query="save_all")
    ranking = rank_task(task, result, graph, Weights(), limit=0, keep_factors=True)
    is_listed = np.array([True, False, True])
    order = TextOrder(graph, ranking, is_listed)
    assert order.position(1, int(order.names(1)[0])).place is None
    assert order.position(0, int(order.names(0)[0])).place is not None


def test_by_a_text_a_file_that_is_not_read_has_names_without_a_place(result: ScanResult) -> None:
    graph, task = result.graph, find_task(result, query="save_all")
    ranking = rank_task(task, result, graph, Weights(text_files=1), limit=0, keep_factors=True)
    order = TextOrder(graph, ranking, np.ones(len(graph), np.bool_))
    names = order.names(0)
    assert [graph.name(name_id) for name_id in names.tolist()] == [b"A", b"load", b"run"]
    assert order.position(0, int(names[1])) == (1, 0.0, None, {})


def test_by_the_graph_positions_are_those_of_the_ranking(result: ScanResult) -> None:
    graph, weights = result.graph, Weights()
    boosts = boosts_for(find_task(result), result, graph, weights, keep_parts=True)
    ranking = rank(graph, boosts, weights, limit=None, keep_factors=True)
    order = GraphOrder(graph, ranking, boosts)
    pairs = zip(ranking.file_ids.tolist(), ranking.name_ids.tolist(), strict=True)
    assert [order.position(*pair).place for pair in pairs] == list(range(1, len(ranking) + 1))
