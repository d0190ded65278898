"""The monitor of memory."""

from __future__ import annotations

import logging
import time

import pytest

from repomap_fast.compat.repomap_tool import (
    MemoryMonitor,
)
from repomap_fast.joining.join import give_back_memory
from repomap_fast.resources.memory import resident_memory_bytes


@pytest.mark.own_memory
def test_a_monitor_samples_the_peak_that_nobody_asks_for(caplog: pytest.LogCaptureFixture) -> None:
    alerts: list[float] = []
    above_mb = resident_memory_bytes() / 2**20 + 40
    with (
        caplog.at_level(logging.INFO, "repomap_fast"),
        MemoryMonitor(alert_mb=above_mb, on_alert=alerts.append) as monitor,
    ):
        held = bytearray(b"x" * (80 << 20))
        time.sleep(0.1)
        del held
        give_back_memory()
        assert monitor.check_memory() > 0
    metrics = monitor.metrics
    assert monitor.start_memory == metrics.start_memory_mb
    assert monitor.peak_memory == metrics.peak_memory_mb >= metrics.start_memory_mb + 70
    assert metrics.memory_increase_mb == metrics.end_memory_mb - metrics.start_memory_mb < 60
    assert len(alerts) == 1
    assert alerts[0] >= above_mb
    assert "Memory usage: MemoryMetrics(" in caplog.text
    with caplog.at_level(logging.WARNING, "repomap_fast"), MemoryMonitor(alert_mb=1):
        time.sleep(0.1)
    assert "MB of 1 MB" in caplog.text
