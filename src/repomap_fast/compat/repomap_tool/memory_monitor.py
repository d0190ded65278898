"""The plan's MemoryMonitor: ours, with its figures in mebibytes under the plan's names."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from repomap_fast.resources import memory

MEBIBYTE = 1 << 20


@dataclass
class MemoryMetrics:
    """Resident memory of the process over a block of work, in mebibytes."""

    start_memory_mb: float
    peak_memory_mb: float
    end_memory_mb: float
    memory_increase_mb: float


class MemoryMonitor(memory.MemoryMonitor):
    """Watches the process's memory while a ``with`` block runs, and logs what it was when the block ends.

        with MemoryMonitor(alert_mb=100) as monitor:
            ...
        print(monitor.metrics)

    The peak is sampled all the while, and the system's own high-water mark is read; ``check_memory`` need not be
    called, but may be.

    alert_mb  a warning is logged each time the process's memory rises to it.
    on_alert  called with the mebibytes then in use, in place of the warning.
    """

    def __init__(self, *, alert_mb: float | None = None, on_alert: Callable[[float], object] | None = None) -> None:
        super().__init__()
        self.logger = logging.getLogger("repomap_fast")
        self.start_memory: float | None = None
        if alert_mb is not None:
            tell = on_alert or (lambda used_mb: self.logger.warning("memory: %.1f MB of %g MB", used_mb, alert_mb))
            self.on_threshold(int(alert_mb * MEBIBYTE), lambda used_bytes: tell(used_bytes / MEBIBYTE))

    def __enter__(self) -> MemoryMonitor:
        super().__enter__()
        self.start_memory = self.start_bytes / MEBIBYTE
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        super().__exit__(kind, error, traceback)
        self.log_metrics(self.end_bytes / MEBIBYTE)

    @property
    def peak_memory(self) -> float:
        """Most resident mebibytes since the block began; 0 before it."""
        return self.peak_bytes / MEBIBYTE

    def check_memory(self) -> float:
        """Return the resident mebibytes now; those of a running block count for its peak."""
        return self.sample() / MEBIBYTE

    @property
    def metrics(self) -> MemoryMetrics:
        """The figures of the block; while it runs, those so far."""
        return self._metrics_until(self.end_bytes / MEBIBYTE)

    def _metrics_until(self, end_mb: float) -> MemoryMetrics:
        start_mb = self.start_bytes / MEBIBYTE
        return MemoryMetrics(start_mb, max(self.peak_memory, end_mb), end_mb, end_mb - start_mb)

    def log_metrics(self, end_memory: float) -> None:
        """Log the figures of a block that ends with so many mebibytes."""
        self.logger.info("Memory usage: %s", self._metrics_until(end_memory))
