"""hot_spots: what is changed often, matters, and is large."""

from __future__ import annotations

import pytest

from repomap_fast.discovery.git_history import NO_HISTORY, READ, Commit, History
from repomap_fast.errors import OptionError
from repomap_fast.reporting.hot_spots import check_since, find_hot_spots, start_of
from support.made_reports import made_file

DAY_S = 86_400


def test_the_largest_product_comes_first() -> None:
    files = (
        made_file("large.py", n_lines=1000, place=2, n_changes=1),
        made_file("hot.py", n_lines=100, place=1, n_changes=20),
        made_file("quiet.py", n_lines=9000, place=3),
        made_file("tests.py", n_lines=9000, place=1, n_changes=90, kind="tests"),
    )
    assert [(spot.path, spot.heat) for spot in find_hot_spots(files)] == [("hot.py", 1.0), ("large.py", 0.25)]


@pytest.mark.parametrize("since", [None, "2026-01-31", "90d", "12w", "6m", "1y"])
def test_days_and_spans_are_understood(since: str | None) -> None:
    check_since(since)


@pytest.mark.parametrize("since", ["", "yesterday", "2026-13-01", "90", "d", "-1d", "1e9d", "9999999y"])
def test_other_texts_are_refused(since: str) -> None:
    with pytest.raises(OptionError, match="since is"):
        check_since(since)


def test_a_span_ends_with_the_newest_commit() -> None:
    commits = [Commit(bytes(20), time_s, READ, [b"a"]) for time_s in (100 * DAY_S, 10 * DAY_S)]
    history = History.of(commits)
    assert start_of("30d", history) == 70 * DAY_S
    assert start_of("1970-01-11", history) == 10 * DAY_S
    assert start_of(None, history) == 0
    assert start_of("30d", NO_HISTORY) == 0
