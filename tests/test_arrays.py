"""Distinct values of a column, and bounds of runs."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.arrays import distinct, distinct_places, offsets_from


@given(st.lists(st.integers(0, 9)))
def test_they_are_numpys(values: list[int]) -> None:
    column = np.array(values, np.int64)
    expected, first, which = np.unique(column, return_index=True, return_inverse=True)
    assert distinct(column).tolist() == expected.tolist()
    found_first, found_which = distinct_places(column)
    assert (found_first.tolist(), found_which.tolist()) == (first.tolist(), which.tolist())


@given(st.lists(st.integers(0, 9)))
def test_bounds_are_sums_of_the_lengths_before(lengths: list[int]) -> None:
    offsets = offsets_from(np.array(lengths, np.uint32))
    assert offsets.dtype == np.uint64
    assert offsets.tolist() == [sum(lengths[:i]) for i in range(len(lengths) + 1)]
