"""Languages are kept apart: a name in one family of languages never means a definition of another."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.joining import sparse_tags

SOURCES = {
    "pool.py": "def close(): pass\nclose()\n",
    "pool.js": "function close() {}\nclose();\n",
    "panel.ts": "close();\n",
    "pool.c": "void open_all(void) {}\n",
    "pool.cpp": "void f() { open_all(); }\n",
    "A.java": "class A { void run() {} }\n",
    "B.kt": "fun g(a: A) { a.run() }\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for path, source in SOURCES.items():
        (tmp_path / path).write_text(source)
    return tmp_path


@pytest.mark.parametrize(
    ("symbol", "paths"),
    [
        ("pool.py::close", ["pool.py"]),
        ("pool.js::close", ["panel.ts", "pool.js"]),
        ("close", ["panel.ts", "pool.js", "pool.py"]),
        ("open_all", ["pool.cpp"]),
        ("A.run", ["B.kt"]),
    ],
)
def test_references_are_in_the_family_of_the_definitions(root: Path, symbol: str, paths: list[str]) -> None:
    found = repomap_fast.refs(root, symbol, cache=False)
    assert sorted(one.path for one in found.references) == paths


def test_definitions_of_other_families_are_not_counted(root: Path) -> None:
    found = repomap_fast.refs(root, "pool.py::close", cache=False)
    assert (found.n_references, found.n_definitions, found.notes) == (1, 1, ())


@pytest.mark.parametrize("symbol", ["close", "pool.js::close", "open_all"])
def test_a_narrowed_scan_keeps_them_apart_too(root: Path, symbol: str, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = repomap_fast.refs(root, symbol, limit=10, cache=False)
    monkeypatch.setattr(sparse_tags, "FEW_TAGS", 0)
    assert repomap_fast.refs(root, symbol, limit=10, cache=False) == whole
