"""fuse: one sum of signals for files, and one for definitions."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.full_text import TextQuery
from repomap_fast.ranking.fuse import Fused, Past, fuse, log_shares
from repomap_fast.ranking.named import find_named
from repomap_fast.ranking.query_text import read_text
from repomap_fast.weights import Weights

_TEXT = "Session load fails\n\n`Session.load` in app/session.py loses the cookie; see helper()\n"


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    (tmp_path / "app").mkdir()
    (tmp_path / "app/session.py").write_text(
        "class Session:\n    def __init__(self):\n        self.cookie = None\n\n    def load(self):\n"
        "        return helper(self.cookie)\n"
    )
    (tmp_path / "app/tools.py").write_text("def helper(cookie):\n    return cookie\n\n\ndef unused():\n    return 1\n")
    (tmp_path / "main.py").write_text("def main():\n    return 0\n")
    return repomap_fast.scan(tmp_path, cache=False)


def _fused(result: ScanResult, weights: Weights, past: Past | None = None) -> Fused:
    text, graph = read_text(_TEXT), result.graph
    query = TextQuery.of(text.term_weights([4, 1, 1, 0.5, 0.5, 1]), result.words, graph.paths)
    is_plain = np.ones(len(graph), np.bool_)
    kinds = {"file_tests": np.array([0.0, 0.0, -2.0])}
    named = find_named(text, (), result)
    return fuse(query, named, past, result, graph, weights, kinds=kinds, prior={}, is_plain=is_plain)


def test_scores_are_the_sums_of_their_parts(result: ScanResult) -> None:
    fused = _fused(result, Weights(), Past(np.array([0.0, 10.0, 500.0]), np.array([0.0, 2.0, 1.0])))
    assert fused.files.tolist() == pytest.approx(sum(fused.file_parts.values()).tolist())
    assert fused.definitions.tolist() == pytest.approx(
        [sum(part[row] for part in fused.definition_parts.values()) for row in range(len(fused.table))]
    )
    assert {"file_age", "file_message", "file_tests", "file_folder"} <= set(fused.file_parts)


def test_each_part_is_as_large_as_its_weight_says(result: ScanResult) -> None:
    weights, past = Weights(), Past(np.array([0.0, 10.0, 500.0]), np.array([0.0, 2.0, 1.0]))
    once = _fused(result, weights, past)
    for name in once.file_parts:
        if name == "file_tests":
            continue
        doubled = _fused(result, replace(weights, **{name: 2 * getattr(weights, name)}), past)
        assert doubled.file_parts[name].tolist() == pytest.approx((2 * once.file_parts[name]).tolist()), name
    for name in once.definition_parts:
        if name in ("definition_file", "file_tests"):
            continue
        doubled = _fused(result, replace(weights, **{name: 2 * getattr(weights, name)}), past)
        found, expected = doubled.definition_parts[name], once.definition_parts[name]
        rows = range(len(once.table))
        assert [found[row] for row in rows] == pytest.approx([2 * expected[row] for row in rows]), name


def test_without_a_history_it_is_no_part(result: ScanResult) -> None:
    assert {"file_age", "file_message"}.isdisjoint(_fused(result, Weights()).file_parts)


def test_what_is_named_comes_first(result: ScanResult) -> None:
    fused = _fused(result, Weights())
    names = [name.decode() for name in fused.table.names]
    assert names[int(np.argmax(fused.definitions))] == "load"
    near = dict(zip(names, fused.definition_parts["definition_near"].tolist(), strict=True))
    assert near["helper"] > 0, "load refers to it"
    assert near["unused"] == 0
    assert fused.definition_parts["constructor"][names.index("__init__")] == -Weights().constructor


def test_only_the_best_files_have_their_definitions_scored(result: ScanResult) -> None:
    fused = _fused(result, replace(Weights(), text_files=1))
    # The files that a text names are read in any case.
    assert [bytes(result.graph.paths[file_id]) for file_id in fused.table.file_ids.tolist()] == [
        b"app/session.py",
        b"app/tools.py",
    ]


def test_shares_add_up_to_one() -> None:
    assert np.exp(log_shares(np.array([0.0, 1.0, -700.0]))).sum() == pytest.approx(1)
    assert len(log_shares(np.zeros(0))) == 0
