"""What references are sought to: groups that are known, and those of very many definitions."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

import pytest

import repomap_fast
from repomap_fast.progress import Progress
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.symbols import sites
from repomap_fast.symbols.sites import Definition, SiteFinder
from support.import_trees import write_files
from support.repositories import copy_cases

FILES = {
    "own/a.py": "class A:\n    def close(self): pass\n\nclass B(A):\n    def close(self): super().close()\n",
    "own/b.py": "from own.a import A, B as C\n\ndef close(x):\n    x.close(); A().close(); C().close(); close(x)\n",
    "own/c.h": "int close(int fd);\nstruct ops { int (*close)(int); };\n",
    "own/c.c": '#include "c.h"\nint close(int fd) { return fd; }\nvoid f(struct ops *o) { o->close(close(1)); }\n',
    "own/d.c": '#include "c.h"\nstatic void g(void *x) { close(2); x->close(3); }\n',
    "own/e.go": "package e\n\ntype P struct{}\n\nfunc (p *P) close() {}\n\nfunc h(p *P) { p.close() }\n",
}


def test_the_groups_of_a_name_are_the_same_by_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    copy_cases(tmp_path)
    result = repomap_fast.scan(write_files(tmp_path, FILES), cache=False)
    finder = SiteFinder(result, Progress())
    by_name: dict[bytes, list[Definition]] = {}
    for file in range(len(result.file_table)):
        for one in finder.definitions_of(file):
            by_name.setdefault(finder.name_of(one), []).append(one)
    assert len(by_name) > 1_000
    assert len(by_name[b"close"]) > 6
    everywhere = frozenset(range(len(result.file_table)))
    for definitions in by_name.values():
        known = finder.referring(definitions)
        monkeypatch.setattr(sites, "_MANY_DEFINITIONS", 0)
        by_need = finder.referring(definitions, only=everywhere, are_all=True)
        assert (list(by_need.found), list(by_need.unknown)) == (list(known.found), list(known.unknown))
        monkeypatch.undo()


def test_of_very_many_definitions_those_are_read_that_references_lead_to(tmp_path: Path) -> None:
    """Linux has 3,900 definitions of ``dev``, in 2,600 files."""
    files = {f"own{i:03}.c": f"static int f(int x) {{ return {i}; }}\n" for i in range(100)}
    files["use.c"] = "static int f(int x) { return x; }\nint g(void) { return f(1); }\n"
    finder = SiteFinder(repomap_fast.scan(write_files(tmp_path, files), cache=False), Progress())
    definitions = [finder.definitions_of(file)[0] for file in range(101)]
    with patch.object(FileSources, "_read", autospec=True, side_effect=FileSources._read) as read:
        found = finder.referring(definitions, only={100}, are_all=True)
    assert [(site.file, site.row) for site in found.found] == [(100, 1)]
    assert read.call_count < 5
