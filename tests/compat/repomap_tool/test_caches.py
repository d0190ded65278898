"""The two caches under other projects' names: what they promise, with one thread and with many."""

from __future__ import annotations

import os
import threading
import time
from collections import OrderedDict
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.repomap_tool import AdvancedCacheManager, CacheError, CacheManager
from repomap_fast.store.lru import NODE_BYTES

VALUES = st.one_of(st.none(), st.integers(), st.text(max_size=20), st.lists(st.text(max_size=5), max_size=4))
STEPS = st.lists(st.tuples(st.sampled_from(["get", "put", "remove"]), st.integers(0, 9), VALUES), max_size=60)


class TwinCache:
    """The plan's cache, as slow and as plain as can be: what is kept, hits and misses."""

    def __init__(self, max_size: int) -> None:
        self.max_size = max_size
        self.values: OrderedDict[str, object] = OrderedDict()
        self.hits = self.misses = self.evictions = 0

    def get(self, key: str) -> object:
        if key not in self.values:
            self.misses += 1
            return None
        self.hits += 1
        self.values.move_to_end(key)
        return self.values[key]

    def put(self, key: str, value: object) -> None:
        self.values[key] = value
        self.values.move_to_end(key)
        if len(self.values) > self.max_size:
            self.values.popitem(last=False)
            self.evictions += 1


@given(steps=STEPS, max_size=st.integers(1, 6))
def test_it_keeps_what_a_plain_one_keeps(steps: list[tuple[str, int, object]], max_size: int) -> None:
    cache, twin = AdvancedCacheManager(max_size, max_memory_mb=1), TwinCache(max_size)
    for step, number, value in steps:
        key = f"key {number} ü"
        if step == "get":
            assert cache.get(key) == twin.get(key)
        elif step == "put":
            cache.put(key, value)
            twin.put(key, value)
        else:
            assert cache.remove(key) is (twin.values.pop(key, twin) is not twin)
    stats = cache.get_stats()
    assert (stats["size"], stats["hits"], stats["misses"]) == (len(twin.values), twin.hits, twin.misses)
    assert stats["evictions"]["capacity_entries"] == twin.evictions
    assert all(key in cache for key in twin.values)


def test_the_plans_figures_and_their_units() -> None:
    cache = AdvancedCacheManager(max_size=10, max_memory_mb=2)
    cache.put("a", b"x" * 1000)
    cache.get("a")
    cache.get("b")
    stats = cache.get_stats()
    assert {"size", "max_size", "memory_usage_mb", "max_memory_mb", "hit_rate"} <= stats.keys()
    assert (stats["size"], stats["max_size"], stats["max_memory_mb"], stats["hit_rate"]) == (1, 10, 2.0, 0.5)
    assert 1000 + NODE_BYTES <= stats["memory_usage_mb"] * 2**20 < 1200
    assert stats["process_memory_mb"] > stats["memory_usage_mb"]


def test_bytes_are_a_limit_of_their_own() -> None:
    cache = AdvancedCacheManager(max_size=1000, max_memory_mb=1)
    for number in range(100):
        cache.put(str(number), b"x" * 100_000)
        assert cache.get_stats()["memory_usage_mb"] <= 1
    assert cache.get_stats()["size"] == 10
    assert cache.get("99") is not None
    cache.put("huge", b"x" * 2**20)
    assert "huge" not in cache
    assert cache.get_stats()["refused"] == 1
    assert cache.get_stats()["size"] == 10


def test_each_entry_has_its_own_time() -> None:
    cache = AdvancedCacheManager()
    cache.put("short", 1, ttl=0.05)
    cache.put("long", 2)
    cache.put("none", 3, ttl=0)
    time.sleep(0.06)
    assert (cache.get("short"), cache.get("long"), cache.get("none")) == (None, 2, None)
    assert cache.get_stats()["evictions"]["expired"] == 1
    cache.put("short", 1, ttl=0.01)
    time.sleep(0.02)
    assert cache.evict_expired() == 1


def test_who_changes_what_it_got_changes_nothing_else() -> None:
    cache = AdvancedCacheManager()
    value = ["a"]
    cache.put("key", value)
    value.append("b")
    got = cache.get("key")
    got.append("c")
    assert cache.get("key") == ["a"]


def test_what_cannot_be_pickled_is_said() -> None:
    for cache in (AdvancedCacheManager(), CacheManager()):
        keep = cache.put if isinstance(cache, AdvancedCacheManager) else cache.set
        with pytest.raises(CacheError, match="expected one that pickle takes"):
            keep("key", threading.Lock())


def test_warming_pushes_nothing_out_and_makes_no_more_than_fits() -> None:
    cache = AdvancedCacheManager(max_size=3)
    cache.put("there", 0)
    made = []

    def entries():
        for number in range(10):
            made.append(number)
            yield str(number), number

    assert cache.warm(entries()) == 2
    assert made == [0, 1, 2]
    assert [key for key in ("there", "0", "1", "2") if key in cache] == ["there", "0", "1"]
    assert AdvancedCacheManager(max_size=9, max_memory_mb=1).warm({"a": b"x" * 700_000, "b": b"x" * 700_000}) == 1


def test_it_gives_way_under_memory_pressure_and_comes_back(monkeypatch: pytest.MonkeyPatch) -> None:
    cache = AdvancedCacheManager(max_memory_mb=16, max_process_memory_mb=100)
    in_use_mb = 10
    monkeypatch.setattr(cache._governor, "_read_resident", lambda: in_use_mb << 20)
    monkeypatch.setattr(cache._governor, "_clock", lambda: time.monotonic() * 1e6)
    for number in range(100):
        cache.put(str(number), b"x" * 100_000)
    assert not cache.is_under_pressure()
    assert cache.get_stats()["size"] == 100
    for in_use_mb, most_mb in ((65, 4), (80, 1), (90, 0), (10, 16)):  # noqa: B007 - read by the lambda
        cache.put("next", b"x" * 100_000)
        assert cache.is_under_pressure() is (most_mb < 16)
        assert cache.get_stats()["memory_usage_mb"] <= most_mb
    assert cache.get("next") is not None


def hammer(n_threads: int, n_steps: int, step) -> None:
    errors: list[BaseException] = []

    def run(number: int) -> None:
        try:
            for i in range(n_steps):
                step(number, i)
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(n_threads)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not errors


def test_a_hundred_thousand_calls_of_many_threads_pass_no_limit_and_are_all_counted() -> None:
    n_threads, n_steps = 8, 12_500
    cache = AdvancedCacheManager(max_size=200, max_memory_mb=1)
    counts = [[0, 0, 0] for _ in range(n_threads)]
    largest = [(0, 0.0)] * n_threads

    def step(thread: int, i: int) -> None:
        key = str((i * 7919 + thread * 104_729) % 400)
        if i % 2:
            cache.put(key, f"{key}:" + "x" * (i % 3 * 6000))
            counts[thread][2] += 1
        else:
            value = cache.get(key)
            assert value is None or value.startswith(f"{key}:")
            counts[thread][value is None] += 1
        if i % 50 == 0:
            stats = cache.get_stats()
            largest[thread] = max(largest[thread], (stats["size"], stats["memory_usage_mb"]))
            assert stats["size"] <= 200
            assert stats["memory_usage_mb"] <= 1

    hammer(n_threads, n_steps, step)
    hits, misses, puts = (sum(column) for column in zip(*counts, strict=True))
    stats = cache.get_stats()
    assert hits + misses + puts == 100_000
    assert (stats["hits"], stats["misses"]) == (hits, misses)
    assert stats["hit_rate"] == hits / (hits + misses)
    gone = sum(stats["evictions"].values())
    assert stats["size"] + gone + stats["refused"] == puts
    assert max(largest)[0] > 100


def test_the_other_cache_is_as_exact_with_threads(tmp_path: Path) -> None:
    cache = CacheManager(max_size=100)
    files = [tmp_path / str(number) for number in range(10)]
    for file in files:
        file.touch()
    got = [[0, 0] for _ in range(4)]

    def step(thread: int, i: int) -> None:
        key = str((i * 31 + thread) % 150)
        if i % 3 == 0:
            cache.set(key, i, files[i % 10])
        else:
            got[thread][cache.get(key) is None] += 1
        assert len(cache._cache) <= 100

    hammer(4, 3000, step)
    stats = cache.get_stats()
    hits, misses = (sum(column) for column in zip(*got, strict=True))
    assert (stats["hits"], stats["misses"], stats["total_requests"]) == (hits, misses, hits + misses)


def test_keys_of_what_is_gone_do_not_pile_up(tmp_path: Path) -> None:
    cache = CacheManager(max_size=10)
    for number in range(1000):
        file = tmp_path / str(number % 100)
        file.touch()
        cache.set(f"key {number}", number, file)
    assert sum(map(len, cache._keys_by_file.values())) <= 2 * 10 + 17
    assert len(cache.get_tracked_files()) <= 37
    assert cache.get_stats()["cache_size"] == 10


def test_entries_of_a_changed_file_go(tmp_path: Path) -> None:
    cache = CacheManager()
    file, other = tmp_path / "a.py", tmp_path / "b.py"
    for path in (file, other):
        path.touch()
        cache.set(f"1 {path.name}", 1, path)
        cache.set(f"2 {path.name}", 2, str(path))
    cache.set("of a file that is gone", 3, tmp_path / "gone")
    assert sorted(cache.get_tracked_files()) == sorted(os.path.realpath(path) for path in (file, other))
    # An older time than before is a change as well: a checkout of another branch may bring it.
    os.utime(file, ns=(1, 1))
    assert not cache.is_file_cache_valid(file)
    assert cache.is_file_cache_valid(other)
    assert cache.invalidate_stale_files([file, other, tmp_path / "gone"]) == 1
    assert [cache.get(key) for key in ("1 a.py", "2 a.py", "1 b.py", "2 b.py")] == [None, None, 1, 2]
    assert cache.get_stats()["invalidations"] == 2
    cache.clear()
    assert cache.get_tracked_files() == []


@pytest.mark.parametrize("kind", ["zero", "resized"])
def test_a_cache_of_no_entries_keeps_nothing(kind: str) -> None:
    cache = CacheManager(max_size=0 if kind == "zero" else 5)
    if kind == "resized":
        cache.set("before", 1)
        cache.resize(0)
    cache.set("key", 1)
    assert cache.get("key") is cache.get("before") is None
    with pytest.raises(CacheError):
        cache.resize(-1)
