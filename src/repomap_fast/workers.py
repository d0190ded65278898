"""Runs jobs in threads, and hands what they give to the caller's own thread.

No other module starts threads for a step, and none of them outlives the call.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

POLL_S = 0.05
"""How often the caller's thread checks for a cancellation and for Ctrl-C."""
_DRAIN_S = 0.005

Result = TypeVar("Result")
Piece = TypeVar("Piece")


def run_workers(
    jobs: Sequence[Iterator[Result]],
    take: Callable[[Result], None],
    *,
    poll: Callable[[], None],
    stop: Callable[[], None],
    name: str,
) -> None:
    """Run each job to its end in a thread of its own; return when all have ended.

    jobs  iterators, usually generators. Each is advanced in one thread only.
    take  called in this thread with each result. Jobs that are two results ahead of it wait.
    poll  called in this thread after each result, and at least every ``POLL_S``.
    stop  called in this thread once, if the run ends early: the jobs should end soon after.
    name  the threads' names begin with it.

    Raises the first exception of a job, of ``take`` or of ``poll``, and KeyboardInterrupt. No thread is left behind.
    """
    results: queue.Queue[tuple[Result] | BaseException | None] = queue.Queue(2 * len(jobs))

    def run(job: Iterator[Result]) -> None:
        error: BaseException | None = None
        try:
            for result in job:
                results.put((result,))
        except BaseException as raised:
            error = raised
        results.put(error)

    threads = [threading.Thread(target=run, args=(job,), name=f"{name}-{i}", daemon=True) for i, job in enumerate(jobs)]
    try:
        for thread in threads:
            thread.start()
        n_running = len(threads)
        while n_running:
            try:
                given = results.get(timeout=POLL_S)
            except queue.Empty:
                pass
            else:
                if isinstance(given, tuple):
                    take(given[0])
                elif given is None:
                    n_running -= 1
                else:
                    raise given
            poll()
    except BaseException:
        stop()
        _drain(results, threads)
        raise
    for thread in threads:
        thread.join()


def for_each(pieces: Sequence[Piece], look: Callable[[Piece], Result], *, n_threads: int, name: str) -> list[Result]:
    """Return what ``look`` gives for each piece, in their order; with several threads where there are several pieces.

    It raises what ``look`` raises, and KeyboardInterrupt. No thread is left behind.
    """
    if min(n_threads, len(pieces)) < 2:
        return [look(piece) for piece in pieces]
    found: dict[int, Result] = {}
    numbers = iter(range(len(pieces)))

    def look_at_some() -> Iterator[tuple[int, Result]]:
        # The GIL makes next() of a range iterator safe across threads.
        for number in numbers:
            yield number, look(pieces[number])

    def stop() -> None:
        for _ in numbers:
            pass

    def poll() -> None:
        pass

    jobs = [look_at_some() for _ in range(n_threads)]
    run_workers(jobs, lambda one: found.update([one]), poll=poll, stop=stop, name=name)
    return [found[number] for number in range(len(pieces))]


def _drain(results: queue.Queue[tuple[Result] | BaseException | None], threads: Sequence[threading.Thread]) -> None:
    """Wait for the threads that were started. A thread that waits for room in the queue gets it."""
    for thread in threads:
        while thread.is_alive():
            try:
                results.get(timeout=_DRAIN_S)
            except queue.Empty:
                continue
        if thread.ident is not None:
            thread.join()
