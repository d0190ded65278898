"""important: which files come first, and in which order."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.important_files import important_rows


def chosen(paths: list[bytes], first: list[bytes] | None = None) -> list[bytes]:
    paths = sorted(paths)
    return [paths[row] for row in important_rows(paths, first or [])]


def test_prose_comes_before_manifests_and_these_before_the_rest() -> None:
    paths = [b"Dockerfile", b"pyproject.toml", b"README.md", b"Makefile", b"src/a.py", b"tox.ini", b".gitlab-ci.yml"]
    assert chosen(paths) == [b"README.md", b"pyproject.toml", b"Makefile", b"tox.ini", b"Dockerfile", b".gitlab-ci.yml"]


def test_a_readme_is_known_in_any_case_and_with_any_suffix_of_prose() -> None:
    names = [b"README", b"Readme.rst", b"readme.TXT", b"README.adoc"]
    assert all(chosen([name]) == [name] for name in names)
    assert chosen([b"readme.py", b"README.md.bak", b"myreadme.md"]) == []


def test_only_the_root_counts_and_the_workflows() -> None:
    paths = [b"docs/README.md", b"sub/pyproject.toml", b".github/workflows/ci.yml", b".github/workflows/notes.md"]
    assert chosen(paths) == [b".github/workflows/ci.yml"]


def test_own_files_come_first_in_their_order_and_once() -> None:
    paths = [b"README.md", b"docs/z.md", b"docs/a.md"]
    assert chosen(paths, [b"docs/z.md", b"gone.md", b"docs/a.md", b"README.md"]) == [
        b"docs/z.md",
        b"docs/a.md",
        b"README.md",
    ]


def test_files_beside_a_folder_of_nearly_their_name_are_not_passed_over() -> None:
    # "-" and "." come before "/", "0" after it.
    paths = [b"Makefile", b"a-b", b"a/x", b"a/y/z", b"a0", b"README.md", b"README.md.d/x"]
    assert chosen(paths) == [b"README.md", b"Makefile"]


names = st.sampled_from([b"README.md", b"setup.py", b"Makefile", b"x.py", b"a", b"a-", b"a0", b".github", b"workflows"])
trees = st.sets(st.lists(names, min_size=1, max_size=3).map(b"/".join))


@given(trees)
def test_each_important_file_at_the_root_is_found_once(tree: set[bytes]) -> None:
    paths = sorted(tree)
    rows = important_rows(paths)
    assert len(rows) == len(set(rows))
    assert {paths[row] for row in rows} == tree & {b"README.md", b"setup.py", b"Makefile"}
