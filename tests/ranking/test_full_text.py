"""full_text: BM25 of files and definitions, beside a slow twin; which terms of a query count."""

from __future__ import annotations

import math
import tracemalloc
from collections import Counter
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking import full_text
from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.ranking.full_text import MOST_TERMS, TextQuery, best_of_files, definition_texts, file_texts
from repomap_fast.tagging.words import terms_in
from repomap_fast.weights import Weights

_FILES = {
    "app/task.py": (
        "class RetryTask:\n    limit = 3\n\n    def retry(self, delay):\n        # Wait for the delay.\n"
        "        return self.wait(delay)\n\n    def wait(self, delay):\n        return delay\n\n\n"
        "# Delays twice.\ndef twice(delay):\n    def inner(delay):\n        return delay + delay\n    return inner\n"
    ),
    "app/queue.py": "def push(task):\n    return task\n\n\nTASKS = []\n",
    "other.py": "x = 1\n",
}
_QUERY = {b"retry": 4.0, b"delay": 2.0, b"task": 1.0, b"nowhere": 9.0}


@pytest.fixture
def result(tmp_path: Path) -> ScanResult:
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return repomap_fast.scan(tmp_path, cache=False)


def _query(result: ScanResult, weights: dict[bytes, float] = _QUERY) -> TextQuery:
    return TextQuery.of(weights, result.words, result.graph.paths)


def _rarity(n: int, count: int) -> float:
    return math.log(1 + (n - count + 0.5) / (count + 0.5))


def test_terms_count_by_weight_and_rarity_and_those_of_no_file_are_left_out(result: ScanResult) -> None:
    query = _query(result)
    assert query.terms == (b"retry", b"delay", b"task")
    assert query.weights.tolist() == [4.0, 2.0, 1.0]
    assert query.rarity.tolist() == pytest.approx([_rarity(3, 1), _rarity(3, 1), _rarity(3, 2)])


def test_words_in_paths_count_once_by_their_rarity_among_paths(result: ScanResult) -> None:
    # The paths are sorted: app/queue.py, app/task.py, other.py.
    assert _query(result).paths.tolist() == pytest.approx([0.0, _rarity(3, 1), 0.0])


def test_the_best_terms_of_a_long_query_count(result: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "MOST_TERMS", 2)
    assert _query(result).terms == (b"retry", b"delay")
    monkeypatch.setattr(full_text, "_MOST_ASKED", 1)
    assert _query(result, {b"delay": 1.0, b"task": 3.0}).terms == (b"task",)
    assert MOST_TERMS >= 64


def test_files_are_scored_by_their_words(result: ScanResult) -> None:
    scores = file_texts(_query(result), result.words, Weights())
    assert scores[1] > scores[0] > scores[2] == 0


def _twin(query: TextQuery, weights: Weights) -> dict[str, float]:
    """Return the scores of the definitions of task.py and queue.py, whose texts are written out here."""
    texts = {
        # A class: its rows without its methods. A function: all of its rows, and the comment above it.
        "RetryTask": ("", "class RetryTask:\n    limit = 3\n\n\n"),
        "limit": ("RetryTask", "limit = 3"),
        "retry": ("RetryTask", "def retry(self, delay):\n# Wait for the delay.\nreturn self.wait(delay)"),
        "wait": ("RetryTask", "def wait(self, delay):\n return delay"),
        "twice": ("", "# Delays twice.\ndef twice(delay):\ndef inner(delay):\nreturn delay + delay\nreturn inner"),
        "inner": ("", "def inner(delay):\nreturn delay + delay"),
        "push": ("", "def push(task):\n return task"),
        "TASKS": ("", "TASKS = []"),
    }
    mains = ["RetryTask", "retry", "wait", "twice", "inner", "push"]
    counts = {
        name: (Counter(terms_in(name.encode())), Counter(terms_in(owner.encode())), Counter(terms_in(text.encode())))
        for name, (owner, text) in texts.items()
    }
    name_lengths = {name: sum(of_name.values()) for name, (of_name, _, _) in counts.items()}
    rest_lengths = {name: sum(rest.values()) - name_lengths[name] for name, (_, _, rest) in counts.items()}

    def factor(lengths: dict[str, int], name: str) -> float:
        mean = sum(lengths[one] for one in mains) / len(mains)
        return 1 - weights.text_b + weights.text_b * lengths[name] / mean

    scores = {}
    for name, (of_name, of_class, rest) in counts.items():
        total = 0.0
        for term, value in zip(query.terms, query.values.tolist(), strict=True):
            frequency = (
                weights.text_name * of_name[term] / factor(name_lengths, name)
                + weights.text_class * of_class[term] / (1 - weights.text_b)
                + max(rest[term] - of_name[term], 0) / factor(rest_lengths, name)
            )
            total += value * (weights.text_k1 + 1) * frequency / (weights.text_k1 + frequency)
        scores[name] = total
    return scores


def test_definitions_are_scored_as_the_twin_scores_them(result: ScanResult) -> None:
    query, table = _query(result), DefinitionTable.of(result.graph, np.array([0, 1]))
    found = definition_texts(query, table, result, Weights())
    names = [name.decode() for name in table.names]
    assert dict(zip(names, found.tolist(), strict=True)) == pytest.approx(_twin(query, Weights()))


def test_terms_counted_a_few_at_a_time_give_the_same_scores(
    result: ScanResult, monkeypatch: pytest.MonkeyPatch
) -> None:
    query, table = _query(result), DefinitionTable.of(result.graph, np.array([0, 1]))
    at_once = definition_texts(query, table, result, Weights())
    for cells in (1, len(table), 2 * len(table)):
        monkeypatch.setattr(full_text, "_CELLS_AT_ONCE", cells)
        assert definition_texts(query, table, result, Weights()).tobytes() == at_once.tobytes(), cells


def _peak_of_scores(folder: Path, n: int, source: str, words: list[str]) -> int:
    """Return the most bytes that are held for the scores of ``n`` definitions and a query of some words."""
    folder.mkdir()
    (folder / "a.py").write_text(source)
    result = repomap_fast.scan(folder, cache=False)
    query = _query(result, {word.encode(): 1.0 for word in words})
    table = DefinitionTable.of(result.graph, np.array([0]))
    assert (len(table), len(query)) == (n, len(words))
    tracemalloc.start()
    try:
        scores = definition_texts(query, table, result, Weights())
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert scores.all()
    return peak


def test_the_counts_of_many_terms_are_not_held_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n, words = 5_000, [f"word{chr(97 + i // 10)}{chr(97 + i % 10)}" for i in range(100)]
    source = "".join(f"def f{i}(): return {words[i % 100]}\n" for i in range(n))
    monkeypatch.setattr(full_text, "_CELLS_AT_ONCE", n)
    assert _peak_of_scores(tmp_path / "one", n, source, words) < n * len(words) * np.dtype(np.int64).itemsize / 2


def test_a_file_that_is_gone_counts_by_its_names(result: ScanResult) -> None:
    query, table = _query(result), DefinitionTable.of(result.graph, np.array([1]))
    (Path(result.root) / "app/task.py").unlink()
    found = dict(zip(table.names, definition_texts(query, table, result, Weights()).tolist(), strict=True))
    assert found[b"retry"] > 0
    assert found[b"twice"] == 0


def test_a_link_out_of_the_repository_is_not_read(result: ScanResult, tmp_path_factory: pytest.TempPathFactory) -> None:
    outside = tmp_path_factory.mktemp("outside") / "secret.py"
    outside.write_text("retry delay task\n" * 30)
    path = Path(result.root) / "app/queue.py"
    path.unlink()
    path.symlink_to(outside)
    table = DefinitionTable.of(result.graph, np.array([0]))
    found = dict(zip(table.names, definition_texts(_query(result), table, result, Weights()).tolist(), strict=True))
    assert found[b"push"] == 0


def test_no_more_source_is_read_than_its_bound(result: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(full_text, "_MOST_TEXT_BYTES", 100)
    table = DefinitionTable.of(result.graph, np.array([0, 1]))
    found = dict(zip(table.names, definition_texts(_query(result), table, result, Weights()).tolist(), strict=True))
    assert found[b"push"] > 0, "this file is small enough"
    assert found[b"twice"] == 0, "this one is not"


def test_the_three_best_definitions_of_a_file_are_found() -> None:
    scores = np.array([1.0, 3.0, 2.0, 4.0, 5.0])
    assert best_of_files(scores, np.array([0, 0, 0, 0, 2]), 3).tolist() == [[4, 3, 2], [0, 0, 0], [5, 0, 0]]
    assert best_of_files(np.zeros(0), np.zeros(0, np.int64), 1).tolist() == [[0, 0, 0]]


def test_an_empty_query_or_table_has_no_scores(result: ScanResult) -> None:
    table = DefinitionTable.of(result.graph, np.array([0, 1]))
    assert not definition_texts(_query(result, {b"nowhere": 1.0}), table, result, Weights()).any()
    none = DefinitionTable.of(result.graph, np.array([2]))
    assert len(definition_texts(_query(result), none, result, Weights())) == len(none)
