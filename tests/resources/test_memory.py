"""Memory: what the process has, and a monitor, fed with made-up readings and with real ones."""

from __future__ import annotations

import logging
import mmap
import subprocess
import sys
import threading
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.resources.memory import MemoryMonitor, MemoryStage, peak_memory_bytes, resident_memory_bytes

pytestmark = pytest.mark.usefixtures("no_thread_left")

MB = 2**20
LONG_S = 20.0
"""When a thread that is waited for has certainly failed."""


class Readings:
    """Resident memory as a test says it; knows when the sampling thread has looked."""

    def __init__(self, resident_bytes: int) -> None:
        self.resident_bytes = resident_bytes
        self.peak_bytes = resident_bytes
        self.error: Exception | None = None
        self._sampled = threading.Condition()
        self._n_samples = 0

    def monitor(self) -> MemoryMonitor:
        return MemoryMonitor(interval_s=0.0005, read_resident=self._read, read_peak=lambda: self.peak_bytes)

    def _read(self) -> int:
        if threading.current_thread().name == "repomap-fast-memory":
            with self._sampled:
                self._n_samples += 1
                self._sampled.notify_all()
        if self.error is not None:
            raise self.error
        return self.resident_bytes

    def become(self, resident_bytes: int) -> None:
        """Change, and return when the thread has done all that a sample of the new figure leads to."""
        self.resident_bytes = resident_bytes
        with self._sampled:
            # The sample that is under way may have read before; the one after next begins when the next is done.
            wanted = self._n_samples + 3
            assert self._sampled.wait_for(lambda: self._n_samples >= wanted, LONG_S)


def test_resident_memory_is_what_psutil_says() -> None:
    import psutil

    assert resident_memory_bytes() == pytest.approx(psutil.Process().memory_info().rss, abs=8 * MB)


def test_the_peak_is_above_what_is_resident() -> None:
    pages = touched_pages(32 * MB)
    with_pages = resident_memory_bytes()
    pages.close()
    assert peak_memory_bytes() > with_pages - 2 * MB
    assert resident_memory_bytes() < with_pages - 24 * MB


def test_figures_of_a_block() -> None:
    readings = Readings(100)
    with readings.monitor() as monitor:
        assert (monitor.start_bytes, monitor.peak_bytes, monitor.end_bytes) == (100, 100, 100)
        readings.become(250)
        assert (monitor.peak_bytes, monitor.end_bytes, monitor.increase_bytes) == (250, 250, 150)
        readings.become(70)
    assert (monitor.start_bytes, monitor.peak_bytes, monitor.end_bytes) == (100, 250, 70)
    assert monitor.increase_bytes == -30
    readings.resident_bytes = 10**6
    with monitor.stage("too late for the block"):
        pass
    assert (monitor.peak_bytes, monitor.end_bytes) == (250, 70)


def test_stages_in_one_another_and_beside_one_another() -> None:
    readings = Readings(10)
    with readings.monitor() as monitor:
        with monitor.stage("outer"):
            readings.become(50)
            with monitor.stage("inner"):
                readings.become(30)
            readings.become(20)
        with monitor.stage("later"):
            readings.become(25)
    assert monitor.stages == [
        MemoryStage("inner", 50, 50, 30),
        MemoryStage("outer", 10, 50, 20),
        MemoryStage("later", 20, 25, 25),
    ]
    assert [stage.increase_bytes for stage in monitor.stages] == [-20, 10, 5]
    assert monitor.peak_bytes == 50


@given(st.lists(st.tuples(st.integers(0, 1000), st.integers(0, 1000)), max_size=8))
def test_stages_that_no_sample_fell_into(levels: list[tuple[int, int]]) -> None:
    readings = Readings(500)
    monitor = MemoryMonitor(interval_s=3600, read_resident=lambda: readings.resident_bytes, read_peak=lambda: 0)
    with monitor:
        for i, (start, end) in enumerate(levels):
            readings.resident_bytes = start
            with monitor.stage(f"{i}"):
                readings.resident_bytes = end
    assert monitor.stages == [MemoryStage(f"{i}", a, max(a, b), b) for i, (a, b) in enumerate(levels)]
    seen = [500, *(level for pair in levels for level in pair)]
    assert (monitor.start_bytes, monitor.peak_bytes, monitor.end_bytes) == (500, max(seen), seen[-1])


def test_a_peak_between_samples_is_found_where_the_high_water_mark_rose() -> None:
    readings = Readings(100)
    readings.peak_bytes = 400
    with readings.monitor() as monitor:
        with monitor.stage("below the mark"):
            pass
        with monitor.stage("above it"):
            readings.peak_bytes = 900
        with monitor.stage("again below"):
            pass
    assert [stage.peak_bytes for stage in monitor.stages] == [100, 900, 100]
    assert monitor.peak_bytes == 900


def test_a_body_that_raises_ends_stage_and_thread() -> None:
    readings = Readings(100)
    monitor = readings.monitor()

    def be_interrupted() -> None:
        with monitor, monitor.stage("left"):
            readings.become(300)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        be_interrupted()
    assert monitor.stages == [MemoryStage("left", 100, 300, 300)]
    assert monitor.end_bytes == 300


def test_a_monitor_is_for_one_block() -> None:
    monitor = Readings(1).monitor()
    with monitor:
        pass
    with pytest.raises(RuntimeError, match="a new one"), monitor:
        pass


def test_an_interval_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="interval_s"):
        MemoryMonitor(interval_s=0)


def test_a_threshold_calls_once_each_time_it_is_risen_through() -> None:
    readings = Readings(10)
    calls: list[int] = []
    with readings.monitor() as monitor:
        monitor.on_threshold(1000, calls.append)
        for level, expected in [
            (999, []),
            (1000, [1000]),
            (5000, [1000]),
            # Only below 95 % is it news again.
            (951, [1000]),
            (1100, [1000]),
            (950, [1000]),
            (1100, [1000]),
            (949, [1000]),
            (1200, [1000, 1200]),
            (100, [1000, 1200]),
            (1300, [1000, 1200, 1300]),
        ]:
            readings.become(level)
            assert calls == expected


def test_a_threshold_that_memory_is_above_already_calls_at_once() -> None:
    readings = Readings(5000)
    calls: list[int] = []
    with readings.monitor() as monitor:
        monitor.on_threshold(1000, calls.append)
    assert calls == [5000]


def test_what_rises_at_the_very_end_is_called_for() -> None:
    calls: list[int] = []
    level = [10]
    with MemoryMonitor(interval_s=3600, read_resident=lambda: level[0], read_peak=lambda: 0) as monitor:
        monitor.on_threshold(1000, calls.append)
        level[0] = 1500
    assert (calls, monitor.peak_bytes) == ([1500], 1500)


@pytest.mark.parametrize("error", [ValueError("wrong"), SystemExit(3)])
def test_a_callback_that_raises_does_not_end_the_sampling(
    error: BaseException, caplog: pytest.LogCaptureFixture
) -> None:
    readings = Readings(10)
    calls: list[int] = []

    def fail(_: int) -> None:
        raise error

    with caplog.at_level(logging.ERROR, "repomap_fast"), readings.monitor() as monitor:
        monitor.on_threshold(100, fail)
        monitor.on_threshold(100, calls.append)
        readings.become(150)
        readings.become(50)
        readings.become(200)
    assert calls == [150, 200]
    assert monitor.peak_bytes == 200
    assert [record.name for record in caplog.records] == ["repomap_fast"] * 2


def test_a_callback_may_use_the_monitor() -> None:
    readings = Readings(10)
    calls: list[int] = []
    with readings.monitor() as monitor:

        def call(resident_bytes: int) -> None:
            with monitor.stage("in a callback"):
                monitor.on_threshold(resident_bytes, calls.append)

        monitor.on_threshold(100, call)
        readings.become(150)
    assert calls == [150]
    assert [stage.name for stage in monitor.stages] == ["in a callback"]


def test_readings_that_fail_leave_what_is_known() -> None:
    readings = Readings(100)
    with readings.monitor() as monitor:
        readings.become(300)
        readings.error = OSError(24, "Too many open files")
        readings.become(900)
    assert (monitor.peak_bytes, monitor.end_bytes) == (300, 300)


def touched_pages(n_bytes: int) -> mmap.mmap:
    """Return memory straight from the system, which gets it back when it is closed; the heap would keep it."""
    pages = mmap.mmap(-1, n_bytes)
    for start in range(0, n_bytes, mmap.PAGESIZE):
        pages[start] = 1
    return pages


def test_real_memory_is_seen_by_stage() -> None:
    with MemoryMonitor() as monitor:
        with monitor.stage("holds"):
            pages = touched_pages(64 * MB)
        with monitor.stage("gives back"):
            pages.close()
    holds, gives_back = monitor.stages
    assert holds.increase_bytes == pytest.approx(64 * MB, abs=8 * MB)
    assert gives_back.increase_bytes == pytest.approx(-64 * MB, abs=8 * MB)
    assert monitor.peak_bytes - monitor.start_bytes == pytest.approx(64 * MB, abs=8 * MB)
    assert abs(monitor.increase_bytes) < 8 * MB


def test_samples_are_taken_in_a_thread() -> None:
    reached = threading.Event()
    with MemoryMonitor(interval_s=0.001) as monitor:
        monitor.on_threshold(monitor.start_bytes + 32 * MB, lambda _: reached.set())
        pages = touched_pages(64 * MB)
        assert reached.wait(LONG_S)
        pages.close()


def test_only_a_monitor_loads_psutil() -> None:
    program = """
import sys
import repomap_fast.resources.governors, repomap_fast.resources.limits, repomap_fast.resources.memory
import repomap_fast.options
from repomap_fast.resources.memory import MemoryMonitor, peak_memory_bytes, resident_memory_bytes
if sys.platform == "linux":
    resident_memory_bytes(), peak_memory_bytes(), repomap_fast.resources.limits.memory_limit_bytes()
    repomap_fast.resources.governors.MemoryGovernor(10**9).pressure()
assert not {"psutil", "numpy"} & sys.modules.keys()
with MemoryMonitor():
    assert "psutil" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.slow
def test_a_monitor_costs_next_to_nothing() -> None:
    with MemoryMonitor():
        start_s = time.process_time()
        time.sleep(2)
        cost_s = time.process_time() - start_s
    # Some 0.02 s are to be expected at the most; what is to be seen here is a sampler that spins.
    assert cost_s < 0.1
