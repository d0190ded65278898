"""A scan that is killed, at any moment: the next one finds nothing wrong and gives what a fresh one gives."""

from __future__ import annotations

import os
import random
import shutil
import signal
import time
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.store.cache_folder import store_folder
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.tagging.block import check_block
from support.repositories import edit, fresh, kept, make_repository

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="a child is a copy of this process")


def scan_and_be_killed(root: Path, cache: Path, delay_s: float) -> bool:
    """Scan in a child; return whether it was killed before its end."""
    child = os.fork()
    if child == 0:
        try:
            result = repomap_fast.scan(root, cache_dir=cache, workers=2)
            assert result.tag_table is not None
        finally:
            os._exit(0)
    time.sleep(delay_s)
    os.kill(child, signal.SIGKILL)
    return os.WIFSIGNALED(os.waitpid(child, 0)[1])


def assert_store_is_sound(root: Path, cache: Path) -> None:
    store = SqliteStore(store_folder(root, cache))
    try:
        assert store.notes == []
        assert store.problems() == []
        for key, block in store.blocks():
            assert check_block(key, block, 128) is not None
        for name in store.state_names():
            assert store.read_state(name) is not None
        assert store.notes == []
    finally:
        store.close()


@pytest.mark.parametrize("n_kills", [15, pytest.param(200, marks=pytest.mark.slow)])
def test_a_killed_scan_leaves_nothing_wrong(n_kills: int, tmp_path: Path) -> None:
    rng = random.Random(n_kills)
    root, cache = make_repository(tmp_path / "root", 240), tmp_path / "cache"
    usual_s = 0.0
    for _ in range(2):
        start = time.perf_counter()
        repomap_fast.scan(root, cache_dir=tmp_path / "timed", workers=2)
        usual_s = usual_s or time.perf_counter() - start
    n_killed = 0
    for number in range(n_kills):
        if number % 4 == 0:
            shutil.rmtree(cache, ignore_errors=True)
        elif number % 4 == 1:
            # Too many for an overlay: a new base.
            edit(root, 100, rng)
        else:
            edit(root, rng.randrange(1, 20), rng)
        n_killed += scan_and_be_killed(root, cache, rng.uniform(0, usual_s))
        assert_store_is_sound(root, cache)
        again, notes = kept(root, cache)
        assert again == fresh(root)
        assert notes == ()
    assert n_killed > n_kills // 4
