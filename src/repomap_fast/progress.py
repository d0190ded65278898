"""Progress and cancellation: what the stages tell their caller, and how the caller stops them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from repomap_fast.errors import ScanCancelled

ProgressCallback: TypeAlias = Callable[[str, int, int], None]
"""Called as ``(stage, done, total)`` in the caller's own thread; ``total`` is 0 while it is not known."""

STAGE_DISCOVER = "discover"
"""Files found so far."""
STAGE_CHECK = "check"
"""Files whose contents were compared with what is kept, of all that may have changed."""
STAGE_TAG = "tag"
"""Files tagged, of all that have a language."""
STAGE_JOIN = "join"
"""Files whose tags were joined into one table, of all that have a language."""
STAGE_RANK = "rank"
"""What a map could show is put in order; reported by its time alone."""
STAGE_DRAW = "draw"
"""As much of it as fits is shown; reported by its time alone."""


class CancelEvent(Protocol):
    """Whatever can say that it was set: threading.Event, multiprocessing.Event, asyncio.Event …"""

    def is_set(self) -> bool:
        """Return whether the work is to be left."""
        ...


class Watch:
    """One scan's line to its caller: stages report through it, and leave through it when they are cancelled."""

    __slots__ = ("_cancel", "_progress")

    def __init__(self, progress: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> None:
        self._progress = progress
        self._cancel = cancel

    def report(self, stage: str, done: int, total: int) -> None:
        """Tell the caller how far ``stage`` is; raise ScanCancelled if the caller wants no more."""
        if self._progress is not None:
            self._progress(stage, done, total)
        self.check()

    def check(self) -> None:
        """Raise ScanCancelled if the caller wants no more."""
        if self._cancel is not None and self._cancel.is_set():
            raise ScanCancelled("the scan was cancelled by its caller")
