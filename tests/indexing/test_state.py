"""The state's parts that need no index."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.indexing.state import State, split_by_size
from repomap_fast.languages.table import find_language
from repomap_fast.tables import StringTable


@given(st.lists(st.integers(0, 20), max_size=30), st.integers(1, 5), st.integers(1, 30))
def test_slices_cover_all_rows_and_are_as_long_as_they_may_be(sizes: list[int], max_rows: int, max_size: int) -> None:
    slices = list(split_by_size(np.array(sizes, np.uint32), max_rows, max_size))
    assert [row for start, end in slices for row in range(start, end)] == list(range(len(sizes)))
    for start, end in slices:
        assert end - start == 1 or sum(sizes[start:end]) <= max_size
        assert end - start <= max_rows
        assert end == len(sizes) or end - start == max_rows or sum(sizes[start : end + 1]) > max_size


@given(st.lists(st.tuples(st.sampled_from(["python", "ruby", "vue"]), *[st.integers(0, 2)] * 3, st.booleans())))
def test_files_of_the_same_blob_and_language_are_alike_but_components(
    files: list[tuple[str, int, int, int, bool]],
) -> None:
    languages, *ids, is_asked = zip(*files, strict=True) if files else ((),) * 5
    columns = [np.array(column, np.int64) for column in ids]
    state = State.unread(
        StringTable.from_strings([b"%d" % i for i in range(len(files))]),
        np.array([find_language(name) for name in languages], np.uint16),
        np.zeros(len(files), np.int64),
        columns[0],
        columns[1],
        columns[2].astype(np.uint64),
    )
    rows = np.flatnonzero(is_asked)
    firsts: dict[object, int] = {}
    expected = [row if files[row][0] == "vue" else firsts.setdefault(files[row][:4], row) for row in rows.tolist()]
    assert state.first_alike(rows).tolist() == expected
