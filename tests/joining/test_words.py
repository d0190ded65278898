"""The terms of files: what a scan counts, and what is asked of it, beside slow twins."""

from __future__ import annotations

import math
import os
import pickle
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import repomap_fast
from reference.blocks import Block, write_block
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.result import ScanResult
from repomap_fast.joining.words import FileWords, WordColumns, WordWriter
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.store.columns import MemoryColumns
from repomap_fast.tables import FileStatus
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.block import check_block
from repomap_fast.tagging.source_text import source_text
from repomap_fast.tagging.tagger import compile_queries
from repomap_fast.tagging.words import hash_terms
from support import slow_words
from support.described_words import describe_words
from support.repositories import make_repository

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


@given(FILES, st.lists(HASHES, max_size=6))
def test_files_with_terms_are_those_of_the_slow_twin(files: list[Counts], wanted: list[int]) -> None:
    words = FileWords.of(columns_of(files))
    rising = sorted(set(wanted))
    found, terms = words.files_with(as_hashes(wanted))
    expected = [
        (file_id, rising.index(term)) for file_id, counts in enumerate(files) for term in counts if term in rising
    ]
    assert sorted(zip(found.tolist(), terms.tolist(), strict=True)) == sorted(expected)
    assert {found.dtype, terms.dtype} == {np.dtype(np.int64)}


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


def scanned(root: Path, sources: dict[str, bytes], **options: Any) -> ScanResult:
    for path, source in sources.items():
        (root / path).write_bytes(source)
    return repomap_fast.scan(root, cache=False, **options)


@given(
    st.lists(st.sampled_from([b"getItem", b"get_item", b"items", b"if", b"7", b"\xe2\x80\x9c", b"\xff", b"\n", b" "]))
)
def test_any_text_is_counted_as_the_slow_twin_counts_it(pieces: list[bytes]) -> None:
    text = b"# " + b" ".join(pieces).replace(b"\n", b"\n# ")
    with tempfile.TemporaryDirectory() as folder:
        words = scanned(Path(folder), {"a.py": text}).words
    expected = slow_words.count_file(source_text(text), [], {b"if"})
    hashes = as_hashes(sorted(expected))
    assert words.counts_in(0, hashes)[1].tolist() == [min(expected[term][1], 255) for term in hashes.tolist()]
    assert words.rest_lengths.tolist() == [sum(both[1] for both in expected.values())]


def test_a_text_has_no_more_than_so_many_terms(tmp_path: Path) -> None:
    """All words of one line are distinct: the first ones count, in a text of two files' length and more."""
    line = b"x = '" + b" ".join(b"w%dz" % i for i in range(40_000)) + b"'\n"
    words = scanned(tmp_path, {"a.py": line}).words
    expected = slow_words.count_file(line, [], set())
    assert len(expected) == slow_words.MOST_TERMS
    assert words.rest_lengths.tolist() == [sum(both[1] for both in expected.values())]
    last, beyond = hash_terms([b"=w7000z"]), hash_terms([b"=w39999z"])
    assert words.document_frequencies(np.concatenate([last, beyond])).tolist() == [1, 0]


def test_counts_do_not_depend_on_how_often_the_table_of_words_is_emptied(tmp_path: Path) -> None:
    """Many words of few terms: the table of words is full again and again."""
    line = b" ".join(b"ab_" * (i % 8) + b"cd_" * (i // 8 % 8) + b"A" * (i // 64 % 50) + b"b" for i in range(9_000))
    text = b"# " + line * 3 + b"\n"
    words = scanned(tmp_path, {"a.py": text}).words
    expected = slow_words.count_file(text, [], set())
    hashes = as_hashes(sorted(expected))
    assert words.counts_in(0, hashes)[1].tolist() == [min(expected[term][1], 255) for term in hashes.tolist()]


def test_a_text_in_utf_16_is_counted_as_in_utf_8(tmp_path: Path) -> None:
    text = "def get_größe(): pass  # “Größen”\n"
    sources = {"a.py": text.encode(), "b.py": text.encode("utf-16"), "c.py": b"def get_zero(): pass\0"}
    result = scanned(tmp_path, sources)
    found = describe_words(result.words)
    assert isinstance(found["pairs"], list)
    assert found["pairs"][0] == found["pairs"][1] != [[], [], []] == found["pairs"][2]
    assert result.words.name_lengths.tolist() == [3, 3, 0]


def test_twice_the_text_takes_twice_the_steps(tmp_path: Path) -> None:
    """Steps of words and terms, counted: of repeated words, distinct ones, many parts, and one long line of each.

    The seed of the hash tables is random; in texts of this length it changes the ratio by less than two percent.
    """
    texts = {
        "repeated": lambda n: b"word " * n,
        "distinct": lambda n: b" ".join(b"w%dz" % i for i in range(n)),
        "parts": lambda n: b" ".join(b"a" * (i % 9 + 1) + b"BcDeFgHiJk" * 5 for i in range(n)),
        "long": lambda n: b"a" * 60 * n,
        "bytes": lambda n: b"\xff\x80a" * n,
    }
    for name, make in texts.items():
        steps = [count_word_steps(tmp_path, make(n)) for n in (32_000, 64_000)]
        assert steps[1] <= 2.1 * steps[0] + 1000, name


def count_word_steps(root: Path, text: bytes) -> int:
    queries = compile_queries([read_tags_query(find_language("python"), None)])
    (root / "a").write_bytes(b"'" + text + b"'")
    files = _tagger.FileList(
        os.fsencode(root),
        np.array([0, 1], np.uint64),
        np.frombuffer(b"a", np.uint8),
        np.array([find_language("python")], np.uint16),
        queries.by_language,
        queries.keys,
        max_file_bytes=1 << 26,
        max_file_memory_bytes=1 << 32,
        file_timeout_s=60.0,
    )
    worker = _tagger.TagWorker(files)
    worker.tag_files(np.zeros(1, np.uint32))
    assert worker.take_blocks()[1].tolist() == [FileStatus.NO_TAGS]
    return worker.n_word_steps


@pytest.mark.parametrize("n_files", [0, 1, 40])
def test_terms_are_the_same_whoever_counts_them(tmp_path: Path, n_files: int) -> None:
    """By one worker or two, from memory or kept columns, now or from the next process's index."""
    root = tmp_path / "root"
    make_repository(root, n_files).mkdir(exist_ok=True)
    (root / "empty.py").write_bytes(b"")
    (root / "comments.py").write_bytes(b"# just words\n")
    expected = describe_words(repomap_fast.scan(root, cache=False, workers=1).words)
    assert describe_words(repomap_fast.scan(root, cache=False, workers=2).words) == expected
    for _ in range(2):
        assert describe_words(repomap_fast.scan(root, cache_dir=tmp_path / "cache", workers=2).words) == expected


@pytest.mark.parametrize("column", ["word_hashes", "word_name_counts", "word_rest_counts"])
def test_a_damaged_page_is_found_and_repaired(tmp_path: Path, column: str) -> None:
    root = make_repository(tmp_path / "root", 8)
    expected = describe_words(repomap_fast.scan(root, cache_dir=tmp_path / "cache").words)
    (path,) = (tmp_path / "cache").rglob(column)
    damaged = bytearray(path.read_bytes())
    damaged[len(damaged) // 2] ^= 1
    path.write_bytes(damaged)
    with repomap_fast.Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        with pytest.raises(IndexDamagedError, match=column) as raised:
            describe_words(index.result.words)
        index.repair(raised.value)
        assert describe_words(index.result.words) == expected


@pytest.mark.parametrize("column", ["word_offsets", "word_rest_lengths"])
def test_damage_in_columns_of_files_is_repaired_at_once(tmp_path: Path, column: str) -> None:
    root = make_repository(tmp_path / "root", 8)
    expected = describe_words(repomap_fast.scan(root, cache_dir=tmp_path / "cache").words)
    (path,) = (tmp_path / "cache").rglob(column)
    path.write_bytes(bytes(len(path.read_bytes())))
    assert describe_words(repomap_fast.scan(root, cache_dir=tmp_path / "cache").words) == expected


def test_a_copy_of_a_result_has_its_terms(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "root", 8)
    result = repomap_fast.scan(root, cache_dir=tmp_path / "cache")
    copied = pickle.loads(pickle.dumps(result))
    shutil.rmtree(tmp_path / "cache")
    assert describe_words(copied.words) == describe_words(repomap_fast.scan(root, cache=False).words)


@pytest.mark.parametrize(
    "terms", [[(2, 0, 1), (1, 0, 1)], [(1, 0, 1), (1, 0, 1)], [(1, 0, 0)], [(1, 0, 9)], [(1, 9, 1)]]
)
def test_a_block_whose_terms_do_not_keep_the_rules_is_refused(terms: list[tuple[int, int, int]]) -> None:
    key = bytes(range(32))
    sound = write_block(key, Block(FileStatus.NO_TAGS, [], [], [(1, 1, 2)], (1, 2)))
    assert check_block(key, sound, 1) == (0, 0, FileStatus.NO_TAGS)
    assert check_block(key, write_block(key, Block(FileStatus.NO_TAGS, [], [], terms, (1, 2))), 1) is None


@pytest.mark.slow
@pytest.mark.parametrize("text", [b"a" * 10, b"w%dz ", b"aB_" * 22 + b" ", b"\xff\x80\xc3 ", b"7 "])
def test_a_line_of_a_hundred_megabytes_is_counted_within_its_budget(tmp_path: Path, text: bytes) -> None:
    n = 100_000_000 // len(text)
    line = b"// " + (b"".join(b"w%dz " % i for i in range(n)) if b"%" in text else text * n) + b"\n"
    result = scanned(tmp_path, {"a.js": line}, max_file_size=1 << 30, max_file_memory=1 << 30, timeout_per_file=60)
    assert result.files[0].status in (FileStatus.NO_TAGS, FileStatus.OUT_OF_MEMORY)
    assert result.words.rest_lengths[0] >= 0
