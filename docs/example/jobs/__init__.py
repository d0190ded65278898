"""A job queue in memory: submit a function, and workers run it, with retries."""

from jobs.queue import Queue
from jobs.retry import RetryPolicy
from jobs.worker import Worker

__all__ = ["Queue", "RetryPolicy", "Worker"]
