"""No room, or no place, to keep anything: right tags all the same, a note, and all is well when there is room again."""

from __future__ import annotations

import os
import random
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.indexing.index import Index
from support.repositories import edit, fresh, kept, make_repository, settle, tables

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="disks are made and limits set as on Linux")

SIZES_KB = [16, 32, 64, 96, 128, 192, 256, 512, 1024, 8192]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "root", 160)


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    if os.geteuid() != 0 or mount(folder, 16):
        pytest.skip("no disk of a given size can be made here")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)


def mount(folder: Path, size_kb: int, option: str = "") -> int:
    options = f"{option}size={size_kb}k"
    return subprocess.run(["mount", "-t", "tmpfs", "-o", options, "none", folder], capture_output=True).returncode


def test_a_full_disk_costs_no_tag(root: Path, disk: Path) -> None:
    expected = fresh(root)
    for size_kb in SIZES_KB:
        subprocess.run(["umount", "-l", disk], check=True)
        assert mount(disk, size_kb) == 0
        cache = disk / "cache"
        found, notes = kept(root, cache)
        assert found == expected
        assert notes or size_kb >= 256
        # What was half written does no harm, now or when there is room.
        assert kept(root, cache)[0] == expected
        assert mount(disk, 64 << 10, "remount,") == 0
        found, notes = kept(root, cache)
        assert (found, notes) == (expected, ())
        settle(root)
        with Index.open(root, cache_dir=cache) as index:
            index.refresh()
            assert index.refresh().parsed == 0
            assert tables(index.result) == expected
    assert not notes


@pytest.mark.parametrize("size_kb", [64, 256, 512, 1024])
def test_a_full_disk_where_memory_is_short_costs_no_tag(root: Path, disk: Path, size_kb: int) -> None:
    # With less than it has at its start, a join reads the names again from the columns that it writes, if it can.
    subprocess.run(["umount", "-l", disk], check=True)
    assert mount(disk, size_kb) == 0
    result = repomap_fast.scan(root, cache_dir=disk / "cache", workers=2, max_memory=64_000_000)
    assert tables(result) == fresh(root)
    assert any("names where they were" in note or "held all names" in note for note in result.notes)
    assert any("memory only" in note or "kept" in note for note in result.notes)


@pytest.mark.parametrize("size_kb", [16, 64])
def test_warming_a_full_disk_fails(root: Path, disk: Path, size_kb: int) -> None:
    subprocess.run(["umount", "-l", disk], check=True)
    assert mount(disk, size_kb) == 0
    command = [sys.executable, "-m", "repomap_fast", "cache", "warm", str(root), f"--cache-dir={disk / 'cache'}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert "kept for the next scan" in done.stderr
    assert str(disk) in done.stderr


def test_a_disk_that_fills_up_between_refreshes(root: Path, disk: Path) -> None:
    rng = random.Random(1)
    subprocess.run(["umount", "-l", disk], check=True)
    assert mount(disk, 4096) == 0
    with Index.open(root, cache_dir=disk / "cache") as index:
        index.refresh()
        (disk / "filler").write_bytes(b"")
        with (disk / "filler").open("wb", buffering=0) as filler:
            try:
                while True:
                    filler.write(bytes(4096))
            except OSError:
                pass
        for n_files in (3, 90, 3, 90):
            edit(root, n_files, rng)
            index.refresh()
            assert tables(index.result) == fresh(root)
        assert index.result.notes
    (disk / "filler").unlink()
    assert kept(root, disk / "cache") == (fresh(root), ())


LIMITED = """
import resource, sys
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[3]), int(sys.argv[3])))
import repomap_fast
result = repomap_fast.scan(sys.argv[1], cache_dir=sys.argv[2], workers=2)
print(result.n_tags, len(result.tag_table), bool(result.notes), [tag.name for tag in result.tags][-1])
"""


@pytest.mark.parametrize("limit", [0, 100, 5000, 40_000, 1 << 20])
def test_files_that_may_not_grow(root: Path, tmp_path: Path, limit: int) -> None:
    cache = tmp_path / "cache"
    fresh_scan = repomap_fast.scan(root, cache=False)
    # Of the limit alone: this process has none, and is the next one with room.
    run = subprocess.run(
        [sys.executable, "-c", LIMITED, root, cache, str(limit)], capture_output=True, text=True, timeout=60
    )
    n_tags = fresh_scan.n_tags
    is_short = limit < 1 << 20
    assert run.stdout.split() == [str(n_tags), str(n_tags), str(is_short), fresh_scan.tags[-1].name], run.stderr
    assert kept(root, cache)[0] == fresh(root)
    assert kept(root, cache) == (fresh(root), ())


def test_no_place_at_all(root: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    for cache in (tmp_path / "file", tmp_path / "file" / "below", Path("/proc/none")):
        found, notes = kept(root, cache)
        assert found == fresh(root)
        assert any("nothing is kept for the next scan" in note for note in notes)
