"""What a call takes, and means over many."""

from __future__ import annotations

import time
from dataclasses import asdict, dataclass
from types import SimpleNamespace

import pytest

from repomap_fast.bench.figures import Figures, Measurement, measure, summarize
from repomap_fast.metrics import IndexStats


def busy(seconds: float) -> None:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass


def test_time_asleep_is_no_processor_time() -> None:
    _, asleep = measure(lambda: time.sleep(0.05))
    assert asleep.elapsed_s >= 0.05
    assert asleep.cpu_s < asleep.elapsed_s
    _, at_work = measure(lambda: busy(0.05))
    assert at_work.elapsed_s >= at_work.cpu_s * 0.9
    assert at_work.cpu_s >= 0.05
    assert at_work.cpu_percent > asleep.cpu_percent


def test_memory_that_is_given_back_counts_for_the_peak_alone() -> None:
    def use() -> int:
        block = bytearray(80_000_000)
        block[::4096] = b"x" * len(block[::4096])
        time.sleep(0.05)
        return len(block)

    length, measurement = measure(use)
    assert length == 80_000_000
    assert measurement.peak_memory_bytes - measurement.start_memory_bytes > 60_000_000
    assert measurement.increase_bytes < 40_000_000


def test_what_is_raised_is_raised() -> None:
    with pytest.raises(ZeroDivisionError):
        measure(lambda: 1 / 0)


@dataclass
class WithMetrics:
    metrics: object


@pytest.mark.parametrize(
    ("returned", "expected"),
    [
        (IndexStats(files=4, parsed=1), 0.75),
        (WithMetrics(SimpleNamespace(hit_rate=0.5)), 0.5),
        (WithMetrics(None), None),
        (SimpleNamespace(hit_rate=True), None),
        (SimpleNamespace(hit_rate="much"), None),
        (None, None),
    ],
)
def test_the_hit_rate_is_that_of_what_is_returned(returned: object, expected: float | None) -> None:
    assert measure(lambda: returned)[1].hit_rate == expected


def test_the_caller_may_say_where_the_hit_rate_is() -> None:
    assert measure(lambda: [1, 2], read_hit_rate=lambda returned: len(returned) / 4)[1].hit_rate == 0.5


def test_no_time_is_no_share() -> None:
    assert Measurement(0.0, 1.0, 1, 2, 3).cpu_percent == 0.0
    assert Measurement(2.0, 1.0, 1, 2, 3).cpu_percent == 50.0


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
