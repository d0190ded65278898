"""A cache of bytes by bytes, whose size is exactly known: the least recently used entry is dropped first.

It never holds more than it was allowed.

cache = LruCache(64 * 2**20, ttl_s=3600)
cache.put(b"key", block)
cache.get(b"key")
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from repomap_fast.store import _lru

NODE_BYTES = _lru.NODE_BYTES
"""Bytes of an entry beside its key and its value."""

NO_LIMIT = _lru.NO_LIMIT
"""For ``max_entries``: as many as fit into ``max_bytes``."""

EVICTION_CAUSES = ("capacity_bytes", "capacity_entries", "expired", "resized", "replaced")
"""Why an entry was dropped: to make room for bytes; to make room for an entry; it had expired, whatever it was removed
for; the cache was made smaller; its key got another value. ``pop`` and ``clear`` are no evictions."""


@dataclass(frozen=True, slots=True)
class LruStats:
    """What a cache holds now, and what happened to it since it was made.

    hits, misses  answers of ``get``; an expired entry is a miss.
    evictions     how many entries were dropped, by cause: EVICTION_CAUSES.
    refused       values of ``put`` larger than the whole cache.
    bytes         of all entries: for each NODE_BYTES, its key and its value, in one block of memory of exactly that
                  size; what malloc adds to a block is not counted.
    entries       including those that have expired and were not asked for since.
    table_bytes   of the hash table, which is not part of ``bytes``: a pointer for each of its slots, of which there are
                  at most twice as many as there have been entries at once, and 16 at least.
    """

    hits: int
    misses: int
    evictions: Mapping[str, int]
    refused: int
    bytes: int
    entries: int
    max_bytes: int
    max_entries: int
    table_bytes: int

    @property
    def hit_rate(self) -> float:
        """Hits among all answers, 0 to 1; 0 before the first."""
        return self.hits / max(1, self.hits + self.misses)


class LruCache(_lru.BytesCache):
    """At most ``max_bytes`` and ``max_entries``, exactly counted; ``get``, ``put`` and each eviction take O(1).

    Entries live ``ttl_s`` seconds after ``put``, or as long as ``put`` is told, on a clock that never goes back. Any
    number of threads may share a cache. Each cache hashes keys under a secret of its own, so no choice of keys makes it
    slow. Raises OptionError.
    """

    __slots__ = ()

    def stats(self) -> LruStats:
        """Return all figures, as they were at one moment."""
        hits, misses, evictions, *rest = self._counts()
        return LruStats(hits, misses, dict(zip(EVICTION_CAUSES, evictions, strict=True)), *rest)
