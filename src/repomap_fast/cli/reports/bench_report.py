"""What ``bench`` prints: the figures of each case, stage by stage, what was noticed, and an earlier run beside them."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from repomap_fast.bench.comparison import FIGURES
from repomap_fast.bench.runs import ALERT_CPU, ALERT_HIT_RATE, ALERT_MEMORY
from repomap_fast.cli.text import counted, duration, megabytes, printable, stage_name

if TYPE_CHECKING:
    from rich.console import RenderableType
    from rich.table import Table
    from rich.text import Text

    from repomap_fast.bench.comparison import CaseComparison, Comparison, Ratio
    from repomap_fast.bench.runs import Alert, Case, Run

SMALLEST_S = 0.0005
"""Shorter than this is no millisecond."""
LITTLE = 0.05
"""Ratios nearer to 1 are not marked."""


def share(percent: float) -> str:
    """Return ``34 %``."""
    return f"{percent:,.0f} %"


def hits(rate: float) -> str:
    """Return a hit rate in percent, rounded down: all but one of a thousand are not all."""
    return f"{int(rate * 1000) / 10:g} %"


def short_time(seconds: float) -> str:
    """Return ``12 ms``, and ``< 1 ms`` for what is not nothing."""
    return "< 1 ms" if 0 < seconds < SMALLEST_S else duration(seconds)


TITLES: dict[str, tuple[str, Callable[[float], str]]] = {
    "elapsed_s": ("Time", short_time),
    "cpu_s": ("Processor time", short_time),
    "cpu_percent": ("Processor share", share),
    "peak_memory_bytes": ("Peak memory", lambda n_bytes: f"{megabytes(n_bytes)} MB"),
    "hit_rate": ("Hit rate", hits),
    "files_per_s": ("Files a second", lambda n: f"{n:,.0f}"),
    "bytes_per_s": ("MB a second", megabytes),
}
"""What each figure is called, and how it is written."""

MORE_IS_BETTER = {"hit_rate", "files_per_s", "bytes_per_s"}
NEITHER_IS_BETTER = {"cpu_percent"}
INDEPENDENT_OF_LOAD = {"peak_memory_bytes", "hit_rate"}
"""What is as it is however busy the machine is; all else is only sure where the times do not overlap."""

TIMES = "\N{MULTIPLICATION SIGN}"


def day_and_time(seconds: float) -> str:
    """Return a moment as the clock of this place shows it; of those that no clock shows, the seconds."""
    try:
        return time.strftime("%Y-%m-%d %H:%M", time.localtime(seconds))
    except (OverflowError, OSError, ValueError):
        return f"{seconds:.0f} s"


def alert_sentence(alert: Alert) -> str:
    """Return the limit that was set, and the value that was measured."""
    if alert.kind == ALERT_MEMORY:
        when = "" if alert.at_s is None else f", first after {short_time(alert.at_s)}"
        return f"memory rose to {megabytes(alert.value)} MB, above the limit of {megabytes(alert.limit)} MB{when}"
    if alert.kind == ALERT_CPU:
        return f"processor share was {share(alert.value)}, above the limit of {share(alert.limit)}"
    if alert.kind == ALERT_HIT_RATE:
        return f"hit rate was {hits(alert.value)}, below the limit of {hits(alert.limit)}"
    return f"{printable(alert.kind)} was {alert.value:g}, limit {alert.limit:g}"


def machine_sentence(run: Run) -> str:
    """Return processor, processors, system and load in words."""
    machine = run.machine
    words = [printable(machine.processor), counted(machine.processors, "processor"), printable(machine.system)]
    if machine.load is not None:
        words.append(f"load {machine.load:.1f}")
    return " · ".join(words)


def print_run(run: Run) -> None:
    """Print everything that is known of a run, medians of its cases."""
    from rich.console import Group

    from repomap_fast.cli.reports.summary import print_calmly

    print_calmly(Group(_figures_table(run), "", _stages_table(run), "", _facts_table(run)))


def _figures_table(run: Run) -> Table:
    table = _table()
    table.add_column("", no_wrap=True)
    for case in run.cases:
        table.add_column(case.name.capitalize(), justify="right")
    for name, (title, text) in TITLES.items():
        table.add_row(title, *(text(FIGURES[name](case)) for case in run.cases))
        if name == "elapsed_s" and any(len(case.samples) > 1 for case in run.cases):
            table.add_row("Quickest", *(short_time(case.range_s[0]) for case in run.cases), style="dim")
            table.add_row("Slowest", *(short_time(case.range_s[1]) for case in run.cases), style="dim")
    return table


def _stages_table(run: Run) -> Table:
    from repomap_fast.cli.reports.summary import is_narrow

    narrow = is_narrow()
    table = _table(narrow=narrow)
    table.add_column("Stage" if narrow else "Case", style="cyan" if not narrow else "", no_wrap=True)
    if not narrow:
        table.add_column("Stage", no_wrap=True)
    for heading in ("Time", "CPU", "MB") if narrow else ("Time", "Of it", "Processor time", "Share", "Peak MB"):
        table.add_column(heading, justify="right", no_wrap=True)
    for case in run.cases:
        if narrow:
            table.add_row(case.name.capitalize(), style="cyan")
        for row, cells in enumerate(_stage_cells(case, narrow=narrow)):
            table.add_row(*([] if narrow else [case.name.capitalize() if row == 0 else ""]), *cells)
    return table


def _stage_cells(case: Case, *, narrow: bool) -> Iterator[tuple[str, ...]]:
    total_s = case.elapsed_s or 1.0
    for stage in case.stages:
        name, elapsed, cpu = stage_name(stage.name), short_time(stage.elapsed_s), short_time(stage.cpu_s)
        peak = megabytes(stage.peak_memory_bytes)
        if narrow:
            yield f"  {name}", elapsed, cpu, peak
        else:
            busy = share(100 * stage.cpu_s / stage.elapsed_s) if stage.elapsed_s >= SMALLEST_S else ""
            yield name, elapsed, share(100 * stage.elapsed_s / total_s), cpu, busy, peak


def _facts_table(run: Run) -> Table:
    from rich.table import Table
    from rich.text import Text

    table = Table.grid(padding=(0, 2, 0, 0))
    table.add_column(style="bold", no_wrap=True)
    table.add_column(overflow="fold")
    sample = run.cases[0].samples[-1]
    table.add_row("Folder", printable(run.root))
    if run.commit is not None:
        table.add_row("Commit", printable(run.commit[:12]))
    table.add_row("Files", f"{sample.files:,} with a language · {megabytes(sample.source_bytes)} MB")
    repeats = max(len(case.samples) for case in run.cases)
    workers = max((sample.workers for case in run.cases for sample in case.samples), default=0)
    table.add_row("Runs", f"{repeats:,} of each case · {counted(workers, 'worker')} · medians")
    table.add_row("Machine", machine_sentence(run))
    table.add_row("Versions", " · ".join(f"{printable(name)} {printable(v)}" for name, v in run.versions.items()))
    options = {name: value for name, value in run.options.items() if name != "repeats"}
    if options:
        table.add_row("Options", " · ".join(f"{printable(name)} {printable(v)}" for name, v in options.items()))
    for case in run.cases:
        for alert in case.alerts:
            table.add_row(Text("Alert", "yellow"), Text(f"{case.name}: {alert_sentence(alert)}", "yellow"))
    for note in run.notes:
        table.add_row("Note", printable(note))
    return table


def print_comparison(comparison: Comparison) -> None:
    """Print an earlier run beside the one that was just made."""
    from rich.console import Group

    from repomap_fast.cli.reports.summary import is_narrow, print_calmly

    before = comparison.before
    of_commit = "" if before.commit is None else f", commit {printable(before.commit[:12])}"
    lines: list[RenderableType] = ["", f"Beside the run of {day_and_time(before.started_s)}{of_commit}"]
    narrow = is_narrow()
    for case in comparison.cases:
        lines += ["", _comparison_table(case, narrow=narrow)]
    if not comparison.cases:
        lines.append("The two have no case in common.")
    if comparison.differences:
        lines += ["", *(f"Differs: {printable(difference)}" for difference in comparison.differences)]
    print_calmly(Group(*lines))


def _comparison_table(case: CaseComparison, *, narrow: bool) -> Table:
    table = _table(narrow=narrow)
    table.add_column(f"{case.operation}, {case.state}".capitalize(), no_wrap=True, min_width=15)
    for heading in ("Before", "After", "Ratio"):
        table.add_column(heading, justify="right", no_wrap=True, min_width=None if narrow else 10)
    for row in case.ratios:
        title, text = TITLES[row.name]
        table.add_row(title, text(row.before), text(row.after), _ratio(row, is_sure=not case.is_within_spread))
        if row.name == "elapsed_s":
            for stage in case.stages:
                cells = short_time(stage.before), short_time(stage.after), _ratio(stage, is_sure=False)
                table.add_row(f"  {stage_name(stage.name)}", *cells, style="dim")
    if case.is_within_spread:
        table.caption, table.caption_justify = "The times of the two overlap: what differs may be chance.", "left"
    return table


def _ratio(row: Ratio, *, is_sure: bool) -> Text:
    """Return ``0.86 times``, in green or red where it is sure to be better or worse."""
    from rich.text import Text

    if row.ratio is None or max(row.before, row.after) < SMALLEST_S:
        return Text()
    text = f"{row.ratio:,.2f} {TIMES}"
    is_sure = row.name in INDEPENDENT_OF_LOAD or (is_sure and row.name not in NEITHER_IS_BETTER)
    if not is_sure or abs(row.ratio - 1) < LITTLE:
        return Text(text)
    is_better = (row.ratio > 1) == (row.name in MORE_IS_BETTER)
    return Text(text, "green" if is_better else "red")


def _table(*, narrow: bool = False) -> Table:
    from rich import box
    from rich.table import Table

    return Table(
        box=None if narrow else box.SIMPLE_HEAD,
        padding=(0, 1, 0, 0) if narrow else (0, 1),
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        border_style="dim",
        caption_style="dim",
    )
