"""The terms of files: what a scan counts, and what is asked of it, beside slow twins."""

from __future__ import annotations

import math
import pickle
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference.blocks import Block, write_block
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.words import FileWords, WordColumns, WordWriter
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import FileStatus
from repomap_fast.tagging.words import hash_terms
from support import slow_words

Counts = dict[int, tuple[int, int]]
"""Of one file: how often each term is in names, and in the rest, by hash."""

HASHES = st.sampled_from([0, 1, 2, 65536, 65537, 131072, 2**32 - 1])
COUNTS = st.tuples(st.integers(0, 255), st.integers(0, 255)).filter(any)
FILES = st.lists(st.dictionaries(HASHES, COUNTS, max_size=5), max_size=6)


def columns_of(files: Sequence[Counts]) -> WordColumns:
    out = MemoryColumns()
    writer = WordWriter(out)
    for counts in files:
        terms = [(term, *counts[term]) for term in sorted(counts)]
        lengths = sum(both[0] for both in counts.values()), sum(both[1] for both in counts.values())
        writer.add([write_block(bytes(32), Block(FileStatus.NO_TAGS, [], [], terms, lengths)) if counts else b""])
    return WordColumns.of(out)


def slow_bm25(
    files: Sequence[Counts], wanted: Sequence[tuple[int, float]], k1: float, b: float, name_weight: float
) -> list[float]:
    lengths = [[sum(both[i] for both in counts.values()) for counts in files] for i in (0, 1)]
    means = [sum(of_field) / len(files) if files else 0.0 for of_field in lengths]
    scores = []
    for number, counts in enumerate(files):
        score = 0.0
        for term, weight in wanted:
            tf = 0.0
            for i, factor in ((0, name_weight), (1, 1.0)):
                if n := counts.get(term, (0, 0))[i]:
                    tf += factor * n / (1 - b + b * lengths[i][number] / means[i])
            score += weight * (k1 + 1) * tf / (k1 + tf) if tf else 0.0
        scores.append(score)
    return scores


def as_hashes(terms: Sequence[int]) -> np.ndarray[tuple[int], np.dtype[np.uint32]]:
    return np.array(terms, np.uint32)


@given(FILES, st.lists(HASHES, max_size=6))
def test_document_frequencies_are_those_of_the_slow_twin(files: list[Counts], wanted: list[int]) -> None:
    words = FileWords.of(columns_of(files))
    expected = [sum(term in counts for counts in files) for term in wanted]
    assert words.document_frequencies(as_hashes(wanted)).tolist() == expected
    assert words.document_frequencies(as_hashes(wanted)).tolist() == expected


@given(FILES, st.lists(st.tuples(HASHES, st.floats(0.1, 9)), max_size=6), st.floats(0, 1), st.booleans())
def test_bm25_is_that_of_the_slow_twin(
    files: list[Counts], wanted: list[tuple[int, float]], b: float, is_known: bool
) -> None:
    words = FileWords.of(columns_of(files))
    if is_known:
        words.document_frequencies(as_hashes([0, 1, 2, 3, 65536, 65537, 131072, 2**32 - 1]))
    hashes, weights = as_hashes([term for term, _ in wanted]), np.array([weight for _, weight in wanted], np.float64)
    scores = words.bm25(hashes, weights, k1=1.5, b=b, name_weight=8)
    assert scores == pytest.approx(slow_bm25(files, wanted, 1.5, b, 8))


@given(FILES, st.lists(HASHES, max_size=6))
def test_counts_of_a_file_are_those_that_were_written(files: list[Counts], wanted: list[int]) -> None:
    words = FileWords.of(columns_of(files))
    for file_id, counts in enumerate(files):
        in_names, in_rest = words.counts_in(file_id, as_hashes(wanted))
        assert in_names.tolist() == [counts.get(term, (0, 0))[0] for term in wanted]
        assert in_rest.tolist() == [counts.get(term, (0, 0))[1] for term in wanted]
    with pytest.raises(IndexError):
        words.counts_in(len(files), as_hashes(wanted))


@given(FILES, FILES, st.randoms(use_true_random=False), st.lists(HASHES, min_size=1, max_size=4))
def test_parts_are_read_as_one(some: list[Counts], others: list[Counts], draw: object, wanted: list[int]) -> None:
    """Rows of two joins, mixed; some of the first are gone."""
    gone = [i % 3 == 2 for i in range(len(some))]
    kept = [counts for counts, is_gone in zip(some, gone, strict=True) if not is_gone]
    order = list(range(len(kept) + len(others)))
    getattr(draw, "shuffle")(order)  # noqa: B009
    files: list[Counts] = [{}] * len(order)
    for file_id, counts in zip(order, [*kept, *others], strict=True):
        files[file_id] = counts
    kept_ids = iter(order)
    ids = [-1 if is_gone else next(kept_ids) for is_gone in gone]
    parts = [
        (columns_of(some), np.array(ids, np.int64)),
        (columns_of(others), np.array(order[len(kept) :], np.int64)),
    ]
    words, whole = FileWords(parts, len(files)), FileWords.of(columns_of(files))
    hashes, weights = as_hashes(wanted), np.arange(1.0, len(wanted) + 1)
    assert words.name_lengths.tolist() == whole.name_lengths.tolist()
    assert words.rest_lengths.tolist() == whole.rest_lengths.tolist()
    assert words.document_frequencies(hashes).tolist() == whole.document_frequencies(hashes).tolist()
    scores = [of.bm25(hashes, weights, k1=1.2, b=0.75, name_weight=2).tobytes() for of in (words, whole)]
    assert scores[0] == scores[1]
    for file_id in range(len(files)):
        both = zip(words.counts_in(file_id, hashes), whole.counts_in(file_id, hashes), strict=True)
        assert all(a.tolist() == b.tolist() for a, b in both)


def test_no_file_has_no_terms() -> None:
    words = FileWords.of(WordColumns.empty(0))
    assert len(words) == 0
    assert words.document_frequencies(as_hashes([1])).tolist() == [0]
    assert words.bm25(as_hashes([1]), np.ones(1), k1=1.5, b=0.4, name_weight=8).tolist() == []


def test_columns_that_do_not_fit_each_other_are_damage() -> None:
    out = MemoryColumns()
    WordWriter(out).add([write_block(bytes(32), Block(1, [], [], [(1, 0, 1)], (0, 1)))])
    out.append("word_hashes", np.ones(1, np.uint32))
    with pytest.raises(IndexDamagedError, match="do not fit"):
        WordColumns.of(out)
    with pytest.raises(IndexDamagedError, match="do not fit"):
        WordColumns.of(MemoryColumns())


SOURCE = b'''"""Reads HTTP responses."""
import sys

class ResponseReader:
    def read_responses(self, limit):
        return [read_response(limit) for _ in range(42)]  # all responses

def read_response(limit): return limit
'''


def test_a_scan_counts_the_terms_of_each_file(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_bytes(SOURCE)
    (tmp_path / "b.py").write_bytes(b"# only responses\n")
    (tmp_path / "c.py").write_bytes(b"responses = 1\0")
    (tmp_path / "d.txt").write_bytes(b"responses")
    words = repomap_fast.scan(tmp_path, cache=False).words
    keywords = set(b"import class def return for in".split())
    names = [b"ResponseReader", b"read_responses", b"read_response"]
    expected = slow_words.count_file(SOURCE, names, keywords)
    hashes = as_hashes(sorted(expected))
    in_names, in_rest = words.counts_in(0, hashes)
    assert dict(zip(hashes.tolist(), zip(in_names.tolist(), in_rest.tolist(), strict=True), strict=True)) == expected
    assert words.name_lengths[0] == sum(both[0] for both in expected.values())
    assert words.rest_lengths[0] == sum(both[1] for both in expected.values())
    assert (in_names[hashes == hash_terms([b"response"])[0]], in_rest[hashes == hash_terms([b"response"])[0]]) == (3, 3)
    wanted = hash_terms([b"response", b"=read_response", b"only", b"class", b"def"])
    assert words.document_frequencies(wanted).tolist() == [2, 1, 1, 0, 0]
    assert len(words) == 3
    assert math.isclose(words.rest_lengths[1], 2)
    copied = pickle.loads(pickle.dumps(words))
    assert copied.document_frequencies(wanted).tolist() == [2, 1, 1, 0, 0]
