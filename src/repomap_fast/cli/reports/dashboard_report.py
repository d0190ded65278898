"""What ``dashboard`` prints in a terminal: last figures, means, and trends."""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast.bench.comparison import FIGURES
from repomap_fast.cli.reports.bench_report import TITLES, alert_sentence, day_and_time
from repomap_fast.cli.reports.trends import column_chart, scale_cap, sparkline
from repomap_fast.cli.text import counted, duration, printable

if TYPE_CHECKING:
    from collections.abc import Callable

    from rich.table import Table

    from repomap_fast.bench.figures import Summary
    from repomap_fast.bench.series import CaseSeries, Series

TRENDS = ("elapsed_s", "peak_memory_bytes", "cpu_percent", "hit_rate", "files_per_s")
"""The figures of which there is a trend."""
MEANS: dict[str, Callable[[Summary], float]] = {
    "elapsed_s": lambda summary: summary.avg_execution_time,
    "peak_memory_bytes": lambda summary: summary.avg_memory_usage * 1e6,
    "cpu_percent": lambda summary: summary.avg_cpu_usage,
    "hit_rate": lambda summary: summary.avg_cache_hit_rate,
}
PIPE_COLUMNS = 100
"""How wide trends are drawn where there is no window."""
MIN_TREND, ROOM_FOR_TREND, MAX_TREND = 4, 16, 60
"""Runs that a trend shows at the least, at the most, and before which other columns give way."""
CHART_HEIGHT = 4
NARROW_CHART = 50
"""Below it, the axis names days and no hours."""
DASH = "\N{EN DASH}"
MAX_ALERTS = 5
"""Named for each case; the others are counted."""


def print_series(series: list[Series], *, last: int, is_ascii: bool) -> None:
    """Print each series: whose runs they are, and for each case a table of figures and a chart of the times."""
    from repomap_fast.cli.reports.summary import is_narrow, print_calmly, window_columns

    columns = min(window_columns(), PIPE_COLUMNS)
    for number, one in enumerate(series):
        if number:
            print()
        print_calmly(_heading(one), is_ascii=is_ascii)
        for case in one.cases:
            print()
            print_calmly(_table(case, columns, last=last, narrow=is_narrow()), is_ascii=is_ascii)
            if len(case.points) > 1:
                print()
                print_calmly(_chart(case, columns), is_ascii=is_ascii)
            for sentence in alert_sentences(case, last=last):
                print_calmly(sentence, is_ascii=is_ascii)


def series_title(series: Series) -> str:
    """Return the folder, and the options where there are any."""
    options = ", ".join(f"{printable(name)} {printable(value)}" for name, value in series.options)
    return f"{printable(series.root)} ({options})" if options else printable(series.root)


def series_facts(series: Series) -> str:
    """Return how many runs there are, since when, of what commit, and on which machine."""
    first, newest = series.runs[0], series.runs[-1]
    words = [counted(len(series.runs), "run"), f"last {day_and_time(newest.started_s)}"]
    if len(series.runs) > 1:
        words.insert(1, f"first {day_and_time(first.started_s)}")
    if newest.commit is not None:
        words.append(f"commit {printable(newest.commit[:12])}")
    words += [printable(series.machine.processor), counted(series.machine.processors, "processor")]
    return " · ".join(words)


def alert_sentences(case: CaseSeries, *, last: int) -> list[str]:
    """Return a sentence for each of the last alerts, and one that counts the others."""
    alerts = case.alerts(last=last)
    said = [f"Alert of {day_and_time(run.started_s)}: {alert_sentence(alert)}" for run, alert in alerts[-MAX_ALERTS:]]
    if len(alerts) > MAX_ALERTS:
        said.insert(0, f"{counted(len(alerts), 'alert')} in the last {counted(min(last, len(case.points)), 'run')}")
    return said


def _heading(series: Series) -> Table:
    from rich.table import Table

    table = Table.grid()
    table.add_column(overflow="fold")
    table.add_row(series_title(series), style="bold")
    table.add_row(series_facts(series), style="dim")
    return table


def _table(case: CaseSeries, columns: int, *, last: int, narrow: bool) -> Table:
    from rich import box
    from rich.table import Table

    summary = case.summary(last=last)
    headings = ["Last", f"Mean of {min(last, summary.total_runs)}", "Lowest", "Highest"]
    rows = [[TITLES[name][0], *_cells(case, name, summary)] for name in TRENDS]
    gap = 1 if narrow else 3
    width = 0
    # What matters least goes first where there is no room for all.
    for n_cells in (4, 2, 1):
        headings, rows = headings[:n_cells], [row[: n_cells + 1] for row in rows]
        widths = [max(map(len, column)) for column in zip([case.name, *headings], *rows, strict=True)]
        width = columns - sum(widths) - gap * len(widths)
        if width >= min(ROOM_FOR_TREND, len(case.points)):
            break
    width = min(MAX_TREND, len(case.points), max(MIN_TREND, width))
    table = Table(
        box=None if narrow else box.SIMPLE_HEAD,
        pad_edge=False,
        show_edge=False,
        header_style="bold",
        border_style="dim",
        padding=(0, min(gap, 2), 0, 0),
    )
    table.add_column(case.name.capitalize(), no_wrap=True)
    for heading in headings:
        table.add_column(heading, justify="right", no_wrap=True)
    heading = f"Trend of {width}"
    table.add_column(heading if width >= len(heading) else "Trend", no_wrap=True)
    for name, row in zip(TRENDS, rows, strict=True):
        table.add_row(*row, sparkline([FIGURES[name](point.case) for point in case.points], width))
    return table


def _cells(case: CaseSeries, name: str, summary: Summary) -> list[str]:
    """Return the last value, the mean of the last runs, and the ends of all."""
    text, values = TITLES[name][1], [FIGURES[name](point.case) for point in case.points]
    mean = "" if name not in MEANS else text(MEANS[name](summary))
    return [text(values[-1]), mean, text(min(values)), text(max(values))]


def _chart(case: CaseSeries, columns: int) -> Table:
    """Return the times as columns above an axis that begins at zero."""
    from rich.table import Table

    values = [point.case.elapsed_s for point in case.points]
    top = duration(scale_cap(values[-MAX_TREND:]))
    width = min(MAX_TREND, len(values), max(4, columns - len(top) - 3))
    shown = case.points[-width:]
    top = duration(scale_cap(values[-width:]))
    lines = column_chart(values, width, CHART_HEIGHT)
    grid = Table.grid(padding=(0, 1, 0, 0))
    grid.add_column(justify="right", no_wrap=True, style="dim")
    grid.add_column(overflow="fold")
    for row, line in enumerate(lines):
        grid.add_row(top if row == 0 else "", f"│{line}")
    grid.add_row("0 s", "└" + "─" * width)
    first, newest = (day_and_time(point.run.started_s) for point in (shown[0], shown[-1]))
    if columns < NARROW_CHART:
        first, newest = first[:10], newest[:10]
    grid.add_row("", f" {first} {DASH} {newest}")
    return grid
