"""Which files an import may mean."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.compat.cecli.imports import ImportedFiles, import_parts, means, path_parts

PARTS = st.lists(st.sampled_from("ab"), min_size=1, max_size=4)


def test_parts() -> None:
    assert path_parts("a/b.c/d.e.py") == ("a", "b.c", "d.e")
    assert import_parts("..a.b/c\\d") == ("a", "b", "c", "d")


def test_an_import_means_the_end_of_a_path_or_two_parts_of_it() -> None:
    assert means(("a", "b", "c"), ("c",))
    assert means(("a", "b", "c"), ("b", "c"))
    assert means(("a", "b", "c"), ("a", "b"))
    assert not means(("a", "b", "c"), ("b",))
    assert not means(("a",), ("x", "a"))


@given(st.lists(PARTS, max_size=6), PARTS)
def test_files_are_found_as_they_are_meant(paths: list[list[str]], imported: list[str]) -> None:
    files = ImportedFiles([f"{'/'.join(parts)}.py" for parts in paths])
    expected = {i for i, parts in enumerate(paths) if means(tuple(parts), tuple(imported))}
    assert files.meant_by([".".join(imported)]) == expected
