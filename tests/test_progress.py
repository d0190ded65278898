"""Reports reach the caller, and a cancelled caller ends the work."""

from __future__ import annotations

import threading

import pytest

from repomap_fast.errors import ScanCancelled
from repomap_fast.progress import STAGE_TAG, Progress


def test_a_report_reaches_the_caller() -> None:
    calls: list[tuple[str, int, int]] = []
    Progress(lambda *call: calls.append(call)).report(STAGE_TAG, 1, 3)
    assert calls == [("tag", 1, 3)]


def test_a_cancelled_caller_ends_the_work_after_the_report() -> None:
    calls: list[str] = []
    cancel = threading.Event()
    progress = Progress(lambda stage, _done, _total: calls.append(stage), cancel)
    progress.raise_if_cancelled()
    cancel.set()
    with pytest.raises(ScanCancelled, match="cancelled by its caller"):
        progress.report(STAGE_TAG, 0, 0)
    with pytest.raises(ScanCancelled):
        progress.raise_if_cancelled()
    assert calls == ["tag"]


def test_without_a_caller_nothing_happens() -> None:
    Progress().report(STAGE_TAG, 0, 0)
    Progress().raise_if_cancelled()


def test_a_silent_one_reports_nothing_and_hears_the_cancellation() -> None:
    told: list[object] = []
    cancel = threading.Event()
    silent = Progress(lambda *report: told.append(report), cancel).silent()
    silent.report(STAGE_TAG, 1, 2)
    cancel.set()
    with pytest.raises(ScanCancelled):
        silent.report(STAGE_TAG, 2, 2)
    assert told == []
