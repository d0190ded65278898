"""Two runs beside each other."""

from __future__ import annotations

from dataclasses import replace

import pytest

from repomap_fast.bench.comparison import Ratio, compare, last_comparable
from repomap_fast.bench.runs import WARM
from support.made_runs import MACHINE, make_case, make_run


def test_ratios_are_of_the_later_run_in_units_of_the_earlier() -> None:
    comparison = compare(make_run(0, cold=(2.0,), warm=(0.4,)), make_run(1, cold=(1.0,), warm=(0.5,)))
    cold, warm = comparison.cases
    assert (cold.operation, cold.state, warm.state) == ("scan", "cold", "warm")
    assert {row.name: row.ratio for row in cold.ratios} == {
        "elapsed_s": 0.5,
        "cpu_s": 0.5,
        "cpu_percent": 1.0,
        "peak_memory_bytes": 1.0,
        "hit_rate": None,
        "files_per_s": 2.0,
        "bytes_per_s": 2.0,
    }
    assert {row.name: row.ratio for row in warm.stages} == pytest.approx({"start": 1.25, "tag": 1.25})
    assert Ratio("x", 0.0, 3.0).ratio is None


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ((1.0, 1.2), (1.1, 1.3), True),
        ((1.0, 1.2), (1.3, 1.4), False),
        ((1.0, 1.2), (0.5, 0.9), False),
        ((1.0,), (1.0,), True),
    ],
)
def test_times_that_overlap_may_differ_by_chance(
    before: tuple[float, ...], after: tuple[float, ...], expected: bool
) -> None:
    assert compare(make_run(cold=before), make_run(cold=after)).cases[0].is_within_spread is expected


def test_only_what_both_have_is_compared() -> None:
    before, after = make_run(), replace(make_run(), cases=(make_case(1.0, state=WARM),))
    assert [case.state for case in compare(before, after).cases] == ["warm"]
    assert compare(replace(before, cases=before.cases[:1]), after).cases == ()


def test_what_else_is_different_is_said() -> None:
    before = make_run(1, options={"workers": "1"})
    after = replace(
        make_run(2, root="/code/other", cold=(1.0,)),
        versions={"repomap-fast": "0.2.0"},
        machine=replace(MACHINE, processor="Another", processors=8),
    )
    after = replace(
        after,
        cases=tuple(
            replace(case, samples=tuple(replace(sample, files=1200) for sample in case.samples)) for case in after.cases
        ),
    )
    assert compare(before, after).differences == (
        "folder /code/project → /code/other",
        "commit 001000000000 → 002000000000",
        "processor Some Processor → Another",
        "processors 2 → 8",
        "files 1,000 → 1,200",
        "repomap-fast 0.1.0 → 0.2.0",
        "python 3.11.7 → none",
        "repeats 3 → 1",
        "workers 1 → default",
    )


def test_another_commit_is_said_and_the_same_run_differs_in_nothing() -> None:
    before = replace(make_run(), commit="a" * 40)
    assert compare(before, replace(before, commit=None)).differences == ("commit aaaaaaaaaaaa → none",)
    assert compare(before, before).differences == ()


def test_the_last_run_to_compare_with_is_of_the_same_folder() -> None:
    run = make_run(9)
    cold_only = replace(make_run(2), cases=make_run().cases[:1])
    runs = (make_run(0), make_run(1), cold_only, make_run(3, root="/code/other"))
    assert last_comparable(runs, run) == cold_only
    warm_only = replace(run, cases=run.cases[1:])
    assert last_comparable(runs, warm_only) == make_run(1)
    assert last_comparable(runs[3:], run) is None
    assert last_comparable((), run) is None
