"""One unit of work and its state."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import Enum


class State(Enum):
    """The states of a job."""

    WAITING = "waiting"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


@dataclass
class Job:
    """A function, its arguments, and what became of them."""

    target: Callable[..., object]
    arguments: tuple[object, ...] = ()
    attempts: int = 0
    not_before: float = 0.0
    state: State = State.WAITING
    errors: list[str] = field(default_factory=list)

    def run(self) -> object:
        """Call the function once. Raises what the function raises."""
        self.attempts += 1
        self.state = State.RUNNING
        result = self.target(*self.arguments)
        self.state = State.DONE
        return result

    def fail(self, error: Exception) -> None:
        """Record an error of the last attempt."""
        self.errors.append(repr(error))
        self.state = State.FAILED
