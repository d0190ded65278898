"""Sources, bytes and a stand-in for dask's client, for the tests of fleets."""

from __future__ import annotations

import tarfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

from repomap_fast import __version__
from repomap_fast.fleet.bounds import Bounds
from repomap_fast.fleet.dataset import Dataset
from repomap_fast.fleet.job import Job
from repomap_fast.fleet.sources import Source
from repomap_fast.options import ScanOptions
from support.repositories import write_files


class InlineFuture:
    """What a call gave, as a future of dask has it."""

    def __init__(self, call: Callable[[list[Job]], Any], jobs: list[Job]) -> None:
        self.status, self._found, self._error = "finished", None, None
        try:
            self._found = call(jobs)
        except Exception as error:
            self.status, self._error = "error", error

    def add_done_callback(self, call: Callable[[Any], None]) -> None:
        call(self)

    def exception(self) -> Exception | None:
        return self._error

    def result(self) -> Any:
        return self._found


class InlineClient:
    """A client of dask that does the work at once, in this process.

    before     called with each job; what it raises, the worker has raised.
    n_at_once  repositories that a call does, as if they took their time.
    most       repositories that were known at once.
    n_of_calls  repositories of each call.
    """

    def __init__(self, before: Callable[[Job], None] = lambda _: None, n_at_once: int = 1) -> None:
        self._before = before
        self._n_at_once = n_at_once
        self.cancelled: list[Any] = []
        self.most = 0
        self.n_of_calls: list[int] = []
        self._n_known = 0

    def submit(self, call: Callable[[list[Job]], Any], jobs: list[Job], *, pure: bool) -> InlineFuture:
        assert not pure
        self.n_of_calls.append(len(jobs))
        self._n_known += len(jobs)
        self.most = max(self.most, self._n_known)

        def work(jobs: list[Job]) -> Any:
            for job in jobs:
                self._before(job)
            return call(jobs[: self._n_at_once])

        return InlineFuture(work, jobs)

    def gather(self, futures: list[InlineFuture]) -> list[Any]:
        self._n_known = 0
        return [future.result() for future in futures]

    def cancel(self, futures: list[Any], *, force: bool) -> None:
        assert force
        self.cancelled += futures

    def nthreads(self) -> dict[str, int]:
        return {"tcp://one": 2}


def job_for(location: str | Path, out: Path, revision: str | None = None, **bounds: Any) -> Job:
    """Return the job of one source."""
    source = Source(str(location), revision)
    return Job(source, source.absolute(), Dataset(str(out), {}), ScanOptions(workers=1), Bounds(**bounds), __version__)


def make_sources(root: Path, n: int = 3) -> list[Path]:
    """Make folders and an archive, all small."""
    folders = [
        write_files(root / f"r{i}", {"a.py": f"def f{i}():\n    return g{i}()\n", "b/c.js": f"function h{i}() {{}}\n"})
        for i in range(n)
    ]
    with tarfile.open(root / "packed.tar.gz", "w:gz") as archive:
        archive.add(folders[0], "packed-1.0")
    return [*folders, root / "packed.tar.gz"]


def bytes_of(out: Path) -> dict[str, bytes]:
    """Return all files of a dataset."""
    return {path.relative_to(out).as_posix(): path.read_bytes() for path in sorted(out.rglob("*")) if path.is_file()}


def rows_of(out: Path, table: str) -> list[dict[str, Any]]:
    """Return the rows of a table, without the shard, in the order of repositories."""
    from pyarrow import dataset

    rows = dataset.dataset(out / table, partitioning="hive").to_table().to_pylist()
    return sorted(({**row, "shard": None} for row in rows), key=lambda row: row["repository"])
