"""The LRU cache under many threads: no wrong value, no lost entry, sums that fit."""

from __future__ import annotations

import os
import random
import subprocess
import sys
import threading
from collections import Counter
from collections.abc import Callable, Iterator

import pytest

from repomap_fast.store.lru import NODE_BYTES, LruCache

N_THREADS = 8
LARGE = 65536

pytestmark = pytest.mark.usefixtures("no_thread_left")


@pytest.fixture(autouse=True)
def _threads_that_take_turns_often() -> Iterator[None]:
    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    yield
    sys.setswitchinterval(before)


def run(*works: Callable[[], None]) -> None:
    """Run each work in a thread of its own, all at once, and raise the first error of any."""
    errors: list[BaseException] = []
    start = threading.Barrier(len(works))

    def guarded(work: Callable[[], None]) -> None:
        try:
            start.wait()
            work()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    for error in errors:
        raise error


def value_of(key: bytes, size: int) -> bytes:
    """Return a value that tells whose it is, and whether it is all of one piece."""
    return key * (size // len(key))


def is_value_of(key: bytes, value: bytes) -> bool:
    return value == key * (len(value) // len(key))


def hammer(cache: LruCache, seed: int, n: int, counts: Counter[str]) -> None:
    """Do n random things, and count them."""
    draw = random.Random(seed)
    for _ in range(n):
        key = b"%04d" % draw.randrange(200)
        act = draw.random()
        if act < 0.45:
            value = cache.get(key)
            assert value is None or is_value_of(key, value)
            counts["got"] += 1
        elif act < 0.9:
            size = LARGE + draw.randrange(LARGE) if draw.random() < 0.05 else draw.randrange(2000)
            counts["put"] += cache.put(key, value_of(key, size), ttl_s=draw.choice([None, 1e-5, 1e-3]))
        elif act < 0.98:
            value = cache.pop(key)
            assert value is None or is_value_of(key, value)
            counts["popped"] += value is not None
        elif act < 0.99:
            cache.evict_expired()
        else:
            assert len(cache) <= 200
            assert key in cache or key not in cache


@pytest.mark.parametrize("max_bytes", [100_000, 1_000_000])
def test_mixed_operations_lose_no_entry(max_bytes: int) -> None:
    cache = LruCache(max_bytes, max_entries=150)
    counts = [Counter[str]() for _ in range(N_THREADS)]
    run(*[lambda i=i: hammer(cache, i, 4000, counts[i]) for i in range(N_THREADS)])
    total, stats, entries = sum(counts, Counter()), cache.stats(), cache._test_entries()
    assert stats.hits + stats.misses == total["got"]
    assert total["put"] == sum(stats.evictions.values()) + total["popped"] + stats.entries
    assert stats.bytes == sum(NODE_BYTES + len(key) + len(value) for key, value, _ in entries) <= max_bytes
    assert all(is_value_of(key, value) for key, value, _ in entries)
    assert stats.evictions["replaced"]
    assert stats.evictions["expired"]
    assert stats.evictions["capacity_bytes"]


def test_cleared_and_resized_under_load() -> None:
    cache = LruCache(1_000_000)
    stop = threading.Event()

    def load(seed: int) -> None:
        turn = 0
        while not stop.is_set():
            hammer(cache, seed * 1000 + turn, 100, Counter())
            turn += 1

    def disturb() -> None:
        draw = random.Random(0)
        try:
            for _ in range(300):
                cache.resize(max_bytes=draw.choice([0, 10_000, 200_000, 1_000_000]), max_entries=draw.randrange(200))
                cache.clear()
                stats = cache.stats()
                assert stats.bytes <= stats.max_bytes
                assert stats.entries <= stats.max_entries
        finally:
            stop.set()

    run(*[lambda i=i: load(i) for i in range(N_THREADS - 1)], disturb)
    cache._test_entries()


def test_readers_keep_what_is_evicted_under_them() -> None:
    """Large values are copied without lock and GIL, while others replace and drop them."""
    cache = LruCache(4 * LARGE)
    keys = [b"a" * 64, b"b" * 64, b"c" * 64]

    def write() -> None:
        for turn in range(300):
            for key in keys:
                cache.put(key, value_of(key, LARGE + turn * 64))
            if turn % 10 == 0:
                cache.clear()

    def read() -> None:
        for turn in range(900):
            value = cache.get(keys[turn % 3])
            assert value is None or is_value_of(keys[turn % 3], value)

    run(*[write] * 3, *[read] * 5)
    cache._test_entries()


FORK = """
import os, threading
from repomap_fast.store.lru import LruCache
cache, stop = LruCache(1 << 20), threading.Event()

def load():
    while not stop.is_set():
        cache.put(b"key", bytes(100_000))
        cache.get(b"key")
        cache.resize(max_bytes=1 << 19)

threads = [threading.Thread(target=load) for _ in range(4)]
for thread in threads:
    thread.start()
for _ in range(50):
    child = os.fork()
    if not child:
        cache.put(b"other", b"value")
        os._exit(cache.get(b"other") != b"value")
    assert os.waitpid(child, 0)[1] == 0
stop.set()
for thread in threads:
    thread.join()
"""


@pytest.mark.skipif(not hasattr(os, "fork"), reason="there is no fork")
def test_a_forked_child_finds_the_lock_free() -> None:
    done = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", FORK], capture_output=True, text=True, timeout=120, check=False
    )
    assert (done.returncode, done.stderr) == (0, "")
