"""A name that very many files have: which of them are looked at for the first references."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.symbols import common_names
from support.import_trees import write_files

POOL_H = "struct pool { int size; };\nstruct conn { int size; };\nint pool_open(struct pool *p);\n"


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Twenty files that use the members ``size`` of two types, the later ones more often; tests come with them."""
    monkeypatch.setattr(common_names, "FEW_FILES", 10)
    monkeypatch.setattr(common_names, "MOST_FILES", 6)
    files = {"pool.h": POOL_H, "pool.c": '#include "pool.h"\nint pool_open(struct pool *p) { return p->size; }\n'}
    for i in range(10):
        uses = "x->size; " * (i + 1)
        files[f"p{i}.c"] = f'#include "pool.h"\nvoid p{i}(struct pool *x) {{ pool_open(x); {uses}}}\n'
        files[f"c{i}.c"] = f'#include "pool.h"\nvoid c{i}(struct conn *x) {{ {uses}{uses}}}\n'
    files["tests/t.c"] = '#include "pool.h"\nvoid t(struct pool *x) { ' + "x->size; " * 50 + "}\n"
    return write_files(tmp_path, files)


def test_the_best_files_are_looked_at_and_the_places_in_others_counted(root: Path) -> None:
    found = repomap_fast.refs(root, "size", limit=3, cache=False)
    assert [one.path for one in found.references] == ["c9.c"] * 3
    assert (found.n_files, found.n_references) == (6, sum((20, 18, 16, 14, 12, 10)))
    whole = repomap_fast.refs(root, "size", cache=False)
    assert (found.n_other_files, found.n_others) == (whole.n_files - 6, whole.n_references - found.n_references)
    assert found.references == whole.references[:3]
    assert found.text.splitlines()[:3] == [
        "at least 90 references to 'size' in 6 files",
        "found by: member 90; unresolved: 0",
        f"not looked at, since very many have that name: {found.n_others} places in {found.n_other_files} more files",
    ]


def test_all_files_are_looked_at_without_a_limit_and_where_few_have_the_name(root: Path) -> None:
    whole = repomap_fast.refs(root, "size", cache=False)
    assert (whole.n_others, whole.n_other_files) == (0, 0)
    assert whole.n_references == sum(3 * (i + 1) for i in range(10)) + 51
    few = repomap_fast.refs(root, "p3", limit=1, cache=False)
    assert (few.n_others, few.n_other_files, "not looked at" in few.text) == (0, 0, False)


def test_files_that_name_the_owner_of_a_member_come_first(root: Path) -> None:
    found = repomap_fast.refs(root, "pool.size", limit=50, cache=False)
    # The file of the definition has no place of it.
    assert {one.path for one in found.references} == {"p9.c", "p8.c", "p7.c", "p6.c", "p5.c", "p4.c"}
    assert found.n_references == sum((10, 9, 8, 7, 6, 5))


def test_the_files_that_are_wanted_are_counted_alone(root: Path) -> None:
    found = repomap_fast.refs(root, "size", limit=3, tests=True, cache=False)
    assert (found.n_references, found.n_others) == (50, 0)
    assert repomap_fast.refs(root, "size", limit=3, tests=False, cache=False).n_other_files == 15


def test_a_limit_beyond_the_bound_is_reached(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(common_names, "MOST_SITES", 10)
    assert repomap_fast.refs(root, "size", limit=3, cache=False).n_files == 1
    assert repomap_fast.refs(root, "size", limit=40, cache=False).n_references >= 80


def test_what_is_nowhere_in_the_files_that_were_looked_at_is_said(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(root, {"other.h": "struct lonely { int size; };\n"})
    found = repomap_fast.refs(root, "lonely.size", limit=3, cache=False)
    assert found.text.startswith("no references to 'size' in the files that were looked at\n")
    assert found.n_others > 0
