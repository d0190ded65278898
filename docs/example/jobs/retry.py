"""When a failed job runs again."""

from dataclasses import dataclass

from jobs.job import Job


@dataclass(frozen=True)
class RetryPolicy:
    """Exponential backoff with a limit."""

    max_attempts: int = 5
    first_delay: float = 0.5
    longest_delay: float = 60.0

    def delay_after(self, job: Job) -> float | None:
        """Return the seconds to wait before the next attempt of a failed job; None to give up."""
        if job.attempts >= self.max_attempts:
            return None
        return min(self.longest_delay, self.first_delay * 2 ** (job.attempts - 1))
