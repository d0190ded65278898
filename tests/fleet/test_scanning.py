"""Many repositories give one dataset, the same bytes whatever happens on the way."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest

from repomap_fast.errors import FleetError, OptionError, ScanCancelled
from repomap_fast.fleet import Bounds, FleetSummary, scan_repositories, scanning
from repomap_fast.fleet.job import Job
from support.fleets import InlineClient, bytes_of, make_sources, rows_of

pytest.importorskip("distributed")
pytest.importorskip("pyarrow")


@pytest.fixture(scope="module")
def sources(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    folder = tmp_path_factory.mktemp("sources")
    return [*make_sources(folder), folder / "missing"]


@pytest.fixture(scope="module")
def quiet(sources: list[Path], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The dataset of one run that nothing disturbed."""
    out = tmp_path_factory.mktemp("quiet") / "out"
    run(sources, out)
    return out


def run(sources: list[Path], out: Path, client: Any = None, **keywords: Any) -> FleetSummary:
    return scan_repositories(sources, out, client=client or InlineClient(), **keywords)


def test_the_dataset_has_all_rows(sources: list[Path], quiet: Path) -> None:
    rows = {row["repository"]: row for row in rows_of(quiet, "repositories")}
    assert [rows[str(path)]["status"] for path in sources] == ["scanned"] * 4 + ["failed"]
    assert rows[str(sources[-1])]["reason"].startswith("there is no")
    tags = [row["name"] for row in rows_of(quiet, "tags") if row["repository"] == str(sources[1])]
    assert tags == ["f1", "g1", "h1"]
    packed = [(row["path"], row["status"]) for row in rows_of(quiet, "files") if row["repository"] == str(sources[3])]
    assert packed == [("a.py", "tagged"), ("b/c.js", "tagged")]


def test_duckdb_reads_it_as_it_is(sources: list[Path], quiet: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    duckdb = pytest.importorskip("duckdb")
    monkeypatch.chdir(quiet)
    query = "select repository, count(*) from 'tags/**/*.parquet' group by all order by all"
    assert duckdb.sql(query).fetchall() == sorted((str(path), 3) for path in sources[:4])


def test_the_summary_counts_and_names_what_failed(sources: list[Path], tmp_path: Path) -> None:
    seen: list[tuple[str, int, int]] = []
    client = InlineClient()
    summary = run([*sources, sources[0]], tmp_path / "out", client, progress=lambda *report: seen.append(report))
    assert (summary.n_repositories, summary.n_scanned, summary.n_failed, summary.n_tags) == (5, 4, 1, 12)
    assert (summary.n_files, summary.n_failed_files) == (8, 0)
    assert [name for name, _ in summary.failures] == [str(sources[-1])]
    assert seen == [("repositories", n, 5) for n in range(6)]
    again = run(sources, tmp_path / "out", client)
    assert (again.n_done_before, again.n_failed_before, again.n_scanned, again.n_failed) == (5, 1, 0, 0)


def test_what_failed_is_scanned_again_where_that_is_wanted(tmp_path: Path) -> None:
    sources = [tmp_path / "late"]
    assert run(sources, tmp_path / "out").n_failed == 1
    (tmp_path / "late").mkdir()
    assert run(sources, tmp_path / "out").n_done_before == 1
    again = run(sources, tmp_path / "out", retry_failed=True)
    assert (again.n_done_before, again.n_failed_before, again.n_scanned) == (0, 0, 1)
    (row,) = rows_of(tmp_path / "out", "repositories")
    assert row["status"] == "scanned"


def test_dask_knows_a_few_repositories_at_a_time(tmp_path: Path) -> None:
    client = InlineClient(n_at_once=32)
    run([tmp_path / str(n) for n in range(400)], tmp_path / "out", client)
    assert client.most == 128
    assert len(rows_of(tmp_path / "out", "repositories")) == 400


def test_a_few_repositories_are_divided_among_the_workers(tmp_path: Path) -> None:
    client = InlineClient(n_at_once=32)
    run([tmp_path / str(n) for n in range(16)], tmp_path / "out", client)
    assert client.n_of_calls[:4] == [2, 2, 2, 2]


def test_a_full_disk_ends_the_fleet_and_a_new_start_gives_the_same_bytes(
    sources: list[Path], quiet: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from fsspec.implementations.local import LocalFileSystem

    true_pipe = LocalFileSystem.pipe_file
    for n_before in range(0, 13, 3):
        out, n_written = tmp_path / str(n_before), 0

        def pipe(self: Any, target: str, part: bytes, limit: int = n_before) -> None:
            nonlocal n_written
            n_written += 1
            if n_written > limit:
                Path(target).write_bytes(b"half")
                raise OSError(28, "No space left on device")
            true_pipe(self, target, part)

        with monkeypatch.context() as patch:
            patch.setattr(LocalFileSystem, "pipe_file", pipe)
            with pytest.raises(FleetError, match="No space left"):
                run(sources, out)
        run(sources, out)
        assert bytes_of(out) == bytes_of(quiet)


def test_one_that_kills_its_workers_costs_its_own_row(sources: list[Path], tmp_path: Path) -> None:
    from distributed import KilledWorker

    def kill(job: Job) -> None:
        # Each of its call goes with it, and is scanned alone afterwards.
        if job.source.name == str(sources[0]):
            raise KilledWorker("key", None, 3)

    summary = run(sources, tmp_path / "out", InlineClient(kill))
    assert (summary.n_scanned, summary.n_failed) == (3, 2)
    (row,) = (row for row in rows_of(tmp_path / "out", "repositories") if row["repository"] == str(sources[0]))
    assert "the worker that scans it is killed each time" in row["reason"]


def test_cancelling_ends_it_and_keeps_what_is_done(sources: list[Path], quiet: Path, tmp_path: Path) -> None:
    cancel = threading.Event()
    with pytest.raises(ScanCancelled):
        run(sources, tmp_path / "out", progress=lambda _, done, __: cancel.set() if done == 2 else None, cancel=cancel)
    run(sources, tmp_path / "out")
    assert bytes_of(tmp_path / "out") == bytes_of(quiet)


def test_a_scheduler_without_workers_is_not_waited_for_without_end(
    sources: list[Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = InlineClient()
    monkeypatch.setattr(client, "nthreads", dict)
    monkeypatch.setattr(scanning, "_NO_WORKERS_S", -1.0)
    with pytest.raises(FleetError, match="there is no worker for"):
        run(sources, tmp_path / "out", client)


def test_wrong_arguments_are_named(sources: list[Path], tmp_path: Path) -> None:
    with pytest.raises(OptionError, match="workers is -1"):
        run(sources, tmp_path, workers=-1)
    with pytest.raises(OptionError, match="options have a revision"):
        run(sources, tmp_path, revision="v1")
    with pytest.raises(TypeError, match="bounds"):
        run(sources, tmp_path, bounds={"timeout": 1})


def test_options_and_bounds_hold_for_each_repository(sources: list[Path], tmp_path: Path) -> None:
    summary = run(sources[:3], tmp_path / "out", languages="python")
    assert (summary.n_files, summary.n_tags) == (3, 6)
    with pytest.raises(OptionError, match=r"was made with languages \['python'\] and not \[\]"):
        run(sources, tmp_path / "out")
    assert run(sources[:3], tmp_path / "out2", bounds=Bounds(max_files=1)).n_failed == 3


FLEET = """
import sys
from repomap_fast.fleet import read_list, scan_repositories

if __name__ == "__main__":
    scan_repositories(read_list(sys.argv[1]), sys.argv[2], workers=int(sys.argv[3]))
"""


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A list of 60 repositories that take a while."""
    root = tmp_path_factory.mktemp("many")
    lines = "".join(f"def f{n}():\n    return g{n}(h{n})\n" for n in range(3000))
    for n in range(60):
        (root / f"r{n}").mkdir()
        (root / f"r{n}" / "a.py").write_text(f"x{n} = 1\n{lines}")
    (root / "fleet.py").write_text(FLEET)
    (root / "list").write_text("".join(f"{root}/r{n}\n" for n in range(60)))
    return root


def start(many: Path, out: Path, workers: int) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, many / "fleet.py", many / "list", out, str(workers)])


@pytest.fixture(scope="module")
def undisturbed(many: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("undisturbed") / "out"
    assert start(many, out, 1).wait(120) == 0
    assert len(bytes_of(out)) == 181
    return out


def wait_for_rows(out: Path, n: int) -> None:
    end_s = time.monotonic() + 60
    while len([*(out / "repositories").rglob("*.parquet")]) < n:
        assert time.monotonic() < end_s
        time.sleep(0.02)


@pytest.fixture
def started(many: Path, tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    process = start(many, tmp_path / "out", 2)
    yield process
    process.kill()
    process.wait()


def is_worker(process: psutil.Process) -> bool:
    """Return whether a process is a worker that runs: one that was killed before has no command line any more."""
    try:
        return "spawn_main" in " ".join(process.cmdline())
    except psutil.Error:
        return False


@pytest.mark.slow
def test_killed_workers_cost_time_alone(undisturbed: Path, started: subprocess.Popen[bytes], tmp_path: Path) -> None:
    for n in (5, 20, 35):
        wait_for_rows(tmp_path / "out", n)
        workers = [one for one in psutil.Process(started.pid).children(recursive=True) if is_worker(one)]
        assert workers
        workers[0].send_signal(signal.SIGKILL)
    assert started.wait(120) == 0
    assert bytes_of(tmp_path / "out") == bytes_of(undisturbed)


@pytest.mark.slow
def test_a_killed_client_is_started_again(
    many: Path, undisturbed: Path, started: subprocess.Popen[bytes], tmp_path: Path
) -> None:
    wait_for_rows(tmp_path / "out", 10)
    os.kill(started.pid, signal.SIGKILL)
    started.wait()
    assert start(many, tmp_path / "out", 1).wait(120) == 0
    assert bytes_of(tmp_path / "out") == bytes_of(undisturbed)


@pytest.mark.slow
def test_two_workers_give_the_bytes_of_one(undisturbed: Path, started: subprocess.Popen[bytes], tmp_path: Path) -> None:
    assert started.wait(120) == 0
    assert bytes_of(tmp_path / "out") == bytes_of(undisturbed)
