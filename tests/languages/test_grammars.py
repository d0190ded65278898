"""Where grammars come from, with and without the packages that hold them."""

import re
import sys
import tomllib
import types
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import numpy as np
import pytest
from tree_sitter import Language
from tree_sitter_language_pack import get_binding

import repomap_fast
from repomap_fast.errors import LanguageError
from repomap_fast.languages import grammars
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import NO_LANGUAGE

Installed = Callable[..., None]


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> Installed:
    """Make it look as if these packages, by their modules, were installed, each in that release, and no other."""

    def install(**releases: str) -> None:
        monkeypatch.setattr(grammars, "_release", releases.get)
        for module in releases:
            if module != grammars.PACK:
                own = types.ModuleType(module)
                own.language = lambda: get_binding("python")  # type: ignore[attr-defined]
                monkeypatch.setitem(sys.modules, module, own)

    return install


def test_pack_comes_first_where_both_are_installed(installed: Installed) -> None:
    installed(tree_sitter_language_pack="pack-1", tree_sitter_python="own-1")
    assert grammars.grammar_release("python") == "pack-1"


def test_own_package_is_read_where_pack_is_missing(installed: Installed) -> None:
    installed(tree_sitter_python="own-1")
    assert grammars.grammar_release("python") == "own-1"
    assert Language(grammars.load_grammar("python")).node_kind_count > 0


@pytest.mark.parametrize("name", grammars.BETTER_PACKAGES)
def test_tags_are_read_with_the_better_package(name: str, installed: Installed) -> None:
    installed(**{"tree_sitter_language_pack": "pack-1", grammars.BETTER_PACKAGES[name]: "own-1"})
    package = grammars.best_package(name)
    assert package == grammars.BETTER_PACKAGES[name]
    assert grammars.grammar_release(name, package) == "own-1"
    (language,) = [i for i, row in enumerate(LANGUAGES) if row.grammar == name]
    assert read_tags_query(language, None).package == package


@pytest.mark.parametrize("name", sorted(grammars.BETTER_PACKAGES.keys() - grammars.WITHOUT_PACK))
def test_drop_ins_read_the_pack_beside_the_better_package(name: str, installed: Installed) -> None:
    installed(**{"tree_sitter_language_pack": "pack-1", grammars.BETTER_PACKAGES[name]: "own-1"})
    assert grammars.grammar_release(name) == "pack-1"


@pytest.mark.parametrize("name", sorted(grammars.BETTER_PACKAGES.keys() - grammars.WITHOUT_PACK))
def test_pack_is_read_where_better_package_is_missing(name: str, installed: Installed) -> None:
    installed(tree_sitter_language_pack="pack-1")
    assert grammars.best_package(name) == ""
    assert grammars.grammar_release(name, grammars.best_package(name)) == "pack-1"


def test_missing_grammar_says_what_to_install(installed: Installed) -> None:
    installed()
    with pytest.raises(
        LanguageError, match=r"'python' is not installed: pip install '.*' or pip install tree-sitter-python"
    ):
        grammars.load_grammar("python")


def test_grammar_that_no_row_names_comes_from_pack(installed: Installed) -> None:
    installed(tree_sitter_language_pack="pack-1")
    assert grammars.grammar_release("chatito") == "pack-1"


def test_unknown_grammar_is_an_error() -> None:
    with pytest.raises(LanguageError, match="'no such grammar' cannot be loaded from tree-sitter-language-pack"):
        grammars.load_grammar("no such grammar")


def test_release_has_the_version() -> None:
    release = grammars.grammar_release("python")
    assert release is not None
    assert version("tree-sitter-language-pack") in release


def test_release_of_package_without_metadata_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "tree_sitter_made_up").mkdir()
    (tmp_path / "tree_sitter_made_up" / "__init__.py").touch()
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(PackageNotFoundError):
        version("tree-sitter-made-up")
    assert grammars._release.__wrapped__("tree_sitter_made_up") == "tree_sitter_made_up"
    assert grammars._release.__wrapped__("tree_sitter_not_there") is None


def test_key_of_a_query_changes_with_the_release(installed: Installed) -> None:
    keys = set()
    for release in ("pack-1", "pack-2"):
        installed(tree_sitter_language_pack=release)
        keys.add(read_tags_query(find_language("python"), None).key)
    assert len(keys) == 2


def test_files_without_grammar_are_left_out_with_a_note(
    installed: Installed, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n")
    (tmp_path / "main.tf").write_text('resource "a" "b" {}\n')
    (tmp_path / "other.tf").write_text('resource "a" "c" {}\n')
    installed(tree_sitter_python="own-1")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert [tag.name for tag in result.tags] == ["f"]
    (note,) = [note for note in result.notes if "grammar" in note]
    assert note.startswith(
        "did not read 2 files of terraform, since no grammar is installed: pip install 'tree-sitter-"
    )
    installed(tree_sitter_python="own-1", tree_sitter_language_pack="pack-1")
    again = repomap_fast.scan(tmp_path, cache=False)
    assert {tag.path for tag in again.tags} == {"a.py", "main.tf", "other.tf"}
    assert not [note for note in again.notes if "grammar" in note]


@pytest.mark.parametrize("name", sorted(grammars.WITHOUT_PACK))
def test_grammar_of_its_own_package_alone(name: str, installed: Installed, tmp_path: Path) -> None:
    (row,) = [row for row in LANGUAGES if row.grammar == name]
    (tmp_path / f"a{row.suffixes[0]}").write_text("x")
    (tmp_path / "b.py").write_text("def f(): pass\n")
    installed(tree_sitter_language_pack="pack-1")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert [tag.name for tag in result.tags] == ["f"]
    (note,) = [note for note in result.notes if "grammar" in note]
    command = "pip install 'repomap-fast[grammars]'"
    assert note == f"did not read 1 file of {row.name}, since no grammar is installed: {command}"
    assert repomap_fast.outline(tmp_path / f"a{row.suffixes[0]}").reason == note
    with pytest.raises(
        LanguageError, match=r"is not installed: pip install 'repomap-fast\[grammars\]' or pip install "
    ):
        grammars.load_grammar(name)
    installed(**{grammars.BETTER_PACKAGES[name]: "own-1"})
    assert not grammars.is_missing(find_language(row.name))


def test_the_extra_has_each_package_that_the_pack_does_not_stand_for() -> None:
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))["project"]
    extra = {re.split("[>=]", one)[0] for one in project["optional-dependencies"]["grammars"]}
    assert extra >= {grammars.BETTER_PACKAGES[name].replace("_", "-") for name in grammars.WITHOUT_PACK}


def test_languages_without_files_are_no_matter(installed: Installed) -> None:
    installed(tree_sitter_python="own-1")
    ids = np.array([find_language("python"), NO_LANGUAGE], np.uint16)
    left, notes = grammars.without_missing(ids)
    assert left.tolist() == ids.tolist()
    assert notes == []


def test_each_package_is_of_a_grammar_in_the_table() -> None:
    assert {*grammars.BETTER_PACKAGES, *grammars.OTHER_PACKAGES} <= {row.grammar for row in LANGUAGES}
    assert not grammars.BETTER_PACKAGES.keys() & grammars.OTHER_PACKAGES.keys()
