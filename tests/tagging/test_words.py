"""Words and terms: what ``words.h`` finds is what its slow twin finds."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.arrays import offsets_from
from repomap_fast.tables import U8, U64
from repomap_fast.tagging import words
from support import slow_words

PIECES = st.sampled_from(
    [b"get", b"HTTP", b"Response", b"x", b"X", b"_", b"__", b"2", b"42", b"ies", b"s", b"S", b"us", b" ", b".", b"=",
     "é".encode(), "Ж".encode(), "日本".encode(), "“".encode(), "\u00a0".encode(), "\ufeff".encode(), "😀".encode(),
     b"\xff", b"\x80", b"\0", b"\n", b"a" * 63, b"1" * 64]
)  # fmt: skip
TEXTS = st.lists(PIECES, max_size=12).map(b"".join) | st.binary(max_size=200)


WANTED = st.lists(
    st.sampled_from([b"get", b"http", b"42", b"2", b"=x2", b"x2", b"no", b"y", b"respy", b"=get_http", "ж".encode()])
    | st.sampled_from([term for text in (b"getHTTPies", b"xies", b"sies_2") for term in slow_words.terms_in(text)]),
    max_size=6,
)


def joined(texts: Sequence[bytes]) -> tuple[U8, U64]:
    return np.frombuffer(b"".join(texts), np.uint8), offsets_from(np.array([len(text) for text in texts], np.int64))


@given(TEXTS)
def test_terms_are_those_of_the_slow_twin(text: bytes) -> None:
    assert words.terms_in(text) == slow_words.terms_in(text)


@pytest.mark.parametrize(
    ("text", "terms"),
    [
        (b"parseHTTPResponse", [b"parse", b"http", b"response", b"=parsehttpresponse"]),
        (b"_get_queries__", [b"get", b"query", b"=get_queries"]),
        (b"classes status axis pass gas", [b"classe", b"status", b"axis", b"pass", b"gas"]),
        (b"x1 7 x 42 sha256", [b"7", b"42", b"sha", b"256", b"=sha256"]),
        (b"utf8", [b"utf", b"=utf8"]),
        (b"0x1F 3d _7_", [b"0", b"=x1f", b"3", b"7"]),
        ("“naïve” café—Straße".encode(), ["naïve".encode(), "café".encode(), "straße".encode()]),
        (b"\xef\xbb\xbfimport", [b"import"]),
        (b"a" * 64 + b" " + b"b" * 65, [b"a" * 64]),
        (b"1" * 65, []),
        (b"__ _ \xff\x80", []),
        (b"", []),
    ],
)
def test_terms_of_examples(text: bytes, terms: list[bytes]) -> None:
    assert words.terms_in(text) == terms


@given(st.text(alphabet=st.characters(categories=["Lu", "Ll", "Nd", "Pc", "Zs"], codec="ascii"), max_size=80))
def test_words_of_ascii_are_those_of_a_plain_regex(text: str) -> None:
    found = [word.encode() for word in re.findall(r"[^\W\d]\w*|\d+", text, re.ASCII) if len(word) <= 64]
    assert slow_words.words_in(text.encode()) == found


@given(st.lists(st.binary(max_size=70), max_size=20))
def test_hashes_are_those_of_the_slow_twin(terms: list[bytes]) -> None:
    assert words.hash_terms(terms).tolist() == [slow_words.hash_of(term) for term in terms]


def test_the_hash_of_a_term_is_the_same_on_every_machine() -> None:
    assert words.hash_terms([b"", b"query", b"=get_queries"]).tolist() == [2872998923, 1337258923, 622081785]


@given(st.lists(TEXTS, max_size=6), WANTED)
def test_occurrences_are_those_of_the_slow_twin(texts: list[bytes], wanted: list[bytes]) -> None:
    hits = words.count_terms(*joined(texts), wanted)
    terms = [slow_words.terms_in(text) for text in texts]
    expected = [(i, wanted.index(term)) for i, of_text in enumerate(terms) for term in of_text if term in wanted]
    assert list(zip(hits.texts.tolist(), hits.terms.tolist(), strict=True)) == expected
    assert hits.lengths.tolist() == [len(of_text) for of_text in terms]


@given(st.text(alphabet="abzABZ019__ .", max_size=300).map(str.encode), st.integers(0, 300))
def test_terms_of_long_texts_in_ascii_are_those_of_the_slow_twin(text: bytes, cut: int) -> None:
    texts = [text[:cut], text[cut:]]
    hits = words.count_terms(*joined(texts), [b"ab", b"=a_b", b"0"])
    assert hits.lengths.tolist() == [len(slow_words.terms_in(one)) for one in texts]


@pytest.mark.parametrize("word", [b"getHTTPQuery2", b"a" * 64, b"b" * 65, b"12ab", b"_7_", b"x1", "naïve_é".encode()])
def test_a_word_has_the_same_terms_wherever_it_stands(word: bytes) -> None:
    terms = slow_words.terms_in(word)
    texts = [b"." * before + word for before in range(130)]
    hits = words.count_terms(*joined(texts), terms)
    assert set(hits.lengths.tolist()) == {len(terms)}
    assert len(hits.texts) == len(terms) * len(texts)


def test_texts_may_lie_apart_from_the_start() -> None:
    data = np.frombuffer(b"skip get get", np.uint8)
    hits = words.count_terms(data, np.array([5, 8, 12], np.uint64), [b"get"])
    assert hits.texts.tolist() == [0, 1]
    assert hits.lengths.tolist() == [1, 1]


@pytest.mark.parametrize("offsets", [[], [0, 2, 1], [0, 9]])
def test_malformed_offsets_are_an_error(offsets: list[int]) -> None:
    with pytest.raises(ValueError, match="offsets must never fall"):
        words.count_terms(np.zeros(3, np.uint8), np.array(offsets, np.uint64), [b"a"])
