"""``repomap-fast dashboard``: the history of benchmark runs, in the terminal, as JSON, or as a page."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repomap_fast.cli.arguments import CACHE_DIR
from repomap_fast.cli.commands.bench import ReportFormat
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.text import counted, printable
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.bench.runs import Run
    from repomap_fast.bench.series import CaseSeries, Series


def dashboard(
    path: Annotated[
        Path | None, typer.Argument(metavar="PATH", help="Folder whose runs are shown; all folders if not given.")
    ] = None,
    html: Annotated[
        Path | None,
        typer.Option("--html", metavar="FILE", help="Write one page with charts to FILE; - is the standard output."),
    ] = None,
    format: Annotated[ReportFormat, typer.Option("--format", "-f", help="How to print it.")] = ReportFormat.TABLE,
    last: Annotated[int, typer.Option("--last", metavar="N", help="Take the means over the last N runs.")] = 10,
    history: Annotated[
        Path | None,
        typer.Option("--history", metavar="FILE", help="Show the runs in FILE, not those in the user's cache folder."),
    ] = None,
    ascii: Annotated[bool, typer.Option("--ascii", help="Draw with ASCII, for terminals without blocks.")] = False,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
) -> None:
    """Show the history of `repomap-fast bench`.

    Runs of the same folder, with the same options, on the same machine, make one line. The page of --html loads nothing
    from anywhere.
    """
    with exit_codes():
        from repomap_fast.bench.history import history_file, read_runs
        from repomap_fast.bench.series import group_runs

        if last < 1:
            raise OptionError(f"--last is {last}; expected at least 1")
        if html is not None and format is ReportFormat.JSON:
            raise OptionError("--html and --format json were both given; expected one of them")
        file = history or history_file(cache_dir)
        if history is not None and not history.exists():
            raise OptionError(f"there is no history {str(history)!r}; `repomap-fast bench --history` makes one")
        if html is not None and html != Path("-"):
            from repomap_fast.cli.output import check_output

            check_output(html, path)
        found = read_runs(file)
        if found.n_damaged:
            say(f"note: {counted(found.n_damaged, 'line')} of {printable(file)} hold no run and were skipped")
        series = group_runs(_of_folder(found.runs, path))
        if html is not None:
            _write_page(series, html, file, last=last)
        elif format is ReportFormat.JSON:
            from repomap_fast.cli.formats.document import print_document

            print_document(_document(series, file, found.n_damaged, last=last))
        elif not series:
            print(nothing_sentence(file, path))
        else:
            from repomap_fast.cli.reports.dashboard_report import print_series

            print_series(series, last=last, is_ascii=ascii or _lacks_blocks())
        sys.stdout.flush()


def nothing_sentence(file: Path, path: Path | None = None) -> str:
    """Return what to say where there is no run."""
    of_path = "" if path is None else f" of {printable(path.absolute())}"
    return f"There is no run{of_path} in {printable(file)} yet; `repomap-fast bench` makes one."


def _of_folder(runs: tuple[Run, ...], path: Path | None) -> list[Run]:
    root = None if path is None else os.path.realpath(path)
    return [run for run in runs if root is None or run.root == root]


def _lacks_blocks() -> bool:
    """Return whether the terminal is one whose font has no eighths of blocks, whatever its encoding has."""
    return sys.stdout.isatty() and os.environ.get("TERM", "") in ("", "dumb", "linux", "vt100", "vt220", "cons25")


def _write_page(series: list[Series], html: Path, file: Path, *, last: int) -> None:
    from repomap_fast.cli.output import open_output
    from repomap_fast.cli.reports.page import build_page

    to = None if html == Path("-") else html
    with open_output(to) as out:
        out.write(build_page(series, nothing=nothing_sentence(file), last=last).encode("utf-8"))
    if to is not None:
        say(f"wrote the page to {printable(to)}")


def _document(series: list[Series], file: Path, n_damaged: int, *, last: int) -> dict[str, Any]:
    """Return the dashboard as JSON: for each series of runs and each case the summary, and the medians of every run."""
    from dataclasses import asdict

    return {
        "history": str(file),
        "n_damaged": n_damaged,
        "last": last,
        "series": [
            {
                "root": one.root,
                "options": dict(one.options),
                "machine": asdict(one.machine),
                "n_runs": len(one.runs),
                "cases": [_case_document(case, last=last) for case in one.cases],
            }
            for one in series
        ],
    }


def _case_document(case: CaseSeries, *, last: int) -> dict[str, Any]:
    from dataclasses import asdict

    from repomap_fast.bench.comparison import FIGURES

    return {
        "operation": case.operation,
        "state": case.state,
        "summary": asdict(case.summary(last=last)),
        "runs": [
            {
                "started_s": point.run.started_s,
                "commit": point.run.commit,
                "version": point.run.versions.get("repomap-fast"),
                "repeats": len(point.case.samples),
                **{name: figure(point.case) for name, figure in FIGURES.items()},
                "range_s": point.case.range_s,
                "alerts": [asdict(alert) for alert in point.case.alerts],
            }
            for point in case.points
        ],
    }
