"""Distinct values of a column, runs and their bounds."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast import arrays
from repomap_fast.arrays import are_among, distinct, distinct_places, offsets_from, runs_of


@pytest.mark.parametrize("dtype", [np.int64, np.uint32])
@given(values=st.lists(st.one_of(st.integers(0, 9), st.integers(0, 2**31))))
def test_they_are_numpys(dtype: type[np.generic], values: list[int]) -> None:
    column = np.array(values, dtype)
    expected, first, which = np.unique(column, return_index=True, return_inverse=True)
    assert distinct(column).tolist() == expected.tolist()
    found_first, found_which = distinct_places(column)
    assert (found_first.tolist(), found_which.tolist()) == (first.tolist(), which.tolist())


@given(st.lists(st.integers(-5, 1 << 40)), st.lists(st.integers(-5, 1 << 40)), st.lists(st.integers(-5, 5)))
def test_values_are_among_others_as_numpy_says(values: list[int], some: list[int], both: list[int]) -> None:
    one, other = np.array([*values, *both], np.int64), np.array([*some, *both[::2]], np.int64)
    assert are_among(one, other).tolist() == np.isin(one, other).tolist()


@given(st.lists(st.integers(0, 9)))
def test_bounds_are_sums_of_the_lengths_before(lengths: list[int]) -> None:
    offsets = offsets_from(np.array(lengths, np.uint32))
    assert offsets.dtype == np.uint64
    assert offsets.tolist() == [sum(lengths[:i]) for i in range(len(lengths) + 1)]


@pytest.mark.parametrize("most_at_once", [1, 3, 1 << 17])
@given(data=st.data())
def test_runs_are_slices_one_behind_the_other(most_at_once: int, data: st.DataObject) -> None:
    items = np.arange(20, dtype=np.uint8)
    slices = data.draw(st.lists(st.tuples(st.integers(0, 15), st.integers(0, 5)), max_size=8))
    starts, lengths = (np.array([pair[i] for pair in slices], np.int64) for i in (0, 1))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(arrays, "_MOST_PLACES_AT_ONCE", most_at_once)
        runs = runs_of(items, starts, lengths)
    assert runs.dtype == np.uint8
    assert runs.tolist() == [item for start, length in slices for item in range(start, start + length)]
