"""Tests of the retry policy."""

from jobs.job import Job
from jobs.retry import RetryPolicy


def test_delays_double() -> None:
    policy = RetryPolicy(first_delay=1.0)
    job = Job(print, attempts=3)
    assert policy.delay_after(job) == 4.0


def test_a_job_is_given_up() -> None:
    assert RetryPolicy(max_attempts=2).delay_after(Job(print, attempts=2)) is None
