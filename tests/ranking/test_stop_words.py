"""stop_words: words that locate nothing."""

from __future__ import annotations

from repomap_fast.ranking.stop_words import GRAMMAR_WORDS, STOP_WORDS


def test_stop_words_are_lower_case_words() -> None:
    assert all(word.isalpha() and word == word.lower() for word in STOP_WORDS)


def test_words_of_code_that_locate_something_are_none() -> None:
    assert STOP_WORDS.isdisjoint({b"test", b"cache", b"queue", b"session", b"retry", b"url", b"index"})


def test_words_of_issues_and_commits_are_no_words_of_grammar() -> None:
    assert {b"request", b"support", b"merge", b"import"} <= STOP_WORDS - GRAMMAR_WORDS
    assert {b"how", b"does", b"the"} <= GRAMMAR_WORDS
