"""distinct: the distinct values of a column."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.arrays import distinct, distinct_places


@given(st.lists(st.integers(0, 9)))
def test_they_are_numpys(values: list[int]) -> None:
    column = np.array(values, np.int64)
    expected, first, which = np.unique(column, return_index=True, return_inverse=True)
    assert distinct(column).tolist() == expected.tolist()
    found_first, found_which = distinct_places(column)
    assert (found_first.tolist(), found_which.tolist()) == (first.tolist(), which.tolist())
