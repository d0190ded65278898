"""stop_words: words that locate nothing."""

from __future__ import annotations

from repomap_fast.ranking.stop_words import STOP_WORDS


def test_stop_words_are_lower_case_words() -> None:
    assert all(word.isalpha() and word == word.lower() for word in STOP_WORDS)


def test_words_of_code_that_locate_something_are_none() -> None:
    assert STOP_WORDS.isdisjoint({b"test", b"cache", b"queue", b"session", b"retry", b"url", b"index"})
