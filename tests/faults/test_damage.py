"""A store with bytes missing or changed: right tags, with what is left of it or from the start."""

from __future__ import annotations

import random
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest

from repomap_fast.indexing.index import Index
from repomap_fast.store.sqlite_store import SqliteStore
from support.repositories import Tables, edit, fresh, kept, make_repository, settle, tables

N_TRUNCATIONS = 50
N_FLIPS = 200


@dataclass(frozen=True)
class Kept:
    """A repository whose index is an overlay over a base, with a log that is not in the database yet.

    caches  by whether the index was closed properly.
    folder  of the store, below its cache folder.
    """

    root: Path
    caches: dict[bool, Path]
    folder: Path
    expected: Tables

    def copy(self, cache: Path, *, is_closed: bool) -> Path:
        """Copy the cache, and return the folder of the store in it."""
        shutil.rmtree(cache, ignore_errors=True)
        shutil.copytree(self.caches[is_closed], cache)
        return cache / self.folder


@pytest.fixture(scope="module")
def index(folder: Path) -> Kept:
    root = make_repository(folder / "root", 40)
    settle(root)
    cache = folder / "cache"
    caches = {True: folder / "closed", False: folder / "open"}
    with Index.open(root, cache_dir=cache) as opened:
        assert isinstance(opened.store, SqliteStore)
        opened.refresh()
        edit(root, 6, random.Random(3))
        settle(root)
        opened.refresh()
        shutil.copytree(cache, caches[False])
        of_store = opened.store.folder.relative_to(cache)
    shutil.copytree(cache, caches[True])
    assert (caches[False] / of_store / "tags.sqlite3-wal").stat().st_size
    return Kept(root, caches, of_store, fresh(root))


def files_of(store: Path) -> list[Path]:
    return sorted(path for path in store.rglob("*") if path.is_file())


def assert_right(index: Kept, cache: Path) -> None:
    # One scan may not look at all that is damaged; what it finds is right from then on.
    for _ in range(4):
        found, notes = kept(index.root, cache)
        assert found == index.expected
        if not notes:
            return
    raise AssertionError(notes)


def lose_something(store: Path, rng: random.Random) -> None:
    """Lose what a scan would take first, so that it looks at the rest too."""
    if rng.random() < 0.5:
        shutil.rmtree(store / "columns")


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_database_that_ends_too_early(index: Kept, is_closed: bool, tmp_path: Path) -> None:
    rng = random.Random(7)
    cache = tmp_path / "cache"
    for number in range(N_TRUNCATIONS // 2):
        store = index.copy(cache, is_closed=is_closed)
        lose_something(store, rng)
        name = "tags.sqlite3" if is_closed or number % 2 else "tags.sqlite3-wal"
        data = (store / name).read_bytes()
        (store / name).write_bytes(data[: rng.randrange(len(data))])
        assert_right(index, cache)


@pytest.mark.parametrize("is_closed", [True, False])
def test_a_database_with_bytes_changed(index: Kept, is_closed: bool, tmp_path: Path) -> None:
    rng = random.Random(8)
    cache = tmp_path / "cache"
    for n_bytes in [1] * 20 + [N_FLIPS] * 5:
        store = index.copy(cache, is_closed=is_closed)
        lose_something(store, rng)
        for name in ["tags.sqlite3"] + ["tags.sqlite3-wal", "tags.sqlite3-shm"] * (not is_closed):
            flip(store / name, n_bytes, rng)
        assert_right(index, cache)


@pytest.mark.slow
def test_a_database_with_any_byte_changed(index: Kept, tmp_path: Path) -> None:
    rng = random.Random(9)
    cache = tmp_path / "cache"
    for number in range(10 * N_FLIPS):
        store = index.copy(cache, is_closed=number % 2 == 0)
        lose_something(store, rng)
        flip(rng.choice(files_of(store)), rng.choice([1, 1, 5, 50]), rng)
        assert_right(index, cache)


def flip(path: Path, n_bytes: int, rng: random.Random) -> None:
    data = bytearray(path.read_bytes())
    for _ in range(n_bytes):
        data[rng.randrange(len(data))] ^= rng.randrange(1, 256)
    path.write_bytes(data)


WAYS = ["byte", "end", "gone", "folder", "empty"]


@pytest.mark.parametrize("n_ways", [1, pytest.param(len(WAYS), marks=pytest.mark.slow)])
def test_each_column(index: Kept, n_ways: int, tmp_path: Path) -> None:
    rng = random.Random(10)
    cache = tmp_path / "cache"
    names = sorted(path.name for path in files_of(index.caches[True] / index.folder / "columns"))
    for name, what in [(name, WAYS[(i + j) % len(WAYS)]) for i, name in enumerate(names) for j in range(n_ways)]:
        store = index.copy(cache, is_closed=True)
        (path,) = (store / "columns").glob(f"*/{name}")
        if what == "byte":
            flip(path, 1, rng)
        elif what == "end":
            path.write_bytes(path.read_bytes()[:-1])
        elif what == "empty":
            path.write_bytes(b"")
        else:
            path.unlink()
            if what == "folder":
                path.mkdir()
        assert_right(index, cache)


def test_columns_that_are_lost_between_a_refresh_and_the_tags(index: Kept, tmp_path: Path) -> None:
    store = index.copy(tmp_path / "cache", is_closed=True)
    kept(index.root, tmp_path / "cache")
    with Index.open(index.root, cache_dir=tmp_path / "cache") as opened:
        opened.refresh()
        shutil.rmtree(store / "columns")
        assert tables(opened.result) == index.expected
        opened.refresh()
        for suffix in ("", "-wal", "-shm"):
            (store / f"tags.sqlite3{suffix}").unlink()
        shutil.rmtree(store)
        assert tables(opened.result) == index.expected


def test_a_store_that_is_gone_when_its_index_is_closed(index: Kept, tmp_path: Path) -> None:
    index.copy(tmp_path / "cache", is_closed=True)
    with Index.open(index.root, cache_dir=tmp_path / "cache") as opened:
        opened.refresh()
        result = opened.result
    shutil.rmtree(tmp_path / "cache")
    assert tables(result) == index.expected
