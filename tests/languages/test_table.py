"""The language table: rows are well-formed, and each is found by its names."""

from __future__ import annotations

import pytest
import tree_sitter

from repomap_fast.errors import LanguageError
from repomap_fast.languages.grammars import load_grammar
from repomap_fast.languages.shared_suffixes import SHARED_SUFFIXES
from repomap_fast.languages.table import (
    FAMILY_OF_LANGUAGE,
    LANGUAGE_ROLES,
    LANGUAGES,
    Language,
    find_language,
    find_languages,
)
from support.installed import INSTALLED_PARSED


def test_the_table_is_sorted_and_has_each_word_once() -> None:
    table = [language.name for language in LANGUAGES]
    assert table == sorted(set(table))
    for field in ("suffixes", "file_names", "interpreters", "aliases", "beginnings"):
        words = [word for language in LANGUAGES for word in getattr(language, field)]
        # The beginning of a file says which language it is in.
        words = [word for word in words if word[1:].encode() not in SHARED_SUFFIXES]
        assert len(words) == len(set(words)), field
    assert all(suffix.startswith(".") and suffix.count(".") == 1 for row in LANGUAGES for suffix in row.suffixes)


def test_languages_that_use_each_other_by_name_are_a_family() -> None:
    families: dict[int, set[str]] = {}
    for language, family in zip(LANGUAGES, FAMILY_OF_LANGUAGE, strict=True):
        families.setdefault(family, set()).add(language.name)
    several = [names for names in families.values() if len(names) > 1]
    assert several == [
        {"astro", "ejs", "javascript", "svelte", "tsx", "typescript", "vue"},
        {"c", "cpp", "objc"},
        {"css", "html", "scss"},
        {"elixir", "erlang"},
        {"erb", "ruby"},
        {"hcl", "terraform"},
        {"java", "kotlin", "scala"},
        {"jupyter", "python"},
        {"ocaml", "ocaml_interface"},
        {"systemverilog", "verilog"},
    ]


def test_a_role_names_all_languages_of_it_and_is_no_name_of_one() -> None:
    assert {row.role for row in LANGUAGES} <= set(LANGUAGE_ROLES)
    for role in LANGUAGE_ROLES:
        found = [LANGUAGES[row] for row in find_languages(f" {role.upper()} ")]
        assert found == [row for row in LANGUAGES if row.role == role] != []
        with pytest.raises(LanguageError):
            find_language(role)
    assert find_languages("py") == (find_language("python"),)


@pytest.mark.parametrize("language", INSTALLED_PARSED, ids=lambda language: language.name)
def test_every_grammar_can_be_loaded(language: Language) -> None:
    assert tree_sitter.Language(load_grammar(language.grammar)).node_kind_count > 0


class TestFindLanguage:
    @pytest.mark.parametrize("language", LANGUAGES, ids=lambda language: language.name)
    def test_knows_every_row_by_its_own_name(self, language: Language) -> None:
        assert LANGUAGES[find_language(language.name)] is language

    @pytest.mark.parametrize(
        ("alias", "name"),
        [
            ("C++", "cpp"),
            ("c#", "csharp"),
            ("JS", "javascript"),
            ("ts", "typescript"),
            ("py", "python"),
            ("rs", "rust"),
            ("sh", "bash"),
            ("golang", "go"),
            (" Ruby ", "ruby"),
            ("CUDA", "cpp"),
        ],
    )
    def test_knows_the_common_other_names(self, alias: str, name: str) -> None:
        assert LANGUAGES[find_language(alias)].name == name

    def test_names_the_nearest(self) -> None:
        with pytest.raises(
            LanguageError, match=r"^unknown language 'pyton'; expected one .*languages' lists; did you mean 'python'\?"
        ):
            find_language("pyton")

    @pytest.mark.parametrize("name", ["", "brainfuck", "c\0"])
    def test_says_where_they_are_listed(self, name: str) -> None:
        with pytest.raises(LanguageError, match="one that 'repomap-fast languages' lists"):
            find_language(name)
