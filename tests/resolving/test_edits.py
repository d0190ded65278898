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
GO = (
    *(
        "package m",
        "package p",
        'import "example.com/m/p"',
        'import . "example.com/m/p"',
        'import q "example.com/m/{0}"',
    ),
    *("type K struct{ L }", "type L struct{ X *K }", "type L interface{ M() *K }", "func (k *K) M() *K { return k }"),
    *(
        "func F() *K { return &K{} }",
        "func F() (*L, error) { return nil, nil }",
        "var x, err = F()",
        "var y = x.X.M().X",
    ),
    *("func g() { F().M() }", "func h() { p.F().M(); q.F() }", "type A = p.K", "func (a A) N() { a.M() }"),
)
JAVA = (
    *("package p;", "package q;", "import p.K;", "import q.*;", "import static p.K.f;", "class K extends L { }"),
    *("class L { K k; K m() { return k; } }", "class K extends q.L { static L f() { return new K().m(); } }"),
    *("public class {0} { static class K extends L { } K k; }", "interface L { default void m() { m(); } }"),
    *(
        "enum K implements L { A, B; int x = A.x; }",
        "class Use { void u(L l) { l.m().k.m(); K.f(); new {0}().k.m(); } }",
    ),
)
SCRIPT = (
    *("import { f, K } from './{0}'", "import f from './{0}'", "import * as q from './{0}'", "export * from './{0}'"),
    *("export { f as K } from './{0}'", "export default function f() { return new K() }", "import { K } from '@/p/a'"),
    *(
        "export class K extends L { m() { return this.x } }",
        "export function f() { return new K() }",
        "f().m(); q.f().x",
    ),
    *("class L { x = new K(); m() { return f() } }", "const { f } = require('./{0}')", "exports.f = () => new L()"),
)
TYPED = (
    *("export interface L { x: K; m(): L }", "export type K = { x: L } & L", "let k: K; k.x.m()", "enum L { x, m }"),
    *("export const f: (l: L) => K = l => l.x.m()", "namespace q { export class K extends L {} }"),
)
TEXTS = {"py": PYTHON, "c": C, "go": GO, "java": JAVA, "js": SCRIPT, "ts": SCRIPT + TYPED}
NAMES = {
    "py": ("a.py", "b.py", "p/a.py", "p/__init__.py"),
    "c": ("a.c", "b.c", "a.h", "b.h", "p/a.h"),
    "go": ("a.go", "b.go", "p/a.go", "p/b.go", "b/a.go"),
    "java": ("a.java", "p/K.java", "p/L.java", "q/K.java", "q/L.java"),
    "js": ("a.js", "b.js", "p/a.js", "a/index.js"),
    "ts": ("a.ts", "b.tsx", "p/a.ts", "a/index.ts", "b.js"),
}
SETTINGS = {
    "go.mod": "module example.com/m\n\ngo 1.20\n",
    "tsconfig.json": '{"compilerOptions": {"baseUrl": ".", "paths": {"@/*": ["*"]}}}\n',
}
"""Files that say what imports mean; edits leave them alone."""
OTHER = {"a": "b", "b": "a"}


def edits_of(language: str) -> st.SearchStrategy[list[tuple[str, str, str]]]:
    """Edits: a file is written, removed, or moved to another name."""
    names = st.sampled_from(NAMES[language])
    text = st.lists(st.sampled_from(TEXTS[language]), max_size=5).map("\n".join)
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
        root = write_files(Path(folder), SETTINGS)
        for one in edits:
            edit(root, *one)
            edited = all_sites(root, result=repository.scan())
        assert edited == all_sites(root, order=random.shuffle)


@pytest.mark.parametrize("language", TEXTS)
def test_after_any_edits_targets_are_those_of_a_fresh_scan(language: str) -> None:
    @settings(max_examples=10, deadline=None)
    @given(edits_of(language), st.randoms(use_true_random=False))
    def check(edits: list[tuple[str, str, str]], random: Random) -> None:
        check_edits(edits, random)

    check()


@pytest.mark.slow
@settings(max_examples=600, deadline=None)
@given(st.sampled_from(sorted(TEXTS)).flatmap(edits_of), st.randoms(use_true_random=False))
def test_after_very_many_edits_targets_are_those_of_a_fresh_scan(
    edits: list[tuple[str, str, str]], random: Random
) -> None:
    check_edits(edits, random)


def test_workers_and_caches_change_no_target(tmp_path: Path) -> None:
    root = write_files(tmp_path / "r", SETTINGS)
    for language, names in NAMES.items():
        for i, name in enumerate(names):
            edit(root, "write", name, "\n".join(TEXTS[language][i::2]))
    expected = all_sites(root)
    assert expected
    cold, warm = (repomap_fast.scan(root, cache_dir=tmp_path / "cache") for _ in range(2))
    alone, many = (repomap_fast.scan(root, cache=False, workers=workers) for workers in (1, 8))
    for result in (cold, warm, alone, many):
        assert all_sites(root, result=result) == expected
