"""``repomap-fast bench``: measures scans and maps of a folder, cold and warm, and compares with an earlier run."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repomap_fast.argument_types import parse_size
from repomap_fast.cli.arguments import NO_PROGRESS, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import refuse_links_of_repositories
from repomap_fast.cli.text import printable
from repomap_fast.errors import OptionError, StoreError
from repomap_fast.options import DEFAULT_REPEATS

if TYPE_CHECKING:
    from repomap_fast.bench.bench import AlertLimits, BenchProgress
    from repomap_fast.bench.comparison import Comparison, Ratio
    from repomap_fast.bench.runs import Run

LAST = "last"
"""What ``--compare`` takes in place of a file."""


class ReportFormat(StrEnum):
    """What ``bench --format`` and ``dashboard --format`` take."""

    TABLE = "table"
    JSON = "json"


@takes_groups
def bench(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to measure scans of.")] = Path(),
    repeats: Annotated[
        int, typer.Option("--repeats", "-n", metavar="N", help="Runs of each case; the medians are shown.")
    ] = DEFAULT_REPEATS,
    operations: Annotated[
        list[str] | None,
        typer.Option("--operation", metavar="NAME", help="Only this operation: scan, or map; may be repeated."),
    ] = None,
    states: Annotated[
        list[str] | None,
        typer.Option("--state", metavar="STATE", help="Only cold, with an empty index, or only warm, with a full one."),
    ] = None,
    compare: Annotated[
        str | None,
        typer.Option(
            "--compare",
            metavar="FILE|last",
            help="Show the figures beside those of an earlier run: that of a file (from --format json, or a history), "
            "or the last one of this folder.",
        ),
    ] = None,
    format: Annotated[ReportFormat, typer.Option("--format", "-f", help="How to print it.")] = ReportFormat.TABLE,
    alert_memory: Annotated[
        str | None,
        typer.Option(
            "--alert-memory", metavar="SIZE", help="Note when the memory rises to this, 100 MB if not given; 0: never."
        ),
    ] = None,
    alert_cpu: Annotated[
        int | None,
        typer.Option(
            "--alert-cpu",
            metavar="PERCENT",
            help="Note when a call takes a larger share; that of --max-cpu if not given.",
        ),
    ] = None,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help="Keep the run in FILE, not in the user's cache folder."),
    ] = None,
    no_history: Annotated[bool, typer.Option("--no-history", help="Do not keep the run.")] = False,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    *,
    scanning: Scanning,
) -> None:
    """Measure what scans and maps of PATH take.

    Prints wall time, processor time, memory, hit rate and throughput, stage by stage. Each run is a process of its own:
    cold starts with an empty index, warm with the index of an equal run. Your own index of PATH is neither read nor
    changed. Each call adds a line to a history, which `repomap-fast dashboard` shows.
    """
    with exit_codes():
        from repomap_fast.bench.bench import bench as run_bench
        from repomap_fast.bench.history import append_run, check_history, history_file
        from repomap_fast.bench.runs import COLD, WARM
        from repomap_fast.languages.table import find_languages
        from repomap_fast.store.cache_folder import make_cache_folder

        if no_history and history is not None:
            raise OptionError("--history and --no-history were both given; expected one of them")
        if alert_cpu is not None and alert_cpu < 1:
            raise OptionError(f"--alert-cpu is {alert_cpu}; expected at least 1")
        file = history or history_file(scanning.cache_dir)
        if history is not None:
            refuse_links_of_repositories(history, path)
            file = history.resolve()
            check_history(file)
        for name in scanning.checked().languages:
            find_languages(name)
        earlier = None if compare is None or compare == LAST else _run_in(Path(compare), path)
        with naming_flags(), _bar(wanted=not no_progress) as progress:
            run = run_bench(
                path,
                repeats=repeats,
                operations=operations or (),  # type: ignore[arg-type]
                states=states or ((COLD,) if scanning.no_cache else (COLD, WARM)),  # type: ignore[arg-type]
                alerts=_alert_limits(alert_memory, alert_cpu),
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if compare == LAST:
            earlier = _last_run(file, run)
            if earlier is None:
                say(f"note: there is no earlier run of {printable(run.root)} in {printable(file)} to compare with")
        # Before it is printed: a reader may close the pipe after the first line.
        if not no_history:
            try:
                if history is None:
                    make_cache_folder(scanning.cache_dir)
                append_run(file, run)
            except StoreError as error:
                say(f"warning: the run is not kept: {printable(str(error))}")
        _print(run, earlier, format)


def _alert_limits(alert_memory: str | None, alert_cpu: int | None) -> AlertLimits:
    from repomap_fast.bench.bench import AlertLimits

    if alert_memory is None:
        return AlertLimits(cpu_percent=alert_cpu)
    return AlertLimits(memory_bytes=parse_size(alert_memory, "--alert-memory") or None, cpu_percent=alert_cpu)


def _run_in(file: Path, path: Path) -> Run:
    """Return the run in ``file`` that is the best one to compare with: the last of the folder, else the last.

    Raises OptionError.
    """
    import os

    from repomap_fast.bench.history import read_runs

    if not file.exists():
        raise OptionError(f"--compare is {str(file)!r}, and there is no such file; expected a file of runs, or {LAST}")
    runs = read_runs(file).runs
    if not runs:
        raise OptionError(f"no run is in {str(file)!r}; expected what bench --format json prints, or a history")
    same = [run for run in runs if run.root == os.path.realpath(path)]
    return (same or runs)[-1]


def _last_run(file: Path, run: Run) -> Run | None:
    from repomap_fast.bench.comparison import last_comparable
    from repomap_fast.bench.history import read_history

    try:
        return last_comparable(read_history(file).runs, run)
    except StoreError as error:
        say(f"warning: {printable(str(error))}")
        return None


@contextmanager
def _bar(*, wanted: bool) -> Iterator[BenchProgress | None]:
    """Show on stderr which run of how many it is, and how long the rest may take."""
    if not wanted or not sys.stderr.isatty():
        yield None
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    console = Console(stderr=True)
    if console.is_dumb_terminal:
        yield None
        return
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task("")
        yield lambda what, done, total: bar.update(task, description=what.capitalize(), completed=done, total=total)


def _print(run: Run, earlier: Run | None, format: ReportFormat) -> None:
    from repomap_fast.bench.comparison import compare

    comparison = None if earlier is None else compare(earlier, run)
    if format is ReportFormat.JSON:
        from repomap_fast.cli.formats.document import print_document

        print_document(_document(run, comparison))
    else:
        from repomap_fast.cli.reports.bench_report import print_comparison, print_run

        print_run(run)
        if comparison is not None:
            print_comparison(comparison)
    sys.stdout.flush()


def _document(run: Run, comparison: Comparison | None) -> dict[str, Any]:
    """Return the run as in a history, with its medians and the comparison."""
    from dataclasses import asdict

    from repomap_fast.bench.comparison import FIGURES
    from repomap_fast.bench.runs import to_json

    medians = [
        {
            "operation": case.operation,
            "state": case.state,
            **{name: figure(case) for name, figure in FIGURES.items()},
            "range_s": case.range_s,
            "stages": [asdict(stage) for stage in case.stages],
            "alerts": [asdict(alert) for alert in case.alerts],
        }
        for case in run.cases
    ]
    return {**to_json(run), "medians": medians, "comparison": None if comparison is None else _compared(comparison)}


def _compared(comparison: Comparison) -> dict[str, Any]:
    def ratios(rows: tuple[Ratio, ...]) -> dict[str, Any]:
        return {row.name: {"before": row.before, "after": row.after, "ratio": row.ratio} for row in rows}

    return {
        "before": {"started_s": comparison.before.started_s, "commit": comparison.before.commit},
        "differences": comparison.differences,
        "cases": [
            {
                "operation": case.operation,
                "state": case.state,
                "is_within_spread": case.is_within_spread,
                "figures": ratios(case.ratios),
                "stages_s": ratios(case.stages),
            }
            for case in comparison.cases
        ],
    }
