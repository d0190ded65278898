"""task_rank: the order for a task, by its text or by the graph."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import repomap_fast
from repomap_fast.discovery.git_history import History
from repomap_fast.joining.result import ScanResult
from repomap_fast.ranking.rank import Ranking, rank
from repomap_fast.ranking.task import boosts_for, find_task
from repomap_fast.ranking.task_rank import rank_task
from repomap_fast.weights import Weights

_FILES = {
    "app/sessions.py": (
        '"""Sessions."""\n\n\nclass Session:\n    def load(self):\n        """Read the cookie that was signed."""\n'
        "        return sign(self)\n\n    def save(self):\n        return None\n"
    ),
    "app/signing.py": "def sign(value):\n    # A cookie is signed with a key.\n    return value\n\n\nLIMIT = 3\n",
    "app/views.py": "from app.sessions import Session\n\n\ndef index(request):\n    return Session().load()\n",
    "tests/test_sessions.py": "def test_signed_cookie():\n    cookie = signed = 'cookie signed'\n    assert cookie\n",
    "vendor/cookie.js": "function signedCookie() { return 'cookie signed cookie'; }\n",
    "README.md": "signed cookie\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name, text in _FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text)
    return tmp_path


def _ranked(result: ScanResult, *, weights: Weights | None = None, limit: int | None = None, **task: Any) -> Ranking:
    return rank_task(find_task(result, **task), result, result.graph, weights or Weights(), limit=limit)


def _files(result: ScanResult, ranking: Ranking) -> list[str]:
    order = np.lexsort((np.arange(len(ranking.file_values)), -ranking.file_values))
    return [os.fsdecode(result.graph.paths[file_id]) for file_id in order.tolist()]


def _names(result: ScanResult, ranking: Ranking) -> list[str]:
    return [result.graph.name(name_id).decode() for name_id in ranking.name_ids.tolist()]


def test_what_bodies_and_comments_say_counts(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    ranking = _ranked(result, query="how is a cookie signed?")
    assert _files(result, ranking)[:2] == ["app/signing.py", "app/sessions.py"]
    assert set(_names(result, ranking)[:2]) == {"sign", "load"}
    assert ranking.rows is not None
    assert ranking.file_values.sum() == pytest.approx(1)
    assert ranking.scores.sum() == pytest.approx(1)
    assert (np.diff(ranking.scores) <= 0).all()


def test_tests_come_first_only_if_the_title_asks_for_them(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    assert _files(result, _ranked(result, query="signed cookie"))[0] != "tests/test_sessions.py"
    assert _files(result, _ranked(result, query="test signed cookie"))[0] == "tests/test_sessions.py"


def test_values_come_after_functions(root: Path) -> None:
    names = _names(*(result := repomap_fast.scan(root, cache=False), _ranked(result, query="sign with a limit"))[:2])
    assert names.index("sign") < names.index("LIMIT")


def test_a_limit_takes_the_first(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    everything, some = (_ranked(result, query="cookie", limit=limit) for limit in (None, 2))
    assert some.name_ids.tolist() == everything.name_ids[:2].tolist()
    assert some.scores.tobytes() == everything.scores[:2].tobytes()


def test_files_in_focus_are_not_listed_unless_that_is_asked_for(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    task = find_task(result, query="cookie", focus=["app/signing.py"])
    hidden = rank_task(task, result, result.graph, Weights(), limit=None)
    shown = rank_task(task, result, result.graph, Weights(), limit=None, show_focus=True)
    assert "sign" not in _names(result, hidden)
    assert "sign" in _names(result, shown)


def test_a_file_in_focus_lifts_what_it_refers_to(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    values = [_ranked(result, query="index of a request", focus=focus).file_values for focus in ([], ["app/views.py"])]
    paths = [os.fsdecode(path) for path in result.graph.paths]
    row, other = paths.index("app/sessions.py"), paths.index("tests/test_sessions.py")
    assert values[1][row] / values[1][other] > values[0][row] / values[0][other]


@pytest.mark.parametrize("task", [{}, {"focus": ["app/views.py"]}, {"query": "  "}])
def test_by_the_weights_of_aider_the_graph_alone_decides(root: Path, task: dict[str, Any]) -> None:
    result, weights = repomap_fast.scan(root, cache=False), Weights.aider()
    found_task = find_task(result, **task)
    found = rank_task(found_task, result, result.graph, weights, limit=None)
    boosts = boosts_for(found_task, result, result.graph, weights)
    assert found.scores.tobytes() == rank(result.graph, boosts, weights, limit=None).scores.tobytes()
    assert rank_task(found_task, result, result.graph, Weights(), limit=None).has_text is None


def test_the_same_task_gives_the_same_bytes_with_and_without_an_index(root: Path, tmp_path_factory: Any) -> None:
    cache_dir = tmp_path_factory.mktemp("cache")
    found = []
    for cache in (False, True, True):
        result = repomap_fast.scan(root, cache=cache, cache_dir=cache_dir if cache else None)
        ranking = _ranked(result, query="`Session.load` reads a signed cookie")
        found.append((ranking.scores.tobytes(), ranking.file_values.tobytes(), _names(result, ranking)))
    assert found[0] == found[1] == found[2]


def test_a_query_whose_words_are_nowhere_says_so(root: Path) -> None:
    notes = repomap_fast.map(root, query="zzz qqq", cache=False).notes
    assert "no word of the query stands in a file here" in notes
    assert not repomap_fast.map(root, query="cookie", cache=False).notes


def test_a_query_of_stop_words_alone_is_ranked_by_those_that_are_no_grammar(tmp_path: Path) -> None:
    for name in ("cookie", "request", "session"):
        (tmp_path / f"{name}.py").write_text(f"def read_{name}():\n    return '{name}'\n")
    for query in ("request", "how does the request work", "add request support"):
        found = repomap_fast.explain(tmp_path, "request.py", query=query, cache=False)
        assert "file_text" in found.files[0].factors
        assert found.files[0].place == 1
        assert not repomap_fast.map(tmp_path, query=query, cache=False).notes
    # Beside a word that locates something they say nothing.
    found = repomap_fast.explain(tmp_path, "request.py", query="add cookie to the request", cache=False)
    assert "file_text" not in found.files[0].factors
    (note,) = repomap_fast.map(tmp_path, query="how is it", cache=False).notes
    assert note == "the query has no word that could tell files apart"


def test_the_history_is_asked_for_if_it_counts(root: Path) -> None:
    result = repomap_fast.scan(root, cache=False)
    n_asked = 0

    def history() -> History:
        nonlocal n_asked
        n_asked += 1
        from repomap_fast.discovery.git_history import NO_HISTORY

        return NO_HISTORY

    for weights in (Weights(), Weights(first_often=0, file_age=0, file_message=0), Weights.aider()):
        for query in ("", "cookie"):
            rank_task(find_task(result, query=query), result, result.graph, weights, limit=1, history=history)
    assert n_asked == 2


def test_an_empty_repository_can_be_ranked(tmp_path: Path) -> None:
    result = repomap_fast.scan(tmp_path, cache=False)
    ranking = _ranked(result, query="cookie", mention=["x"])
    assert len(ranking) == 0
    assert ranking.has_text is False
