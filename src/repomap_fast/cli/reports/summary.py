"""The summary of a scan: a row a language, then what else there is to know, in as few lines as it takes."""

from __future__ import annotations

import io
import math
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, TextIO

from repomap_fast.cli.reports.counts import (
    LanguageCounts,
    bytes_per_s,
    count_languages,
    definition_counts,
    files_per_s,
    files_with_marks,
    n_failed,
    n_not_read_whole,
    n_parsed,
    n_with_language,
    skipped_counts,
    skipped_files,
    trait_counts,
    unknown_names,
)
from repomap_fast.cli.text import counted, duration, in_ascii, is_unicode, megabytes, print_line, printable, stage_name
from repomap_fast.joining.unread import line_text

if TYPE_CHECKING:
    from rich.console import Console, RenderableType
    from rich.table import Table

    from repomap_fast.joining.result import ScanResult

NARROW_COLUMNS = 64
"""Terminals below this get short headings, which need 40."""
ENDLESS_COLUMNS = 10_000
"""Width for whatever is no terminal: nothing is cut or folded there."""
MAX_UNKNOWN_NAMES = 20
"""Suffixes of files without a language that are listed: a repository may have hundreds."""
MAX_KINDS = 6
"""Kinds of definitions that the summary lists one by one."""
NAME_ALL = 2
"""How many ``-v`` it takes to name each file without a language."""


def print_summary(result: ScanResult, out: TextIO | None = None, *, verbose: int = 0) -> None:
    """Print the summary of ``result``.

    ``verbose`` adds the stages' times and the name of every skipped file; those without a language, of which there
    may be more than of all others, are counted by their suffix, and named from ``NAME_ALL`` on.
    """
    out = out or sys.stdout
    languages, facts = count_languages(result), _facts(result, verbose=verbose > 0)
    nothing = f"No source files to tag in {printable(result.root)}."
    if out.isatty():
        from rich.console import Group
        from rich.text import Text

        table = _languages_table(languages, narrow=is_narrow(out)) if languages else Text(nothing)
        print_calmly(Group(table, "", _facts_table(facts)), out)
    else:
        # A pipe gets no rich, which takes as long to load as a warm scan of a small folder.
        lines = [*(_languages_lines(languages) if languages else [nothing]), "", *_facts_lines(facts)]
        for line in lines:
            print_line(line, out)
    if verbose:
        out.writelines(line + "\n" for line in _skipped_lines(result, unknown=verbose >= NAME_ALL))
        out.writelines(line + "\n" for line in _marked_lines(result))


def print_calmly(renderable: RenderableType, out: TextIO | None = None, *, is_ascii: bool = False) -> None:
    """Print to a terminal in its own width and colours, to anything else as wide as it takes, without a colour.

    ``is_ascii`` draws with ASCII even where the encoding has more: some terminals lack the glyphs.
    """
    out = out or sys.stdout
    is_plain = is_ascii or not is_unicode(out)
    if out.isatty() and not is_plain:
        _console(out).print(renderable)
        return
    text = io.StringIO()
    _console(text, width=_width(out)).print(renderable)
    drawn = in_ascii(text.getvalue()) if is_plain else text.getvalue()
    out.writelines(line.rstrip() + "\n" for line in drawn.splitlines())


def is_narrow(out: TextIO | None = None) -> bool:
    """Return whether ``out`` is a terminal with room for short headings only."""
    return _width(out) < NARROW_COLUMNS


def window_columns(out: TextIO | None = None) -> int:
    """Return how many columns there are to print in."""
    return _width(out)


def _console(out: TextIO, width: int | None = None) -> Console:
    from rich.console import Console

    return Console(file=out, width=width, highlight=False, markup=False, emoji=False)


def _width(out: TextIO | None) -> int:
    out = out or sys.stdout
    return _console(out).width if out.isatty() else ENDLESS_COLUMNS


_HEADINGS = ("Language", "Files", "Definitions", "References", "MB")
_SHORT_HEADINGS = ("Language", "Files", "Defs", "Refs", "MB")


def _cells(row: LanguageCounts) -> tuple[str, ...]:
    name = row.name if row.role in ("code", "") else f"{row.name} ({row.role})"
    return name, f"{row.files:,}", f"{row.definitions:,}", f"{row.references:,}", megabytes(row.bytes)


def _total(languages: list[LanguageCounts]) -> LanguageCounts:
    return LanguageCounts(
        "Total",
        "",
        sum(row.files for row in languages),
        sum(row.bytes for row in languages),
        sum(row.definitions for row in languages),
        sum(row.references for row in languages),
    )


def _languages_table(languages: list[LanguageCounts], *, narrow: bool) -> Table:
    from rich import box
    from rich.table import Table

    table = Table(
        box=None if narrow else box.SIMPLE,
        show_footer=len(languages) > 1,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        footer_style="bold",
        border_style="dim",
    )
    headings = zip(_SHORT_HEADINGS if narrow else _HEADINGS, _cells(_total(languages)), strict=True)
    table.add_column(*next(headings), style="cyan", overflow="fold")
    for heading, total in headings:
        table.add_column(heading, total, justify="right", no_wrap=True)
    for row in languages:
        table.add_row(*_cells(row))
    return table


def _languages_lines(languages: list[LanguageCounts]) -> list[str]:
    """Return what ``_languages_table`` is on a page without end."""
    cells = [_HEADINGS, *(_cells(row) for row in languages)]
    if len(languages) > 1:
        cells.append(_cells(_total(languages)))
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    lines = []
    for name, *numbers in cells:
        padded = (number.rjust(width) for number, width in zip(numbers, widths[1:], strict=True))
        lines.append("   ".join((name.ljust(widths[0]), *padded)))
    rule = "─" * len(lines[0])
    lines.insert(1, rule)
    if len(languages) > 1:
        lines.insert(-1, rule)
    return lines


@dataclass(frozen=True, slots=True)
class _Fact:
    """A line below the table: a label, and parts of which those that matter are marked."""

    label: str
    parts: list[tuple[str, bool]]
    is_note: bool = False

    @property
    def text(self) -> str:
        return "".join(text for text, _ in self.parts)


def _facts_table(facts: list[_Fact]) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    for fact in facts:
        label = Text(fact.label, style="yellow" if fact.is_note else "")
        table.add_row(label, Text.assemble(*((text, "yellow" if marked else "") for text, marked in fact.parts)))
    return table


def _facts_lines(facts: list[_Fact]) -> list[str]:
    width = max(len(fact.label) for fact in facts)
    return [f"{fact.label.ljust(width)}  {fact.text}" for fact in facts]


def _facts(result: ScanResult, *, verbose: bool) -> list[_Fact]:
    metrics = result.metrics
    speed = f"{megabytes(bytes_per_s(metrics))} MB/s · " if metrics.files_parsed else ""
    workers = f" · {counted(metrics.workers, 'worker')}" if metrics.workers else ""
    stages = " · ".join(f"{stage_name(stage)} {duration(seconds)}" for stage, seconds in metrics.stages_s.items())
    n_unread = n_not_read_whole(result)
    texts = {
        "Not read whole": f"{counted(n_unread, 'file')}; -v names the lines" if n_unread else "",
        "Kinds of files": " · ".join(f"{count:,} {name}" for name, count in trait_counts(result).items()),
        "Index": _index(result) if metrics.files_known else "",
        "Time": f"{duration(metrics.elapsed_s)} · {speed}{files_per_s(result):,.0f} files/s",
        "Stages": stages if verbose else "",
        "Memory": f"{megabytes(metrics.peak_memory_bytes)} MB at the peak{workers}",
    }
    return [
        _Fact("Definitions", [(_definitions(result), False)]),
        _Fact("Skipped", _skipped(result)),
        *(_Fact(label, [(text, False)]) for label, text in texts.items() if text),
        *(_Fact("Note", [(printable(note), False)], is_note=True) for note in result.notes),
    ]


def _definitions(result: ScanResult) -> str:
    """Return how many definitions there are, and of which kinds; rare kinds are added up."""
    counts = definition_counts(result)
    shown = counts if len(counts) <= MAX_KINDS + 1 else counts[:MAX_KINDS]
    parts = [f"{count:,} {name}" for name, count in shown]
    if n_others := sum(count for _, count in counts[len(shown) :]):
        parts.append(f"{n_others:,} of other kinds")
    total = f"{sum(count for _, count in counts):,}"
    return f"{total}: {' · '.join(parts)}" if parts else total


def _index(result: ScanResult) -> str:
    metrics = result.metrics
    known = f"{metrics.files_known:,} of {counted(n_with_language(result), 'file')} known"
    # Rounded down: all but one of a thousand are not all.
    return f"{known} · {metrics.files_parsed:,} parsed · hit rate {math.floor(metrics.hit_rate * 1000) / 10:g} %"


def _skipped(result: ScanResult) -> list[tuple[str, bool]]:
    counts = skipped_counts(result)
    if not counts:
        return [("nothing", False)]
    parts = [(f"{counted(sum(counts.values()), 'file')}: ", False)]
    for status, count in counts.items():
        parts += [(f"{count:,} {status.label}", status.is_failure), (" · ", False)]
    parts[-1] = ("; -v says which, and why" if n_failed(result) else "", False)
    return parts


def _skipped_lines(result: ScanResult, *, unknown: bool) -> Iterator[str]:
    heading = "\nSkipped files, and why\n"
    for path, _, reason in skipped_files(result, unknown=unknown):
        yield f"{heading}  {printable(path)}: {reason}"
        heading = ""
    if not unknown:
        heading = "\nSkipped for their unknown language; -vv names them\n"
        for line in unknown_lines(result):
            yield f"{heading}  {line}"
            heading = ""


def _marked_lines(result: ScanResult) -> Iterator[str]:
    heading = "\nFiles that a program or others wrote, or that were not read whole\n"
    for path, what in marked_files(result):
        yield f"{heading}  {printable(path)}: {what}"
        heading = ""


def marked_files(result: ScanResult) -> Iterator[tuple[str, str]]:
    """Yield the path of each file of which its contents or ``.gitattributes`` say something, and what they say."""
    for file in files_with_marks(result):
        said = [f"{trait.name} ({trait.reason})" for trait in file.traits]
        if file.unread:
            said.append(f"could not parse {line_text(file.unread)}")
        if said:
            yield file.path, ", ".join(said)


def unknown_lines(result: ScanResult) -> Iterator[str]:
    """Yield a line for each kind of file that has no language, most first."""
    names = unknown_names(result)
    shown, rest = names[:MAX_UNKNOWN_NAMES], names[MAX_UNKNOWN_NAMES:]
    for name, count in shown:
        yield f"{printable(name)}: {counted(count, 'file')}"
    if rest:
        yield f"{counted(len(rest), 'other name')}: {counted(sum(count for _, count in rest), 'file')}"


def failures_sentence(result: ScanResult) -> str | None:
    """Return a sentence about failed files, for output without a summary; None if there are none."""
    failed = n_failed(result)
    if not failed:
        return None
    return f"{counted(failed, 'file')} of {n_parsed(result) + failed:,} could not be read or parsed; -v names them"
