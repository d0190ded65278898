"""The scopes of one file as a resolver reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
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
