"""Tags that are read where a question asks for them: the same as those of the table, from few pages."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import Index
from repomap_fast.joining import sparse_tags
from repomap_fast.joining.sparse_tags import (
    SparseTags,
    all_names_of,
    are_defined,
    number_of_name,
    rows_of_name,
)
from repomap_fast.store import paged_column
from repomap_fast.store.paged_column import PAGE_BYTES
from repomap_fast.tables import TagTable

COLUMNS = ("name_ids", "roles", "kind_ids", "rows", "columns", "end_rows", "scope_tag_ids")


@pytest.fixture
def sparing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Make no repository so small that its table is loaded."""
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)


@pytest.fixture
def both(tmp_path: Path, sparing: None) -> tuple[SparseTags, TagTable]:
    root = tmp_path / "root"
    root.mkdir()
    for i in range(12):
        (root / f"file{i}.py").write_text(f"class A{i}:\n    def run(self):\n        return run(A{i - 1})\n" * 20)
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        sparse = index.result.sparse_tags
        assert isinstance(sparse, SparseTags)
        return sparse, index.result.tag_table


def test_rows_of_any_sort_are_those_of_the_table(both: tuple[SparseTags, TagTable]) -> None:
    sparse, table = both
    n = len(table)
    assert (len(sparse), sparse.kinds) == (n, table.kinds)
    for name in COLUMNS:
        few, whole = getattr(sparse, name), getattr(table, name)
        for rows in (slice(3, 9), slice(None), slice(5, 2), slice(0, n, 7), np.array([n - 1, 0, -1, 0]), np.arange(0)):
            assert few[rows].tolist() == whole[rows].tolist()
        assert (few[2], few[-2], few.item(1)) == (whole[2], whole[-2], whole.item(1))


@pytest.mark.parametrize("name", [b"run", b"A3", b"A-1", b"never", b""])
def test_a_name_has_the_rows_that_it_has_in_the_table(both: tuple[SparseTags, TagTable], name: bytes) -> None:
    sparse, table = both
    assert number_of_name(sparse, name) == number_of_name(table, name)
    for _ in range(2):
        assert rows_of_name(sparse, name).tolist() == rows_of_name(table, name).tolist()


def test_names_and_what_is_defined_are_those_of_the_table(both: tuple[SparseTags, TagTable]) -> None:
    sparse, table = both
    names = list(all_names_of(table))
    assert list(all_names_of(sparse)) == names == [sparse.names[i] for i in range(len(sparse.names))]
    assert are_defined(sparse).tolist() == are_defined(table).tolist()


def n_bytes_kept(sparse: SparseTags) -> list[int]:
    return [getattr(sparse, name).column.n_read_bytes for name in COLUMNS]


QUESTIONS: list[Callable[[Index], object]] = [
    lambda index: repomap_fast.refs(index, "heavy"),
    lambda index: repomap_fast.refs(index, "heavy", limit=50, tokens=900, tests=False),
    lambda index: repomap_fast.callers(index, "heavy"),
    lambda index: repomap_fast.callees(index, "heavy"),
    lambda index: repomap_fast.impact(index, "heavy"),
    lambda index: repomap_fast.show(index, "heavy"),
]


@pytest.mark.usefixtures("sparing")
@pytest.mark.parametrize("question", QUESTIONS)
@pytest.mark.parametrize("suffix", ["c", "rb"])
def test_a_name_of_all_files_does_not_load_the_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: Callable[[Index], object], suffix: str
) -> None:
    """It was loaded whole for a name of more than 200 files: 900 MB for ``device`` of the Linux kernel."""
    heavy = {"c": "int heavy(void) { return 1; }\n", "rb": "def heavy\n  1\nend\n"}[suffix]
    other = {"c": "int other_{0}(void) {{ return heavy(); }}\n", "rb": "def other_{0}\n  heavy()\nend\n"}[suffix]
    most = 2 * PAGE_BYTES
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", most)
    kept = []
    for n_files in (8, 16):
        root = tmp_path / str(n_files)
        root.mkdir()
        for i in range(n_files):
            (root / f"file{i}.{suffix}").write_text(heavy + "".join(other.format(f"{i}_{j}") for j in range(500)))
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
            question(index)
            assert "tag_table" not in vars(index.result)
            sparse = index.result.sparse_tags
            assert isinstance(sparse, SparseTags)
            kept.append(max(n_bytes_kept(sparse)))
    # A file is read in one piece: up to its pages more than the bound.
    assert max(kept) <= most + 2 * PAGE_BYTES


@pytest.mark.parametrize("few_tags", [0, sparse_tags.FEW_TAGS])
def test_rows_that_are_damaged_are_joined_again_in_the_middle_of_an_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, few_tags: int
) -> None:
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", few_tags)
    root = tmp_path / "root"
    root.mkdir()
    for i in range(4):
        (root / f"file{i}.rb").write_text("def heavy\n  1\nend\ndef other\n  heavy()\nend\n")
    answers = []
    for is_damaged in (False, True):
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
        if is_damaged:
            for column in (tmp_path / "cache").rglob("columns/*/scope_tag_ids"):
                sound = column.read_bytes()
                column.write_bytes(sound[:-1] + bytes([sound[-1] ^ 1]))
        with Index.open(root, cache_dir=tmp_path / "cache") as index:
            index.refresh()
            for call in (repomap_fast.refs, repomap_fast.callers, repomap_fast.callees, repomap_fast.impact):
                answers.append(str(call(index, "heavy")))
            answers.append(repomap_fast.show(index, "heavy").text)
            if not few_tags:
                assert any("damage" in note or "checksum" in note for note in index.result.notes) == is_damaged
    assert answers[:5] == answers[5:]
    assert {column.read_bytes() for column in (tmp_path / "cache").rglob("columns/*/scope_tag_ids")} == {sound}


def test_the_table_of_few_tags_is_loaded(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def run(): pass\n")
    for _ in range(2):
        with Index.open(tmp_path, cache_dir=tmp_path / "cache") as index:
            index.refresh()
            assert isinstance(index.result.sparse_tags, TagTable)
