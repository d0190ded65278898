"""What an index loads: the last base and overlay, or nothing of what is damaged or another's."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.errors import IndexDamagedError, IndexUnreadableError
from repomap_fast.indexing.base import Base, Kept
from repomap_fast.indexing.index import Index
from repomap_fast.indexing.loaded_index import LoadedIndex
from repomap_fast.store.sqlite_store import SqliteStore


@pytest.fixture
def loaded(small_index: Index) -> LoadedIndex:
    """A second reader of the small index, which has an overlay."""
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    assert isinstance(small_index.store, SqliteStore)
    return LoadedIndex(small_index._loaded.name, SqliteStore(small_index.store.folder))


def test_base_and_overlay_are_loaded_once(loaded: LoadedIndex) -> None:
    kept = loaded.load()
    assert kept is not None
    assert kept.overlay is not None
    assert kept.record["token"] == kept.base.record["token"]
    assert kept.record["query_keys"] == kept.overlay["query_keys"]
    again = loaded.load()
    assert again is not None
    assert again.base is kept.base


def test_a_state_that_nobody_has_written_again_is_not_read_again(
    loaded: LoadedIndex, small_index: Index, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    read_state = SqliteStore.read_state
    monkeypatch.setattr(SqliteStore, "read_state", lambda self, name: read.append(name) or read_state(self, name))
    kept = loaded.load()
    assert len(read) == 2
    assert loaded.load() is kept
    assert len(read) == 2
    # A block that another process or this one writes says nothing of the state.
    small_index.store.write_blocks([(b"k" * 32, b"block")])
    small_index.store.commit()
    assert loaded.load() is kept
    assert len(read) == 4
    loaded.store.write_blocks([(b"l" * 32, b"block")])
    loaded.store.commit()
    assert loaded.load() is kept
    assert len(read) == 6
    # Another overlay of the same base, by another process and by this one.
    (small_index.root / "a.py").write_text("def another(): pass\n")
    small_index.refresh()
    newer = loaded.load()
    assert kept is not None
    assert newer is not None
    assert newer is not kept
    assert newer.base is kept.base
    name = f"overlay:{loaded.name}"
    loaded.store.write_state(name, dict(kept.overlay or {}))
    again = loaded.load()
    assert again is not None
    assert again.overlay == kept.overlay


def test_the_newer_base_of_another_process_is_loaded(loaded: LoadedIndex, small_index: Index) -> None:
    kept = loaded.load()
    assert len(small_index.tags) == len(small_index.result.tag_table)
    newer = loaded.load()
    assert kept is not None
    assert newer is not None
    assert newer.base is not kept.base
    assert newer.is_whole
    # So damage in the old one is no news.
    assert not loaded.report_damage(IndexDamagedError("old"), kept.base.record["token"])
    assert loaded.store.notes == []


@pytest.mark.parametrize("change", [{"languages": ["klingon"]}, {"n_files": 7}, {"columns": {}}])
def test_a_base_of_another_kind_is_not_loaded(loaded: LoadedIndex, change: dict[str, Any]) -> None:
    name = f"base:{loaded.name}"
    loaded.store.write_state(name, {**loaded.store.read_state(name), **change})
    assert loaded.load() is None
    assert bool(loaded.store.notes) == ("languages" not in change)


def test_an_overlay_that_does_not_fit_leaves_the_base(loaded: LoadedIndex) -> None:
    name = f"overlay:{loaded.name}"
    overlay = loaded.store.read_state(name)
    overlay["rows"][0]["base_rows"] = 99
    loaded.store.write_state(name, overlay)
    kept = loaded.load()
    assert kept is not None
    assert kept.overlay is None
    assert any("damaged" in note for note in loaded.store.notes)


def test_what_cannot_be_read_now_stays(loaded: LoadedIndex) -> None:
    assert loaded.report_damage(IndexUnreadableError("too many open files"), "0" * 16)
    assert isinstance(loaded.store, SqliteStore)
    assert not loaded.store.is_writable


def test_columns_that_are_gone_are_no_base(loaded: LoadedIndex) -> None:
    assert isinstance(loaded.store, SqliteStore)
    shutil.rmtree(loaded.store.folder / "columns")
    assert loaded.load() is None
    assert any("is made again" in note for note in loaded.store.notes)


def test_tags_of_a_base_are_none_if_they_are_not_those_of_its_state(small: Path) -> None:
    with Index.open(small, cache=False) as index:
        index.refresh()
        kept = index._loaded.kept
        assert isinstance(kept, Kept)
        assert kept.base.tags() is not None
        kept.base.state.tag_counts[0] += 1
        assert Base(kept.base.record, kept.base.columns, kept.base.state).tags() is None


def test_blocks_stay_in_memory_until_a_base_on_disk_has_them(small: Path, tmp_path: Path) -> None:
    """A server that had made the first scan itself held them, and the pages of the database, as long as it lived."""
    with Index.open(small, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        assert index._loaded.blocks.stats().entries == 0
        # An overlay is joined again with each change.
        (small / "a.py").write_text("def other(): pass\n")
        index.refresh()
        assert index._loaded.blocks.stats().entries == 1
        # What is repaired is read from the database.
        index.repair(IndexDamagedError("a column"))
        assert index.stats.parsed == 1
        assert [len(index.result.definitions(name)) for name in ("other", "alpha", "beta", "gamma")] == [1, 0, 1, 1]
    with Index.open(small, cache=False) as index:
        index.refresh()
        assert index._loaded.blocks.stats().entries > 0
