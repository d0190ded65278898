"""What is kept of a refresh: an overlay while little has changed, else a base, in memory where there is no room."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.indexing.base import Kept
from repomap_fast.indexing.index import Index
from repomap_fast.store.columns import ColumnFolder, MemoryColumns
from repomap_fast.store.sqlite_store import SqliteStore


def kept_of(index: Index) -> Kept:
    assert index._loaded.kept is not None
    return index._loaded.kept


def test_the_first_is_a_base_and_a_change_is_an_overlay(small_index: Index) -> None:
    first = kept_of(small_index)
    assert first.overlay is None
    assert first.is_whole
    (small_index.root / "a.py").write_text("def alpha(): pass\nCONSTANT = 1\n")
    small_index.refresh()
    second = kept_of(small_index)
    assert second.base is first.base
    assert second.overlay is not None
    assert [row["path"] for row in second.overlay["rows"]] == ["a.py"]
    assert not second.is_whole
    fresh = repomap_fast.scan(small_index.root, cache=False)
    assert second.record["identifier_classes"] == list(fresh.identifier_classes.values())


def test_nothing_is_written_if_nothing_changed(small_index: Index, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(SqliteStore, "write_state", lambda *_: pytest.fail("a state was written"))
    small_index.refresh()
    assert small_index.stats.fresh == 3


def test_a_lost_change_ends_the_overlay(small_index: Index) -> None:
    before = (small_index.root / "a.py").read_text()
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    (small_index.root / "a.py").write_text(before)
    small_index.refresh()
    assert kept_of(small_index).is_whole
    assert not small_index.stats.joined


def test_a_full_disk_puts_the_columns_into_memory(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(self: ColumnFolder) -> None:
        raise OSError(errno.ENOSPC, "no space left")

    monkeypatch.setattr(ColumnFolder, "finish", fail)
    with Index.open(small, cache_dir=tmp_path / "kept") as index:
        index.refresh()
        assert isinstance(kept_of(index).base.columns, MemoryColumns)
        assert kept_of(index).base.record["token"] == ""
        assert any("in memory only" in note for note in index.result.notes)
        assert isinstance(index.store, SqliteStore)
        assert list((index.store.folder / "columns").iterdir()) == []
        assert len(index.tags) == len(repomap_fast.scan(small, cache=False).tags)


def test_a_base_that_cannot_be_named_is_dropped(small: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with Index.open(small, cache_dir=tmp_path / "kept") as index:
        assert isinstance(index.store, SqliteStore)
        store, write = index.store, index.store.write_state

        def refuse_base(name: str, state: object) -> bool:
            if name.startswith("base:"):
                store.stop_writing(OSError("the disk is full"))
            return write(name, state)

        monkeypatch.setattr(store, "write_state", refuse_base)
        index.refresh()
        assert isinstance(kept_of(index).base.columns, MemoryColumns)
        assert list((store.folder / "columns").iterdir()) == []
