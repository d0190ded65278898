"""places: typed paths among those of a scan."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.paths import path_below, row_of, rows_at

names = st.sampled_from([b"a", b"a-", b"a0", b"a.py", b"b"])
some_path = st.lists(names, min_size=1, max_size=3).map(b"/".join)
trees = st.sets(some_path)


@given(trees, some_path)
def test_a_row_is_found_by_its_path(tree: set[bytes], path: bytes) -> None:
    paths = sorted(tree)
    assert row_of(paths, path) == (paths.index(path) if path in tree else None)


@given(trees, some_path)
def test_the_rows_of_a_folder_are_those_of_all_files_in_it(tree: set[bytes], path: bytes) -> None:
    paths = sorted(tree)
    expected = [path] if path in tree else [one for one in paths if one.startswith(path + b"/")]
    assert [paths[row] for row in rows_at(paths, path)] == expected
    assert list(rows_at(paths, b"")) == list(range(len(paths)))


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("a/b.py", b"a/b.py"),
        ("./a//b.py", b"a/b.py"),
        ("a/../b.py", b"b.py"),
        (".", b""),
        ("/code/a/b.py", b"a/b.py"),
        ("/code", b""),
        ("../b.py", b"../b.py"),
        ("/elsewhere/b.py", b"../elsewhere/b.py"),
    ],
)
def test_paths_are_taken_below_the_root(typed: str, expected: bytes) -> None:
    assert path_below(Path("/code"), typed) == expected
