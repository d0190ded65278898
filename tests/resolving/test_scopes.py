"""The scopes of one file as a resolver reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.joining.facts import CHAIN_MEMBER, CHAIN_NAME, Facts
from repomap_fast.resolving import scopes
from repomap_fast.resolving.file_sources import FileSources
from repomap_fast.resolving.scopes import NONE, FileScopes

TEXT = """import os
def outer(a):
    import os
    class Inner(Base):
        def m(self): self.x = os
        def n(self): return self.x + a
    return Inner
"""


@pytest.fixture
def here(tmp_path: Path) -> FileScopes:
    (tmp_path / "a.py").write_text(TEXT)
    return FileSources(repomap_fast.scan(tmp_path, cache=False)).scopes(0)


def test_names_are_bound_in_scopes(here: FileScopes) -> None:
    (outer,) = here.bindings_named(b"outer")
    scope = here.scope_of_tag[here.binding_tags[outer]]
    assert here.bound(0, b"outer") == [outer]
    assert here.bound(0, b"a") == []
    assert len(here.bound(scope, b"a")) == 1
    assert here.bound(0, b"nothing") == []


def test_an_import_of_a_function_is_no_import_of_the_file(here: FileScopes) -> None:
    (outer,) = here.bindings_named(b"outer")
    scope = here.scope_of_tag[here.binding_tags[outer]]
    assert here.imports_of(0, b"os") == [0]
    assert here.imports_of(scope, b"os") == [1]
    assert here.imports_of(0, b"sys") == []


def test_what_is_around_a_scope(here: FileScopes) -> None:
    (method,) = here.bindings_named(b"m")
    scope = here.scope_of_tag[here.binding_tags[method]]
    inner = here.class_around(scope)
    assert {here.names[number] for number in here.members(inner)} == {b"m", b"n", b"x"}
    assert here.class_around(0) == NONE
    assert here.definition_around(scope) == here.binding_tags[method]
    assert here.definition_around(0) == NONE


def test_sites_have_their_names(here: FileScopes) -> None:
    (site,) = here.sites_named(b"x")
    assert (here.site_rows[site], here.is_bare(site)) == (5, False)
    assert here.sites_named(b"nothing") == []


def test_a_name_is_found_alike_with_and_without_numbers(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text(TEXT)
    result = repomap_fast.scan(tmp_path, cache=False)
    here = FileSources(result).scopes(0)
    names = [*here.names, b"nothing"]
    for name in names:
        fresh = FileSources(result).scopes(0)
        assert fresh.bindings_named(name) == here.bindings_named(name)
        assert fresh.sites_named(name) == here.sites_named(name)
        assert fresh.binds(name) == here.binds(name) == bool(here.bindings_named(name))
        for scope in range(len(here.scope_parents)):
            assert fresh.bound(scope, name) == here.bound(scope, name)
        assert "numbers" not in vars(fresh)


def test_bindings_sites_and_chains_have_the_names_of_their_numbers(here: FileScopes) -> None:
    assert [here.name_of_binding(one) for one in range(len(here.binding_names))] == [
        here.names[number] for number in here.binding_names
    ]
    assert [here.name_of_site(one) for one in range(len(here.site_names))] == [
        here.names[number] for number in here.site_names
    ]
    named = [one for one, op in enumerate(here.chain_ops) if op in (CHAIN_NAME, CHAIN_MEMBER)]
    assert [here.name_of_chain(one) for one in named] == [here.names[here.chain_names[one]] for one in named] != []


def test_a_file_that_is_asked_for_many_names_numbers_them(here: FileScopes, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = []
    search = Facts.bindings_named
    monkeypatch.setattr(Facts, "bindings_named", lambda *given: counted.append(given[1]) or search(*given))
    names = [b"outer", b"a", b"Inner", b"m", b"n", b"x", b"os", b"self", b"Base", b"nothing"]
    for _ in range(3):
        found = [here.bindings_named(name) for name in names]
    assert len(counted) == len(set(counted)) == scopes._MOST_SOUGHT
    assert found[0] == here.bound(0, b"outer")


def test_what_a_name_is_bound_to_in_a_scope_is_found_without_a_look_at_all_other_scopes(tmp_path: Path) -> None:
    asked = []
    for n in (200, 400):
        (tmp_path / "a.py").write_text("".join(f"def f{i}(a): return a\n" for i in range(n)))
        here = FileSources(repomap_fast.scan(tmp_path, cache=False)).scopes(0)
        looked: list[int] = []

        class Counted:
            def __init__(self, column: Sequence[int], looked: list[int]) -> None:
                self._column, self._looked = column, looked

            def __getitem__(self, place: int) -> int:
                self._looked.append(place)
                return self._column[place]

        vars(here)["binding_scopes"] = Counted(here.binding_scopes, looked)
        assert [len(here.bound(scope, b"a")) for scope in range(n + 1)] == [0] + [1] * n
        assert "numbers" not in vars(here)
        asked.append(len(looked))
    assert asked[1] < 2.5 * asked[0]
