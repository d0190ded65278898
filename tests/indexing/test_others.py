"""Two processes that scan the same files at once take over from each other, and wait for nobody."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.indexing import others
from repomap_fast.indexing.others import Others
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.store.store import MemoryStore

N_FILES = 800


def make_tree(root: Path) -> Path:
    root.mkdir()
    (root / ".git").mkdir()
    for i in range(N_FILES):
        (root / f"f{i}.py").write_text(f"def function_{i}():\n    return function_{i // 2}()\n")
    return root


@pytest.fixture
def trees(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, Path]:
    """Two folders of one repository, as far as the store knows."""
    from repomap_fast.indexing.work_tree import WorkTree

    monkeypatch.setattr(
        WorkTree, "at", classmethod(lambda cls, root: cls(str(Path(root).resolve()), str(tmp_path / "one"), False))
    )
    return make_tree(tmp_path / "first"), make_tree(tmp_path / "second")


def test_what_another_has_parsed_meanwhile_is_not_parsed_again(
    trees: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = trees
    true_look, scans = Others.have_written, []

    def other_scan_comes(self: Others) -> bool:
        if not scans:
            scans.append(None)
            scans.append(repomap_fast.scan(second, cache_dir=tmp_path / "cache"))
        return true_look(self)

    monkeypatch.setattr(Others, "have_written", other_scan_comes)
    result = repomap_fast.scan(first, cache_dir=tmp_path / "cache", workers=1)
    # On a stalled machine the first scan has written some of its blocks before the other one comes.
    assert scans[1].metrics.files_parsed > N_FILES / 2
    assert result.metrics.files_parsed <= N_FILES / 2
    expected = repomap_fast.scan(first, cache=False)
    assert result.tag_table.name_ids.tobytes() == expected.tag_table.name_ids.tobytes()
    assert result.file_table.tag_offsets.tobytes() == expected.file_table.tag_offsets.tobytes()


def test_another_process_that_goes_away_holds_up_nobody(
    trees: tuple[Path, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It writes all the time, but none of the blocks that are wanted."""
    monkeypatch.setattr(others, "_LEAST_S", 0.0)
    monkeypatch.setattr(Others, "have_written", lambda self: time.monotonic() >= self._next_s)
    result = repomap_fast.scan(trees[0], cache_dir=tmp_path / "cache")
    assert result.metrics.files_parsed == N_FILES


def test_a_store_tells_what_others_have_written(tmp_path: Path) -> None:
    one, other = SqliteStore(tmp_path), SqliteStore(tmp_path)
    assert not one.is_written_by_others()
    one.write_blocks([(b"k" * 16, b"mine")])
    one.commit()
    assert not one.is_written_by_others()
    other.write_blocks([(b"l" * 16, b"theirs")])
    other.commit()
    assert one.is_written_by_others()
    assert not one.is_written_by_others()
    assert not MemoryStore().is_written_by_others()
    one.close()
    other.close()


def test_looks_take_a_tenth_of_the_time_at_the_most(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(others.time, "monotonic", lambda: now[0])
    some = Others(MemoryStore())
    monkeypatch.setattr(some._store, "is_written_by_others", lambda: True)
    assert some.have_written()
    with some.looking():
        now[0] = 3.0
    now[0] = 32.0
    assert not some.have_written()
    now[0] = 34.0
    assert some.have_written()


def test_the_order_is_another_one() -> None:
    rows = np.arange(1_000)
    shuffled = Others(MemoryStore()).in_another_order(rows)
    assert shuffled.tolist() != rows.tolist()
    assert sorted(shuffled.tolist()) == rows.tolist()
