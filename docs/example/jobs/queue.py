"""Jobs that wait, ordered by when they may start."""

import heapq
import itertools
import threading
import time

from jobs.job import Job, State


class Queue:
    """A thread-safe queue of jobs."""

    def __init__(self) -> None:
        self._heap: list[tuple[float, int, Job]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()

    def submit(self, job: Job, delay: float = 0.0) -> None:
        """Add a job that may start after ``delay`` seconds."""
        job.not_before = time.monotonic() + delay
        job.state = State.WAITING
        with self._changed:
            heapq.heappush(self._heap, (job.not_before, next(self._numbers), job))
            self._changed.notify()

    def take(self, timeout: float) -> Job | None:
        """Return the next job that may start; None if there is none within ``timeout`` seconds."""
        end = time.monotonic() + timeout
        with self._changed:
            while not self._is_ready():
                if not self._changed.wait(min(0.01, max(0.0, end - time.monotonic()))) and time.monotonic() >= end:
                    return None
            return heapq.heappop(self._heap)[2]

    def _is_ready(self) -> bool:
        return bool(self._heap) and self._heap[0][0] <= time.monotonic()

    def __len__(self) -> int:
        return len(self._heap)
