"""Deadlines, by a clock that the test moves."""

from __future__ import annotations

import math
from typing import Any

import pytest

import repomap_fast
from repomap_fast.deadline import Deadline, TimedProgress, TimeIsOverError
from repomap_fast.errors import OptionError, ScanCancelled
from repomap_fast.progress import STAGE_TAG, Progress


class Clock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now_s = 100.0

    def __call__(self) -> float:
        return self.now_s


def test_the_time_that_is_left() -> None:
    clock = Clock()
    deadline = Deadline(104.0, clock)
    half = deadline.at_share(0.5)
    assert (deadline.left_s, half.left_s, deadline.earlier(1).left_s) == (4, 2, 3)
    clock.now_s = 102
    assert (deadline.is_over, half.is_over, deadline.at_share(0.25).left_s) == (False, True, 0.5)
    clock.now_s = 105
    assert (deadline.left_s, deadline.is_over, deadline.or_in(0.1).left_s) == (-1, True, pytest.approx(0.1))
    assert deadline.at_share(0.5).is_over


@pytest.mark.parametrize("seconds", [0, -1, math.nan, math.inf, -math.inf])
def test_a_deadline_is_in_the_future(seconds: float) -> None:
    with pytest.raises(OptionError, match=r"deadline is .*; expected seconds above 0"):
        repomap_fast.map(".", deadline=seconds)


@pytest.mark.parametrize("given", ["3", True, [3]])
def test_a_deadline_is_a_number(given: Any) -> None:
    with pytest.raises(TypeError, match="deadline is"):
        repomap_fast.map(".", deadline=given)


def test_no_deadline() -> None:
    assert Deadline.of(None) is None


def test_progress_ends_with_the_deadline_and_is_still_cancelled_before() -> None:
    class Cancel:
        def is_set(self) -> bool:
            return clock.now_s > 110

    clock, seen = Clock(), []
    timed = TimedProgress(Progress(lambda *report: seen.append(report), Cancel()), Deadline(104.0, clock))
    timed.report(STAGE_TAG, 1, 2)
    timed.raise_if_cancelled()
    clock.now_s = 104
    with pytest.raises(TimeIsOverError):
        timed.report(STAGE_TAG, 2, 2)
    with pytest.raises(TimeIsOverError):
        timed.raise_if_cancelled()
    assert seen == [(STAGE_TAG, 1, 2), (STAGE_TAG, 2, 2)]
    clock.now_s = 111
    with pytest.raises(ScanCancelled):
        timed.report(STAGE_TAG, 2, 2)
