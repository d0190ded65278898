"""Threads that run jobs: results, errors, cancellation, and that none is left behind."""

from __future__ import annotations

import signal
import sys
import threading
import time
from collections.abc import Iterator

import pytest

from repomap_fast.workers import POLL_S, for_each, run_workers


def nothing() -> None:
    pass


class Stopped:
    """A flag that jobs look at, with how often it was set."""

    def __init__(self) -> None:
        self.n_calls = 0

    def __call__(self) -> None:
        self.n_calls += 1


def count_to(n: int, stopped: Stopped | None = None, *, pause_s: float = 0.0) -> Iterator[int]:
    for i in range(n):
        if stopped is not None and stopped.n_calls:
            return
        time.sleep(pause_s)
        yield i


@pytest.mark.parametrize("n_jobs", [0, 1, 2, 7])
def test_every_result_is_taken_in_the_callers_thread(n_jobs: int, no_thread_left: None) -> None:
    taken: list[int] = []
    callers = set()

    def take(number: int) -> None:
        taken.append(number)
        callers.add(threading.get_ident())

    stopped = Stopped()
    run_workers([count_to(50) for _ in range(n_jobs)], take, poll=nothing, stop=stopped, name="test")
    assert sorted(taken) == sorted(list(range(50)) * n_jobs)
    assert callers <= {threading.get_ident()}
    assert stopped.n_calls == 0


def test_jobs_run_at_the_same_time(no_thread_left: None) -> None:
    barrier = threading.Barrier(3)

    def meet() -> Iterator[str]:
        barrier.wait(10)
        yield threading.current_thread().name

    names: list[str] = []
    run_workers([meet() for _ in range(3)], names.append, poll=nothing, stop=nothing, name="test")
    assert sorted(names) == ["test-0", "test-1", "test-2"]


def test_the_first_error_of_a_job_ends_the_others(no_thread_left: None) -> None:
    stopped = Stopped()

    def fail() -> Iterator[int]:
        yield 1
        raise ZeroDivisionError("in the job")

    endless = count_to(10**9, stopped, pause_s=0.001)
    with pytest.raises(ZeroDivisionError, match="in the job"):
        run_workers([endless, fail()], lambda _: None, poll=nothing, stop=stopped, name="test")
    assert stopped.n_calls == 1


@pytest.mark.parametrize("where", ["take", "poll"])
def test_an_error_of_the_caller_ends_all_jobs(where: str, no_thread_left: None) -> None:
    stopped = Stopped()

    def fail(*_: int) -> None:
        raise LookupError(where)

    jobs = [count_to(10**9, stopped) for _ in range(3)]
    with pytest.raises(LookupError, match=where):
        run_workers(
            jobs,
            fail if where == "take" else lambda _: None,
            poll=fail if where == "poll" else nothing,
            stop=stopped,
            name="test",
        )
    assert stopped.n_calls == 1


def test_poll_is_called_while_no_job_gives_a_result(no_thread_left: None) -> None:
    polled: list[float] = []
    release = threading.Event()

    def wait() -> Iterator[int]:
        release.wait(10)
        yield from ()

    def poll() -> None:
        polled.append(time.monotonic())
        if len(polled) == 4:
            release.set()

    run_workers([wait()], lambda _: None, poll=poll, stop=nothing, name="test")
    assert polled[3] - polled[0] < 40 * POLL_S


def test_jobs_do_not_run_far_ahead_of_what_is_taken(no_thread_left: None) -> None:
    made: list[int] = []
    most_ahead = 0

    def make() -> Iterator[int]:
        for i in range(100):
            made.append(i)
            yield i

    n_taken = 0

    def take(_: int) -> None:
        nonlocal n_taken, most_ahead
        n_taken += 1
        time.sleep(0.0005)
        most_ahead = max(most_ahead, len(made) - n_taken)

    run_workers([make(), make()], take, poll=nothing, stop=nothing, name="test")
    assert n_taken == 200
    assert most_ahead <= 2 * 2 + 2


@pytest.mark.skipif(sys.platform == "win32", reason="POSIX signals")
def test_ctrl_c_ends_all_jobs(no_thread_left: None) -> None:
    stopped = Stopped()

    def interrupt() -> Iterator[int]:
        time.sleep(0.05)
        signal.raise_signal(signal.SIGINT)
        yield from count_to(10**9, stopped, pause_s=0.001)

    start_s = time.monotonic()
    with pytest.raises(KeyboardInterrupt):
        run_workers(
            [interrupt(), count_to(10**9, stopped, pause_s=0.001)], lambda _: None, poll=nothing, stop=stopped, name="t"
        )
    assert time.monotonic() - start_s < 5
    assert stopped.n_calls == 1


@pytest.mark.parametrize("n_threads", [1, 2, 5])
def test_what_is_found_in_each_piece_comes_in_their_order(n_threads: int, no_thread_left: None) -> None:
    def look(piece: int) -> int:
        # The first pieces take longest.
        time.sleep((20 - piece) / 5_000)
        return -piece

    for n_pieces in (0, 1, 20):
        found = for_each(range(n_pieces), look, n_threads=n_threads, name="test")
        assert found == [-piece for piece in range(n_pieces)]


def test_pieces_are_looked_at_at_the_same_time(no_thread_left: None) -> None:
    barrier = threading.Barrier(2)
    assert sorted(for_each(range(2), lambda _: barrier.wait(10), n_threads=2, name="test")) == [0, 1]


def test_an_error_in_one_piece_ends_the_look_at_the_others(no_thread_left: None) -> None:
    seen = []

    def look(piece: int) -> None:
        seen.append(piece)
        if piece == 3:
            raise OSError("unreadable")
        time.sleep(0.001)

    with pytest.raises(OSError, match="unreadable"):
        for_each(range(10_000), look, n_threads=2, name="test")
    assert 3 in seen
    assert len(seen) < 5_000
