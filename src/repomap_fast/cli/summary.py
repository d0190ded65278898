"""The summary of a scan: a row a language, then what else there is to know, in as few lines as it takes."""

from __future__ import annotations

import io
import math
import sys
from typing import TYPE_CHECKING, TextIO

from repomap_fast.cli.counts import (
    bytes_per_s,
    count_languages,
    files_per_s,
    n_failed,
    n_parsed,
    n_with_language,
    skipped_counts,
    skipped_files,
)
from repomap_fast.cli.text import counted, duration, megabytes, printable

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table
    from rich.text import Text

    from repomap_fast.result import ScanResult

NARROW_COLUMNS = 64
"""Terminals below this get short headings, which need 40."""
ENDLESS_COLUMNS = 10_000
"""Width for whatever is no terminal: nothing is cut or folded there."""


_PLAIN = str.maketrans("─·", "-,")
"""For encodings that lack what the tables are drawn with."""


def print_summary(result: ScanResult, out: TextIO | None = None, *, verbose: bool = False) -> None:
    """Print the summary of ``result``; ``verbose`` adds the stages' times and the name of every skipped file."""
    from rich.console import Group

    print_calmly(Group(_languages_table(result, narrow=is_narrow(out)), "", _facts_table(result, verbose=verbose)), out)
    if verbose:
        _print_skipped(result, out or sys.stdout)


def print_calmly(renderable: RenderableType, out: TextIO | None = None) -> None:
    """Print to a terminal in its own width and colours, to anything else as wide as it takes, without a colour."""
    out = out or sys.stdout
    is_unicode = (out.encoding or "utf-8").lower().startswith("utf")
    if out.isatty() and is_unicode:
        _console(out).print(renderable)
        return
    text = io.StringIO()
    _console(text, width=_width(out)).print(renderable)
    lines = text.getvalue().translate({} if is_unicode else _PLAIN).splitlines()
    out.writelines(line.rstrip() + "\n" for line in lines)


def is_narrow(out: TextIO | None = None) -> bool:
    """Return whether ``out`` is a terminal with room for short headings only."""
    return _width(out) < NARROW_COLUMNS


def _console(out: TextIO, width: int | None = None) -> Console:
    from rich.console import Console

    return Console(file=out, width=width, highlight=False, markup=False, emoji=False)


def _width(out: TextIO | None) -> int:
    out = out or sys.stdout
    return _console(out).width if out.isatty() else ENDLESS_COLUMNS


def _languages_table(result: ScanResult, *, narrow: bool) -> RenderableType:
    from rich import box
    from rich.table import Table
    from rich.text import Text

    languages = count_languages(result)
    if not languages:
        return Text(f"No source files to tag in {printable(result.root)}.")
    table = Table(
        box=None if narrow else box.SIMPLE,
        show_footer=len(languages) > 1,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        footer_style="bold",
        border_style="dim",
    )
    total_bytes = sum(row.bytes for row in languages)
    table.add_column("Language", "Total", style="cyan", overflow="fold")
    for heading, short, total in (
        ("Files", "Files", f"{sum(row.files for row in languages):,}"),
        ("Definitions", "Defs", f"{sum(row.definitions for row in languages):,}"),
        ("References", "Refs", f"{sum(row.references for row in languages):,}"),
        ("MB", "MB", megabytes(total_bytes)),
    ):
        table.add_column(short if narrow else heading, total, justify="right", no_wrap=True)
    for row in languages:
        table.add_row(row.name, f"{row.files:,}", f"{row.definitions:,}", f"{row.references:,}", megabytes(row.bytes))
    return table


def _facts_table(result: ScanResult, *, verbose: bool) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    metrics = result.metrics
    table.add_row("Identifiers", _identifiers(result))
    table.add_row("Skipped", _skipped(result))
    if metrics.files_known:
        table.add_row("Index", _index(result))
    speed = f"{megabytes(bytes_per_s(metrics))} MB/s · " if metrics.files_parsed else ""
    table.add_row("Time", f"{duration(metrics.elapsed_s)} · {speed}{files_per_s(result):,.0f} files/s")
    if verbose and metrics.stages_s:
        stages = (f"{stage} {duration(seconds)}" for stage, seconds in metrics.stages_s.items())
        table.add_row("Stages", " · ".join(stages))
    peak = f"{megabytes(metrics.peak_memory_bytes)} MB at the peak"
    workers = f" · {counted(metrics.workers, 'worker')}" if metrics.workers else ""
    table.add_row("Memory", f"{peak}{workers}")
    for note in result.notes:
        table.add_row(Text("Note", style="yellow"), printable(note))
    return table


def _identifiers(result: ScanResult) -> str:
    classes = {name: count for name, count in result.identifier_classes.items() if count}
    names = counted(sum(classes.values()), "distinct name")
    parts = (f"{count:,} {name}" for name, count in sorted(classes.items(), key=lambda entry: -entry[1]))
    return f"{names}: {' · '.join(parts)}" if classes else names


def _index(result: ScanResult) -> str:
    metrics = result.metrics
    known = f"{metrics.files_known:,} of {counted(n_with_language(result), 'file')} known"
    # Rounded down: all but one of a thousand are not all.
    return f"{known} · {metrics.files_parsed:,} parsed · hit rate {math.floor(metrics.hit_rate * 1000) / 10:g} %"


def _skipped(result: ScanResult) -> Text:
    from rich.text import Text

    counts = skipped_counts(result)
    files = counted(sum(counts.values()), "file")
    parts = [
        Text(f"{count:,} {status.label}", style="yellow" if status.is_failure else "")
        for status, count in counts.items()
    ]
    return Text.assemble(f"{files}: ", Text(" · ").join(parts)) if parts else Text("nothing")


def _print_skipped(result: ScanResult, out: TextIO) -> None:
    heading = "\nSkipped files, and why\n"
    for path, _, reason in skipped_files(result):
        out.write(f"{heading}  {printable(path)}: {reason}\n")
        heading = ""


def failures_sentence(result: ScanResult) -> str | None:
    """Return what to say where there is no summary, if some files failed."""
    failed = n_failed(result)
    if not failed:
        return None
    return f"{counted(failed, 'file')} of {n_parsed(result) + failed:,} could not be read or parsed; -v names them"
