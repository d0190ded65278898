"""Scans many repositories by the workers of dask, into one dataset of Parquet.

Dask knows a few repositories at a time, however many there are. What is done is in the dataset alone.
"""

from __future__ import annotations

import os
import queue
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from repomap_fast import __version__
from repomap_fast.argument_types import check_type
from repomap_fast.errors import FleetError, OptionError
from repomap_fast.fleet.bounds import Bounds
from repomap_fast.fleet.dataset import Dataset, Place
from repomap_fast.fleet.job import Job, commit_failure, scan_some
from repomap_fast.fleet.sources import distinct
from repomap_fast.fleet.workers import DEFAULT_MAX_MEMORY, connected, require_packages
from repomap_fast.indexing.index import Index
from repomap_fast.options import ScanKeywords, ScanOptions
from repomap_fast.progress import STAGE_REPOSITORIES, Progress

if TYPE_CHECKING:
    from repomap_fast.fleet.rows import Outcome
    from repomap_fast.fleet.sources import Source
    from repomap_fast.progress import CancelEvent, ProgressCallback

MAX_FAILURES = 100
"""Failures that a summary names; the dataset has all."""
_SCHEMA = 1
_CALLS_PER_THREAD = 2
"""Calls that dask knows, for each thread of a worker: the next one is there before the last one is done."""
_JOBS_PER_CALL = 32
"""Most repositories of a call. Those for which its time is too short come back."""
_COUNT_EVERY_S = 5.0
"""Workers may join while a fleet runs."""
_POLL_S = 0.1
_NO_WORKERS_S = 180.0
"""How long there may be no worker: one that has died is replaced within seconds."""
_NOT_OF_BYTES = ("workers", "max_memory", "max_cpu", "revision")
"""Options that do not change what is written."""


@dataclass(frozen=True, slots=True)
class FleetSummary:
    """What a fleet has done.

    n_repositories  all that were named, each once.
    n_done_before   of these, what an earlier start had done, and what is passed over therefore.
    n_failed_before  of these again, what had failed then; ``retry_failed`` scans it again.
    n_scanned       what was scanned now.
    n_failed        what failed now; ``failures`` has the names and reasons of the first 100.
    n_failed_files  files of scanned repositories that should have given tags and gave none: out of time, unreadable …
    elapsed_s       seconds that it took.
    """

    n_repositories: int
    n_done_before: int
    n_failed_before: int
    n_scanned: int
    n_failed: int
    n_files: int
    n_failed_files: int
    n_tags: int
    size_bytes: int
    elapsed_s: float
    failures: tuple[tuple[str, str], ...]


def scan_repositories(
    sources: Iterable[Source | str | os.PathLike[str]],
    out: str | os.PathLike[str],
    *,
    client: Any = None,
    bounds: Bounds | None = None,
    storage: Mapping[str, Any] | None = None,
    retry_failed: bool = False,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
    **options: Unpack[ScanKeywords],
) -> FleetSummary:
    """Scan many repositories into one dataset of Parquet, below ``out``.

    sources       folders, git repositories (bare or not), URLs of git repositories, archives (tar, zip).
    out           a folder, or a URL of fsspec. Repositories that it has are passed over.
    client        a client of dask.distributed, or the address of a scheduler; None: a ``LocalCluster``. Its workers
                  need this package, the sources and ``out`` in the same places.
    bounds        what a repository may cost. One that costs more is a row that says so.
    storage       options for the file system of fsspec.
    retry_failed  scan again what failed before.
    progress      called as (stage, done, total) in this thread.
    cancel        an event that ends the work when it is set; what is done stays.
    options       which files, and within what limits: the fields of ``ScanOptions``. ``workers`` are the processes of
                  the ``LocalCluster``, 0 for one for each processor, as far as the memory reaches; each scan has one
                  thread. ``max_memory`` is that of a worker.

    The same sources give the same bytes, with any number of workers and after any number of new starts, as long as no
    file and no repository is out of time: that depends on how busy the machine is.

    Raises FleetError, OptionError, MissingPackageError, ScanCancelled; TypeError for a wrong type.
    """
    require_packages()
    started_s = time.monotonic()
    given, bounds = ScanOptions.from_keywords(options, call=scan_repositories), bounds or Bounds()
    chosen = _for_each_repository(given)
    check_type("bounds", bounds, Bounds)
    dataset = Dataset(_anywhere(out), dict(storage or {}))
    named = list(distinct(sources))
    done, failed = dataset.prepare(_how(chosen))
    if retry_failed:
        again = [source for source in named if source.key in failed]
        dataset.forget(Place(source.key, source.shard) for source in again)
        done -= failed
    jobs = (
        Job(source, source.absolute(), dataset, chosen, bounds, __version__)
        for source in named
        if source.key not in done
    )
    n_before = sum(source.key in done for source in named)
    n_failed_before = sum(source.key in done & failed for source in named)
    count = _Count(n_before, n_failed_before, len(named), Progress(progress, cancel))
    count.report()
    if n_before < len(named):
        with connected(client, given.workers, chosen.max_memory or DEFAULT_MAX_MEMORY) as opened:
            for outcome in _outcomes(opened, jobs, len(named) - n_before, count.watch):
                count.add(outcome)
    return count.summary(time.monotonic() - started_s)


def _for_each_repository(options: ScanOptions) -> ScanOptions:
    """Return the options of each scan. Raises OptionError."""
    if options.revision is not None:
        raise OptionError("options have a revision; expected one with each source that is to have one")
    chosen = replace(options, workers=1, max_memory=options.max_memory or DEFAULT_MAX_MEMORY)
    # Languages and queries that are wrong are said once, and not by each repository.
    with (
        tempfile.TemporaryDirectory(prefix="repomap-fast-") as empty,
        Index.open_with(empty, chosen, cache=False) as index,
    ):
        index.refresh()
    return chosen


def _anywhere(out: str | os.PathLike[str]) -> str:
    """Return where the dataset is, from any working folder."""
    text = os.fspath(out)
    return text if "://" in text else str(Path(text).expanduser().absolute())


def _how(options: ScanOptions) -> dict[str, Any]:
    """Return what the bytes of the dataset depend on beside the sources."""
    chosen = {one.name: getattr(options, one.name) for one in fields(options) if one.name not in _NOT_OF_BYTES}
    shown = {name: list(value) if isinstance(value, tuple) else value for name, value in chosen.items()}
    return {"schema": _SCHEMA, "version": __version__, **shown, "queries": options.queries and str(options.queries)}


class _Count:
    """Counts what is done."""

    def __init__(self, n_before: int, n_failed_before: int, n_repositories: int, watch: Progress) -> None:
        self.watch = watch
        self._n_before, self._n_failed_before, self._n_repositories = n_before, n_failed_before, n_repositories
        self._n_done = self._n_failed = self._n_files = self._n_failed_files = self._n_tags = self._size_bytes = 0
        self._failures: list[tuple[str, str]] = []

    def add(self, outcome: Outcome) -> None:
        """Count a repository, and report it."""
        self._n_done += 1
        self._n_files += outcome.n_files
        self._n_failed_files += outcome.n_failed_files
        self._n_tags += outcome.n_tags
        self._size_bytes += outcome.size_bytes
        if outcome.reason:
            self._n_failed += 1
            if len(self._failures) < MAX_FAILURES:
                self._failures.append((outcome.repository, outcome.reason))
        self.report()

    def report(self) -> None:
        """Report what is done. Raises ScanCancelled."""
        self.watch.report(STAGE_REPOSITORIES, self._n_before + self._n_done, self._n_repositories)

    def summary(self, elapsed_s: float) -> FleetSummary:
        """Return the counts."""
        return FleetSummary(
            self._n_repositories,
            self._n_before,
            self._n_failed_before,
            self._n_done - self._n_failed,
            self._n_failed,
            self._n_files,
            self._n_failed_files,
            self._n_tags,
            self._size_bytes,
            elapsed_s,
            tuple(self._failures),
        )


def _outcomes(client: Any, jobs: Iterator[Job], n_jobs: int, watch: Progress) -> Iterator[Outcome]:
    """Yield what became of each repository, as it is known. Raises FleetError, ScanCancelled."""
    suspects: list[Job] = []
    with _Running(client, jobs, n_jobs, watch) as running:
        while running.fill():
            yield from running.next(suspects)
        # Each was with a worker that was killed, again and again: alone, it can take no other with it.
        for job in suspects:
            again: list[Job] = []
            running.start([job])
            yield from running.next(again)
            if again:
                yield commit_failure(
                    job, "the worker that scans it is killed each time, as one that takes much memory is"
                )


class _Running:
    """The calls that dask knows now, each of some repositories, and the repositories that wait."""

    def __init__(self, client: Any, jobs: Iterator[Job], n_jobs: int, watch: Progress) -> None:
        self._client = client
        self._watch = watch
        self._new, self._n_new = jobs, n_jobs
        self._back: list[Job] = []
        self._calls: dict[Any, list[Job]] = {}
        self._ended: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._n_threads = 0
        self._count_at_s = 0.0
        self._seen_s = time.monotonic()

    def __enter__(self) -> _Running:
        return self

    def __exit__(self, *_: object) -> None:
        if self._calls:
            self._client.cancel(list(self._calls), force=True)

    def fill(self) -> bool:
        """Make calls as long as there is room; return whether any runs."""
        self._count_threads()
        n_calls = max(1, self._n_threads) * _CALLS_PER_THREAD
        while len(self._calls) < n_calls and self._n_new + len(self._back):
            self.start(self._take(n_calls))
        return bool(self._calls)

    def _count_threads(self) -> None:
        """Count the threads of the workers, now and then. Raises FleetError where there are none for long."""
        now_s = time.monotonic()
        if now_s <= self._count_at_s:
            return
        self._n_threads = sum(self._client.nthreads().values())
        self._count_at_s = now_s + _COUNT_EVERY_S
        if self._n_threads:
            self._seen_s = now_s
        elif now_s - self._seen_s > _NO_WORKERS_S:
            raise FleetError(
                f"there is no worker for {_NO_WORKERS_S:.0f} s; expected one or more; a new start goes on here"
            )

    def _take(self, n_calls: int) -> list[Job]:
        """Return the repositories of the next call: a share of those that wait, so that each worker has some."""
        n_jobs = min(_JOBS_PER_CALL, -(-(self._n_new + len(self._back)) // (2 * n_calls)))
        jobs, self._back = self._back[:n_jobs], self._back[n_jobs:]
        n_before = len(jobs)
        jobs += islice(self._new, n_jobs - n_before)
        self._n_new -= len(jobs) - n_before
        return jobs

    def start(self, jobs: list[Job]) -> None:
        """Make a call."""
        future = self._client.submit(scan_some, jobs, pure=False)
        self._calls[future] = jobs
        future.add_done_callback(self._ended.put)

    def next(self, suspects: list[Job]) -> list[Outcome]:
        """Wait until some calls have ended, and return what became of their repositories.

        What dask has given up since its workers died is put into ``suspects``. Raises FleetError, ScanCancelled.
        """
        ended = [self._wait()]
        while not self._ended.empty():
            ended.append(self._ended.get())
        calls = {future: self._calls.pop(future) for future in ended}
        finished = [future for future in ended if future.status == "finished"]
        for future in ended:
            if future.status != "finished" and _is_killed(future, calls[future][0]):
                suspects += calls[future]
        try:
            found: list[list[Outcome]] = self._client.gather(finished)
        except Exception as error:
            raise FleetError(f"the workers were lost: {error}; a new start goes on where this one ended") from error
        for future, outcomes in zip(finished, found, strict=True):
            self._back += calls[future][len(outcomes) :]
        return [outcome for outcomes in found for outcome in outcomes]

    def _wait(self) -> Any:
        while True:
            self._watch.raise_if_cancelled()
            self._count_threads()
            try:
                return self._ended.get(timeout=_POLL_S)
            except queue.Empty:
                continue


def _is_killed(future: Any, first: Job) -> bool:
    """Return whether dask gave a call up since its workers died; raise any other error as FleetError."""
    from distributed import KilledWorker

    error = future.exception() if future.status == "error" else None
    if isinstance(error, KilledWorker):
        return True
    if isinstance(error, FleetError):
        raise error
    said = f"{type(error).__name__}: {error}" if error else f"it is {future.status}, as where the scheduler has ended"
    raise FleetError(f"the fleet cannot go on at {first.source.name!r}: {said}; a new start goes on there") from error
