"""Threads that run jobs."""

import threading

from jobs.job import Job
from jobs.queue import Queue
from jobs.retry import RetryPolicy


class Worker(threading.Thread):
    """Takes jobs from a queue until it is stopped."""

    def __init__(self, queue: Queue, policy: RetryPolicy | None = None) -> None:
        super().__init__(daemon=True)
        self.queue = queue
        self.policy = policy or RetryPolicy()
        self._is_stopped = threading.Event()

    def run(self) -> None:
        while not self._is_stopped.is_set():
            job = self.queue.take(timeout=0.1)
            if job is not None:
                self.run_job(job)

    def run_job(self, job: Job) -> None:
        """Run one job, and submit it again if its policy allows another attempt."""
        try:
            job.run()
        except Exception as error:
            job.fail(error)
            delay = self.policy.delay_after(job)
            if delay is not None:
                self.queue.submit(job, delay)

    def stop(self) -> None:
        """Let the worker end after its current job."""
        self._is_stopped.set()
