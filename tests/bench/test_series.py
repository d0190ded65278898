"""series: which runs may be put on one line."""

from __future__ import annotations

from dataclasses import replace

from repomap_fast.bench.series import group_runs
from support.made_runs import MACHINE, make_run


def test_runs_with_other_repeats_versions_or_commits_are_of_one_series() -> None:
    run = replace(make_run(), options={"workers": "2", "repeats": "3"}, started_s=1.0)
    others = [
        replace(run, options={"workers": "2", "repeats": "9"}, started_s=2.0),
        replace(run, versions={"python": "4"}, started_s=3.0),
        replace(run, commit="f" * 40, started_s=4.0),
    ]
    (series,) = group_runs([run, *others])
    assert series.runs == (run, *others)
    assert series.options == (("workers", "2"),)


def test_runs_on_one_line_are_of_one_folder_by_one_choice_on_one_machine() -> None:
    other_machine = replace(make_run(4), machine=replace(MACHINE, processors=8))
    runs = [
        make_run(0),
        make_run(1, options={"workers": "1"}),
        make_run(2, cold=(1.0,)),
        make_run(3, root="/code/other"),
        other_machine,
        replace(make_run(5), commit="b" * 40, machine=replace(MACHINE, load=9.0, system="Linux 7")),
    ]
    series = group_runs(runs)
    assert [one.runs for one in series] == [(runs[0], runs[2], runs[5]), (runs[4],), (runs[3],), (runs[1],)]
    assert series[3].options == (("workers", "1"),)
    assert group_runs([]) == []


def test_a_series_has_the_cases_of_all_its_runs() -> None:
    cold_only = replace(make_run(1), cases=make_run().cases[:1])
    (series,) = group_runs([make_run(0), cold_only])
    cold, warm = series.cases
    assert (cold.name, len(cold.points), warm.name, len(warm.points)) == ("scan, cold", 2, "scan, warm", 1)
    assert cold.last is cold_only.cases[0]
    assert (cold.summary().total_runs, cold.summary().avg_execution_time) == (2, 1.1)
