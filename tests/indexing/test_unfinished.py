"""What is known of files that there was no time for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from repomap_fast.deadline import Deadline
from repomap_fast.indexing import refresh
from repomap_fast.indexing.blocks import Blocks
from repomap_fast.indexing.index import Index, refresh_until
from repomap_fast.indexing.unfinished import Unfinished
from repomap_fast.tables import FileStatus
from repomap_fast.tagging.words import hash_terms

LATER = Deadline(float("inf"))
OVER = Deadline(float("-inf"))
TEXTS = {"a.py": "def hub(): pass\n", "b.py": "usb = 'hub hub'\n", "c.txt": "hub", "big.py": "hub = 1\n" * 99}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "root"
    folder.mkdir()
    for name, text in TEXTS.items():
        (folder / name).write_text(text)
    return folder


@pytest.fixture
def index(root: Path, tmp_path: Path) -> Index:
    return Index.open(root, cache_dir=tmp_path / "cache", max_file_size=400)


def unfinished_of(index: Index) -> Unfinished:
    unfinished = refresh_until(index, OVER)
    assert unfinished is not None
    return unfinished


def test_nothing_is_parsed_at_first(index: Index) -> None:
    unfinished = unfinished_of(index)
    assert list(unfinished.paths) == [b"a.py", b"b.py", b"big.py"]
    assert (unfinished.n_seen, unfinished.n_tagged) == (0, 0)
    result = unfinished.result()
    assert result.n_tags == 0
    assert [file.path for file in result.files] == ["a.py", "b.py", "big.py", "c.txt"]
    assert not index.is_refreshed


def test_terms_are_counted_in_files_within_the_limits(index: Index) -> None:
    unfinished = unfinished_of(index)
    unfinished.look_for([b"hub", b"usb"], np.arange(3), LATER)
    words = unfinished.words()
    hashes = hash_terms([b"hub", b"usb"])
    assert unfinished.n_seen == 2
    assert [words.counts_in(row, hashes)[1].tolist() for row in range(3)] == [[1, 0], [2, 1], [0, 0]]


def test_files_that_are_tagged_are_in_the_result(index: Index) -> None:
    unfinished = unfinished_of(index)
    unfinished.look_for([b"hub"], np.arange(3), LATER)
    unfinished.tag(np.array([0, 2]), LATER)
    result = unfinished.result()
    assert [tag.path for tag in result.tags] == ["a.py"]
    assert result.file("big.py").status is FileStatus.TOO_LARGE
    assert unfinished.n_tagged == 1
    in_names, in_rest = result.words.counts_in(0, hash_terms([b"hub"]))
    assert (in_names.tolist(), in_rest.tolist()) == ([1], [0])
    assert result.metrics.files_parsed == 1


def test_an_index_that_knows_most_files_reads_their_blocks_from_the_store(index: Index, root: Path) -> None:
    index.refresh()
    (root / "new.py").write_text("def new(): pass\n")
    unfinished = unfinished_of(index)
    unfinished.tag(np.arange(4), LATER)
    assert [tag.name for tag in unfinished.result().tags if tag.role == "definition"][:2] == ["hub", "usb"]
    assert unfinished.result().metrics.files_parsed == 1
    index.refresh()
    assert index.result.definitions("new")


def test_an_index_that_knows_all_files_is_refreshed_whatever_the_time(
    index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    index.refresh()
    monkeypatch.setattr(refresh, "_raise_if_long", lambda *_: None)
    assert refresh_until(index, LATER) is None
    assert index.result.n_tags > 0


@pytest.mark.parametrize("n", [1_500, 3_000])
def test_no_more_files_are_hashed_than_there_is_time_to_parse(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, n: int
) -> None:
    """Once a few files were parsed in time, the next call hashed all others: it was late, and nothing more was kept."""
    root = tmp_path / "root"
    root.mkdir()
    for number in range(n):
        (root / f"m{number:04}.py").write_text(f"def f{number}(): pass\n")
    now, hashed = [0.0], []
    hash_files, parse = Blocks.hash_files, Blocks.parse

    def hash_and_count(blocks: Blocks, state: Any, rows: Any) -> None:
        hashed.append(len(rows))
        hash_files(blocks, state, rows)

    def parse_and_wait(blocks: Blocks, state: Any, rows: Any, **options: Any) -> None:
        parse(blocks, state, rows, **options)
        now[0] += 1

    monkeypatch.setattr(Blocks, "hash_files", hash_and_count)
    monkeypatch.setattr(Blocks, "parse", parse_and_wait)
    n_tagged = []
    for n_calls in range(1, 4):
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            unfinished = unfinished_of(index)
            rows = np.arange(100 if n_calls == 1 else n)
            unfinished.tag(rows, Deadline(now[0] + 0.5, lambda: now[0]))
            n_tagged.append(unfinished.n_tagged)
    assert n_tagged == [100, 500, 1_000]
    assert hashed == [500, 500, 500]
