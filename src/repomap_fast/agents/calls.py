"""The calls of tools that a server is in the middle of, whatever protocol they came by, and the end of its process."""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from repomap_fast.errors import RepoMapError

if TYPE_CHECKING:
    from pathlib import Path

    from repomap_fast.agents.roots import Roots
    from repomap_fast.options import ScanOptions

INSTRUCTIONS = (
    "A map of this repository. Every answer is as new as the files. Begin a task with repo_map, with the task as its "
    "query. Then use read_symbol in place of whole files, search_symbols for where something is defined, and "
    "find_references for who uses it."
)
_PROGRESS_S = 0.1
"""Between two reports of progress."""
_TIDY_S = 0.02
"""After a call, until the memory of old results is given back."""
_GRACE_S = 0.3
"""How long calls have to end when the process ends."""
_STAGES = {"discover": (0, 5), "check": (5, 10), "tag": (10, 90), "join": (90, 100)}
"""The share of each stage in the progress of a scan, in percent."""


class Calls:
    """Calls of tools over some roots, from any number of threads."""

    def __init__(self, options: ScanOptions, cache_dir: Path | None = None) -> None:
        self._options = options
        self._cache_dir = cache_dir
        self._opening = threading.Lock()
        self._roots: Roots | None = None
        self._running: set[threading.Event] = set()
        self._tidying = threading.Lock()
        self._is_tidy_due = False

    def run(
        self,
        name: str,
        arguments: Mapping[str, Any] | None,
        paths: Sequence[Path],
        *,
        progress: Progress,
        cancel: threading.Event,
    ) -> str:
        """Return the answer of a tool. Raises RepoMapError, whose message is for the model."""
        # The index and numpy are loaded by the first call, not by the handshake.
        from repomap_fast.agents import tools
        from repomap_fast.agents.roots import AnswerError

        self._running.add(cancel)
        try:
            # Here, since another root may be closed for it, after the call that is in it.
            roots = self._open_roots().at(paths)
            return tools.call(name, arguments, roots, progress=progress, cancel=cancel)
        except RepoMapError:
            raise
        except Exception as error:
            if not cancel.is_set():
                sys.stderr.write(f"repomap-fast: {type(error).__name__}: {error}\n")
            raise AnswerError(f"repomap-fast failed with {type(error).__name__}: {error}") from error
        finally:
            self._running.discard(cancel)
            self._tidy_soon()

    def _open_roots(self) -> Roots:
        from repomap_fast.agents.roots import Roots

        with self._opening:
            if self._roots is None:
                self._roots = Roots(self._options, self._cache_dir)
            return self._roots

    def _tidy_soon(self) -> None:
        """Give back the memory of old results, after the answer has left: it takes some milliseconds."""
        with self._tidying:
            if not self._is_tidy_due:
                self._is_tidy_due = True
                timer = threading.Timer(_TIDY_S, self._tidy)
                timer.daemon = True
                timer.start()

    def _tidy(self) -> None:
        from repomap_fast.joining.join import tidy_memory

        with self._tidying:
            self._is_tidy_due = False
        tidy_memory()

    def freeze(self) -> None:
        """Keep what is imported by now out of collections: then one takes less than a millisecond."""
        if self._roots is not None:
            # A result is part of a circle, and would never be collected.
            self._roots.let_go()
        gc.collect()
        gc.freeze()

    def end(self) -> None:
        """Cancel all calls, wait for them a moment, and close all indexes that no call uses."""
        for cancel in list(self._running):
            cancel.set()
        end = time.monotonic() + _GRACE_S
        while self._running and time.monotonic() < end:
            time.sleep(0.005)
        if not self._running and self._roots is not None:
            self._roots.close()


class Progress:
    """Reports the progress of one call, from its thread. Each report is above the last.

    send  takes the percent and a message; None where nobody wants to know. It raises where the client is gone.
    """

    def __init__(self, send: Callable[[float, str], object] | None) -> None:
        self._send = send
        self._last = -1.0
        self._next_s = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report how far a stage is."""
        now_s = time.monotonic()
        if self._send is None or now_s < self._next_s:
            return
        start, end = _STAGES.get(stage, (100, 100))
        percent = start + (end - start) * min(1.0, done / total if total else done / (done + 10_000))
        if percent <= self._last:
            return
        self._last, self._next_s = percent, now_s + _PROGRESS_S
        message = f"{stage}: {done:,} of {total:,} files" if total else f"{stage}: {done:,} files"
        try:
            self._send(percent, message)
        except Exception:
            # The client is gone, or the call was cancelled. The scan notices by itself.
            self._send = None


def leaver(calls: Calls) -> Callable[[], None]:
    """Return a function that ends the process, after calls had a moment to end; SIGTERM and SIGINT call it too."""
    lock = threading.Lock()

    def leave() -> None:
        # Of several reasons to leave, the first does the work.
        if lock.acquire(blocking=False):
            calls.end()
            os._exit(0)

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: leave())
    return leave
