"""The dashboard as a page: one file of HTML that loads nothing, with charts that also say in words what they show.

Text from a history is untrusted, and is escaped where it is inserted; ``reporting/page`` has the policy of the page,
and what draws its charts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from repomap_fast.bench.comparison import FIGURES
from repomap_fast.bench.runs import ALERT_CPU, ALERT_HIT_RATE, ALERT_MEMORY, COLD, STAGE_REST, STAGE_START, WARM
from repomap_fast.cli.reports.bench_report import TITLES, alert_sentence, day_and_time, hits, share, short_time
from repomap_fast.cli.reports.dashboard_report import MEANS, alert_sentences, series_facts, series_title
from repomap_fast.cli.reports.trends import scale_cap
from repomap_fast.cli.text import counted, megabytes, printable, stage_name
from repomap_fast.progress import STAGE_CHECK, STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG

if TYPE_CHECKING:
    from repomap_fast.bench.runs import Case
    from repomap_fast.bench.series import CaseSeries, Point, Series

MAX_POINTS = 500
"""Runs in a chart and in a table: with more, a chart has more runs than dots, and the page grows by megabytes."""
_STAGE_WORDS = {
    STAGE_START: "Python, imports, and taking leave",
    STAGE_REST: "opening and closing the index",
}
_SCAN_STAGES = (STAGE_START, STAGE_DISCOVER, STAGE_CHECK, STAGE_TAG, STAGE_JOIN, STAGE_REST)
_STATE_WORDS = {
    COLD: "Nothing was known of the folder before.",
    WARM: "An equal run had been made just before; nothing had changed since.",
}
_FIGURE_OF_ALERT = {ALERT_MEMORY: "peak_memory_bytes", ALERT_CPU: "cpu_percent", ALERT_HIT_RATE: "hit_rate"}
_TIME_UNITS = ((120.0, 60.0, "minutes"), (2.0, 1.0, "seconds"), (0.0, 1e-3, "milliseconds"))
"""From how many seconds on an axis has which unit, and how many seconds that is."""
N_STAGE_COLOURS = 8
"""Of the style sheet."""


@dataclass(frozen=True, slots=True)
class _Chart:
    """Which figure is drawn, in which unit, and what one of that unit is."""

    figure: str
    title: str
    unit: str
    one: float
    fixed_top: float | None = None


def build_page(series: Sequence[Series], *, nothing: str, last: int) -> str:
    """Return the page; ``nothing`` is what it says where there are no runs, ``last`` over how many the means go."""
    from repomap_fast.reporting.page import build_page as fill_template

    charts: list[dict[str, Any]] = []
    lines = [] if series else [f"<p>{escape(nothing)}</p>"]
    if len(series) > 1:
        lines += _contents(series)
    for number, one in enumerate(series, 1):
        lines += _section(one, f"s{number}", charts, last=last)
    return fill_template("dashboard", "Benchmark runs of repomap-fast", {"charts": charts}, body="\n".join(lines))


def _contents(series: Sequence[Series]) -> Iterator[str]:
    yield '<nav aria-label="Folders"><ul>'
    for number, one in enumerate(series, 1):
        yield f'<li><a href="#s{number}">{escape(series_title(one))}</a> {counted(len(one.runs), "run")}</li>'
    yield "</ul></nav>"


def _section(series: Series, identifier: str, charts: list[dict[str, Any]], *, last: int) -> Iterator[str]:
    yield f'<section id="{identifier}">'
    yield f"<h2>{escape(series_title(series))}</h2>"
    yield f'<p class="facts">{escape(series_facts(series))}</p>'
    for number, case in enumerate(series.cases, 1):
        yield from _case(case, f"{identifier}c{number}", charts, colour=number, last=last)
    yield "</section>"


def _case(case: CaseSeries, identifier: str, charts: list[dict[str, Any]], *, colour: int, last: int) -> Iterator[str]:
    """Yield the HTML of a case, and add its charts to ``charts``."""
    yield f'<article class="case c{(colour - 1) % 4}" aria-labelledby="{identifier}">'
    yield f'<h3 id="{identifier}">{escape(printable(case.name.capitalize()))}</h3>'
    if case.state in _STATE_WORDS:
        yield f'<p class="facts">{_STATE_WORDS[case.state]}</p>'
    yield from _tiles(case, last=last)
    alerts = alert_sentences(case, last=last)
    if alerts:
        yield '<ul class="alerts">'
        yield from (f"<li>{escape(sentence)}</li>" for sentence in alerts)
        yield "</ul>"
    yield '<div class="charts">'
    points = case.points[-MAX_POINTS:]
    for chart in _charts(case):
        yield from _figure(chart, points, charts)
    yield from _stages(case.last, charts)
    yield "</div>"
    if len(points) < len(case.points):
        yield f'<p class="facts">The last {len(points):,} of {len(case.points):,} runs.</p>'
    yield from _table(points, case.name)
    yield "</article>"


def _tiles(case: CaseSeries, *, last: int) -> Iterator[str]:
    """Yield the last run's figures, each with the mean of the last runs."""
    summary = case.summary(last=last)
    n_meant = min(last, summary.total_runs)
    yield '<dl class="tiles">'
    for name, mean_of in MEANS.items():
        title, text = TITLES[name]
        mean = f" <span>mean of {n_meant}: {text(mean_of(summary))}</span>" if n_meant > 1 else ""
        yield f"<div><dt>{title}</dt><dd><b>{text(FIGURES[name](case.last))}</b>{mean}</dd></div>"
    yield f"<div><dt>Runs</dt><dd><b>{summary.total_runs:,}</b></dd></div></dl>"


def _charts(case: CaseSeries) -> list[_Chart]:
    """Return the charts of a case, each in the unit that gives its axis numbers of few digits."""
    longest_s = scale_cap([point.case.elapsed_s for point in case.points])
    one, unit = next((one, unit) for least_s, one, unit in _TIME_UNITS if longest_s >= least_s)
    return [
        _Chart("elapsed_s", "Time", unit, one),
        _Chart("peak_memory_bytes", "Peak memory", "MB", 1e6),
        _Chart("cpu_percent", "Processor share", "% of one processor", 1.0),
        # Where nothing is known, nothing is found, run after run.
        _Chart("bytes_per_s", "Throughput", "MB a second", 1e6)
        if case.state == COLD
        else _Chart("hit_rate", "Hit rate", "% of the files", 0.01, fixed_top=100.0),
        _Chart("files_per_s", "Throughput", "files a second", 1.0),
    ]


def _figure(chart: _Chart, points: Sequence[Point], charts: list[dict[str, Any]]) -> Iterator[str]:
    figure = FIGURES[chart.figure]
    marks = [_mark(chart, point) for point in points]
    values = [figure(point.case) for point in points]
    described = (
        f"{counted(len(values), 'run')}, {day_and_time(points[0].run.started_s)} to "
        f"{day_and_time(points[-1].run.started_s)}: lowest {_said(chart.figure, min(values))}, "
        f"highest {_said(chart.figure, max(values))}, last {_said(chart.figure, values[-1])}."
    )
    top = chart.fixed_top or _top([mark["value"] for mark in marks], [mark["high"] for mark in marks])
    n_above = sum(mark["value"] > top * (1 + 1e-9) for mark in marks)
    yield f"<figure><figcaption>{chart.title} <span>{chart.unit}</span></figcaption>"
    yield _place(charts, f"{chart.title}, {chart.unit}, over the runs. {described}")
    charts.append({"kind": "line", "marks": marks, "top": top, "isFixed": chart.fixed_top is not None})
    if n_above:
        highest = _said(chart.figure, max(values))
        yield f'<p class="note">Cut off, at the triangles: {counted(n_above, "run")}, the highest {highest}.</p>'
    yield "</figure>"


def _place(charts: Sequence[dict[str, Any]], said: str, *, kind: str = "chart") -> str:
    """Return the place where the next chart is drawn; ``said`` is what it shows, in words."""
    return f'<div class="{kind}" id="chart-{len(charts)}" role="img" aria-label="{escape(said)}"></div>'


def _top(values: Sequence[float], highs: Sequence[float]) -> float:
    """Return where the axis of a chart ends: few values far above all others are cut off."""
    most = scale_cap(values)
    return max([most, *(high for value, high in zip(values, highs, strict=True) if value <= most and high <= 2 * most)])


def _mark(chart: _Chart, point: Point) -> dict[str, Any]:
    """Return one run in a chart: its value, between the ends of its repeats; what to say of it; when it was."""
    case, run = point.case, point.run
    value = FIGURES[chart.figure](case)
    low, high = case.range_s if chart.figure == "elapsed_s" else (value, value)
    words = [_said(chart.figure, value), day_and_time(run.started_s)]
    if low != high:
        words.insert(1, f"{short_time(low)} to {short_time(high)} in {counted(len(case.samples), 'repeat')}")
    if run.commit is not None:
        words.append(f"commit {printable(run.commit[:12])}")
    alerts = [alert for alert in case.alerts if _FIGURE_OF_ALERT.get(alert.kind) == chart.figure]
    words += [alert_sentence(alert) for alert in alerts]
    return {
        "value": value / chart.one,
        "low": low / chart.one,
        "high": high / chart.one,
        "title": "\n".join(words),
        "day": day_and_time(run.started_s)[:10],
        "isAlert": bool(alerts),
    }


def _said(figure: str, value: float) -> str:
    """Return a figure with its unit."""
    unit = {"files_per_s": " files/s", "bytes_per_s": " MB/s"}.get(figure, "")
    return f"{TITLES[figure][1](value)}{unit}"


def _stages(case: Case, charts: list[dict[str, Any]]) -> Iterator[str]:
    """Yield where the time of the last run went: a bar, and the same in words."""
    stages = case.stages
    total_s = sum(stage.elapsed_s for stage in stages) or 1.0
    colours = _stage_colours([stage.name for stage in stages])
    parts = [
        {
            "name": stage_name(stage.name),
            "seconds": stage.elapsed_s,
            "title": f"{stage_name(stage.name)}: {short_time(stage.elapsed_s)}, {stage.elapsed_s / total_s:.0%}",
            "colour": colours[stage.name],
        }
        for stage in stages
    ]
    described = ", ".join(f"{stage_name(stage.name)} {short_time(stage.elapsed_s)}" for stage in stages)
    yield "<figure><figcaption>Stages <span>of the last run</span></figcaption>"
    yield _place(charts, f"Stages of the last run: {described}", kind="chart bar")
    charts.append({"kind": "bar", "parts": parts})
    yield '<div class="scroll"><table class="stages"><thead><tr><th scope="col">Stage</th><th scope="col">Time</th>'
    yield '<th scope="col">Of it</th><th scope="col">Processor</th><th scope="col">Peak MB</th></tr></thead><tbody>'
    for stage in stages:
        name = escape(stage_name(stage.name))
        words = f' title="{_STAGE_WORDS[stage.name]}"' if stage.name in _STAGE_WORDS else ""
        yield (
            f'<tr><th scope="row"{words}><i class="s{colours[stage.name]}"></i>{name}</th>'
            f"<td>{short_time(stage.elapsed_s)}</td><td>{share(100 * stage.elapsed_s / total_s)}</td>"
            f"<td>{short_time(stage.cpu_s)}</td><td>{megabytes(stage.peak_memory_bytes)}</td></tr>"
        )
    yield "</tbody></table></div></figure>"


def _stage_colours(names: Sequence[str]) -> dict[str, int]:
    """Give each stage its colour: those of a scan have the same one in all bars, others what is left, by turns."""
    colours = {name: _SCAN_STAGES.index(name) for name in names if name in _SCAN_STAGES}
    others = [name for name in names if name not in colours]
    left = [number for number in range(N_STAGE_COLOURS) if number not in colours.values()]
    return colours | {name: left[number % len(left)] for number, name in enumerate(others)}


def _table(points: Sequence[Point], name: str) -> Iterator[str]:
    """Yield the runs as a table, the newest first: all that the charts show."""
    headings = ("Run", "Commit", "Version", "Repeats", "Time", "Quickest", "Slowest", "Processor time", "Share")
    yield f"<details><summary>{counted(len(points), 'run')} as a table</summary>"
    yield f'<div class="scroll" role="region" tabindex="0" aria-label="Runs of {escape(printable(name))}">'
    yield "<table><thead><tr>"
    for heading in (*headings, "Peak MB", "Hit rate", "Files/s", "MB/s", "Alerts"):
        yield f'<th scope="col">{heading}</th>'
    yield "</tr></thead><tbody>"
    for point in reversed(points):
        case, run = point.case, point.run
        cells = [
            printable((run.commit or "")[:12]),
            printable(run.versions.get("repomap-fast", "")),
            f"{len(case.samples)}",
            *(short_time(seconds) for seconds in (case.elapsed_s, *case.range_s, case.cpu_s)),
            share(case.cpu_percent),
            megabytes(case.peak_memory_bytes),
            hits(case.hit_rate),
            f"{case.files_per_s:,.0f}",
            megabytes(case.bytes_per_s),
            "; ".join(alert_sentence(alert) for alert in case.alerts),
        ]
        row = "".join(f"<td>{escape(cell)}</td>" for cell in cells)
        yield f'<tr><th scope="row">{escape(day_and_time(run.started_s))}</th>{row}</tr>'
    yield "</tbody></table></div></details>"
