"""progress: reports reach the caller, and a cancelling caller is heard at each of them."""

from __future__ import annotations

import threading

import pytest

from repomap_fast.errors import ScanCancelled
from repomap_fast.progress import Watch


def test_reports_reach_the_caller_in_its_own_thread() -> None:
    told: list[tuple[str, int, int, int]] = []
    watch = Watch(lambda *event: told.append((*event, threading.get_ident())))
    watch.report("tag", 1, 2)
    watch.report("tag", 2, 2)
    assert told == [("tag", 1, 2, threading.get_ident()), ("tag", 2, 2, threading.get_ident())]


def test_without_a_caller_nothing_happens() -> None:
    watch = Watch()
    watch.report("tag", 1, 2)
    watch.check()


def test_who_cancels_is_heard_after_the_report() -> None:
    cancel, told = threading.Event(), []

    def progress(*event: object) -> None:
        told.append(event)
        cancel.set()

    watch = Watch(progress, cancel)
    watch.check()
    with pytest.raises(ScanCancelled):
        watch.report("tag", 1, 2)
    assert told == [("tag", 1, 2)]
    with pytest.raises(ScanCancelled):
        watch.check()
