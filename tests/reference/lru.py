"""The slow twin of the LRU cache: an OrderedDict, oldest first, its sums made anew whenever they are asked for."""

from __future__ import annotations

import math
from collections import Counter, OrderedDict


class ReferenceLru:
    """One thread, and a clock that stands still until ``now_ns`` is set."""

    def __init__(self, max_bytes: int, max_entries: int, ttl_s: float | None, node_bytes: int) -> None:
        self.max_bytes = max_bytes
        self.max_entries = max_entries
        self.ttl_s = ttl_s
        self.node_bytes = node_bytes
        self.now_ns = 0
        self.kept: OrderedDict[bytes, tuple[bytes, int | None]] = OrderedDict()
        self.hits = self.misses = self.refused = 0
        self.evictions: Counter[str] = Counter()

    @property
    def bytes(self) -> int:
        return sum(self.entry_bytes(key, value) for key, (value, _) in self.kept.items())

    def entry_bytes(self, key: bytes, value: bytes) -> int:
        return self.node_bytes + len(key) + len(value)

    def is_expired(self, key: bytes) -> bool:
        deadline_ns = self.kept[key][1]
        return deadline_ns is not None and deadline_ns <= self.now_ns

    def evict(self, key: bytes, cause: str) -> None:
        self.evictions["expired" if self.is_expired(key) else cause] += 1
        del self.kept[key]

    def evict_expired(self) -> int:
        expired = [key for key in self.kept if self.is_expired(key)]
        for key in expired:
            self.evict(key, "expired")
        return len(expired)

    def find(self, key: bytes) -> bytes | None:
        if key in self.kept and self.is_expired(key):
            self.evict(key, "expired")
        return self.kept[key][0] if key in self.kept else None

    def get(self, key: bytes) -> bytes | None:
        value = self.find(key)
        if value is None:
            self.misses += 1
        else:
            self.hits += 1
            self.kept.move_to_end(key)
        return value

    def pop(self, key: bytes) -> bytes | None:
        value = self.find(key)
        self.kept.pop(key, None)
        return value

    def contains(self, key: bytes) -> bool:
        return key in self.kept and not self.is_expired(key)

    def put(self, key: bytes, value: bytes, ttl_s: float | None) -> bool:
        if key in self.kept:
            self.evict(key, "replaced")
        size = self.entry_bytes(key, value)
        if size > self.max_bytes or self.max_entries == 0:
            self.refused += 1
            return False
        while self.bytes + size > self.max_bytes:
            self.evict(next(iter(self.kept)), "capacity_bytes")
        while len(self.kept) + 1 > self.max_entries:
            self.evict(next(iter(self.kept)), "capacity_entries")
        if ttl_s is None:
            ttl_s = self.ttl_s
        lives_on = ttl_s is None or ttl_s == math.inf
        self.kept[key] = value, None if lives_on else self.now_ns + math.ceil(ttl_s * 1e9)
        return True

    def resize(self, max_bytes: int | None, max_entries: int | None) -> None:
        self.max_bytes = self.max_bytes if max_bytes is None else max_bytes
        self.max_entries = self.max_entries if max_entries is None else max_entries
        while self.bytes > self.max_bytes or len(self.kept) > self.max_entries:
            self.evict(next(iter(self.kept)), "resized")

    def clear(self) -> None:
        self.kept.clear()
