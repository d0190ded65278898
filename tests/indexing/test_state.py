"""The state's parts that need no index."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.indexing.state import split_by_size


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5), st.integers(1, 30))
def test_slices_cover_all_rows_and_are_as_long_as_they_may_be(sizes: list[int], max_rows: int, max_size: int) -> None:
    slices = list(split_by_size(np.array(sizes, np.uint32), max_rows, max_size))
    assert [row for start, end in slices for row in range(start, end)] == list(range(len(sizes)))
    for start, end in slices:
        assert end - start == 1 or sum(sizes[start:end]) <= max_size
        assert end - start <= max_rows
        assert end == len(sizes) or end - start == max_rows or sum(sizes[start : end + 1]) > max_size
