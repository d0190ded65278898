"""The LRU cache beside its slow twin, its sizes, its limits."""

from __future__ import annotations

import copy
import math
import os
import pickle
import struct
import subprocess
import sys
from array import array
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from reference.lru import ReferenceLru
from repomap_fast.errors import OptionError
from repomap_fast.store import _lru
from repomap_fast.store.lru import EVICTION_CAUSES, NO_LIMIT, NODE_BYTES, LruCache

POINTER_BYTES = struct.calcsize("P")
FEWEST_SLOTS = 16
LARGE = 65536
"""Values from here on are copied without the GIL."""
SLICE = 1024
"""Entries that are evicted before the lock is let go of."""

KEYS = [b"", b"a", b"b", b"\0", b"a\0", b"12345678", b"123456789", b"k" * 100, b"k" * LARGE]
LIMITS = [NODE_BYTES * 3 + 9, 1000, 3 * LARGE, NODE_BYTES, NODE_BYTES - 1, 0, NO_LIMIT]
COUNTS = [NO_LIMIT, 2, 5, 1, 0]
TTLS_S = [None, 1.0, 2.5, 1e-12, 1e-9, 1e10, math.inf]

keys = st.integers(0, len(KEYS) - 1)
"""By number: a failure would print the bytes."""
sizes = st.integers(0, 40) | st.sampled_from([300, 2000, LARGE - 1, LARGE, LARGE + 999])
rarely = st.integers(0, 9).map(lambda number: number == 0)


class CacheBesideTwin(RuleBasedStateMachine):
    @initialize(
        max_bytes=st.sampled_from(LIMITS),
        max_entries=st.sampled_from(COUNTS),
        ttl_s=st.sampled_from(TTLS_S),
        mask=st.sampled_from([2**64 - 1, 0, 1 << 63, 7 << 61]),
    )
    def make(self, max_bytes: int, max_entries: int, ttl_s: float | None, mask: int) -> None:
        self.cache = LruCache(max_bytes, max_entries=max_entries, ttl_s=ttl_s)
        self.cache._test_set_hash_mask(mask)
        self.twin = ReferenceLru(max_bytes, max_entries, ttl_s, NODE_BYTES)
        self.advance(0)

    @rule(ns=st.sampled_from([0, 1, 10**9 - 1, 10**9, 2 * 10**9, 10**18]))
    def advance(self, ns: int) -> None:
        self.twin.now_ns = min(self.twin.now_ns + ns, 2**62)
        self.cache._test_set_clock_ns(self.twin.now_ns)

    @rule(
        puts=st.lists(st.tuples(keys, sizes), min_size=1, max_size=8),
        letter=st.sampled_from([b"x", b"y", b"\0"]),
        ttl_s=st.sampled_from(TTLS_S),
    )
    def put(self, puts: list[tuple[int, int]], letter: bytes, ttl_s: float | None) -> None:
        for key, size in puts:
            value = letter * size
            assert self.cache.put(KEYS[key], value, ttl_s=ttl_s) == self.twin.put(KEYS[key], value, ttl_s)

    @rule(gets=st.lists(keys, min_size=1, max_size=8))
    def get(self, gets: list[int]) -> None:
        for key in gets:
            assert self.cache.get(KEYS[key]) == self.twin.get(KEYS[key])

    @rule(key=keys)
    def pop(self, key: int) -> None:
        assert self.cache.pop(KEYS[key]) == self.twin.pop(KEYS[key])

    @rule(key=keys)
    def contains(self, key: int) -> None:
        assert (KEYS[key] in self.cache) == self.twin.contains(KEYS[key])

    @rule(max_bytes=st.none() | st.sampled_from(LIMITS), max_entries=st.none() | st.sampled_from(COUNTS))
    def resize(self, max_bytes: int | None, max_entries: int | None) -> None:
        self.cache.resize(max_bytes=max_bytes, max_entries=max_entries)
        self.twin.resize(max_bytes, max_entries)

    @rule()
    def evict_expired(self) -> None:
        assert self.cache.evict_expired() == self.twin.evict_expired()

    @rule(is_wanted=rarely)
    def clear(self, is_wanted: bool) -> None:
        if is_wanted:
            self.cache.clear()
            self.twin.clear()

    @invariant()
    def same_entries_in_the_same_order(self) -> None:
        # A time that the clock cannot reach means no limit.
        assert self.cache._test_entries() == [
            (key, value, None if deadline_ns is None or deadline_ns >= 2**63 - 2048 else deadline_ns)
            for key, (value, deadline_ns) in self.twin.kept.items()
        ]

    @invariant()
    def same_figures(self) -> None:
        stats, twin = self.cache.stats(), self.twin
        assert stats.bytes == twin.bytes <= stats.max_bytes == twin.max_bytes
        assert stats.entries == len(self.cache) == len(twin.kept) <= stats.max_entries == twin.max_entries
        assert (stats.hits, stats.misses, stats.refused) == (twin.hits, twin.misses, twin.refused)
        assert stats.evictions == {cause: twin.evictions[cause] for cause in EVICTION_CAUSES}
        assert stats.hit_rate == (twin.hits / (twin.hits + twin.misses) if twin.hits + twin.misses else 0)


CacheBesideTwin.TestCase.settings = settings(max_examples=100)
TestCacheBesideTwin = CacheBesideTwin.TestCase


def filled(n: int, **options: float) -> LruCache:
    cache = LruCache(NO_LIMIT, **options)
    for i in range(n):
        assert cache.put(b"%d" % i, b"")
    return cache


def test_the_least_recently_used_goes_first() -> None:
    cache = LruCache(3 * NODE_BYTES + 3)
    for key in (b"a", b"b", b"c"):
        cache.put(key, b"")
    cache.get(b"a")
    assert b"b" in cache  # which changes no order
    cache.put(b"d", b"")
    assert [key for key, _, _ in cache._test_entries()] == [b"c", b"a", b"d"]
    cache.resize(max_entries=2)
    cache.put(b"e", b"")
    assert [key for key, _, _ in cache._test_entries()] == [b"d", b"e"]
    causes = {cause: n for cause, n in cache.stats().evictions.items() if n}
    assert causes == {"capacity_bytes": 1, "resized": 1, "capacity_entries": 1}


def test_sizes_are_exact_to_the_byte() -> None:
    room = 2 * NODE_BYTES + len(b"key1" + b"value" + b"key2" + b"value")
    cache = LruCache(room)
    assert cache.put(b"key1", b"value")
    assert cache.put(b"key2", b"value")
    assert cache.stats().bytes == room
    assert cache.put(b"key2", b"values")
    assert b"key1" not in cache
    cache.resize(max_bytes=NODE_BYTES + len(b"key2" + b"values"))
    assert cache.get(b"key2") == b"values"
    cache.resize(max_bytes=NODE_BYTES + len(b"key2" + b"value"))
    assert len(cache) == cache.stats().bytes == 0


def test_a_node_is_a_cache_line_where_pointers_have_eight_bytes() -> None:
    assert POINTER_BYTES != 8 or NODE_BYTES == 64


def test_the_table_grows_with_its_entries_and_gives_back() -> None:
    cache = LruCache(NO_LIMIT)
    assert cache.stats().table_bytes == 0
    for i in range(5000):
        cache.put(b"%d" % i, b"")
        n_slots = cache.stats().table_bytes // POINTER_BYTES
        assert i + 1 <= n_slots <= max(FEWEST_SLOTS, 2 * i)
    cache.resize(max_entries=100)
    assert cache.stats().table_bytes == 128 * POINTER_BYTES
    assert [key for key, _, _ in cache._test_entries()] == [b"%d" % i for i in range(4900, 5000)]
    cache.clear()
    assert cache.stats().table_bytes == 0


@pytest.mark.parametrize("value", [b"", b"x" * 10, b"x" * 2 * LARGE])
def test_a_value_larger_than_the_cache_is_refused_and_the_older_one_gone(value: bytes) -> None:
    cache = LruCache(NODE_BYTES + len(b"key") + len(value))
    assert cache.put(b"key", value)
    assert cache.put(b"key", value)
    assert not cache.put(b"key", value + b"x")
    assert cache.get(b"key") is None
    assert not cache.put(b"other", value)
    stats = cache.stats()
    assert (stats.refused, stats.evictions["replaced"], stats.entries, stats.bytes) == (2, 2, 0, 0)


@pytest.mark.parametrize("limits", [{"max_bytes": 0}, {"max_bytes": 2**20, "max_entries": 0}])
def test_a_cache_without_room_keeps_nothing(limits: dict[str, int]) -> None:
    cache = LruCache(**limits)
    assert not cache.put(b"", b"")
    assert not cache.put(b"key", bytes(LARGE))
    assert cache.get(b"") is cache.pop(b"") is None
    assert b"" not in cache
    assert cache.evict_expired() == len(cache) == 0
    cache.resize(max_bytes=2**20, max_entries=1)
    assert cache.put(b"", b"")
    assert cache.get(b"") == b""


def test_more_than_a_slice_makes_room_for_one() -> None:
    cache = filled(3 * SLICE + 5)
    before = cache.stats()
    value = bytes(before.bytes - NODE_BYTES - len(b"large"))
    cache.resize(max_bytes=before.bytes)
    assert cache.put(b"large", value)
    assert cache._test_entries() == [(b"large", value, None)]
    assert cache.stats().evictions["capacity_bytes"] == before.entries


def test_more_than_a_slice_is_above_the_new_limits() -> None:
    cache = filled(3 * SLICE + 5)
    cache.resize(max_entries=2)
    assert [key for key, _, _ in cache._test_entries()] == [b"%d" % i for i in (3 * SLICE + 3, 3 * SLICE + 4)]
    assert cache.stats().evictions["resized"] == 3 * SLICE + 3


@pytest.mark.parametrize("mask", [2**64 - 1, 0, 1 << 63])
def test_more_than_a_slice_has_expired(mask: int) -> None:
    cache = LruCache(NO_LIMIT, ttl_s=1)
    cache._test_set_hash_mask(mask)
    cache._test_set_clock_ns(0)
    for i in range(3 * SLICE):
        cache.put(b"%d" % i, b"", ttl_s=math.inf if i % 3 == 0 else None)
    assert cache.evict_expired() == 0
    cache._test_set_clock_ns(10**9)
    assert cache.evict_expired() == cache.stats().evictions["expired"] == 2 * SLICE
    assert [key for key, _, _ in cache._test_entries()] == [b"%d" % i for i in range(0, 3 * SLICE, 3)]


def test_time_passes_by_the_systems_clock() -> None:
    cache = LruCache(NO_LIMIT, ttl_s=3600)
    cache.put(b"hour", b"")
    cache.put(b"no time", b"", ttl_s=1e-9)
    while b"no time" in cache:
        pass
    assert cache.evict_expired() == 1
    assert cache.get(b"hour") == b""


def test_a_get_gives_no_more_time_and_a_put_does() -> None:
    cache = LruCache(NO_LIMIT, ttl_s=2)
    cache._test_set_clock_ns(0)
    cache.put(b"got", b"")
    cache.put(b"put", b"")
    cache._test_set_clock_ns(10**9)
    cache.get(b"got")
    cache.put(b"put", b"")
    cache._test_set_clock_ns(2 * 10**9)
    assert cache.get(b"got") is None
    assert cache.get(b"put") == b""


@pytest.mark.parametrize(
    "buffer",
    [
        bytearray(b"12345678"),
        memoryview(b"0123456789")[1:9],
        array("B", b"12345678"),
        np.frombuffer(b"12345678", np.uint16).reshape(2, 2),
        np.frombuffer(b"12345678", np.float64),
    ],
    ids=lambda buffer: type(buffer).__name__,
)
def test_values_are_any_buffer_and_copied(buffer: bytearray) -> None:
    cache = LruCache(NO_LIMIT)
    assert cache.put(b"key", buffer)
    if isinstance(buffer, bytearray):
        buffer[:] = bytes(8)
        buffer.clear()  # nothing holds it any more
    value = cache.get(b"key")
    assert type(value) is bytes
    assert value == b"12345678"


@pytest.mark.parametrize(
    ("key", "value", "error"),
    [
        (b"key", memoryview(b"12345678")[::2], BufferError),
        (b"key", np.zeros((2, 3)).T, (BufferError, ValueError)),
        (b"key", "text", TypeError),
        (b"key", None, TypeError),
        ("text", b"value", TypeError),
        (bytearray(b"key"), b"value", TypeError),
        (None, b"value", TypeError),
    ],
)
def test_other_keys_and_values_are_not_taken(key: bytes, value: bytes, error: type[Exception]) -> None:
    cache = LruCache(NO_LIMIT)
    with pytest.raises(error):
        cache.put(key, value)
    assert cache._test_entries() == []
    if error is TypeError and key != b"key":
        for method in (cache.get, cache.pop, cache.__contains__):
            with pytest.raises(TypeError):
                method(key)


@pytest.mark.parametrize(
    "options",
    [
        {"max_bytes": -1},
        {"max_bytes": 2**63},
        {"max_bytes": 2**200},
        {"max_entries": -1},
        {"ttl_s": 0},
        {"ttl_s": -1.0},
        {"ttl_s": math.nan},
        {"ttl_s": -math.inf},
    ],
    ids=repr,
)
def test_options_are_checked(options: dict[str, float]) -> None:
    [name] = options
    with pytest.raises(OptionError, match=f"{name} is .*; expected"):
        LruCache(**{"max_bytes": 1, **options})
    cache = filled(3)
    again = partial(cache.put, b"0", b"") if name == "ttl_s" else partial(cache.resize, max_bytes=0, max_entries=0)
    with pytest.raises(OptionError, match=f"{name} is .*; expected"):
        again(**options)
    assert len(cache) == 3


def test_a_limit_is_a_whole_number() -> None:
    with pytest.raises(TypeError):
        LruCache(1.5)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        filled(0).resize(max_entries="1")  # type: ignore[arg-type]


def test_a_cache_is_not_copied() -> None:
    for of in (copy.copy, copy.deepcopy, pickle.dumps):
        with pytest.raises(TypeError):
            of(filled(1))


def test_each_cache_has_a_secret_of_its_own() -> None:
    hashes = {LruCache(0)._test_hash(b"key") for _ in range(100)}
    assert len(hashes) == 100


@given(st.integers(0, 2**64 - 1), st.integers(0, 2**64 - 1), st.binary(max_size=40))
def test_every_part_of_key_and_string_counts(first: int, second: int, string: bytes) -> None:
    hashes = {
        _lru._test_siphash13(first, second, string),
        _lru._test_siphash13(first ^ 1, second, string),
        _lru._test_siphash13(first, second ^ (1 << 63), string),
        _lru._test_siphash13(first, second, string + b"\0"),
    }
    assert len(hashes) == 4


@pytest.mark.skipif(
    sys.hash_info.algorithm != "siphash13" or sys.byteorder != "little", reason="this Python hashes otherwise"
)
def test_the_hash_is_the_one_of_python_under_its_key() -> None:
    """With PYTHONHASHSEED=0 the interpreter's key is zero."""
    strings = [bytes(range(size)) for size in range(1, 70)]
    done = subprocess.run(
        [sys.executable, "-c", "for n in range(1, 70): print(hash(bytes(range(n))))"],
        env={**os.environ, "PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=True,
    )
    of_python = [int(line) % 2**64 for line in done.stdout.split()]
    assert [_lru._test_siphash13(0, 0, string) for string in strings] == of_python


needs_plain_malloc = pytest.mark.skipif(
    "asan" in os.environ.get("LD_PRELOAD", ""), reason="the sanitizer reserves much and keeps what is freed"
)

UNDER_A_LIMIT = """
import resource, sys
from repomap_fast.store.lru import LruCache, NO_LIMIT
hard = resource.getrlimit(resource.RLIMIT_AS)[1]

def leave(room):
    lines = open("/proc/self/status").readlines()
    size = next(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmSize"))
    resource.setrlimit(resource.RLIMIT_AS, (size + room, hard))

cache = LruCache(NO_LIMIT)
for i in range(2**17):
    cache.put(b"%d" % i, b"")
leave(512 << 10)
try:
    cache.put(b"one more", b"")         # no memory for twice the table, which is 2 MB
    sys.exit("had room for the table")
except MemoryError:
    assert cache.pop(b"0") == b""
    assert cache.put(b"in its place", bytes(10_000))
resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
assert len(cache._test_entries()) == 2**17
assert cache.put(b"one more", b"")
assert len(cache._test_entries()) == 2**17 + 1

cache, large = LruCache(NO_LIMIT), bytes(40 << 20)
leave(60 << 20)

assert cache.put(b"small", b"small") and cache.put(b"large", large)
try:
    cache.put(b"other", large)          # no memory for the entry
    sys.exit("had room for the entry")
except MemoryError:
    assert cache.get(b"small") == b"small" and b"other" not in cache
try:
    cache.get(b"large")                 # no memory for the answer
    sys.exit("had room for the answer")
except MemoryError:
    assert b"large" in cache
try:
    cache.pop(b"large")
    sys.exit("had room for the popped")
except MemoryError:
    assert b"large" not in cache
assert len(cache) == 1
i = 0
try:
    while True:                         # no memory for a node, or for the table
        cache.put(b"%d" % i, b"")
        i += 1
except MemoryError:
    pass
resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
assert cache.get(b"small") == b"small"
assert len(cache) in (i + 1, i + 2)     # the small one, those counted, perhaps one that was not counted any more
assert len(cache._test_entries()) == len(cache)
cache.resize(max_entries=1000)
assert len(cache._test_entries()) == 1000
cache.clear()
assert cache.put(b"large", large)
assert cache._test_entries() == [(b"large", large, None)]
"""


@pytest.mark.skipif(not Path("/proc/self/status").exists(), reason="there is no /proc to read the size from")
@needs_plain_malloc
def test_without_memory_the_cache_stays_whole() -> None:
    done = subprocess.run([sys.executable, "-c", UNDER_A_LIMIT], capture_output=True, text=True, timeout=300)
    assert (done.returncode, done.stderr) == (0, "")


def resident_bytes() -> int:
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@needs_plain_malloc
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="there is no /proc to read the memory from")
def test_nothing_leaks() -> None:
    """Fifty cycles, each of which would leave some megabytes if one kind of removal kept its memory."""

    def cycle() -> None:
        cache = LruCache(4 << 20, ttl_s=1)
        cache._test_set_clock_ns(0)
        for i in range(8000):
            cache.put(b"%d" % i, bytes(1000))
        for i in range(8000):
            cache.put(b"%d" % (i % 3000), bytes(i % 1000))
            cache.get(b"%d" % i)
        cache.put(b"too large", bytes(5 << 20))
        for _ in range(10):
            cache.put(b"large", bytes(2 << 20))
            cache.get(b"large")
        cache.pop(b"large")
        for i in range(3000):
            cache.put(b"%d" % i, bytes(1000))
        for i in range(1000):
            cache.pop(b"%d" % i)
        cache._test_set_clock_ns(10**9)
        cache.evict_expired()
        for i in range(3000):
            cache.put(b"%d" % i, bytes(1000))
        cache.resize(max_bytes=1 << 20)
        cache.clear()
        for i in range(1000):
            cache.put(b"%d" % i, bytes(1000))

    for _ in range(10):
        cycle()
    before = resident_bytes()
    for _ in range(50):
        cycle()
    assert resident_bytes() - before < 16 << 20
