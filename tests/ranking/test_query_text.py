"""query_text: words and paths of a text that somebody else wrote, in one pass over it."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.ranking.query_text import is_compound, paths_in, words_in
from repomap_fast.ranking.query_words import read_query
from repomap_fast.weights import Weights

PATH = re.compile(r"[\w.@+-]+(?:/[\w.@+-]+)+|[\w@+-]+(?:\.[\w@+-]+)+")
COMPOUND = re.compile(rb"[^_]_+[^_]|[a-z].*[A-Z]|[A-Z].*[A-Z].*[a-z]", re.DOTALL)
"""What is meant, as patterns that go back: in a text of one word they take the square of its length, and the cube."""


@given(st.text("ab1_.@+-/ \n(é", max_size=30))
def test_paths_are_what_the_pattern_means(text: str) -> None:
    assert list(paths_in(text)) == PATH.findall(text)


def test_paths_of_a_sentence() -> None:
    text = "see app/views.py:12, ./lib/x and models.py (not .gitignore, a//b or e.g.)"
    assert list(paths_in(text)) == ["app/views.py", "./lib/x", "models.py", "e.g"]


@given(st.text("abAB_1é", min_size=1, max_size=12).map(str.encode))
def test_compounds_are_what_the_pattern_means(word: bytes) -> None:
    assert is_compound(word) == bool(COMPOUND.search(word))


def test_words_do_not_begin_with_digits() -> None:
    assert list(words_in("a1 1a _x größe 12 x.y")) == ["a1", "a", "_x", "größe", "x", "y"]


@pytest.mark.parametrize(
    "piece",
    ["deadbeef", "A", "aA", "_", "a_", "a.", "a/", "/", ".", "a.py ", "a/b.py ", "1", "é", "+-@", "Word word ", "x\n"],
)
def test_a_megabyte_is_read_in_time(piece: str) -> None:
    text = piece * (2**20 // len(piece))
    start = time.process_time()
    for _ in words_in(text):
        pass
    for _ in paths_in(text):
        pass
    read_query(text.encode(), (), Weights())
    assert time.process_time() - start < 5, "cost is not linear"


def test_a_long_text_has_no_more_identifiers_than_are_looked_up() -> None:
    text = b" ".join(b"name_%d" % i for i in range(50_000))
    query = read_query(text, (b"mentioned",), Weights())
    assert list(query.identifiers)[:2] == [b"mentioned", b"name_0"]
    assert len(query.identifiers) == 1_000
    assert len(query.terms) == 64
