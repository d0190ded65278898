"""``repomap-fast report``: a repository as a page to look at, and as drawings and graphs."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, OUTPUT, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import check_output, open_output, print_text
from repomap_fast.cli.text import printable
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.reporting.report import Report


class ReportFormat(StrEnum):
    """What ``report --format`` takes."""

    HTML = "html"
    SVG = "svg"
    MERMAID = "mermaid"
    DOT = "dot"
    GRAPHML = "graphml"
    JSON = "json"


_BY_SUFFIX = {
    ".svg": ReportFormat.SVG,
    ".mmd": ReportFormat.MERMAID,
    ".mermaid": ReportFormat.MERMAID,
    ".dot": ReportFormat.DOT,
    ".gv": ReportFormat.DOT,
    ".graphml": ReportFormat.GRAPHML,
    ".json": ReportFormat.JSON,
}
_DEFAULT_FILE = Path("report.html")
"""Where a page is written that nobody can read in a terminal."""


@takes_groups
def report(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to report on.")] = Path(),
    *,
    since: Annotated[
        str | None,
        typer.Option(
            "--since",
            metavar="WHEN",
            help="Count only commits from this day on (2026-01-31), or of this span before the newest one "
            "(90d, 12w, 6m, 1y).",
        ),
    ] = None,
    format: Annotated[
        ReportFormat | None,
        typer.Option("--format", "-f", show_default=False, help="If not given: by the suffix of FILE, else html."),
    ] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress bar; only errors.")] = False,
    scanning: Scanning,
) -> None:
    """Write a page about PATH for somebody who looks rather than reads.

    The page is one file that loads nothing: numbers, a treemap of the files, the graph of who refers to whom, what
    matters and why, hot spots, definitions that nothing refers to, and the map. In a terminal it is written to
    report.html where -o is not given. svg is a drawing of the tree and of the graph; mermaid and dot are the graph of
    the largest folders, graphml that of all; json is all of it.
    """
    with exit_codes():
        chosen, file = _chosen(format, output)
        if file is not None:
            check_output(file, path)
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.reporting.report import report as make_report

        with naming_flags(), progress_bar(wanted=not (no_progress or quiet)) as progress:
            made = make_report(
                path,
                format=chosen.value,
                since=since,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        _write(made, file)
        if not quiet:
            _say_afterwards(made, file)


def _chosen(format: ReportFormat | None, output: Path | None) -> tuple[ReportFormat, Path | None]:
    """Return the format, and the file; None for the standard output. Raises OptionError."""
    if output is not None and output != Path("-"):
        return format or _BY_SUFFIX.get(output.suffix.lower(), ReportFormat.HTML), output
    chosen = format or ReportFormat.HTML
    if output is not None or chosen is not ReportFormat.HTML or not sys.stdout.isatty():
        return chosen, None
    if _DEFAULT_FILE.exists():
        raise OptionError(f"{str(_DEFAULT_FILE)!r} is there already; expected -o FILE, which may replace it")
    return chosen, _DEFAULT_FILE


def _write(made: Report, file: Path | None) -> None:
    if file is None:
        print_text(made.text)
        return
    with open_output(file) as out:
        out.write(made.text.encode("utf-8", "backslashreplace"))


def _say_afterwards(made: Report, file: Path | None) -> None:
    for note in made.notes:
        say(f"note: {printable(note)}")
    if file is not None:
        say(f"wrote the report to {printable(file)}")
