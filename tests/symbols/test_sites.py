"""The sites that refer to definitions, as their resolution gives them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest

import repomap_fast
from repomap_fast.progress import Progress
from repomap_fast.resolving.meanings import BY_GUESS, BY_IMPORT, BY_MEMBER, BY_SCOPE, HOWS
from repomap_fast.symbols.site_columns import Site, Sites
from repomap_fast.symbols.sites import TOP, Definition, SiteFinder, best_files_first, how_counts, how_line
from repomap_fast.symbols.sought import AllGroups
from support.import_trees import write_files
from support.repositories import copy_cases

FILES = {
    "a.py": "class A:\n    def m(self): pass\n\ndef f():\n    A().m()\n",
    "tests/test_a.py": "from a import f\nf()\nx = f\n",
}


@pytest.fixture
def finder(tmp_path: Path) -> SiteFinder:
    return SiteFinder(repomap_fast.scan(write_files(tmp_path, FILES), cache=False), Progress())


def test_sites_know_what_is_around_them(finder: SiteFinder) -> None:
    a, m, f = finder.definitions_of(0)[:3]
    (site,) = finder.referring([m]).found
    assert (site.row, site.column, site.kind, site.how) == (4, 8, "call", BY_MEMBER)
    assert Definition(0, site.around) == f
    assert finder.scope_of(site) == "f"
    assert [(one.kind, one.how) for one in finder.referring([f]).found] == [
        ("import", BY_IMPORT),
        ("call", BY_IMPORT),
        ("read", BY_IMPORT),
    ]
    assert {one.how for one in finder.referring([a]).found} == {BY_SCOPE}


def test_what_a_definition_refers_to(finder: SiteFinder) -> None:
    a, m, f = finder.definitions_of(0)[:3]
    found, unknown = finder.referred(f)
    assert (set(found), unknown) == ({a, m}, [])


def test_definitions_are_described(finder: SiteFinder) -> None:
    assert finder.describe(finder.definitions_of(0)[1]) == (2, 2, "function", "m", "A")
    assert finder.describe(Definition(0, TOP)) == (1, 1, "file", "", None)
    assert finder.definitions_at(0, [range(3, 5)]) == [finder.definitions_of(0)[2]]


def test_code_comes_before_tests(tmp_path: Path) -> None:
    result = repomap_fast.scan(write_files(tmp_path, FILES), cache=False)
    sites = [Site(1, 0, 0, "call", BY_SCOPE, TOP), Site(1, 1, 0, "call", BY_GUESS, TOP), Site(0, 3, 0, "call", 0, TOP)]
    assert [site.file for site in best_files_first(result, Sites(sites))] == [0, 1, 1]
    assert how_counts(HOWS[site.how] for site in sites) == {"scope": 2, "guess": 1}


def test_the_ways_are_said_with_what_is_unresolved() -> None:
    assert how_line({"import": 1_200, "guess": 1}, 3) == "found by: import 1,200, guess 1; unresolved: 3"
    assert how_line({}, 0) == "unresolved: 0"


class _Passes(set[Any]):
    """A set that counts how often all of it is passed."""

    n = 0

    def __iter__(self) -> Iterator[Any]:
        self.n += 1
        return super().__iter__()


def test_definitions_of_one_name_are_not_passed_for_each_file(tmp_path: Path) -> None:
    files = {f"m{i}.py": f"class A{i}:\n    def close(self): pass\n\ndef f(x):\n    x.close()\n" for i in range(20)}
    finder = SiteFinder(repomap_fast.scan(write_files(tmp_path, files), cache=False), Progress())
    methods = [finder.definitions_of(file)[1] for file in range(20)]
    groups = _Passes(group for one in methods for group in finder._resolver.groups_of(one.file, [one.tag]))
    assert [len(reached) for _, reached, _ in finder._sites_of(AllGroups(groups, finder._sources))] == [20] * 20
    assert groups.n < 10
    assert set(finder.counts(methods).values()) == {(0, 20)}


@pytest.mark.parametrize("is_sure", [True, False])
def test_what_refers_to_each_of_many_is_what_refers_to_one(tmp_path: Path, is_sure: bool) -> None:
    copy_cases(tmp_path)
    files = {
        "own/a.py": "class A:\n    def close(self): pass\n\nclass B(A):\n    def close(self): super().close()\n",
        "own/b.py": "from own.a import A, B as C\n\ndef close(x):\n    x.close(); A().close(); C().close(); close(x)\n",
        "own/c.ts": "export default function run() {}\nexport const close = () => run()\n",
        "own/d.ts": "import go, { close as end } from './c'\ngo(); end(); go(end)\n",
    }
    result = repomap_fast.scan(write_files(tmp_path, files), cache=False)
    finder = SiteFinder(result, Progress())
    definitions = [one for file in range(len(result.file_table)) for one in finder.definitions_of(file)]
    assert len(definitions) > 2_000
    each = finder.referring_each(definitions, is_sure=is_sure)
    assert set(each) == set(definitions)
    for one in definitions:
        alone = finder.referring([one], is_sure=is_sure)
        assert (list(each[one].found), list(each[one].unknown)) == (list(alone.found), list(alone.unknown))


def test_files_of_a_name_are_passed_once_for_all_definitions_of_it(tmp_path: Path) -> None:
    """``callers __init__`` of Django looked at a thousand files for each of a thousand definitions."""
    counts = []
    for n in (20, 40):
        files = {f"m{i}.py": f"class A{i}:\n    def close(self): pass\n\nA{i}().close()\n" for i in range(n)}
        finder = SiteFinder(repomap_fast.scan(write_files(tmp_path / str(n), files), cache=False), Progress())
        methods = [finder.definitions_of(file)[1] for file in range(n)]
        with (
            patch.object(SiteFinder, "site", autospec=True, side_effect=SiteFinder.site) as made,
            patch.object(finder._resolver, "resolve", side_effect=finder._resolver.resolve) as resolved,
        ):
            each = finder.referring_each(methods)
        assert [len(each[one].found) for one in methods] == [1] * n
        counts.append((resolved.call_count, made.call_count))
    assert counts == [(20, 20), (40, 40)]


def test_what_many_sites_of_a_name_mean_is_grouped_once(tmp_path: Path) -> None:
    counts = []
    for n in (10, 20):
        files = {"a.py": "def f(): pass\n", "b.py": "from a import f\n" + "f()\n" * n}
        finder = SiteFinder(repomap_fast.scan(write_files(tmp_path / str(n), files), cache=False), Progress())
        (f,) = finder.definitions_of(0)
        groups = set(finder._resolver.groups_of(f.file, [f.tag]))
        with patch.object(finder._resolver, "group", side_effect=finder._resolver.group) as grouped:
            assert len(list(finder._sites_of(AllGroups(groups, finder._sources)))) == n + 1
        counts.append(grouped.call_count)
    assert counts == [1, 1]
