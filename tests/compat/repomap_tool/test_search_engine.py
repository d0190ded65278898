"""Searches by a matcher that the caller brings; a matcher that fails finds nothing."""

from __future__ import annotations

from typing import Any

import pytest

from repomap_fast.compat.repomap_tool.search_engine import basic_search, fuzzy_search, hybrid_search, semantic_search

NAMES = ["get_user", "user", "User_name", "other"]


class Matcher:
    """Answers as it is told to, and keeps what it was asked."""

    def __init__(self, answer: Any) -> None:
        self.answer = answer
        self.asked: list[tuple[Any, ...]] = []
        self.model: set[str] | None = None

    def build_tfidf_model(self, names: set[str]) -> None:
        self.model = names

    def match_identifiers(self, *arguments: Any) -> Any:
        self.asked.append(arguments)
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


def test_names_that_begin_with_the_text_come_first_whatever_the_case() -> None:
    found = basic_search("USER", NAMES)
    assert [(one.identifier, one.score) for one in found] == [("user", 1.0), ("User_name", 1.0), ("get_user", 0.8)]
    assert [one.identifier for one in basic_search("user", NAMES, limit=1)] == ["user"]
    assert basic_search(None, NAMES) == basic_search("user", None) == []


def test_a_matcher_gives_hundredths_and_at_most_the_limit() -> None:
    matcher = Matcher([("user", 90), ("get_user", 80), ("other", 10)])
    found = fuzzy_search("usr", NAMES, matcher, limit=2)
    assert [(one.identifier, one.score, one.match_type) for one in found] == [
        ("user", 0.9, "fuzzy"), ("get_user", 0.8, "fuzzy"),
    ]  # fmt: skip
    assert matcher.asked == [("usr", set(NAMES))]


@pytest.mark.parametrize("answer", [RuntimeError("no model"), [("user", 900)], "no list", None])
def test_a_matcher_that_fails_finds_nothing(answer: Any) -> None:
    assert fuzzy_search("user", NAMES, Matcher(answer)) == []


def test_where_a_semantic_matcher_finds_nothing_the_text_is_searched() -> None:
    found = semantic_search("user", NAMES, Matcher([]))
    assert {(one.identifier, one.match_type, one.strategy) for one in found} == {
        (name, "semantic", "semantic_fallback") for name in ("user", "User_name", "get_user")
    }
    assert semantic_search("user", NAMES, None) == []


def test_a_hybrid_matcher_gets_its_model_and_the_threshold() -> None:
    matcher = Matcher([("user", 100)])
    assert [one.identifier for one in hybrid_search("user", NAMES, matcher, threshold=0.7)] == ["user"]
    assert matcher.model == set(NAMES)
    assert matcher.asked == [("user", set(NAMES), 0.7)]
