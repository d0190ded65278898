"""``repomap-fast fleet``: scan many repositories into one dataset of Parquet."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, ScanLimits, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.text import counted, printable
from repomap_fast.errors import EXIT_FILES_FAILED

if TYPE_CHECKING:
    from repomap_fast.fleet import FleetSummary, Source
    from repomap_fast.progress import ProgressCallback

_SAY_EVERY_S = 30.0
"""Seconds between two lines on how far a fleet is, where there is no bar."""
_MAX_NAMED = 10


@takes_groups
def fleet(
    list: Annotated[
        Path,
        typer.Argument(
            metavar="LIST",
            help="File with a repository on each line: a folder, an archive, or a git repository or its URL, then, if "
            "wanted, a tab and a revision. - is the standard input.",
        ),
    ],
    *,
    out: Annotated[
        str,
        typer.Option(
            "--out", "-o", metavar="DIR", help="The dataset: a folder, or a URL of fsspec. What it has is passed over."
        ),
    ],
    scheduler: Annotated[
        str | None,
        typer.Option(
            "--scheduler",
            metavar="ADDRESS",
            help="A scheduler of dask.distributed, such as tcp://HOST:8786; without it, workers of this machine.",
        ),
    ] = None,
    workers: Annotated[
        int,
        typer.Option(
            "--workers",
            "-w",
            metavar="N",
            help="Workers of this machine; 0: one for each processor, as far as the memory reaches.",
        ),
    ] = 0,
    retry_failed: Annotated[bool, typer.Option("--retry-failed", help="Scan again what failed before.")] = False,
    max_size: Annotated[
        str,
        typer.Option(
            "--max-size", metavar="SIZE", help="What an archive may unpack to, and what may be fetched of a repository."
        ),
    ] = "2G",
    max_files: Annotated[int, typer.Option("--max-files", metavar="N", help="Files of one repository.")] = 200_000,
    max_depth: Annotated[
        int, typer.Option("--max-depth", metavar="N", help="Folders around a file of an archive.")
    ] = 100,
    timeout: Annotated[float, typer.Option("--timeout", metavar="SECONDS", help="Time for one repository.")] = 900.0,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print errors alone.")] = False,
    limits: ScanLimits,
) -> None:
    """Scan the repositories of LIST into one dataset of Parquet.

    DIR gets three tables, which DuckDB and Spark read as they are: tags, files, and repositories, with a row for each.
    One that fails, or costs more than it may, is a row with the reason. The fleet may be ended at any time: started
    again, it goes on. It needs an extra: pip install 'repomap-fast[fleet]'.
    """
    with exit_codes():
        from repomap_fast.fleet import Bounds, scan_repositories

        with naming_flags():
            bounds = Bounds(
                max_bytes=max_size,  # type: ignore[arg-type]
                max_files=max_files,
                max_depth=max_depth,
                timeout=timeout,
            )
        sources = _read(list)
        options = limits.keywords()
        options["workers"] = workers
        with naming_flags(), _reports(wanted=not (no_progress or quiet)) as progress:
            summary = scan_repositories(
                sources,
                out,
                client=scheduler,
                bounds=bounds,
                retry_failed=retry_failed,
                progress=progress,
                **options,
            )
        if not quiet:
            _print(summary, out)
        if summary.n_failed:
            raise typer.Exit(EXIT_FILES_FAILED)


def _read(path: Path) -> list[Source]:
    from repomap_fast.fleet.sources import parse_list, read_list

    return parse_list(sys.stdin.buffer.read(), "-") if path == Path("-") else read_list(path)


@contextmanager
def _reports(*, wanted: bool) -> Iterator[ProgressCallback | None]:
    """Yield what shows a bar, or, where there is no terminal, says now and then how far the fleet is."""
    from repomap_fast.cli.progress_bar import progress_bar

    with progress_bar(wanted=wanted) as bar:
        yield bar or (_SaidProgress() if wanted else None)


class _SaidProgress:
    """Says how far a fleet is, a line each half minute."""

    def __init__(self) -> None:
        self._started_s = self._said_s = time.monotonic()
        self._n_before: int | None = None

    def __call__(self, stage: str, done: int, total: int) -> None:
        now_s = time.monotonic()
        if self._n_before is None:
            self._n_before = done
        if now_s - self._said_s < _SAY_EVERY_S or done == total:
            return
        self._said_s = now_s
        n_now = done - self._n_before
        left = f", about {_duration((now_s - self._started_s) / n_now * (total - done))} left" if n_now else ""
        say(f"{done:,} of {_repositories(total)} done{left}")


def _repositories(count: int) -> str:
    return counted(count, "repository", "repositories")


def _duration(seconds: float) -> str:
    minutes = round(seconds / 60)
    return f"{seconds:.0f} s" if minutes < 2 else f"{minutes} min" if minutes < 120 else f"{minutes / 60:.1f} h"


def _print(summary: FleetSummary, out: str) -> None:
    n_now = summary.n_scanned + summary.n_failed
    found = f"{counted(summary.n_files, 'file')}, {summary.size_bytes / 1e6:,.1f} MB, {counted(summary.n_tags, 'tag')}"
    speed = f", {n_now / summary.elapsed_s:,.1f} a second" if summary.elapsed_s and n_now else ""
    lines = [f"{_repositories(summary.n_scanned)} scanned: {found}, in {_duration(summary.elapsed_s)}{speed}"]
    if summary.n_failed_files:
        lines.append(f"{counted(summary.n_failed_files, 'file')} of them failed: the table files says why, as status")
    if summary.n_done_before:
        failed = f"; {summary.n_failed_before:,} of them had failed: --retry-failed scans these again"
        lines.append(
            f"{_repositories(summary.n_done_before)} passed over: done before"
            f"{failed if summary.n_failed_before else ''}"
        )
    if summary.n_failed:
        lines.append(f"{_repositories(summary.n_failed)} failed:")
        lines += [f"  {printable(name)}: {printable(reason)}" for name, reason in summary.failures[:_MAX_NAMED]]
        if summary.n_failed > _MAX_NAMED:
            lines.append("  … all are in the table repositories, where status = 'failed'")
    lines.append(f"the dataset is in {printable(out)}")
    print("\n".join(lines))
