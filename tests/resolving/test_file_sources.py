"""What the files of a scan say that resolves references."""

from __future__ import annotations

from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.resolving import file_sources
from repomap_fast.resolving.file_sources import FileSources
from support.import_trees import write_files
from support.resolved import all_sites

FILES = {
    "a.py": "from b import K as L, M\nfrom c import *\nimport d.e as f\nclass A:\n    def m(self): pass\n",
    "b.py": "def m():\n    pass\n",
    "c.js": "class A { m() {} }\n",
    "d.rb": "class A\n  def m; end\nend\n",
}


@pytest.fixture
def sources(tmp_path: Path) -> FileSources:
    return FileSources(repomap_fast.scan(write_files(tmp_path, FILES), cache=False))


def test_imports_are_found_by_line_and_by_name(sources: FileSources) -> None:
    found = sources.imported_at(0, 0, b"K")
    assert found is not None
    assert (found.module, found.name) == ("b", "K")
    assert sources.imported_at(0, 1, b"K") is None
    assert sources.aliases(0, b"K") == [b"L"]
    assert [one.module for one in sources.stars(0)] == ["c"]
    assert [sources.is_renamed(0, row) for row in range(4)] == [True, False, False, True]


def test_members_are_of_classes_in_languages_that_fit(sources: FileSources) -> None:
    assert [file for file, _ in sources.members_named(0, b"m")] == [0]


def test_files_that_have_a_name_are_known(sources: FileSources) -> None:
    assert sources.files_naming([b"m", b"K", b"nothing"]) == {b"m": [0, 1, 2, 3], b"K": [0], b"nothing": []}


def test_the_definition_around_a_row_is_the_innermost(sources: FileSources) -> None:
    tags = sources.tags(1)
    assert tags.names[sources.definition_around(1, 1)] == b"m"
    assert sources.definition_around(0, 0) == -1


def test_what_is_dropped_from_memory_is_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_files(tmp_path, FILES)
    before = all_sites(tmp_path)
    monkeypatch.setattr(file_sources, "_MOST_NUMBERS", 1)
    assert all_sites(tmp_path) == before


def test_a_file_that_is_asked_for_again_and_again_stays_in_memory(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All that was read was dropped at once: a header was read again for each of the files that came after."""
    write_files(tmp_path, {"hot.py": "class Hot:\n    pass\n"} | {f"z{i:02}.py": f"x{i} = Hot()\n" for i in range(60)})
    sources = FileSources(repomap_fast.scan(tmp_path, cache=False))
    of_file = sources.scopes(1).n_numbers + sources.tags(1).n_numbers
    sources._most_numbers = 16 * of_file
    read, true_read = [], FileSources._read
    monkeypatch.setattr(FileSources, "_read", lambda self, file: read.append(file) or true_read(self, file))
    for file in range(1, 61):
        assert len(sources.scopes(file).numbers)
        assert sources.scopes(0).bindings_named(b"Hot")
        assert len(sources._scopes) + len(sources._older_scopes) <= 16
        assert len(sources._tags) + len(sources._older_tags) <= 32
        assert sources.n_numbers <= 16 * of_file
    assert read.count(0) <= 1


def test_tags_alone_are_forgotten_too(tmp_path: Path) -> None:
    """Those of each file that defines a name were kept: 20,000 files of the Linux kernel for one name."""
    write_files(tmp_path, {f"f{i:02}.rb": "def x\nend\n" for i in range(60)})
    sources = FileSources(repomap_fast.scan(tmp_path, cache=False))
    sources._most_numbers = 10 * sources.tags(0).n_numbers
    for file in range(60):
        assert sources.tags(file).names == [b"x"]
        assert len(sources._tags) + len(sources._older_tags) <= 10


def test_members_are_told_apart_by_their_classes(sources: FileSources) -> None:
    by_class = sources.members_by_class(0, b"m")
    assert [(file, *bindings) for file, of in by_class.items() for bindings in of.values()] == (
        sources.members_named(0, b"m")
    )
    assert all(sources.members_in(file, b"m") == classes for file, classes in by_class.items())


def test_names_that_no_question_needs_are_not_read(sources: FileSources, monkeypatch: pytest.MonkeyPatch) -> None:
    here, read = sources.scopes(0), []
    name_of, names_of = file_sources._Names.name_of, file_sources._Names.names_of
    monkeypatch.setattr(file_sources._Names, "name_of", lambda *given: read.append(1) or name_of(*given))
    monkeypatch.setattr(file_sources._Names, "names_of", lambda *given: read.append(len(given[1])) or names_of(*given))
    (binding,) = here.bindings_named(b"A")
    assert read == []
    assert (here.name_of_binding(binding), read) == (b"A", [1])


def test_a_name_that_many_tags_have_is_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each of its tags counted: of a file that calls a function nine times the names of all tags were read."""
    write_files(tmp_path, {"a.py": "def f(): pass\n" + "f()\n" * 50 + "def g(): pass\n"})
    sources, read = FileSources(repomap_fast.scan(tmp_path, cache=False)), []
    here = sources.scopes(0)
    name_of, names_of = file_sources._Names.name_of, file_sources._Names.names_of
    monkeypatch.setattr(file_sources._Names, "name_of", lambda *given: read.append(1) or name_of(*given))
    monkeypatch.setattr(file_sources._Names, "names_of", lambda *given: read.append(len(given[1])) or names_of(*given))
    sites = here.sites_named(b"f")
    assert [here.name_of_site(site) for site in sites] == [b"f"] * 50
    assert read == [1]
