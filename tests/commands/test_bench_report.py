"""What ``bench`` prints, of runs made by hand."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from repomap_fast.bench.comparison import FIGURES, compare
from repomap_fast.bench.runs import ALERT_CPU, ALERT_HIT_RATE, ALERT_MEMORY, Alert
from repomap_fast.cli.reports import bench_report, summary
from repomap_fast.cli.reports.bench_report import (
    TITLES,
    alert_sentence,
    day_and_time,
    hits,
    machine_sentence,
    print_comparison,
    print_run,
    share,
    short_time,
)
from support.made_runs import MACHINE, START_S, make_case, make_run

HOSTILE = "red\x1b[31m"


@pytest.fixture(params=[False, True], ids=["wide", "narrow"])
def narrow(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> bool:
    monkeypatch.setattr(summary, "is_narrow", lambda: request.param)
    return bool(request.param)


def row(printed: str, title: str) -> str:
    """Return what is behind a title, in its first row, with single spaces."""
    (line, *_) = re.findall(rf"^ *(?:Scan, cold)? *{re.escape(title)} +(.*)$", printed, re.MULTILINE)
    return " ".join(line.split())


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (share(34.4), "34 %"),
        (share(1234.0), "1,234 %"),
        (hits(0.0), "0 %"),
        (hits(0.9999), "99.9 %"),
        (hits(1.0), "100 %"),
        (short_time(0.0), "0 ms"),
        (short_time(0.0004), "< 1 ms"),
        (short_time(0.012), "12 ms"),
        (day_and_time(1e300), f"{1e300:.0f} s"),
    ],
)
def test_figures_have_their_unit(text: str, expected: str) -> None:
    assert text == expected


def test_every_figure_has_a_title_and_a_direction() -> None:
    assert TITLES.keys() == FIGURES.keys()
    directions = bench_report.MORE_IS_BETTER | bench_report.NEITHER_IS_BETTER | bench_report.INDEPENDENT_OF_LOAD
    assert directions <= FIGURES.keys()


@pytest.mark.parametrize(
    ("alert", "sentence"),
    [
        (
            Alert(kind=ALERT_MEMORY, limit=50e6, value=61e6, at_s=0.5),
            "memory rose to 61.0 MB, above the limit of 50.0 MB, first after 500 ms",
        ),
        (
            Alert(kind=ALERT_MEMORY, limit=50e6, value=61e6),
            "memory rose to 61.0 MB, above the limit of 50.0 MB",
        ),
        (Alert(kind=ALERT_CPU, limit=90, value=150), "processor share was 150 %, above the limit of 90 %"),
        (Alert(kind=ALERT_HIT_RATE, limit=0.9, value=0.5), "hit rate was 50 %, below the limit of 90 %"),
        (Alert(kind=HOSTILE, limit=1, value=2.5), r"red\x1b[31m was 2.5, limit 1"),
    ],
)
def test_an_alert_is_a_sentence(alert: Alert, sentence: str) -> None:
    assert alert_sentence(alert) == sentence


def test_a_machine_is_told_with_its_load_if_it_is_known() -> None:
    run = make_run()
    assert machine_sentence(run) == "Some Processor · 2 processors · Linux 6.1 · load 0.2"
    assert machine_sentence(replace(run, machine=replace(MACHINE, load=None))).endswith("Linux 6.1")


def test_a_run_has_a_column_for_each_case(capsys: pytest.CaptureFixture[str]) -> None:
    print_run(make_run(cold=(1.0, 1.1, 1.3), warm=(0.2, 0.21, 0.25)))
    printed = capsys.readouterr().out
    assert row(printed, "Time") == "1.10 s 210 ms"
    assert row(printed, "Quickest") == "1.00 s 200 ms"
    assert row(printed, "Slowest") == "1.30 s 250 ms"
    assert row(printed, "Hit rate") == "0 % 100 %"
    assert row(printed, "Runs") == "3 of each case · 2 workers · medians"
    assert row(printed, "Folder") == "/code/project"
    assert row(printed, "Commit") == "000000000000"
    assert row(printed, "Note") == "made up"
    assert not re.search("^Options|^Alert", printed, re.MULTILINE)


def test_one_repeat_has_no_quickest_and_no_slowest(capsys: pytest.CaptureFixture[str]) -> None:
    print_run(make_run(cold=(1.0,), warm=(0.2,)))
    printed = capsys.readouterr().out
    assert row(printed, "Time") == "1.00 s 200 ms"
    assert "Quickest" not in printed
    assert "Slowest" not in printed


def test_stages_are_called_as_people_call_them(narrow: bool, capsys: pytest.CaptureFixture[str]) -> None:
    print_run(make_run(cold=(1.0,), warm=(0.2,)))
    printed = capsys.readouterr().out
    parse = row(printed, "parse")
    if narrow:
        assert parse == "800 ms 1.30 s 60.0"
    else:
        assert parse == "800 ms 80 % 1.30 s 162 % 60.0"
    assert "tag " not in printed


def test_options_and_alerts_of_a_run_are_printed(capsys: pytest.CaptureFixture[str]) -> None:
    alert = Alert(kind=ALERT_CPU, limit=90, value=150)
    print_run(make_run(options={"workers": "1"}, alerts=(alert,)))
    printed = capsys.readouterr().out
    assert row(printed, "Options") == "workers 1"
    assert row(printed, "Alert").endswith(alert_sentence(alert))


def test_texts_of_a_run_cannot_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    hostile = replace(make_run(root=HOSTILE, options={HOSTILE: HOSTILE}), commit=HOSTILE, notes=(HOSTILE,))
    print_run(hostile)
    print_comparison(compare(hostile, replace(make_run(1), root=HOSTILE)))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert r"red\x1b[31m" in printed


def test_a_comparison_has_both_values_and_their_ratio(narrow: bool, capsys: pytest.CaptureFixture[str]) -> None:
    before = make_run(0, cold=(2.0,), warm=(0.2,))
    print_comparison(compare(before, make_run(1, cold=(1.0,), warm=(0.2,))))
    printed = capsys.readouterr().out
    assert f"Beside the run of {day_and_time(START_S)}, commit 000000000000" in printed
    assert row(printed, "Time") == "2.00 s 1.00 s 0.50 \N{MULTIPLICATION SIGN}"
    assert row(printed, "Scan, cold") == "Before After Ratio"


def test_times_that_overlap_are_called_so(capsys: pytest.CaptureFixture[str]) -> None:
    overlap = "The times of the two overlap"
    print_comparison(compare(make_run(0, cold=(1.0, 2.0)), make_run(1, cold=(1.5, 2.5))))
    assert overlap in capsys.readouterr().out
    before, after = (replace(make_run(day), cases=(make_case(seconds),)) for day, seconds in ((0, 1.0), (1, 3.0)))
    print_comparison(compare(before, after))
    assert overlap not in capsys.readouterr().out


def test_runs_without_a_common_case_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    print_comparison(
        compare(replace(make_run(), cases=make_run().cases[1:]), replace(make_run(1), cases=make_run().cases[:1]))
    )
    assert "The two have no case in common." in capsys.readouterr().out
