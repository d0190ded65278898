"""Governors, with made-up memory and clocks; and one that holds threads that really burn processor time."""

from __future__ import annotations

import threading
import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repomap_fast.resources.governors import (
    MIN_BATCH_BYTES,
    MIN_FILE_MEMORY_BYTES,
    CpuGovernor,
    Limits,
    MemoryGovernor,
    Pressure,
    pressure_at,
)
from repomap_fast.resources.memory import resident_memory_bytes

MB = 10**6
DEFAULT_FILE_MEMORY = 2 * 2**30


def governor_with(resident_bytes: int, max_memory_bytes: int = 100 * MB) -> MemoryGovernor:
    return MemoryGovernor(max_memory_bytes, read_resident=lambda: resident_bytes)


@pytest.mark.parametrize(
    ("resident_mb", "pressure"),
    [
        (0, Pressure.NONE),
        (59.9, Pressure.NONE),
        (60, Pressure.SHRINK_CACHES),
        (74.9, Pressure.SHRINK_CACHES),
        (75, Pressure.SHRINK_BATCHES),
        (84.9, Pressure.SHRINK_BATCHES),
        (85, Pressure.FEWER_WORKERS),
        (94.9, Pressure.FEWER_WORKERS),
        (95, Pressure.OVER),
        (5000, Pressure.OVER),
    ],
)
def test_where_each_pressure_begins(resident_mb: float, pressure: Pressure) -> None:
    resident_bytes = int(resident_mb * MB)
    assert pressure_at(resident_bytes, 100 * MB) is pressure
    assert governor_with(resident_bytes).pressure() is pressure


def test_what_gives_way_at_each_pressure() -> None:
    answers = [
        (
            governor.cache_bytes(32 << 20),
            governor.batch_bytes(1 << 20),
            governor.worker_limit(8),
        )
        for governor in (governor_with(resident_mb * MB) for resident_mb in (10, 60, 75, 85, 95))
    ]
    assert answers == [
        (32 << 20, 1 << 20, 8),
        (8 << 20, 1 << 20, 8),
        (2 << 20, 1 << 18, 8),
        (0, 1 << 17, 4),
        (0, 1 << 16, 1),
    ]


@given(st.integers(0, 200 * MB), st.integers(0, 200 * MB), st.integers(0, 2**40), st.integers(1, 256))
def test_more_memory_in_use_never_allows_more(one: int, other: int, default: int, n_workers: int) -> None:
    less, more = (governor_with(resident_bytes) for resident_bytes in sorted((one, other)))
    for roomy, tight in [
        (less.cache_bytes(default), more.cache_bytes(default)),
        (less.batch_bytes(default), more.batch_bytes(default)),
        (less.worker_limit(n_workers), more.worker_limit(n_workers)),
        (less.file_memory_bytes(default, n_workers), more.file_memory_bytes(default, n_workers)),
    ]:
        assert roomy >= tight
    assert default >= less.cache_bytes(default)
    assert default >= more.batch_bytes(default) >= min(default, MIN_BATCH_BYTES)
    assert n_workers >= less.worker_limit(n_workers) >= more.worker_limit(n_workers) >= 1


@given(
    st.integers(64 * MB, 10**12),
    st.integers(0, 10**12),
    st.integers(MIN_FILE_MEMORY_BYTES, 2**40),
    st.integers(1, 256),
    st.integers(0, 10**12),
)
@example(100 * MB, 40 * MB, DEFAULT_FILE_MEMORY, 4, 0)
def test_all_parses_together_stay_below_the_limit(
    limit: int, resident_bytes: int, default: int, n_workers: int, arena_bytes: int
) -> None:
    # What the arenas hold is a part of what is resident.
    arena_bytes = min(arena_bytes, resident_bytes)
    share = governor_with(resident_bytes, limit).file_memory_bytes(default, n_workers, arena_bytes=arena_bytes)
    assert MIN_FILE_MEMORY_BYTES <= share <= default
    if share > MIN_FILE_MEMORY_BYTES:
        assert resident_bytes - arena_bytes + n_workers * share <= limit * 0.95


def test_what_one_parse_may_allocate() -> None:
    governor = governor_with(45 * MB)
    assert governor.file_memory_bytes(DEFAULT_FILE_MEMORY, 1) == 50 * MB
    assert governor.file_memory_bytes(DEFAULT_FILE_MEMORY, 4) == 12_500_000
    assert governor.file_memory_bytes(DEFAULT_FILE_MEMORY, 4, arena_bytes=10 * MB) == 15 * MB
    assert governor.file_memory_bytes(8 * MB, 1) == 8 * MB
    assert governor_with(99 * MB).file_memory_bytes(DEFAULT_FILE_MEMORY, 1) == MIN_FILE_MEMORY_BYTES


def test_memory_is_read_every_ten_milliseconds_at_the_most() -> None:
    now_s, reads = [100.0], []

    def read() -> int:
        reads.append(now_s[0])
        return 10 * MB if len(reads) == 1 else 96 * MB

    governor = MemoryGovernor(100 * MB, read_resident=read, clock=lambda: now_s[0])
    for now_s[0], pressure in [
        (100.0, Pressure.NONE),
        (100.009, Pressure.NONE),
        (100.011, Pressure.OVER),
        (100.02, Pressure.OVER),
    ]:
        assert governor.pressure() is pressure
        governor.batch_bytes(1)
        governor.worker_limit(1)
    assert reads == [100.0, 100.011]


def test_the_highest_pressure_is_kept_while_the_pressure_falls() -> None:
    levels = iter([10 * MB, 90 * MB, 65 * MB])
    times = iter(range(3))
    governor = MemoryGovernor(100 * MB, read_resident=lambda: next(levels), clock=lambda: next(times))
    assert governor.peak_pressure is Pressure.NONE
    assert [governor.pressure() for _ in range(3)] == [0, Pressure.FEWER_WORKERS, Pressure.SHRINK_CACHES]
    assert governor.peak_pressure is Pressure.FEWER_WORKERS


def test_what_was_done_is_told_once() -> None:
    governor = governor_with(0)
    for sentence in ("the caches were emptied", "one worker went on alone", "the caches were emptied"):
        governor.note(sentence)
    assert governor.actions == ["the caches were emptied", "one worker went on alone"]


def test_real_memory_is_governed() -> None:
    resident_bytes = resident_memory_bytes()
    assert MemoryGovernor(resident_bytes * 10).pressure() is Pressure.NONE
    assert MemoryGovernor(resident_bytes // 2).pressure() is Pressure.OVER


@pytest.mark.parametrize("limit", [0, -1])
def test_a_limit_of_nothing_is_refused(limit: int) -> None:
    with pytest.raises(ValueError, match="max_memory_bytes"):
        MemoryGovernor(limit)
    with pytest.raises(ValueError, match="max_cpu_percent"):
        CpuGovernor(limit)


class Clocks:
    """Wall and processor time that pass as a test says."""

    def __init__(self) -> None:
        self.wall_s = 1000.0
        self.cpu_s = 77.0

    def governor(self, max_cpu_percent: int) -> CpuGovernor:
        return CpuGovernor(max_cpu_percent, window_s=3, clock=lambda: self.wall_s, cpu_clock=lambda: self.cpu_s)

    def work(self, wall_s: float, *, threads: float = 1) -> None:
        self.wall_s += wall_s
        self.cpu_s += wall_s * threads


def test_work_within_the_share_need_not_wait() -> None:
    clocks = Clocks()
    governor = clocks.governor(200)
    for _ in range(100):
        clocks.work(0.1, threads=2)
        assert governor.pause_s() == pytest.approx(0, abs=1e-9)


def test_a_pause_pays_for_what_was_used() -> None:
    clocks = Clocks()
    governor = clocks.governor(50)
    clocks.work(1)
    assert governor.pause_s() == pytest.approx(1)
    clocks.wall_s += 0.25
    assert governor.pause_s() == pytest.approx(0.75)
    clocks.wall_s += 0.75
    assert governor.pause_s() == pytest.approx(0, abs=1e-9)


def test_others_who_work_make_the_pause_longer() -> None:
    clocks = Clocks()
    governor = clocks.governor(100)
    clocks.work(1, threads=3)
    assert governor.pause_s() == pytest.approx(2)
    clocks.work(1, threads=2)
    assert governor.pause_s() == pytest.approx(3)


def test_a_debt_is_not_forgotten_and_idle_time_is() -> None:
    clocks = Clocks()
    governor = clocks.governor(10)
    clocks.work(20)
    assert governor.pause_s() == pytest.approx(180)
    clocks.wall_s += 10_000
    assert governor.pause_s() == 0
    # Three seconds of the share are kept, of ten thousand.
    clocks.cpu_s += 0.3
    assert governor.pause_s() == pytest.approx(0, abs=1e-9)
    clocks.cpu_s += 0.1
    assert governor.pause_s() == pytest.approx(1)


@given(
    st.integers(1, 400),
    st.lists(st.tuples(st.floats(0.001, 5), st.floats(0, 8), st.floats(0, 5)), min_size=1, max_size=30),
)
def test_the_mean_holds_whatever_the_work_is(percent: int, pieces: list[tuple[float, float, float]]) -> None:
    clocks = Clocks()
    governor = clocks.governor(percent)
    start_wall_s, start_cpu_s = clocks.wall_s, clocks.cpu_s
    for work_s, threads, idle_s in pieces:
        clocks.work(work_s, threads=threads)
        clocks.wall_s += governor.pause_s()
        used_s, passed_s = clocks.cpu_s - start_cpu_s, clocks.wall_s - start_wall_s
        assert used_s <= percent / 100 * passed_s + 1e-6
        clocks.wall_s += idle_s


@pytest.mark.parametrize(("percent", "n_workers"), [(1, 1), (100, 1), (101, 2), (250, 3), (10_000, 8)])
def test_no_more_workers_than_can_be_busy(percent: int, n_workers: int) -> None:
    assert CpuGovernor(percent).worker_limit(8) == n_workers


@pytest.mark.slow
def test_threads_that_burn_are_held(no_thread_left: None) -> None:
    governor = CpuGovernor(30)
    start_wall_s, start_cpu_s = time.monotonic(), time.process_time()
    end_s = start_wall_s + 4
    is_left = threading.Event()

    def burn() -> None:
        while time.monotonic() < end_s:
            until = time.thread_time() + 0.02
            while time.thread_time() < until:
                pass
            while (pause_s := governor.pause_s()) and time.monotonic() < end_s:
                is_left.wait(min(pause_s, 1))

    threads = [threading.Thread(target=burn) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    share = (time.process_time() - start_cpu_s) / (time.monotonic() - start_wall_s)
    assert 0.1 < share < 0.45


def test_limits_have_a_governor_for_each_limit_that_is_given() -> None:
    assert (Limits.of(None, None).memory, Limits.of(None, None).cpu) == (None, None)
    limits = Limits.of(10**9, 150)
    assert limits.memory is not None
    assert limits.cpu is not None
    assert (limits.memory.max_memory_bytes, limits.cpu.max_cpu_percent) == (10**9, 150)
