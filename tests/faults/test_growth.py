"""An index that is refreshed for long holds no more than it did."""

from __future__ import annotations

import gc
import platform
import random
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from repomap_fast.indexing.index import Index
from repomap_fast.joining.join import give_back_memory
from repomap_fast.resources.memory import resident_memory_bytes
from repomap_fast.store.sqlite_store import SqliteStore
from support.repositories import edit, fresh, make_repository, tables


def n_open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.skipif(sys.platform != "linux", reason="open files are counted as on Linux")
@pytest.mark.parametrize("n_refreshes", [20, pytest.param(100, marks=pytest.mark.slow)])
def test_refreshes_without_end_take_no_more(n_refreshes: int, tmp_path: Path) -> None:
    rng = random.Random(n_refreshes)
    root = make_repository(tmp_path / "root", 200)
    in_use, n_files = [], []
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        assert isinstance(index.store, SqliteStore)
        for number in range(n_refreshes):
            edit(root, 90 if number % 5 == 0 else 3, rng)
            index.refresh()
            if number % 3 == 0:
                assert len(index.tags) == len(index.result.tag_table)
            gc.collect()
            give_back_memory()
            in_use.append(resident_memory_bytes())
            n_files.append(n_open_files())
        assert tables(index.result) == fresh(root)
        assert len(list((index.store.folder / "columns").iterdir())) == 1
    assert max(n_files[n_refreshes // 2 :]) <= max(n_files[: n_refreshes // 2])
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("repomap-fast")]
    if n_refreshes >= 100:
        half = n_refreshes // 2
        assert max(in_use[half:]) - in_use[half] < 1 << 20


_LARGE_PIECES = """
import repomap_fast.joining.join as join
from repomap_fast.resources.memory import resident_memory_bytes

if {keeps_apart}:
    join.keep_large_memory_apart()
del bytearray(30 << 20)[:]
before, lasting = resident_memory_bytes(), []
large = []
for _ in range(16):
    large.append(b"x" * (2 << 20))
    lasting.append([bytes(600) for _ in range(50)])
large.clear()
print(resident_memory_bytes() - before)
"""


@pytest.mark.own_memory
@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="another C library has bounds of its own")
def test_large_pieces_of_memory_are_given_back_although_small_ones_between_them_last() -> None:
    def left_bytes(*, keeps_apart: bool) -> int:
        command = [sys.executable, "-c", _LARGE_PIECES.format(keeps_apart=keeps_apart)]
        return int(subprocess.run(command, capture_output=True, check=True, text=True).stdout)

    assert left_bytes(keeps_apart=True) < 4 << 20
    assert left_bytes(keeps_apart=False) > 16 << 20
