"""Measures the memory of this process: now, at its peak, and in a thread while some work runs.

It never resets the system's peak. All figures are resident memory in bytes: pages in the machine's memory, including
those of mapped files and shared libraries, without those that were swapped out.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import NamedTuple, Self

from repomap_fast.logs import logger

SAMPLE_INTERVAL_S = 0.02
"""Fifty samples a second. Each takes 20 to 150 microseconds, with the thread's wake-up."""
REARM_SHARE = 0.95
"""Share of a threshold: once memory was below it, reaching the threshold is reported again."""


def resident_memory_bytes() -> int:
    """Return the resident memory of this process now, in bytes; takes 10 microseconds on Linux.

    Linux counts pages by processor and adds them up now and then, so the answer may be wrong by 100 kB a processor.
    """
    if sys.platform == "linux":
        try:
            with open("/proc/self/statm", "rb") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            # No descriptor is left, or there is no /proc: too much is safer than too little.
            return peak_memory_bytes()
    import psutil

    return int(psutil.Process().memory_info().rss)


def peak_memory_bytes() -> int:
    """Return the highest resident memory of this process so far, in bytes.

    On Linux the system's high-water mark: ``ru_maxrss`` is inherited through exec, so a small process that a large one
    started would report its parent's.
    """
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024


class MemoryStage(NamedTuple):
    """Resident memory over one stage of the work, in bytes: at its start, at its highest, at its end."""

    name: str
    start_bytes: int
    peak_bytes: int
    end_bytes: int

    @property
    def increase_bytes(self) -> int:
        """Bytes at the end minus those at the start; negative if memory was freed."""
        return self.end_bytes - self.start_bytes


@dataclass(slots=True, eq=False)
class _Span:
    """A block or stage that is measured; ``mark_bytes`` is the process's high-water mark at its start."""

    name: str
    start_bytes: int
    peak_bytes: int
    end_bytes: int
    mark_bytes: int


@dataclass(slots=True, eq=False)
class _Threshold:
    bound_bytes: int
    callback: Callable[[int], object]
    is_armed: bool = True


class MemoryMonitor:
    """Samples this process's resident memory in a thread while a ``with`` block runs.

        with MemoryMonitor() as monitor:
            monitor.on_threshold(200 * 10**6, lambda resident: print(resident))
            with monitor.stage("tag"):
                ...
        print(monitor.peak_bytes, monitor.increase_bytes, monitor.stages)

    Samples miss what comes and goes between two of them, or while one call keeps the GIL. So the system's high-water
    mark is read at the start and the end of the block and of each stage: if it rose, it is the exact peak. If it did
    not, the process had more memory before, and a short peak below the mark can be missed. Linux could reset the mark
    for each stage (``/proc/self/clear_refs``). That is not done: the mark is the whole process's, and all its other
    readers, such as ``peak_memory_bytes``, would lose the true one.

    A monitor measures one block; several may run at once. Any thread may read figures, and add stages and thresholds.
    While the block runs, ``peak_bytes`` and ``end_bytes`` are those of the samples so far.
    """

    def __init__(
        self,
        *,
        interval_s: float = SAMPLE_INTERVAL_S,
        read_resident: Callable[[], int] | None = None,
        read_peak: Callable[[], int] = peak_memory_bytes,
    ) -> None:
        if not interval_s > 0:
            raise ValueError(f"interval_s is {interval_s}; expected seconds above 0")
        self.interval_s = interval_s
        self.stages: list[MemoryStage] = []
        """The stages that have ended, in the order of their ends."""
        self._read_resident = read_resident or _reader()
        self._read_peak = read_peak
        self._last_bytes = self._read_resident()
        self._whole = _Span("", 0, 0, 0, 0)
        self._open: list[_Span] = []
        self._thresholds: list[_Threshold] = []
        self._lock = threading.Lock()
        # Held while the block runs. An event would make a lock of its own for each wait.
        self._running = threading.Lock()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._thread is not None:
            raise RuntimeError("this monitor has measured a block already; expected a new one for each block")
        self._thread = threading.Thread(target=self._run, name="repomap-fast-memory", daemon=True)
        self._running.acquire()
        self._whole = self._begin("")
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        assert self._thread is not None
        self._running.release()
        self._thread.join()
        self._end(self._whole)

    @property
    def start_bytes(self) -> int:
        """Resident bytes at the start of the block."""
        return self._whole.start_bytes

    @property
    def peak_bytes(self) -> int:
        """Most resident bytes in the block."""
        return self._whole.peak_bytes

    @property
    def end_bytes(self) -> int:
        """Resident bytes at the end of the block."""
        return self._whole.end_bytes

    @property
    def increase_bytes(self) -> int:
        """Bytes at the end minus those at the start; negative if memory was freed."""
        return self.end_bytes - self.start_bytes

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block as a stage; stages may be nested and may overlap."""
        span = self._begin(name)
        try:
            yield
        finally:
            self._end(span)
            self.stages.append(MemoryStage(name, span.start_bytes, span.peak_bytes, span.end_bytes))

    def sample(self) -> int:
        """Take a sample now, and return the resident bytes."""
        resident_bytes = self._resident_bytes()
        with self._lock:
            self._note(resident_bytes)
        return resident_bytes

    def on_threshold(self, bound_bytes: int, callback: Callable[[int], object]) -> None:
        """Call ``callback`` with the resident bytes each time they rise to ``bound_bytes`` or above.

        It is called once, and again only after they were below 95 % of the bound; at once if they are above it already.
        It runs in the sampling thread, which waits for it, as does the end of the block. Its exceptions are logged.
        """
        with self._lock:
            self._thresholds.append(_Threshold(bound_bytes, callback))

    def _run(self) -> None:
        is_over = False
        while not is_over:
            # Take one more sample after the block, for the thresholds that it reached last.
            is_over = self._running.acquire(timeout=self.interval_s)
            resident_bytes = self._resident_bytes()
            with self._lock:
                self._note(resident_bytes)
                callbacks = [threshold.callback for threshold in self._thresholds if _is_due(threshold, resident_bytes)]
            for callback in callbacks:
                try:
                    callback(resident_bytes)
                except BaseException:
                    # SystemExit too: in a thread it would end the sampling alone.
                    logger().exception("a callback of the memory monitor failed")

    def _resident_bytes(self) -> int:
        # A system without free memory or descriptors may not answer: keep the last figure.
        try:
            self._last_bytes = self._read_resident()
        except Exception:
            logger().debug("resident memory cannot be read", exc_info=True)
        return self._last_bytes

    def _note(self, resident_bytes: int) -> None:
        for span in self._open:
            span.end_bytes = resident_bytes
            span.peak_bytes = max(span.peak_bytes, resident_bytes)

    def _begin(self, name: str) -> _Span:
        mark_bytes, resident_bytes = self._read_peak(), self._resident_bytes()
        span = _Span(name, resident_bytes, resident_bytes, resident_bytes, mark_bytes)
        with self._lock:
            self._open.append(span)
            self._note(resident_bytes)
        return span

    def _end(self, span: _Span) -> None:
        resident_bytes, mark_bytes = self._resident_bytes(), self._read_peak()
        with self._lock:
            self._note(resident_bytes)
            self._open.remove(span)
            if mark_bytes > span.mark_bytes:
                span.peak_bytes = max(span.peak_bytes, mark_bytes)


def _is_due(threshold: _Threshold, resident_bytes: int) -> bool:
    """Return whether to call back, and arm or disarm the threshold. The caller holds the lock."""
    if threshold.is_armed:
        threshold.is_armed = resident_bytes < threshold.bound_bytes
        return not threshold.is_armed
    threshold.is_armed = resident_bytes < REARM_SHARE * threshold.bound_bytes
    return False


def _reader() -> Callable[[], int]:
    import psutil

    process = psutil.Process()
    return lambda: int(process.memory_info().rss)
