"""rerank: a caller's own order of the best definitions."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import OptionError
from repomap_fast.ranking.rerank import MOST_CANDIDATES, Candidate


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "a.py").write_text("def load_first():\n    pass\n\n\ndef load_second():\n    pass\n")
    (tmp_path / "b.py").write_text("def load_third():\n    pass\n")
    return tmp_path


def _names(root: Path, query: str, **arguments: Any) -> list[str]:
    return [one.name for one in repomap_fast.map(root, query=query, cache=False, **arguments).definitions]


@pytest.mark.parametrize("query", ["load something", ""])
def test_definitions_come_in_the_order_of_the_callers_numbers(root: Path, query: str) -> None:
    asked: list[Candidate] = []

    def rerank(text: str, candidates: Sequence[Candidate]) -> list[float]:
        assert text == query
        asked.extend(candidates)
        return [float(candidate.name == "load_third") for candidate in candidates]

    before = _names(root, query)
    after = _names(root, query, rerank=rerank)
    assert after == ["load_third", *(name for name in before if name != "load_third")]
    assert {(one.path, one.name, one.line) for one in asked} == {
        ("a.py", "load_first", 1),
        ("a.py", "load_second", 5),
        ("b.py", "load_third", 1),
    }
    assert all(one.score > 0 for one in asked)


def test_what_is_promised_stays_first(root: Path) -> None:
    names = _names(root, "`load_first` fails", rerank=lambda _, found: [-float(one.line) for one in found])
    assert "load_first" in names


def test_only_the_best_are_asked_for(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("".join(f"def load_{number}(): pass\n" for number in range(300)))
    counts: list[int] = []

    def rerank(_: str, candidates: Sequence[Candidate]) -> list[float]:
        counts.append(len(candidates))
        return [0.0] * len(candidates)

    repomap_fast.map(tmp_path, query="load", cache=False, tokens=4_000, rerank=rerank)
    assert counts == [MOST_CANDIDATES]


@pytest.mark.parametrize(
    ("answer", "message"),
    [
        ([1.0], "rerank returned 1 numbers; expected 3, one for each candidate"),
        ([1.0, float("nan"), 0.0], "rerank returned nan; expected a finite number for each candidate"),
        ([1.0, "2", 0.0], "rerank returned '2'; expected a finite number for each candidate"),
        ([1.0, 10**20_000, 0.0], "rerank returned an int that no float holds; expected a finite number"),
        ([1.0] * 4, "rerank returned more than 3 numbers; expected 3, one for each candidate"),
        (itertools.repeat(1.0), "rerank returned more than 3 numbers; expected 3, one for each candidate"),
        (None, "rerank returned None; expected 3 numbers, one for each candidate"),
        (3.0, "rerank returned 3.0; expected 3 numbers, one for each candidate"),
    ],
)
def test_an_answer_that_cannot_be_used_is_an_error(root: Path, answer: Any, message: str) -> None:
    with pytest.raises(OptionError) as caught:
        repomap_fast.map(root, query="load", cache=False, rerank=lambda *_: answer)
    assert str(caught.value) == message


def test_what_the_caller_raises_comes_through(root: Path) -> None:
    def rerank(*_: object) -> list[float]:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        repomap_fast.map(root, query="load", cache=False, rerank=rerank)
