"""Rows of cells under headings."""

from __future__ import annotations

import io

from repomap_fast.cli.reports.grid import Heading, _columns_that_fit, grid_lines, print_facts, print_grid

HEADINGS = (Heading("Name", may_fold=True), Heading("Kind", spare=1), Heading("Count", is_number=True, spare=2))
ROWS = [("area", "function", "7"), ("a_longer_name", "class", "1,000")]


def test_columns_are_aligned_and_numbers_end_below_each_other() -> None:
    assert grid_lines(HEADINGS, ROWS) == [
        "Name           Kind      Count",
        "area           function      7",
        "a_longer_name  class     1,000",
    ]


def test_no_rows_print_nothing() -> None:
    out = io.StringIO()
    print_grid(HEADINGS, [], out)
    assert out.getvalue() == ""


def test_the_column_with_the_highest_number_is_spared_first() -> None:
    assert _columns_that_fit(HEADINGS, ROWS, 30) == [0, 1, 2]
    assert _columns_that_fit(HEADINGS, ROWS, 29) == [0, 1]
    assert _columns_that_fit(HEADINGS, ROWS, 5) == [0]


def test_facts_are_indented_below_each_other() -> None:
    out = io.StringIO()
    print_facts([("score", "0.5"), ("defined in", "a.py:1")], out)
    assert out.getvalue() == "  score       0.5\n  defined in  a.py:1\n"
