"""What one piece of work in this process takes: wall time, processor time, memory; and means over many pieces."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

from repomap_fast.resources.memory import MemoryMonitor, resident_memory_bytes

LAST_RUNS = 10
"""Over how many of the latest runs a summary takes its means."""

Returned = TypeVar("Returned")


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took, in the four figures that summaries and trends are made of.

    elapsed_s     wall seconds.
    memory_bytes  resident memory; whoever makes the figures says whether its peak or its increase.
    cpu_percent   processor seconds for a hundred wall seconds: 100 is one processor that was always busy.
    hit_rate      share of what was asked of the cache that was there, 0 to 1.
    """

    elapsed_s: float
    memory_bytes: float
    cpu_percent: float
    hit_rate: float


@dataclass(frozen=True, slots=True)
class Summary:
    """Means over the last runs, in seconds, megabytes (10**6 bytes), percent of a processor, share of hits.

    ``total_runs`` counts all runs, not the last alone.
    """

    avg_execution_time: float
    avg_memory_usage: float
    avg_cpu_usage: float
    avg_cache_hit_rate: float
    total_runs: int


def summarize(runs: Sequence[Figures], *, last: int = LAST_RUNS) -> Summary | None:
    """Return the means over the ``last`` runs, the newest of which come last; None where there is no run."""
    if last < 1:
        raise ValueError(f"last is {last}; expected at least 1")
    recent = runs[-last:]
    if not recent:
        return None
    return Summary(
        avg_execution_time=sum(run.elapsed_s for run in recent) / len(recent),
        avg_memory_usage=sum(run.memory_bytes for run in recent) / len(recent) / 1e6,
        avg_cpu_usage=sum(run.cpu_percent for run in recent) / len(recent),
        avg_cache_hit_rate=sum(run.hit_rate for run in recent) / len(recent),
        total_runs=len(runs),
    )


@dataclass(frozen=True, slots=True)
class Measurement:
    """What one call took.

    elapsed_s, cpu_s      wall seconds; processor seconds of all threads of this process.
    start_, peak_, end_   resident memory, in bytes. ``peak_memory_bytes`` is what ``MemoryMonitor`` says of it: exact
                          where the process never had more before, else the highest of fifty samples a second.
    hit_rate              None where nobody could say.
    """

    elapsed_s: float
    cpu_s: float
    start_memory_bytes: int
    peak_memory_bytes: int
    end_memory_bytes: int
    hit_rate: float | None = None

    @property
    def cpu_percent(self) -> float:
        """Processor seconds for a hundred wall seconds: 100 is one processor that was always busy."""
        return 100 * self.cpu_s / self.elapsed_s if self.elapsed_s else 0.0

    @property
    def increase_bytes(self) -> int:
        """Bytes at the end above those at the start; negative where memory was given back."""
        return self.end_memory_bytes - self.start_memory_bytes


def measure(
    call: Callable[[], Returned], *, read_hit_rate: Callable[[Returned], float | None] | None = None
) -> tuple[Returned, Measurement]:
    """Call ``call`` and return what it returned, and what that took.

    ``read_hit_rate`` is asked with what was returned; without it, the ``metrics.hit_rate`` or ``hit_rate`` of what was
    returned is taken, as results of a scan and ``IndexStats`` have it. What ``call`` raises is raised.
    """
    with MemoryMonitor(read_resident=resident_memory_bytes) as monitor:
        start_cpu_s, start_s = time.process_time(), time.perf_counter()
        returned = call()
        elapsed_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
    hit_rate = _hit_rate_of(returned) if read_hit_rate is None else read_hit_rate(returned)
    return returned, Measurement(
        elapsed_s=elapsed_s,
        cpu_s=cpu_s,
        start_memory_bytes=monitor.start_bytes,
        peak_memory_bytes=monitor.peak_bytes,
        end_memory_bytes=monitor.end_bytes,
        hit_rate=hit_rate,
    )


def _hit_rate_of(returned: object) -> float | None:
    for holder in (getattr(returned, "metrics", None), returned):
        hit_rate = getattr(holder, "hit_rate", None)
        if isinstance(hit_rate, int | float) and not isinstance(hit_rate, bool):
            return float(hit_rate)
    return None
