"""Governors say how much memory and processor time the next piece of work may take.

A governor never acts: each worker asks it before a piece of work. Answers depend only on the limit and on what is in
use now, so caches and workers come back when there is room again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from enum import IntEnum
from typing import NamedTuple, Self

from repomap_fast.resources.memory import resident_memory_bytes

READ_INTERVAL_S = 0.01
"""Memory is not read more often. In this time a parse allocates about 3 MB."""
MIN_BATCH_BYTES = 1 << 16
"""Source bytes of the smallest batch. Below, calls cost more than their results take."""
MIN_FILE_MEMORY_BYTES = 8 << 20
"""The first chunk of an arena (``arena.h``): with less, no file could be parsed. Unused pages take no memory."""
CPU_WINDOW_S = 3.0
"""Capacity of the token bucket: after so many idle seconds, work runs at full speed until their share is used."""


class Pressure(IntEnum):
    """How near memory is to its limit. Each level gives up something, beside all that lower levels give up."""

    NONE = 0
    SHRINK_CACHES = 1
    SHRINK_BATCHES = 2
    FEWER_WORKERS = 3
    OVER = 4


BEGINS_AT_PERCENT = {
    Pressure.SHRINK_CACHES: 60,
    Pressure.SHRINK_BATCHES: 75,
    Pressure.FEWER_WORKERS: 85,
    Pressure.OVER: 95,
}
"""Percent of the limit. From OVER on there is no room for one more parse of any size."""


def pressure_at(resident_bytes: int, max_memory_bytes: int) -> Pressure:
    """Return the pressure with so many bytes resident."""
    begun = [p for p, percent in BEGINS_AT_PERCENT.items() if 100 * resident_bytes >= percent * max_memory_bytes]
    return max(begun, default=Pressure.NONE)


class MemoryGovernor:
    """Says how much memory may be used so that the process stays below ``max_memory_bytes``.

    Thread-safe. An answer takes a microsecond, or about ten when memory is read again.

    peak_pressure  the highest so far.
    actions        what was given up, a sentence each, in the order in which it was first given up.
    """

    def __init__(
        self,
        max_memory_bytes: int,
        *,
        read_resident: Callable[[], int] = resident_memory_bytes,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        if max_memory_bytes < 1:
            raise ValueError(f"max_memory_bytes is {max_memory_bytes}; expected at least 1")
        self.max_memory_bytes = max_memory_bytes
        self.peak_pressure = Pressure.NONE
        self.actions: list[str] = []
        self._read_resident = read_resident
        self._clock = clock
        self._lock = threading.Lock()
        self._resident_bytes = 0
        self._read_at_s = float("-inf")

    def resident_bytes(self) -> int:
        """Return the process's resident memory, as it was at most 10 ms ago."""
        with self._lock:
            now_s = self._clock()
            if now_s - self._read_at_s >= READ_INTERVAL_S:
                self._resident_bytes = self._read_resident()
                self._read_at_s = now_s
                self.peak_pressure = max(self.peak_pressure, pressure_at(self._resident_bytes, self.max_memory_bytes))
            return self._resident_bytes

    def pressure(self) -> Pressure:
        """Return the pressure now."""
        return pressure_at(self.resident_bytes(), self.max_memory_bytes)

    def note(self, sentence: str) -> None:
        """Add a sentence to ``actions``, once."""
        with self._lock:
            if sentence not in self.actions:
                self.actions.append(sentence)

    def cache_bytes(self, default: int) -> int:
        """Return how many bytes a cache may hold: ``default`` while there is room, nothing from FEWER_WORKERS on."""
        shares = {Pressure.NONE: default, Pressure.SHRINK_CACHES: default // 4, Pressure.SHRINK_BATCHES: default // 16}
        return shares.get(self.pressure(), 0)

    def batch_bytes(self, default: int) -> int:
        """Return the source bytes of the next batch: ``default``, or from SHRINK_BATCHES on a fourth of it or less."""
        pressure = self.pressure()
        if pressure < Pressure.SHRINK_BATCHES:
            return default
        return min(default, max(MIN_BATCH_BYTES, default >> pressure))

    def worker_limit(self, default: int) -> int:
        """Return how many of ``default`` workers may parse now: from FEWER_WORKERS on half, at OVER one."""
        pressure = self.pressure()
        if pressure < Pressure.FEWER_WORKERS:
            return default
        return 1 if pressure is Pressure.OVER else (default + 1) // 2

    def file_memory_bytes(self, default: int, n_workers: int, *, arena_bytes: int = 0) -> int:
        """Return how many bytes one parse may allocate now, at most ``default`` and at least 8 MiB.

        If ``n_workers`` parses allocate so much at once, the process reaches OVER and no more. ``arena_bytes`` is the
        part of the resident bytes that the workers' arenas have now, and so can use again.
        """
        return min(default, max(MIN_FILE_MEMORY_BYTES, self.headroom_bytes(reusable_bytes=arena_bytes) // n_workers))

    def headroom_bytes(self, *, reusable_bytes: int = 0) -> int:
        """Return how many bytes may be allocated before OVER begins; 0 if it has begun.

        ``reusable_bytes`` are resident, but free for the next allocation.
        """
        budget_bytes = self.max_memory_bytes * BEGINS_AT_PERCENT[Pressure.OVER] // 100
        return max(0, budget_bytes - max(0, self.resident_bytes() - reusable_bytes))


class CpuGovernor:
    """Holds this process to a mean of ``max_cpu_percent`` of one processor; 100 is one that is always busy.

    A token bucket: seconds of processor time are added at the allowed rate, and those that all threads used are taken
    out. It may go below zero, so the mean holds however long one piece of work is; it never holds more than the share
    of ``window_s`` seconds. Child processes are not counted. Thread-safe.
    """

    def __init__(
        self,
        max_cpu_percent: int,
        *,
        window_s: float = CPU_WINDOW_S,
        clock: Callable[[], float] = time.monotonic,
        cpu_clock: Callable[[], float] = time.process_time,
    ) -> None:
        if max_cpu_percent < 1:
            raise ValueError(f"max_cpu_percent is {max_cpu_percent}; expected at least 1")
        self.max_cpu_percent = max_cpu_percent
        self._rate = max_cpu_percent / 100
        self._capacity_s = self._rate * window_s
        self._clock = clock
        self._cpu_clock = cpu_clock
        self._lock = threading.Lock()
        self._tokens_s = 0.0
        self._wall_s = clock()
        self._cpu_s = cpu_clock()

    def pause_s(self) -> float:
        """Return the seconds that a worker must wait before its next piece of work; 0 if it may go on.

        Ask again after the wait, until the answer is 0: other workers may have used more meanwhile. Wait on an event,
        not asleep, since a pause may be long and the scan may be cancelled.
        """
        with self._lock:
            wall_s, cpu_s = self._clock(), self._cpu_clock()
            added_s = self._rate * (wall_s - self._wall_s)
            self._tokens_s = min(self._capacity_s, self._tokens_s + added_s - (cpu_s - self._cpu_s))
            self._wall_s, self._cpu_s = wall_s, cpu_s
            return max(0.0, -self._tokens_s / self._rate)

    def worker_limit(self, default: int) -> int:
        """Return how many of ``default`` workers are useful: more than can be busy at once would only wait."""
        return max(1, min(default, -(-self.max_cpu_percent // 100)))


class Limits(NamedTuple):
    """The governors of one piece of work; None where there is no limit."""

    memory: MemoryGovernor | None = None
    cpu: CpuGovernor | None = None

    @classmethod
    def of(cls, max_memory_bytes: int | None, max_cpu_percent: int | None) -> Self:
        """Make a governor for each limit that is given."""
        return cls(
            None if max_memory_bytes is None else MemoryGovernor(max_memory_bytes),
            None if max_cpu_percent is None else CpuGovernor(max_cpu_percent),
        )
