"""Which files are read and parsed first, by their paths, sizes and seen words."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.joining.seen_words import SeenWords
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.progress import Progress
from repomap_fast.ranking.first_files import FirstFiles
from repomap_fast.ranking.full_text import MOST_TERMS
from repomap_fast.tables import I64, StringTable
from repomap_fast.tagging.words import hash_terms
from repomap_fast.weights import Weights

PATHS = [b"a/big.c", b"a/deep/small.c", b"b.c", b"tests/test_a.c", b"usb/hub.c", b"vendor/x.c"]
SIZES = np.array([9_000, 10, 500, 5, 7_000, 1], np.int64)


def first_files(**task: Any) -> FirstFiles:
    keywords = {"focus": (), "mention": (), "query": "", "changed": False} | task
    return FirstFiles(StringTable.from_strings(PATHS), SIZES, Path("/root"), keywords, Weights(), Progress())


def paths_of(rows: I64) -> list[bytes]:
    return [PATHS[row] for row in rows.tolist()]


def test_paths_with_words_come_first_then_plain_small_files() -> None:
    rows = first_files(query="leak in the usb hub").to_look_in()
    assert paths_of(rows) == [b"usb/hub.c", b"a/deep/small.c", b"b.c", b"a/big.c", b"vendor/x.c", b"tests/test_a.c"]


def test_files_asked_for_come_before_all() -> None:
    asked = first_files(query="leak in b.c of the usb hub", focus=["vendor"], mention=["a/big.c"])
    assert set(paths_of(asked.to_look_in())[:3]) == {b"vendor/x.c", b"b.c", b"a/big.c"}
    assert set(paths_of(asked.without_text())[:3]) == {b"vendor/x.c", b"b.c", b"a/big.c"}


def test_the_best_have_the_words() -> None:
    first = first_files(query="leak disconnect")
    hashes = distinct(hash_terms(list(first.term_weights)))
    counts = np.zeros((len(PATHS), len(hashes)), np.uint8)
    counts[2], counts[3] = 5, 5
    none = FileWords.of(WordColumns.empty(len(PATHS)))
    words = SeenWords.count(hashes, counts, np.ones(len(PATHS), np.bool_), SIZES, none, np.empty(0, np.int64))
    assert paths_of(first.best(words))[0] == b"b.c"


def test_without_text_upper_plain_files_come_first() -> None:
    first = first_files()
    assert not first.term_weights
    assert paths_of(first.without_text()) == [
        *(b"b.c", b"a/big.c", b"usb/hub.c", b"a/deep/small.c"),
        *(b"vendor/x.c", b"tests/test_a.c"),
    ]


def test_terms_are_limited_and_names_of_many_parts_go_first() -> None:
    words = " ".join(f"word{chr(97 + i // 26)}{chr(97 + i % 26)}" for i in range(500))
    terms = list(first_files(query=f"title\nvery_long_name_of_things {words}").term_weights)
    assert len(terms) == MOST_TERMS
    assert b"=very_long_name_of_things" in terms


def test_a_file_in_focus_that_is_gone_is_left_to_the_task() -> None:
    assert len(first_files(focus=["gone.c"]).without_text()) == len(PATHS)


def test_a_root_without_files() -> None:
    keywords = {"focus": (), "mention": (), "query": "usb", "changed": False}
    first = FirstFiles(
        StringTable.from_strings([]), np.empty(0, np.int64), Path("/root"), keywords, Weights(), Progress()
    )
    assert len(first.to_look_in()) == len(first.without_text()) == 0
