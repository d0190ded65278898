"""Terms of files of which some were looked at, and some parsed."""

from __future__ import annotations

import numpy as np

from repomap_fast.joining.seen_words import SeenWords
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.store.paged_column import PagedColumn

HASHES = np.array([10, 20], np.uint32)
SIZES = np.array([800, 800, 800, 800], np.int64)


def unparsed() -> FileWords:
    return FileWords.of(WordColumns.empty(4))


def test_counts_are_those_that_were_seen() -> None:
    counts = np.array([[2, 0], [0, 1], [0, 0], [0, 0]], np.uint8)
    words = SeenWords.count(HASHES, counts, np.ones(4, np.bool_), SIZES, unparsed(), np.empty(0, np.int64))
    assert len(words) == 4
    assert words.document_frequencies(np.array([20, 10, 30], np.uint32)).tolist() == [1, 1, 0]
    assert [column.tolist() for column in words.counts_in(0, HASHES)] == [[0, 0], [2, 0]]
    assert words.rest_lengths.tolist() == [101] * 4


def test_frequencies_are_for_all_files_by_those_that_were_seen() -> None:
    counts = np.array([[1, 0], [1, 1], [0, 0], [0, 0]], np.uint8)
    is_seen = np.array([True, True, False, False])
    words = SeenWords.count(HASHES, counts, is_seen, SIZES, unparsed(), np.empty(0, np.int64))
    assert words.document_frequencies(HASHES).tolist() == [4, 2]


def test_no_file_was_seen() -> None:
    words = SeenWords.count(
        HASHES, np.zeros((4, 2), np.uint8), np.zeros(4, np.bool_), SIZES, unparsed(), np.empty(0, np.int64)
    )
    assert words.document_frequencies(HASHES).tolist() == [0, 0]
    assert words.bm25(HASHES, np.ones(2), k1=1.2, b=0.75, name_weight=3).tolist() == [0, 0, 0, 0]


def test_a_parsed_file_has_its_names_apart() -> None:
    parsed = FileWords.of(
        WordColumns(
            np.array([0, 0, 1, 1, 1], np.uint64),
            np.array([0, 6, 0, 0], np.uint32),
            np.array([0, 50, 0, 0], np.uint32),
            PagedColumn(np.array([20], np.uint32)),
            PagedColumn(np.array([3], np.uint8)),
            PagedColumn(np.array([4], np.uint8)),
        )
    )
    counts = np.array([[0, 7], [0, 7], [0, 0], [0, 0]], np.uint8)
    words = SeenWords.count(HASHES, counts, np.ones(4, np.bool_), SIZES, parsed, np.array([1]))
    assert [column.tolist() for column in words.counts_in(0, HASHES)] == [[0, 0], [0, 7]]
    assert [column.tolist() for column in words.counts_in(1, HASHES)] == [[0, 3], [0, 4]]
    # Names that are not known are taken for as long as those that are.
    assert words.name_lengths.tolist() == [6] * 4
    scores = words.bm25(HASHES, np.ones(2), k1=1.2, b=0.75, name_weight=3)
    assert scores[1] > scores[0] > scores[2] == 0
