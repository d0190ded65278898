"""Trends in a terminal."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.cli.reports.trends import ABOVE, BLOCKS, column_chart, scale_cap, sparkline


def test_the_lowest_and_the_highest_value_have_the_lowest_and_the_highest_block() -> None:
    assert sparkline([1, 2, 3], 10) == BLOCKS[0] + BLOCKS[4] + BLOCKS[-1]


def test_only_the_last_values_are_shown() -> None:
    assert len(sparkline([1.0] * 100, 20)) == 20
    assert sparkline([1, 2], 0) == sparkline([], 5) == ""


def test_small_differences_make_no_mountains() -> None:
    assert set(sparkline([100, 100.5, 101], 10)) <= set(BLOCKS[-2:])


def test_a_value_far_above_the_median_is_cut_off() -> None:
    assert scale_cap([1, 1, 1, 50]) == 1
    assert sparkline([1, 1, 1, 50], 10)[-1] == ABOVE


def test_a_chart_has_its_height_and_shows_every_value_that_is_not_zero() -> None:
    lines = column_chart([0, 0.001, 8, 8, 8], 10, 3)
    assert len(lines) == 3
    assert lines[-1] == " ▁███"
    assert column_chart([], 10, 2) == ["", ""]


@pytest.mark.parametrize(
    ("values", "width", "expected"),
    [
        ([], 5, ""),
        ([1.0], 5, "█"),
        ([0.0, 0.0], 5, "▁▁"),
        ([1, 2, 3, 4, 5, 6, 7, 8], 8, "▁▂▃▄▅▆▇█"),
        ([1, 2, 3, 4, 5, 6, 7, 8], 3, "▁▅█"),
        ([1.0, 1.001, 0.999], 5, "███"),
        ([1, 1, 1, 1, 1000, 2], 9, "▁▁▁▁▲█"),
        ([1, 2], 0, ""),
    ],
)
def test_sparklines(values: list[float], width: int, expected: str) -> None:
    assert sparkline(values, width) == expected


def test_columns_stand_on_zero() -> None:
    assert column_chart([0, 1, 2, 3, 4], 5, 2) == ["   ▄█", " ▄███"]
    assert column_chart([1, 1, 1, 100], 4, 2) == ["███▲", "████"]
    assert column_chart([1000, 0.001], 4, 1) == ["█▁"]
    assert column_chart([], 4, 2) == ["", ""]


@given(st.lists(st.floats(0, 2**53), max_size=100), st.integers(0, 50), st.integers(1, 6))
def test_trends_are_as_wide_as_there_is_room(values: list[float], width: int, height: int) -> None:
    shown = min(width, len(values))
    line = sparkline(values, width)
    assert len(line) == shown
    assert set(line) <= {*BLOCKS, ABOVE}
    lines = column_chart(values, width, height)
    assert len(lines) == height
    assert max(map(len, lines)) <= shown
    n_positive = sum(value > 0 for value in values[-width:]) if width else 0
    assert sum(letter != " " for letter in lines[-1]) == n_positive
