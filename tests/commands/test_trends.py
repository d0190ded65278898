"""Trends in a terminal."""

from __future__ import annotations

from repomap_fast.cli.reports.trends import ABOVE, BLOCKS, cap_of, column_chart, sparkline


def test_the_lowest_and_the_highest_value_have_the_lowest_and_the_highest_block() -> None:
    assert sparkline([1, 2, 3], 10) == BLOCKS[0] + BLOCKS[4] + BLOCKS[-1]


def test_only_the_last_values_are_shown() -> None:
    assert len(sparkline([1.0] * 100, 20)) == 20
    assert sparkline([1, 2], 0) == sparkline([], 5) == ""


def test_small_differences_make_no_mountains() -> None:
    assert set(sparkline([100, 100.5, 101], 10)) <= set(BLOCKS[-2:])


def test_a_value_far_above_the_median_is_cut_off() -> None:
    assert cap_of([1, 1, 1, 50]) == 1
    assert sparkline([1, 1, 1, 50], 10)[-1] == ABOVE


def test_a_chart_has_its_height_and_shows_every_value_that_is_not_zero() -> None:
    lines = column_chart([0, 0.001, 8, 8, 8], 10, 3)
    assert len(lines) == 3
    assert lines[-1] == " ▁███"
    assert column_chart([], 10, 2) == ["", ""]
