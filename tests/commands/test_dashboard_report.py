"""What ``dashboard`` prints in a terminal, of runs made by hand."""

from __future__ import annotations

import re

import pytest

from repomap_fast.bench.runs import ALERT_CPU, Alert, Run
from repomap_fast.bench.series import Series, group_runs
from repomap_fast.cli.reports import dashboard_report, summary
from repomap_fast.cli.reports.bench_report import TITLES, alert_sentence
from repomap_fast.cli.reports.dashboard_report import (
    MAX_ALERTS,
    MEANS,
    TRENDS,
    alert_sentences,
    print_series,
    series_facts,
    series_title,
)
from support.made_runs import make_run

ALERT = Alert(kind=ALERT_CPU, limit=90, value=150)


def series_of(*runs: Run) -> Series:
    (series,) = group_runs(runs)
    return series


def printed(series: list[Series], capsys: pytest.CaptureFixture[str], *, last: int = 10) -> str:
    print_series(series, last=last, is_ascii=False)
    return capsys.readouterr().out


def test_trends_and_means_are_of_figures_that_have_a_title() -> None:
    assert set(TRENDS) <= TITLES.keys()
    assert MEANS.keys() <= set(TRENDS)


def test_a_series_is_named_by_folder_and_options() -> None:
    assert series_title(series_of(make_run())) == "/code/project"
    assert series_title(series_of(make_run(options={"workers": "1"}))) == "/code/project (workers 1)"
    assert series_title(series_of(make_run(root="\x1b[31m"))) == r"\x1b[31m"


def test_facts_name_the_first_run_where_there_are_several() -> None:
    one, two = series_facts(series_of(make_run(0))), series_facts(series_of(make_run(0), make_run(1)))
    assert one.startswith("1 run · last 2026-01-01")
    assert re.match("2 runs · first 2026-01-01 [0-9:]+ · last 2026-01-02 [0-9:]+ · commit 001000000000 · ", two)
    assert one.endswith("Some Processor · 2 processors")


def test_a_table_has_last_mean_lowest_and_highest(capsys: pytest.CaptureFixture[str]) -> None:
    series = series_of(*(make_run(day, cold=(1.0 + day,)) for day in (2, 0, 1)))
    text = printed([series], capsys, last=2)
    cold = text.partition("Scan, warm")[0]
    assert re.search(r"Last +Mean of 2 +Lowest +Highest +Trend", cold)
    times = [run.cases[0].elapsed_s for run in series.runs]
    expected = [times[-1], sum(times[-2:]) / 2, min(times), max(times)]
    (row,) = re.findall("^Time .*$", cold, re.MULTILINE)
    assert re.findall(r"(\S+) s", row) == [f"{value:.2f}" for value in expected]


def test_one_run_has_no_chart(capsys: pytest.CaptureFixture[str]) -> None:
    assert "│" not in printed([series_of(make_run())], capsys)
    assert "│" in printed([series_of(make_run(0), make_run(1))], capsys)


@pytest.mark.parametrize("columns", [40, 60, 100])
def test_no_line_is_wider_than_the_window(
    columns: int, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(summary, "window_columns", lambda: columns)
    monkeypatch.setattr(summary, "is_narrow", lambda: columns < summary.NARROW_COLUMNS)
    series = [series_of(*(make_run(day, cold=(1.0 + day / 7,)) for day in range(30)))]
    lines = printed(series, capsys).splitlines()
    table_and_chart = [line for line in lines if re.match("Time|Peak|Hit|Files| *│| *0 s └|.*–.*20", line)]  # noqa: RUF001
    assert len(table_and_chart) >= 10
    assert max(map(len, table_and_chart)) <= columns


def test_the_last_alerts_are_named_and_the_others_counted() -> None:
    case = series_of(*(make_run(day, alerts=(ALERT,)) for day in range(MAX_ALERTS + 2))).cases[0]
    counted, *named = alert_sentences(case, last=10)
    assert counted == f"{MAX_ALERTS + 2} alerts in the last {MAX_ALERTS + 2} runs"
    assert len(named) == MAX_ALERTS
    assert named[-1].startswith("Alert of 2026-01-07")
    assert all(sentence.endswith(alert_sentence(ALERT)) for sentence in named)


def test_alerts_before_the_last_runs_are_left_out() -> None:
    case = series_of(make_run(0, alerts=(ALERT,)), make_run(1), make_run(2)).cases[0]
    assert alert_sentences(case, last=2) == []
    assert len(alert_sentences(case, last=3)) == 1


def test_series_are_apart_by_an_empty_line(capsys: pytest.CaptureFixture[str]) -> None:
    text = printed([series_of(make_run()), series_of(make_run(root="/code/other"))], capsys)
    assert text.startswith("/code/project\n")
    assert "\n\n/code/other\n" in text


def test_a_narrow_chart_names_days_alone(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "window_columns", lambda: dashboard_report.NARROW_CHART - 1)
    assert " 2026-01-01 \N{EN DASH} 2026-01-02\n" in printed([series_of(make_run(0), make_run(1))], capsys)
