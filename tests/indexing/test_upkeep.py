"""Sizes of indexes, and what is pruned and deleted."""

from __future__ import annotations

from pathlib import Path

import pytest

from repomap_fast.errors import StoreError
from repomap_fast.indexing.audit import StoredIndex
from repomap_fast.indexing.upkeep import clear_index, prune_index, report_index


def test_the_size_of_an_index(overlaid_folder: Path, small: Path) -> None:
    n_bytes = sum(path.stat().st_size for path in overlaid_folder.rglob("*") if path.is_file())
    report = report_index(overlaid_folder)
    assert (report.root, report.blocks, report.choices, report.files) == (str(small), 4, 1, 3)
    assert report.disk_bytes == n_bytes
    assert report.bytes_per_tag == report.disk_bytes / report.tags


def test_pruning_keeps_what_the_last_scan_used(overlaid_folder: Path) -> None:
    prune_index(overlaid_folder, max_age_days=0)
    with StoredIndex(overlaid_folder) as stored:
        assert stored.counts()[0] == 4
        assert list(stored.problems()) == []
    prune_index(overlaid_folder, max_bytes=0)
    assert report_index(overlaid_folder).blocks == 0


def test_clearing_refuses_what_is_not_ours(overlaid_folder: Path) -> None:
    (overlaid_folder / "precious").write_text("mine")
    with pytest.raises(StoreError, match="'precious' in it is not ours"):
        clear_index(overlaid_folder)
    (overlaid_folder / "precious").unlink()
    assert clear_index(overlaid_folder) > 0
    assert not overlaid_folder.exists()
