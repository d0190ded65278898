"""The plan's way to measure performance: figures of a call, a benchmark that takes them, a board for them."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypedDict

from repomap_fast.resources.memory import MemoryMonitor

MEBIBYTE = 1 << 20
RECENT_RUNS = 10
"""How many of the last runs a summary is of."""


@dataclass
class PerformanceMetrics:
    """What one call took.

    execution_time     wall seconds.
    memory_usage_mb    mebibytes that the process had at its highest above those that it had at the start.
    cpu_usage_percent  processor time of all threads against wall time: 100 is one processor always busy.
    cache_hit_rate     share of what was asked of the cache that it had, 0 to 1.
    """

    execution_time: float
    memory_usage_mb: float
    cpu_usage_percent: float
    cache_hit_rate: float


class Run(TypedDict):
    """One entry of a dashboard's history; ``timestamp`` in seconds since 1970."""

    timestamp: float
    metrics: PerformanceMetrics


class PerformanceBenchmark:
    """Measures calls. ``result`` is what the last one returned.

    cache  whose hit rate to report: anything with ``get_stats()``, such as the two cache managers, or ``stats()``, as
           ``LruCache`` has. Without one it is the hit rate of what the call returns: a ``ScanResult``, an
           ``IndexStats``, a ``ProjectInfo``; 0 where that has none.
    """

    def __init__(self, cache: Any = None) -> None:
        self.cache = cache
        self.result: Any = None

    def benchmark(self, func: Callable[..., Any], *args: Any, **kwargs: Any) -> PerformanceMetrics:
        """Call ``func`` and return what that took. What it raises is raised."""
        before = _lookups(self.cache)
        with MemoryMonitor() as monitor:
            start_s, start_cpu_s = time.perf_counter(), time.process_time()
            self.result = func(*args, **kwargs)
            elapsed_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
        return PerformanceMetrics(
            execution_time=elapsed_s,
            memory_usage_mb=(monitor.peak_bytes - monitor.start_bytes) / MEBIBYTE,
            cpu_usage_percent=100 * cpu_s / elapsed_s if elapsed_s else 0.0,
            cache_hit_rate=_hit_rate_of(self.result) if self.cache is None else _rate_since(before, self.cache),
        )


class PerformanceDashboard:
    """The history of runs, and a summary of the last ten."""

    def __init__(self) -> None:
        self.metrics_history: list[Run] = []

    def record_metrics(self, metrics: PerformanceMetrics) -> None:
        """Add what a run took to the history."""
        self.metrics_history.append({"timestamp": time.time(), "metrics": metrics})

    def get_summary(self) -> dict[str, Any]:
        """Return the means of the last ten runs, and how many there are in all; an empty dictionary without any."""
        if not self.metrics_history:
            return {}
        recent = [run["metrics"] for run in self.metrics_history[-RECENT_RUNS:]]
        return {
            "avg_execution_time": sum(metrics.execution_time for metrics in recent) / len(recent),
            "avg_memory_usage": sum(metrics.memory_usage_mb for metrics in recent) / len(recent),
            "avg_cache_hit_rate": sum(metrics.cache_hit_rate for metrics in recent) / len(recent),
            "total_runs": len(self.metrics_history),
        }


def _lookups(cache: Any) -> tuple[int, int]:
    """Return the hits and misses of a cache so far."""
    if cache is None:
        return 0, 0
    if hasattr(cache, "get_stats"):
        stats = cache.get_stats()
        return stats["hits"], stats["misses"]
    stats = cache.stats()
    return stats.hits, stats.misses


def _rate_since(before: tuple[int, int], cache: Any) -> float:
    hits, misses = (now - then for now, then in zip(_lookups(cache), before, strict=True))
    return hits / max(1, hits + misses)


def _hit_rate_of(result: Any) -> float:
    for holder in (result, getattr(result, "metrics", None)):
        rate = getattr(holder, "hit_rate", None)
        if isinstance(rate, float):
            return rate
    figures = getattr(result, "cache_stats", None)
    return float(figures.get("hit_rate", 0.0)) if isinstance(figures, dict) else 0.0
