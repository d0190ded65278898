"""The benchmark of a call, and the board of its figures."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.compat.repomap_tool import (
    AdvancedCacheManager,
    PerformanceBenchmark,
    PerformanceDashboard,
    PerformanceMetrics,
)
from support.drop_ins import make_service


@pytest.mark.own_memory
def test_a_benchmark_measures_time_memory_processor_and_hits() -> None:
    cache = AdvancedCacheManager()
    cache.put("key", 1)
    cache.get("gone before")

    def work(seconds: float, *, n_bytes: int) -> str:
        held = bytearray(b"x" * n_bytes)
        end_s = time.perf_counter() + seconds
        while time.perf_counter() < end_s:
            pass
        for key in ("key", "key", "key", "gone"):
            cache.get(key)
        return f"held {len(held)}"

    benchmark = PerformanceBenchmark(cache)
    metrics = benchmark.benchmark(work, 0.2, n_bytes=80 << 20)
    assert benchmark.result == f"held {80 << 20}"
    assert metrics.execution_time >= 0.2
    assert metrics.memory_usage_mb >= 70
    assert metrics.cpu_usage_percent > 5
    assert metrics.cache_hit_rate == 0.75
    asleep = PerformanceBenchmark().benchmark(time.sleep, 0.2)
    assert asleep.cpu_usage_percent < 50
    assert asleep.cache_hit_rate == 0
    with pytest.raises(ZeroDivisionError):
        benchmark.benchmark(lambda: 1 / 0)


def test_a_benchmark_reads_the_hit_rate_of_what_is_returned(project: Path, tmp_path: Path) -> None:
    benchmark = PerformanceBenchmark()
    rates = [
        benchmark.benchmark(repomap_fast.scan, project, cache_dir=tmp_path / "cache").cache_hit_rate for _ in range(2)
    ]
    assert rates == [0.0, 1.0]
    assert benchmark.benchmark(make_service(project).analyze_project).cache_hit_rate == 0.0
    assert benchmark.benchmark(make_service(project).analyze_project).cache_hit_rate == 1.0


def test_a_dashboard_sums_up_the_last_ten() -> None:
    dashboard = PerformanceDashboard()
    assert dashboard.get_summary() == {}
    for number in range(12):
        dashboard.record_metrics(PerformanceMetrics(number, 10.0 * number, 50.0, 0.1 * number))
    summary = dashboard.get_summary()
    assert summary == {
        "avg_execution_time": pytest.approx(6.5),
        "avg_memory_usage": pytest.approx(65.0),
        "avg_cache_hit_rate": pytest.approx(0.65),
        "total_runs": 12,
    }
    assert dashboard.metrics_history[0]["timestamp"] <= time.time()
