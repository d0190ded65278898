"""A deadline: how much time is left for an answer, and a watch that ends work when it is over."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from typing import Any, NamedTuple, Self

from repomap_fast.argument_types import number
from repomap_fast.errors import OptionError
from repomap_fast.progress import Progress


class TimeIsOverError(Exception):
    """The time for a piece of work is over. It never reaches a caller of the library."""


class Deadline(NamedTuple):
    """A point in time.

    end_s  in seconds of ``clock``.
    """

    end_s: float
    clock: Callable[[], float] = time.monotonic

    @classmethod
    def of(cls, given: Any) -> Self | None:
        """Return the deadline in that many seconds from now; None for None. Raises OptionError, TypeError."""
        if given is None:
            return None
        seconds = number("deadline", given)
        if not 0 < seconds < math.inf:
            raise OptionError(f"deadline is {seconds:g}; expected seconds above 0, such as 3")
        return cls(time.monotonic() + seconds)

    @property
    def left_s(self) -> float:
        """Seconds until then; below 0 afterwards."""
        return self.end_s - self.clock()

    @property
    def is_over(self) -> bool:
        """Whether it has passed."""
        return self.left_s <= 0

    def at_share(self, share: float) -> Deadline:
        """Return the point at which this share of the time that is left now has passed."""
        return Deadline(self.end_s - (1 - share) * max(self.left_s, 0.0), self.clock)

    def or_in(self, seconds: float) -> Deadline:
        """Return this deadline, or the point in that many seconds from now if it is later."""
        return Deadline(max(self.end_s, self.clock() + seconds), self.clock)

    def earlier(self, seconds: float) -> Deadline:
        """Return the point that many seconds before."""
        return Deadline(self.end_s - seconds, self.clock)


class TimedProgress(Progress):
    """Reports as another does, and raises TimeIsOverError after a deadline."""

    __slots__ = ("_deadline", "_inner")

    def __init__(self, inner: Progress, deadline: Deadline) -> None:
        super().__init__()
        self._inner = inner
        self._deadline = deadline

    def report(self, stage: str, done: int, total: int) -> None:
        """Report how far ``stage`` is. Raises ScanCancelled, TimeIsOverError."""
        self._inner.report(stage, done, total)
        self._check()

    def raise_if_cancelled(self) -> None:
        """Raise ScanCancelled if the caller has cancelled, TimeIsOverError after the deadline."""
        self._inner.raise_if_cancelled()
        self._check()

    def _check(self) -> None:
        if self._deadline.is_over:
            raise TimeIsOverError
