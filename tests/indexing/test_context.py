"""The context of a refresh: limits, notes, and the wait at its end."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from repomap_fast.errors import ScanCancelled
from repomap_fast.indexing.context import Context
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.resources.governors import CpuGovernor


def test_without_limits_there_is_no_governor_and_no_wait(tmp_path: Path) -> None:
    context = Context.of(tmp_path, ScanOptions(), Progress())
    assert (context.limits.memory, context.limits.cpu, context.memory_notes()) == (None, None, [])
    context.wait_for_cpu_budget()


def test_what_memory_gave_up_is_a_note(tmp_path: Path) -> None:
    context = Context.of(tmp_path, ScanOptions(max_memory=100_000_000), Progress())
    assert context.memory_notes() == []
    assert context.limits.memory is not None
    for sentence in ("kept fewer blocks in memory", "parsed fewer files at a time"):
        context.limits.memory.note(sentence)
    (note,) = context.memory_notes()
    assert note.endswith("100 MB: kept fewer blocks in memory, parsed fewer files at a time")


def test_a_wait_can_be_cancelled(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(CpuGovernor, "pause_s", lambda _: 60.0)
    cancel = threading.Event()
    threading.Timer(0.1, cancel.set).start()
    with pytest.raises(ScanCancelled):
        Context.of(tmp_path, ScanOptions(max_cpu=10), Progress(None, cancel)).wait_for_cpu_budget()
