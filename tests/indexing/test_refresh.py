"""The steps of a refresh, put together."""

from __future__ import annotations

import inspect
import threading
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.errors import IndexDamagedError, ScanCancelled, StoreError
from repomap_fast.indexing import refresh as refreshes
from repomap_fast.indexing.index import Index


def test_what_lasts_is_assigned_in_one_place() -> None:
    """No step keeps anything on the side: only ``LoadedIndex`` is assigned to."""
    assigned = [line.strip() for line in inspect.getsource(refreshes).splitlines() if " = " in line and "." in line]
    on_objects = [line for line in assigned if "." in line.partition(" = ")[0].replace("[", ".").partition("(")[0]]
    allowed = ("index.kept", "index.refreshed", "stats.files, stats.fresh", "context.stats.removed")
    assert [line for line in on_objects if not line.startswith(allowed)] == []


def test_a_cancelled_refresh_leaves_the_last_one(small_index: Index) -> None:
    refreshed, kept = small_index._loaded.refreshed, small_index._loaded.kept
    (small_index.root / "a.py").write_text("def other(): pass\n")
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(ScanCancelled):
        small_index.refresh(cancel=cancel)
    assert small_index._loaded.refreshed is refreshed
    assert small_index._loaded.kept is kept
    small_index.refresh()
    assert [tag.name for tag in small_index.tags][:1] == ["other"]


def test_a_repair_joins_again_and_parses_nothing(small_index: Index) -> None:
    before, base = small_index.result, small_index._loaded.kept
    small_index.repair(IndexDamagedError("the rows are wrong"))
    assert small_index.result is not before
    assert small_index._loaded.kept is not base
    assert small_index.stats.parsed == 3
    assert any("the rows are wrong" in note for note in small_index.result.notes)
    assert len(small_index.tags) == len(small_index.result.tag_table) == before.n_tags


def test_a_repair_after_a_late_join_is_a_base_again(small_index: Index) -> None:
    (small_index.root / "a.py").write_text("def other(): pass\n")
    small_index.refresh()
    assert len(small_index.result.tag_table) == small_index.result.n_tags
    small_index.repair(IndexDamagedError("the rows are wrong"))
    assert small_index._loaded.kept is not None
    assert small_index._loaded.kept.base.record["token"]


def test_nothing_to_repair_before_the_first_refresh(small: Path) -> None:
    with Index.open(small, cache=False) as index, pytest.raises(StoreError, match="not refreshed yet"):
        index.repair(IndexDamagedError("of another"))


def test_tagged_files_have_a_graph_and_leave_the_state(small_index: Index) -> None:
    before = small_index.result
    found = small_index.tag_files(["a.py", "lib/b.c"])
    assert [found.graph.name(i) for i in range(found.graph.n_shared)] == [b"alpha", b"beta"]
    assert small_index.result is before
    small_index.close()
    assert [tag.name for tag in found.file("a.py").tags] == ["alpha", "beta"]


def test_a_warmed_file_is_not_parsed_by_the_next_scan(small: Path, tmp_path: Path) -> None:
    with Index.open(small, cache_dir=tmp_path / "kept") as index:
        stats = index.warm(lambda found, _: np.array([0, 1]))
        assert (stats.files, stats.parsed, stats.removed) == (2, 2, 0)
        assert not index.is_refreshed
    assert repomap_fast.scan(small, cache_dir=tmp_path / "kept").metrics.files_parsed == 1
