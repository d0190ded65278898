"""Wanted terms of files, counted without a parse: as often as a pass over all words finds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.arrays import distinct
from repomap_fast.deadline import Deadline
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.tables import U8, StringTable
from repomap_fast.tagging import tagger
from repomap_fast.tagging.tagger import CountedBatch, SourceFiles, count_terms
from repomap_fast.tagging.words import hash_terms, terms_in

LATER = Deadline(float("inf"))


def counts_in(folder: Path, texts: list[bytes], terms: list[bytes], until: Deadline = LATER) -> U8:
    for number, text in enumerate(texts):
        (folder / f"{number:02}.c").write_bytes(text)
    paths = StringTable.from_strings([f"{number:02}.c".encode() for number in range(len(texts))])
    sizes = np.array([len(text) for text in texts], np.int64)
    files = SourceFiles(folder, paths, np.zeros(len(texts), np.uint16), sizes)
    counts = np.full((len(texts), len(distinct(hash_terms(terms)))), 77, np.uint8)

    def take(batch: CountedBatch) -> None:
        counts[batch.file_ids] = batch.counts

    rows = np.arange(len(texts), dtype=np.uint32)
    count_terms(files, rows, terms, ScanOptions(workers=2), Progress(), take, until=until)
    return counts


def expected(texts: list[bytes], terms: list[bytes]) -> list[list[int]]:
    wanted = sorted({int(hash_terms([term])[0]): term for term in terms}.items())
    found = [terms_in(text) for text in texts]
    return [[min(of_text.count(term), 255) for _, term in wanted] for of_text in found]


TEXTS = [
    b"usb_disconnect(USBHub *hubs, int categories2) /* memory leaks, tries, HTTPServer404 */",
    "“memory” naïve_Hub, éhub hub\u00e9, 12hub hub12_34 _hub__ __HubBus__".encode(),
    b"x" * 70 + b"hub hub" + b"hub" * 30 + b" hub",
    b"",
    b"hub",
    b"hubs\n" * 300,
    bytes(range(256)) * 3,
]
TERMS = [
    b"hub",
    b"usb",
    b"category",
    b"memory",
    b"leak",
    b"try",
    b"404",
    b"=usb_disconnect",
    b"server",
    b"bus",
    b"\xc3\xa9hub",
]


def test_counts_are_those_of_a_pass_over_all_words(tmp_path: Path) -> None:
    counts = counts_in(tmp_path, TEXTS, TERMS)
    assert counts.tolist() == expected(TEXTS, TERMS)
    assert counts[5].max() == 255
    assert (counts.sum(axis=0) > 0).all()


@given(
    st.lists(st.text("hHuUbBsSyYiIeE_17 é“\n", max_size=90), min_size=1, max_size=3),
    st.text("hubHUBsyie17_é ", min_size=1, max_size=30),
)
def test_counts_of_any_texts(folder: Path, written: list[str], sample: str) -> None:
    texts = [text.encode() for text in written]
    terms = sorted({*terms_in(sample.encode()), *terms_in(texts[0])[:4], b"hub"})
    assert counts_in(folder, texts, terms).tolist() == expected(texts, terms)


def test_a_file_that_cannot_be_read_counts_nothing(tmp_path: Path) -> None:
    paths = StringTable.from_strings([b"gone.c"])
    files = SourceFiles(tmp_path, paths, np.zeros(1, np.uint16), np.zeros(1, np.int64))
    taken: list[CountedBatch] = []
    count_terms(files, np.zeros(1, np.uint32), [b"hub"], ScanOptions(), Progress(), taken.append, until=LATER)
    assert taken[0].errnos[0] > 0
    assert taken[0].counts.tolist() == [[0]]


def test_a_huge_file_is_not_looked_into(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tagger, "_MOST_BYTES_OF_A_LOOK", 4)
    assert counts_in(tmp_path, [b"hub ", b"hub  "], [b"hub"]).tolist() == [[1], [0]]


def test_without_terms(tmp_path: Path) -> None:
    assert counts_in(tmp_path, [b"hub"], []).shape == (1, 0)


def test_no_file_is_read_after_the_deadline(tmp_path: Path) -> None:
    counts = counts_in(tmp_path, [b"hub"] * 2, [b"hub"], Deadline(float("-inf")))
    assert set(counts.ravel().tolist()) <= {77, 0, 1}


@pytest.mark.usefixtures("no_thread_left")
def test_an_error_of_the_taker_leaves_no_thread(tmp_path: Path) -> None:
    (tmp_path / "00.c").write_bytes(b"hub")
    paths = StringTable.from_strings([b"00.c"])
    files = SourceFiles(tmp_path, paths, np.zeros(1, np.uint16), np.full(1, 3, np.int64))

    def refuse(_: CountedBatch) -> None:
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        count_terms(files, np.zeros(1, np.uint32), [b"hub"], ScanOptions(), Progress(), refuse, until=LATER)
