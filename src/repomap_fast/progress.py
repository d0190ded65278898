"""Progress and cancellation: how stages report to the caller, and how the caller stops them.

No stage calls the caller back in another thread than the caller's own.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol, TypeAlias

from repomap_fast.errors import ScanCancelled

ProgressCallback: TypeAlias = Callable[[str, int, int], None]
"""Called as ``(stage, done, total)`` in the caller's own thread; ``total`` is 0 while it is not known."""

STAGE_DISCOVER = "discover"
"""Files found so far."""
STAGE_CHECK = "check"
"""Files whose contents were compared with the index, of all that may have changed."""
STAGE_LOOK = "look"
"""Files in which the words of a query were looked for, before they are parsed; only with a deadline."""
STAGE_TAG = "tag"
"""Files tagged, of all that have a language."""
STAGE_JOIN = "join"
"""Files whose tags were joined into one table, of all that have a language."""
STAGE_LINES = "lines"
"""Files whose lines were counted, of all that have a language; only for a report."""
STAGE_USES = "uses"
"""Files whose references were resolved, of all that were found; only to find what nothing refers to."""
STAGE_REPOSITORIES = "repositories"
"""Repositories of a fleet that are done, of all."""
STAGE_RANK = "rank"
"""The entries of a map are ranked; it is timed, and reports no progress."""
STAGE_DRAW = "draw"
"""The best entries are drawn, as many as fit; it is timed, and reports no progress."""


class CancelEvent(Protocol):
    """An event that can be set: threading.Event, multiprocessing.Event, asyncio.Event …"""

    def is_set(self) -> bool:
        """Return whether the work is to stop."""
        ...


class Progress:
    """Reports progress to the caller, and raises ScanCancelled when the caller cancels."""

    __slots__ = ("_callback", "_cancel")

    def __init__(self, callback: ProgressCallback | None = None, cancel: CancelEvent | None = None) -> None:
        self._callback = callback
        self._cancel = cancel

    def report(self, stage: str, done: int, total: int) -> None:
        """Report how far ``stage`` is. Raises ScanCancelled."""
        if self._callback is not None:
            self._callback(stage, done, total)
        self.raise_if_cancelled()

    def silent(self) -> Progress:
        """Return one that hears the same cancellation and reports nothing."""
        return Progress(None, self._cancel)

    def raise_if_cancelled(self) -> None:
        """Raise ScanCancelled if the caller has cancelled."""
        if self._cancel is not None and self._cancel.is_set():
            raise ScanCancelled("the scan was cancelled by its caller")
