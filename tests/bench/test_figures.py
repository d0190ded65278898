"""Means over the last runs."""

from __future__ import annotations

from dataclasses import asdict

import pytest

from repomap_fast.bench.figures import Figures, summarize


def test_a_summary_is_of_the_last_ten() -> None:
    runs = [Figures(100.0, 5e9, 900.0, 0.0)] * 5 + [Figures(float(i), 1e6 * i, 10.0 * i, 0.1 * i) for i in range(10)]
    summary = summarize(runs)
    assert summary is not None
    assert asdict(summary) == pytest.approx(
        {
            "avg_execution_time": 4.5,
            "avg_memory_usage": 4.5,
            "avg_cpu_usage": 45.0,
            "avg_cache_hit_rate": 0.45,
            "total_runs": 15,
        }
    )


def test_a_summary_of_few_and_of_none() -> None:
    summary = summarize([Figures(1.0, 2e6, 3.0, 0.5), Figures(3.0, 4e6, 5.0, 1.0)], last=1)
    assert summary is not None
    assert (summary.avg_execution_time, summary.avg_memory_usage, summary.total_runs) == (3.0, 4.0, 2)
    assert summarize([]) is None
    with pytest.raises(ValueError, match="last is 0; expected at least 1"):
        summarize([], last=0)
