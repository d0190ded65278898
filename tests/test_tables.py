"""String tables: what is taken out of them, and what a damaged file may make of them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.tables import StringTable

strings_and_rows = st.lists(st.binary(max_size=3), max_size=20).flatmap(
    lambda strings: st.tuples(
        st.just(strings), st.sets(st.sampled_from(range(len(strings)))) if strings else st.just(set())
    )
)


@given(strings_and_rows)
def test_rows_are_those_strings_in_their_order(drawn: tuple[list[bytes], set[int]]) -> None:
    strings, chosen = drawn
    rows = sorted(chosen)
    table = StringTable.from_strings(strings).rows(np.array(rows, np.intp))
    assert table.is_well_formed()
    assert list(table) == [strings[row] for row in rows]
    assert table.offsets.dtype == np.uint64
    assert table.data.dtype == np.uint8


@given(st.lists(st.binary(max_size=2), max_size=4), st.lists(st.binary(max_size=2), max_size=4))
def test_tables_are_equal_when_their_strings_are(mine: list[bytes], others: list[bytes]) -> None:
    assert StringTable.from_strings(mine).equals(StringTable.from_strings(others)) == (mine == others)


@pytest.mark.parametrize("offsets", [[], [1, 3], [0, 2], [0, 4], [0, 2, 1, 3]])
def test_offsets_that_do_not_fit_are_seen(offsets: list[int]) -> None:
    assert not StringTable(np.array(offsets, np.uint64), np.zeros(3, np.uint8)).is_well_formed()
    assert StringTable(np.array([0, 0, 3], np.uint64), np.zeros(3, np.uint8)).is_well_formed()
