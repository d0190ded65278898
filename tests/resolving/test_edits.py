"""What sites mean depends on the files alone: not on what they were, on the workers, on the cache, or on the order."""

from __future__ import annotations

import tempfile
from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repomap_fast
from support.import_trees import write_files
from support.resolved import all_sites

PYTHON = (
    *("from {0} import *", "from {0} import f", "from {0} import K as f", "import {0}", "from p.{0} import K"),
    *("def f(): return K()", "class K(L):\n    def m(self): pass", "class L:\n    x: 'K'\n    def m(self): return f()"),
    *("__all__ = ['f']", "__all__ += ['K']", "f().m()", "{0}.f().m()", "L().x.m()", "x = K()\nx.m()"),
)
C = (
    *('#include "{0}.h"', '#include "{0}.c"', '#include "p/{0}.h"', "struct K { struct L *l; };", "int f(void);"),
    *("struct L { struct K k; int x; };", "typedef struct K f_t;", "int f(void) { return 1; }", "#define f() 2"),
    *("static int f(void) { return 3; }", "extern f_t g;", "f_t g;", "int h(f_t *p) { return p->l->k.l->x + f(); }"),
)
NAMES = {"py": ("a.py", "b.py", "p/a.py", "p/__init__.py"), "c": ("a.c", "b.c", "a.h", "b.h", "p/a.h")}
OTHER = {"a": "b", "b": "a"}


def edits_of(suffix: str, statements: tuple[str, ...]) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    """Edits: a file is written, removed, or moved to another name."""
    names = st.sampled_from(NAMES[suffix])
    text = st.lists(st.sampled_from(statements), max_size=5).map("\n".join)
    written = st.tuples(st.just("write"), names, text)
    changed = st.one_of(st.tuples(st.just("remove"), names, st.just("")), st.tuples(st.just("move"), names, names))
    return st.lists(st.one_of(written, written, changed), min_size=2, max_size=6)


def edit(root: Path, kind: str, name: str, other: str) -> None:
    path = root / name
    if kind == "write":
        write_files(root, {name: other.replace("{0}", OTHER.get(Path(name).stem, "a")) + "\n"})
    elif path.is_file() and kind == "remove":
        path.unlink()
    elif path.is_file():
        write_files(root, {other: path.read_text()})
        if other != name:
            path.unlink()


def check_edits(edits: list[tuple[str, str, str]], random: Random) -> None:
    with tempfile.TemporaryDirectory() as folder, repomap_fast.open(folder, cache=False) as repository:
        root = Path(folder)
        for one in edits:
            edit(root, *one)
            edited = all_sites(root, result=repository.scan())
        assert edited == all_sites(root, order=random.shuffle)


@settings(max_examples=10, deadline=None)
@given(edits_of("py", PYTHON), st.randoms(use_true_random=False))
def test_after_any_edits_of_python_targets_are_those_of_a_fresh_scan(
    edits: list[tuple[str, str, str]], random: Random
) -> None:
    check_edits(edits, random)


@settings(max_examples=10, deadline=None)
@given(edits_of("c", C), st.randoms(use_true_random=False))
def test_after_any_edits_of_c_targets_are_those_of_a_fresh_scan(
    edits: list[tuple[str, str, str]], random: Random
) -> None:
    check_edits(edits, random)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(st.one_of(edits_of("py", PYTHON), edits_of("c", C)), st.randoms(use_true_random=False))
def test_after_very_many_edits_targets_are_those_of_a_fresh_scan(
    edits: list[tuple[str, str, str]], random: Random
) -> None:
    check_edits(edits, random)


def test_workers_and_caches_change_no_target(tmp_path: Path) -> None:
    texts = {"py": PYTHON, "c": C}
    root = tmp_path / "r"
    for suffix, names in NAMES.items():
        for i, name in enumerate(names):
            edit(root, "write", name, "\n".join(texts[suffix][i::2]))
    expected = all_sites(root)
    assert expected
    cold, warm = (repomap_fast.scan(root, cache_dir=tmp_path / "cache") for _ in range(2))
    alone, many = (repomap_fast.scan(root, cache=False, workers=workers) for workers in (1, 8))
    for result in (cold, warm, alone, many):
        assert all_sites(root, result=result) == expected
