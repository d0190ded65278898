"""words: which words of a query stand in the paths and names of a repository."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference import words as twin
from repomap_fast.joining.graph import Graph
from repomap_fast.ranking import _query_words
from repomap_fast.ranking import query_words as words
from repomap_fast.ranking.query_words import match_definitions, match_query, read_query
from repomap_fast.tables import StringTable
from repomap_fast.weights import Weights

NAMES = [b"parse_file", b"ParsedFile", b"HTTPServer", b"x", b"files", b"", b"caching2_cache", b"_", "größe".encode()]
TERMS = [b"pars", b"file", b"http", b"server", b"cach", b"x", "größe".encode()]


@given(st.binary(max_size=60) | st.text("aBCd_s1é ", max_size=30).map(str.encode))
def test_words_are_split_as_the_twin_does(text: bytes) -> None:
    assert _query_words.split(text) == twin.split(text)
    table = StringTable.from_strings([text])
    terms = list(dict.fromkeys(stem for word in twin.split(text)[:5] if len(stem := twin.stem(word)) <= 40))
    (mask,), (n_words,) = _query_words.match_names(terms, table.offsets, table.data, np.zeros(1, np.uint32))
    found = {term for place, term in enumerate(terms) if int(mask) >> place & 1}
    assert found == twin.terms_in(terms, text)
    assert n_words == min(len(twin.split(text)), 255)


@given(st.text("aeinsgdcy", min_size=1, max_size=9).map(str.encode) | st.binary(max_size=50))
def test_words_are_stemmed_as_the_twin_does(word: bytes) -> None:
    assert _query_words.stem(word) == twin.stem(word)


@pytest.mark.parametrize(
    ("one", "other"), [("parsing", "parsed"), ("libraries", "library"), ("caches", "caching"), ("files", "file")]
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert _query_words.stem(one.encode()) == _query_words.stem(other.encode())


PATHS = [b"a/file.py", b"a/parse/x.c", b"http/server.go", b"http/test_files.go", b"z", b"zz/servers/caching/z"]


@st.composite
def graphs(draw: st.DrawFn) -> dict[bytes, tuple[list[bytes], list[bytes]]]:
    names = st.lists(st.sampled_from(NAMES), max_size=5)
    return {path: (draw(names), draw(names)) for path in sorted(draw(st.sets(st.sampled_from(PATHS), min_size=1)))}


def graph_of(files: dict[bytes, tuple[list[bytes], list[bytes]]]) -> Graph:
    names = list(dict.fromkeys(name for lists in files.values() for found in lists for name in found))
    tags = [[(name, role) for role in (0, 1) for name in lists[role]] for lists in files.values()]
    flat = [tag for of_file in tags for tag in of_file]
    return Graph.from_tags(
        list(files),
        np.cumsum([0, *map(len, tags)]).astype(np.uint64),
        np.array([names.index(name) for name, _ in flat], np.uint32),
        np.array([role for _, role in flat], np.uint8),
        np.arange(len(flat), dtype=np.uint32),
        names,
    )


@given(graphs(), st.lists(st.sampled_from(TERMS), unique=True), st.booleans())
def test_files_count_as_the_twin_says(
    files: dict[bytes, tuple[list[bytes], list[bytes]]], terms: list[bytes], is_large: bool
) -> None:
    graph, weights = graph_of(files), Weights()
    query = words.Query({term: 1.0 / (1 + place % 2) for place, term in enumerate(terms)}, {})
    if is_large:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(words, "_MOST_TAGS", -1)
            found = match_query(query, graph)
    else:
        found = match_query(query, graph)
    defined = {name for lists in files.values() for name in lists[0]}
    used = {name for lists in files.values() for name in lists[1]}
    if not used:
        used = defined
    seen = {
        path: (
            [name for name in lists[0] if name in used or not is_large],
            [name for name in (lists[1] if used is not defined else lists[0]) if name in defined],
        )
        for path, lists in files.items()
    }
    expected = twin.powers_of_files(query.terms, seen, asdict(weights))
    assert found.weighed(weights).tolist() == pytest.approx(expected, abs=1e-9)


def test_exact_names_count_less_where_many_define_them() -> None:
    files = {b"a": ([b"run", b"run", b"Parser"], []), b"b": ([b"run"], []), b"c": ([], [b"run"])}
    graph = graph_of(files)
    query = read_query(b"run the Parser_x, RunParser", (b"Parser",), Weights())
    assert query.identifiers == {b"run": 0.4, b"Parser_x": 1.0, b"RunParser": 1.0, b"Parser": 1.0}
    found = match_query(query, graph)
    assert found.exact.tolist() == pytest.approx([1.0 + 0.4 / 2**0.5, 0.4 / 2**0.5, 0.0])
    _, exact = match_definitions(found.words, graph, np.array([1, 0], np.uint32))
    assert exact.tolist() == [1.0, 0.4]


def test_the_first_line_counts_most_and_stop_words_nothing() -> None:
    query = read_query(b"Fix the parsing of files\n\nParse trees were not what they should be", (), Weights())
    assert query.terms == {b"pars": 1.0, b"file": 1.0, b"tree": 0.5}
    assert set(query.identifiers) == {b"parsing", b"files", b"Parse", b"trees"}
    assert read_query(b"a\n\nparse trees", (), Weights(words_body=0)).terms == {}
    assert (
        len(read_query(" ".join(f"w{'a' * n}" for n in range(1, 90)).encode(), (), Weights()).terms) <= words.MOST_TERMS
    )


def test_columns_that_do_not_fit_are_refused() -> None:
    table = StringTable.from_strings([b"ab"])
    none = np.empty(0, np.uint64)
    with pytest.raises(ValueError, match="65 terms"):
        _query_words.match_names([b"a"] * 65, table.offsets, table.data, np.zeros(1, np.uint32))
    with pytest.raises(ValueError, match="0 bytes"):
        _query_words.match_paths([b""], table.offsets, table.data)
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.match_names([b"a"], table.offsets, table.data, np.ones(1, np.uint32))
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.match_names([b"a"], table.offsets, table.data[:1], np.zeros(1, np.uint32))
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.match_paths([b"a"], np.array([0, 3], np.uint64), table.data)
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.match_paths([b"a"], none, table.data)
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.match_kinds(np.array([2, 1], np.uint64), table.data, [], [], [])
    with pytest.raises(ValueError, match="a rule of 0 bytes"):
        _query_words.match_kinds(table.offsets, table.data, [(b"", 1)], [], [])
    offsets, names, masks = np.array([0, 1], np.uint64), np.ones(1, np.uint32), np.ones(1, np.uint64)
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.any_of(offsets, names, masks)
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.sum_shares(offsets, names, masks, np.ones(1, np.uint8), np.ones(1))
    with pytest.raises(ValueError, match="65 values"):
        _query_words.sum_terms(masks, np.ones(65))
    with pytest.raises(ValueError, match="do not fit"):
        _query_words.nested_rows(offsets, names, np.empty(0, np.uint32), np.ones(1, np.uint8), 10)


def test_a_query_of_an_empty_folder(tmp_path: Path) -> None:
    assert repomap_fast.map(tmp_path, query="where is alpha_beta", cache=False).files == ()
