"""How much memory this process has: now, at its highest, and watched by a thread over a stretch of work.

Everything here is resident memory in bytes: pages in the machine's memory, those of mapped files and of shared
libraries among them; what was swapped out is not counted.
"""

from __future__ import annotations

import logging
import os
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from types import TracebackType
from typing import Self

SAMPLE_INTERVAL_S = 0.02
"""Fifty samples a second, of 20 to 150 microseconds each, waking up included."""
REARM_SHARE = 0.95
"""Of a threshold: below it, what rises through the threshold again is news again."""

_log = logging.getLogger("repomap_fast")


def resident_memory_bytes() -> int:
    """Return the resident memory of this process now, in bytes; 10 microseconds where the system has a file for it.

    Linux counts pages by processor and adds up now and then: the answer may be some 100 kB off for each processor.
    """
    if sys.platform == "linux":
        try:
            with open("/proc/self/statm", "rb") as statm:
                return int(statm.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except OSError:
            # No file left to open, or no /proc: too much is the safe side.
            return peak_memory_bytes()
    import psutil

    return int(psutil.Process().memory_info().rss)


def peak_memory_bytes() -> int:
    """Return the most resident memory that this process has had so far, in bytes.

    Linux's own high-water mark is read where there is one: ``ru_maxrss`` is inherited through exec, so that a
    small process started by a large one would report its parent's.
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


@dataclass(frozen=True, slots=True)
class MemoryStage:
    """Resident memory over one stage of the work, in bytes: at its start, at its highest, at its end."""

    name: str
    start_bytes: int
    peak_bytes: int
    end_bytes: int

    @property
    def increase_bytes(self) -> int:
        """Bytes at the end above those at the start; negative where memory was given back."""
        return self.end_bytes - self.start_bytes


@dataclass(slots=True, eq=False)
class _Span:
    """A stretch of time that is being measured; ``mark_bytes`` is the process's high-water mark when it began."""

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
    """Watches this process's resident memory while a ``with`` block runs; psutil is asked in a thread of its own.

        with MemoryMonitor() as monitor:
            monitor.on_threshold(200 * 10**6, lambda resident: print(resident))
            with monitor.stage("tag"):
                ...
        print(monitor.peak_bytes, monitor.increase_bytes, monitor.stages)

    A sample sees nothing of what comes and goes between two samples, nor of what happens while one call keeps the GIL.
    So the system's own high-water mark is read where the block and each stage begin and end: where it rose in between,
    it is the exact peak. Where it did not, the process had had more memory before, and a short peak below that mark can
    be missed. Linux could set the mark back for each stage (``/proc/self/clear_refs``); that is not done, since the
    mark is the whole process's: every other reader, ``peak_memory_bytes`` among them, would lose the true one.

    One monitor watches one block; several may run at once. Figures may be read, and stages and thresholds added, from
    any thread. While the block runs, ``peak_bytes`` and ``end_bytes`` are those of the samples so far.
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
        """The stages that have ended, in the order in which they did."""
        self._read_resident = read_resident or _reader()
        self._read_peak = read_peak
        self._last_bytes = self._read_resident()
        self._whole = _Span("", 0, 0, 0, 0)
        self._open: list[_Span] = []
        self._thresholds: list[_Threshold] = []
        self._lock = threading.Lock()
        # Held while the block runs. An event would do as well, but makes a lock of its own each time it is waited for.
        self._running = threading.Lock()
        self._thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        if self._thread is not None:
            raise RuntimeError("this monitor has had its block; expected a new one for each")
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
        """Resident bytes when the block began."""
        return self._whole.start_bytes

    @property
    def peak_bytes(self) -> int:
        """Most resident bytes in the block."""
        return self._whole.peak_bytes

    @property
    def end_bytes(self) -> int:
        """Resident bytes when the block ended."""
        return self._whole.end_bytes

    @property
    def increase_bytes(self) -> int:
        """Bytes at the end above those at the start; negative where memory was given back."""
        return self.end_bytes - self.start_bytes

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure the block as a stage of its own; stages may lie in one another and beside one another."""
        span = self._begin(name)
        try:
            yield
        finally:
            self._end(span)
            self.stages.append(MemoryStage(name, span.start_bytes, span.peak_bytes, span.end_bytes))

    def sample(self) -> int:
        """Look now rather than when the thread next does; return the resident bytes."""
        resident_bytes = self._resident_bytes()
        with self._lock:
            self._note(resident_bytes)
        return resident_bytes

    def on_threshold(self, bound_bytes: int, callback: Callable[[int], object]) -> None:
        """Have ``callback`` called with the resident bytes each time they rise to ``bound_bytes`` or above.

        It is called once, and again only after they were below 95 % of the bound; at once if they are above it already.
        It runs in the sampling thread, which waits for it, and the end of the block waits for both; what it raises is
        logged.
        """
        with self._lock:
            self._thresholds.append(_Threshold(bound_bytes, callback))

    def _run(self) -> None:
        is_over = False
        while not is_over:
            # One more sample when the block is over, for the thresholds that it rose through last.
            is_over = self._running.acquire(timeout=self.interval_s)
            resident_bytes = self._resident_bytes()
            with self._lock:
                self._note(resident_bytes)
                callbacks = [threshold.callback for threshold in self._thresholds if _is_due(threshold, resident_bytes)]
            for callback in callbacks:
                try:
                    callback(resident_bytes)
                except BaseException:
                    # SystemExit too: in a thread it would end nothing but the sampling.
                    _log.exception("a callback of the memory monitor failed")

    def _resident_bytes(self) -> int:
        # A system that is short of memory or of open files may not answer: what is known stands.
        try:
            self._last_bytes = self._read_resident()
        except Exception:
            _log.debug("resident memory cannot be read", exc_info=True)
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
    """Tell whether to call back, and arm or disarm the threshold. The caller holds the lock."""
    if threshold.is_armed:
        threshold.is_armed = resident_bytes < threshold.bound_bytes
        return not threshold.is_armed
    threshold.is_armed = resident_bytes < REARM_SHARE * threshold.bound_bytes
    return False


def _reader() -> Callable[[], int]:
    import psutil

    process = psutil.Process()
    return lambda: int(process.memory_info().rss)
