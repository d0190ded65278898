"""Which rules resolve the sites of a file, and what is one target."""

from __future__ import annotations

from pathlib import Path

import repomap_fast
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files
from support.resolved import all_sites


def test_languages_without_rules_are_known(tmp_path: Path) -> None:
    write_files(tmp_path, {"a.py": "f()\n", "b.rb": "f()\n", "c.pyi": "def f(): ...\n"})
    resolver = SiteResolver(repomap_fast.scan(tmp_path, cache=False))
    assert [resolver.can_resolve(file) for file in range(3)] == [True, False, True]


def test_definitions_of_one_name_in_one_scope_are_one_target(tmp_path: Path) -> None:
    text = "class A:\n    @property\n    def x(self): pass\n    @x.setter\n    def x(self, v): pass\nx = 1\n"
    write_files(tmp_path, {"a.py": text})
    resolver = SiteResolver(repomap_fast.scan(tmp_path, cache=False))
    here = resolver.sources.scopes(0)
    tags = [here.binding_tags[binding] for binding in here.bindings_named(b"x")]
    assert len(tags) == 3
    assert len(set(resolver.groups_of(0, tags))) == 2


def test_after_edits_targets_are_those_of_a_fresh_scan(tmp_path: Path) -> None:
    first = {"a.py": "class A:\n    def m(self): pass\n", "b.py": "from a import A\nclass B(A): pass\nB().m()\n"}
    edits: list[dict[str, str]] = [
        {"a.py": "class A:\n    def n(self): pass\n"},
        {"c.py": "class A:\n    def m(self): pass\n", "a.py": "from c import A\n"},
        {"b.py": "from c import A as B\nB().m()\n"},
    ]
    with repomap_fast.open(write_files(tmp_path / "r", first), cache_dir=tmp_path / "cache") as repository:
        for edit in edits:
            write_files(tmp_path / "r", edit)
            assert all_sites(tmp_path / "r", result=repository.scan()) == all_sites(tmp_path / "r")
