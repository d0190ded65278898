"""Two caches under other projects' names: the plan's AdvancedCacheManager and repomap-tool's CacheManager.

Both are an ``LruCache`` for any values. A value is kept pickled, so that its size is known to the byte and what one
caller does to a value that it got does nothing to another's; it never leaves the process, and nothing is unpickled that
was not pickled here. Any number of threads may share one, and all figures are exact.
"""

from __future__ import annotations

import logging
import os
import pickle
import threading
from collections.abc import Iterable, Mapping
from typing import Any

from repomap_fast.compat.repomap_tool.exceptions import CacheError
from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.resources.memory import resident_memory_bytes
from repomap_fast.store.lru import NO_LIMIT, NODE_BYTES, LruCache

DEFAULT_TTL_S = 3600

_MEBIBYTE = 1 << 20
_log = logging.getLogger("repomap_fast")


def _pack(key: str, value: Any) -> bytes:
    try:
        return pickle.dumps(value, pickle.HIGHEST_PROTOCOL)
    except Exception as error:
        raise CacheError(
            f"the value under {key!r} cannot be kept: {error}; expected one that pickle takes",
            {"type": type(value).__name__},
        ) from error


def _key(key: str) -> bytes:
    return key.encode("utf-8", "surrogatepass")


class AdvancedCacheManager:
    """The plan's cache: at most ``max_size`` entries, ``max_memory_mb`` (2**20 bytes) of them, each with its own ttl.

    What was used last stays; put and get take the same time however full the cache is.

    max_process_memory_mb  as the process comes near so much resident memory, the cache holds less and less of what it
                           may: a fourth from 60 %, a sixteenth from 75 %, nothing from 85 % on. It may hold all again
                           when there is room.
    """

    def __init__(
        self, max_size: int = 1000, max_memory_mb: int = 50, *, max_process_memory_mb: int | None = None
    ) -> None:
        self.max_size = max_size
        self.max_memory_bytes = max_memory_mb * _MEBIBYTE
        self._cache = LruCache(self.max_memory_bytes, max_entries=max_size)
        self._governor = None if max_process_memory_mb is None else MemoryGovernor(max_process_memory_mb * _MEBIBYTE)
        self._room_bytes = self.max_memory_bytes
        self._resizing = threading.Lock()

    def __len__(self) -> int:
        return len(self._cache)

    def __contains__(self, key: str) -> bool:
        return _key(key) in self._cache

    def get(self, key: str) -> Any | None:
        """Return the value under ``key``, or None where there is none or its time is over."""
        data = self._cache.get(_key(key))
        return None if data is None else pickle.loads(data)

    def put(self, key: str, value: Any, ttl: float = DEFAULT_TTL_S) -> None:
        """Keep ``value`` for ``ttl`` seconds, in place of the one under that key.

        A value larger than the whole cache is not kept, and ``refused`` counts it; nor is one with no time to live.
        Raises CacheError for a value that cannot be pickled.
        """
        if ttl <= 0:
            self._cache.pop(_key(key))
        else:
            self._put(_key(key), _pack(key, value), ttl)

    def _put(self, key: bytes, data: bytes, ttl: float) -> None:
        self._follow_pressure()
        self._cache.put(key, data, ttl_s=ttl)

    def remove(self, key: str) -> bool:
        """Remove what is under ``key``; return whether there was anything."""
        return self._cache.pop(_key(key)) is not None

    def clear(self) -> None:
        """Remove all entries; the figures go on."""
        self._cache.clear()

    def evict_expired(self) -> int:
        """Remove the entries whose time is over; return how many there were."""
        return self._cache.evict_expired()

    def warm(self, entries: Mapping[str, Any] | Iterable[tuple[str, Any]], ttl: float = DEFAULT_TTL_S) -> int:
        """Put ``entries``, the most wanted first, until the next would push out another; return how many were put.

        Values may be made as they are asked for: of an iterator no more are taken than there is room for, and one.
        """
        n_put = 0
        for key, value in entries.items() if isinstance(entries, Mapping) else entries:
            packed_key, data = _key(key), _pack(key, value)
            stats = self._cache.stats()
            n_bytes = stats.bytes + NODE_BYTES + len(packed_key) + len(data)
            if stats.entries >= stats.max_entries or n_bytes > stats.max_bytes:
                break
            self._put(packed_key, data, ttl)
            n_put += 1
        return n_put

    def is_under_pressure(self) -> bool:
        """Return whether the process's memory is so short that the cache holds less than it may."""
        return self._governor is not None and self._governor.cache_bytes(self.max_memory_bytes) < self.max_memory_bytes

    def get_stats(self) -> dict[str, Any]:
        """Return the figures: the plan's, with ``memory_usage_mb`` of the cache, and what else is known."""
        stats = self._cache.stats()
        return {
            "size": stats.entries,
            "max_size": self.max_size,
            "memory_usage_mb": stats.bytes / _MEBIBYTE,
            "max_memory_mb": self.max_memory_bytes / _MEBIBYTE,
            "hit_rate": stats.hit_rate,
            "hits": stats.hits,
            "misses": stats.misses,
            "evictions": dict(stats.evictions),
            "refused": stats.refused,
            "process_memory_mb": resident_memory_bytes() / _MEBIBYTE,
        }

    def _follow_pressure(self) -> None:
        if self._governor is None:
            return
        with self._resizing:
            room_bytes = self._governor.cache_bytes(self.max_memory_bytes)
            if room_bytes != self._room_bytes:
                self._cache.resize(max_bytes=room_bytes)
                self._room_bytes = room_bytes
                _log.info("memory pressure: the cache may hold %d bytes", room_bytes)


class CacheManager:
    """repomap-tool's cache: at most ``max_size`` entries that live ``ttl`` seconds; with 0 entries nothing is kept.

    An entry may belong to a file: ``invalidate_stale_files`` then removes it when the file has changed.
    """

    def __init__(self, max_size: int = 1000, ttl: float = DEFAULT_TTL_S, enable_memory_monitoring: bool = True) -> None:
        self.max_size = max_size
        self.ttl = ttl
        self.enable_memory_monitoring = enable_memory_monitoring
        self._cache = LruCache(NO_LIMIT, max_entries=max_size)
        self._lock = threading.Lock()
        self._mtimes_ns: dict[str, int] = {}
        self._keys_by_file: dict[str, set[str]] = {}
        self._n_tracked = 0
        self._invalidations = 0

    def get(self, key: str) -> Any | None:
        """Return the value under ``key``, or None where there is none or its time is over."""
        data = self._cache.get(_key(key))
        return None if data is None else pickle.loads(data)

    def set(self, key: str, value: Any, file_path: str | os.PathLike[str] | None = None) -> None:
        """Keep ``value``; as part of what is known of the file, if one is named. Raises CacheError."""
        if self.max_size == 0 or self.ttl <= 0:
            return
        self._cache.put(_key(key), _pack(key, value), ttl_s=self.ttl)
        if file_path:
            self._track(key, os.path.realpath(file_path))

    def clear(self) -> None:
        """Remove all entries, and forget the files that they were of."""
        self._cache.clear()
        with self._lock:
            self._mtimes_ns.clear()
            self._keys_by_file.clear()
            self._n_tracked = 0

    def get_stats(self) -> dict[str, Any]:
        """Return repomap-tool's figures; here every get is a hit or a miss, and what has expired is a miss."""
        stats = self._cache.stats()
        evictions = stats.evictions
        figures: dict[str, Any] = {
            "cache_size": stats.entries,
            "max_size": self.max_size,
            "ttl": self.ttl,
            "hits": stats.hits,
            "misses": stats.misses,
            "hit_rate_percent": round(100 * stats.hit_rate, 2),
            "evictions": evictions["capacity_bytes"] + evictions["capacity_entries"] + evictions["resized"],
            "expirations": evictions["expired"],
            "invalidations": self._invalidations,
            "total_requests": stats.hits + stats.misses,
            "tracked_files": len(self._mtimes_ns),
        }
        if self.enable_memory_monitoring:
            figures["estimated_memory_mb"] = stats.bytes / _MEBIBYTE
        return figures

    def cleanup_expired(self) -> int:
        """Remove the entries whose time is over; return how many there were."""
        return self._cache.evict_expired()

    def resize(self, new_max_size: int) -> None:
        """Hold at most so many entries from now on. Raises CacheError for less than none."""
        if new_max_size < 0:
            raise CacheError("Cache size must be non-negative", {"new_max_size": new_max_size})
        self.max_size = new_max_size
        self._cache.resize(max_entries=new_max_size)

    def warm_cache(self, warmup_data: Mapping[str, Any]) -> None:
        """Put these entries, until the next would push out another."""
        for key, value in warmup_data.items():
            if len(self._cache) >= self.max_size:
                break
            self.set(key, value)

    def is_file_cache_valid(self, file_path: str | os.PathLike[str]) -> bool:
        """Return whether the file is as it was when an entry of it was last set."""
        path = os.path.realpath(file_path)
        known_ns = self._mtimes_ns.get(path)
        return known_ns is not None and known_ns == _mtime_ns(path)

    def invalidate_file_cache(self, file_path: str | os.PathLike[str]) -> int:
        """Remove all entries of a file, and forget it; return how many there were."""
        path = os.path.realpath(file_path)
        with self._lock:
            keys = self._keys_by_file.pop(path, set())
            self._mtimes_ns.pop(path, None)
            self._n_tracked -= len(keys)
            n_removed = sum(self._cache.pop(_key(key)) is not None for key in keys)
            self._invalidations += n_removed
        return n_removed

    def invalidate_stale_files(self, project_files: Iterable[str | os.PathLike[str]]) -> int:
        """Remove the entries of those of these files that have changed; return of how many there were any."""
        stale = [
            path
            for path in project_files
            if os.path.realpath(path) in self._mtimes_ns and not self.is_file_cache_valid(path)
        ]
        return sum(self.invalidate_file_cache(path) > 0 for path in stale)

    def get_tracked_files(self) -> list[str]:
        """Return the real paths of the files that entries are of."""
        return list(self._mtimes_ns)

    def _track(self, key: str, path: str) -> None:
        mtime_ns = _mtime_ns(path)
        if mtime_ns is None:
            return
        with self._lock:
            self._mtimes_ns[path] = mtime_ns
            keys = self._keys_by_file.setdefault(path, set())
            self._n_tracked += key not in keys
            keys.add(key)
            # Keys of entries that are gone would pile up: once they are as many as the others, they are looked for.
            if self._n_tracked > 2 * self.max_size + 16:
                self._forget_what_is_gone()

    def _forget_what_is_gone(self) -> None:
        for path, keys in list(self._keys_by_file.items()):
            keys &= {key for key in keys if _key(key) in self._cache}
            if not keys:
                del self._keys_by_file[path], self._mtimes_ns[path]
        self._n_tracked = sum(map(len, self._keys_by_file.values()))


def _mtime_ns(path: str) -> int | None:
    try:
        return os.stat(path).st_mtime_ns
    except OSError:
        return None
