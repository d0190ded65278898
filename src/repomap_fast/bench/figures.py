"""Figures of runs (wall time, memory, processor share, hit rate), and their means over the last runs.

It measures nothing: ``bench.process`` and the callers of ``Figures`` do.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LAST_RUNS = 10
"""Over how many of the latest runs a summary takes its means."""


@dataclass(frozen=True, slots=True)
class Figures:
    """What one run took, in the four figures of summaries and trends.

    elapsed_s     wall seconds.
    memory_bytes  resident memory: its peak or its increase, as the maker of the figures says.
    cpu_percent   processor seconds for a hundred wall seconds: 100 is one processor that was always busy.
    hit_rate      share of the lookups that the cache answered, 0 to 1.
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
