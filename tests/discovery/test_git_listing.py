"""git's listing as a table, beside a slow twin; what is done with it is tested in test_discover."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.discovery import _git_listing
from repomap_fast.tables import StringTable

paths = st.lists(st.sampled_from([b"a", b"b", b"ab", b"a-b", b"\xff", b"n\nl"]), min_size=1, max_size=3).map(b"/".join)
runs = st.lists(paths, max_size=12).map(sorted)


def listing_of(*runs: list[bytes]) -> bytes:
    return b"".join(b"H " + path + b"\0" for run in runs for path in run)


@given(runs, runs)
def test_two_runs_are_merged_and_what_is_there_twice_counts_once(first: list[bytes], second: list[bytes]) -> None:
    columns = _git_listing.read_listing(listing_of(first, second))
    assert columns is not None
    table = StringTable(*columns[:2])
    assert table.is_well_formed()
    assert list(table) == sorted({*first, *second})


@given(st.lists(paths, max_size=12))
def test_any_order_is_read_or_refused(listed: list[bytes]) -> None:
    n_descents = sum(path > after for path, after in pairwise(listed))
    columns = _git_listing.read_listing(listing_of(listed))
    assert (columns is None) == (n_descents > 1)
    assert columns is None or list(StringTable(*columns[:2])) == sorted(set(listed))


def test_a_listing_that_was_cut_short_is_refused() -> None:
    assert _git_listing.read_listing(b"H a\0H b") is None
    assert _git_listing.read_listing(b"H a") is None


def test_an_entry_without_a_path_is_refused() -> None:
    for entry in (b"", b"H", b"H ", b"Hab"):
        assert _git_listing.read_listing(b"H a\0" + entry + b"\0") is None


def test_a_listing_says_what_git_does_not_track() -> None:
    columns = _git_listing.read_listing(b"? b\0? d\0H a\0M c\0M c\0")
    assert columns is not None
    assert list(StringTable(*columns[:2])) == [b"a", b"b", b"c", b"d"]
    assert columns[2].tolist() == [False, True, False, True]
