"""The language of a file, and its queries."""

from __future__ import annotations

import pytest

from repomap_fast.compat.aider import languages


class TestLanguages:
    @pytest.mark.parametrize(
        ("name", "language"),
        [("a.py", "python"), ("x/a.h", "c"), ("a.tsx", "tsx"), ("Gemfile", "ruby"), ("a.unknown", None), ("a", None)],
    )
    def test_without_grep_ast_our_table_tells(self, name: str, language: str | None) -> None:
        assert languages.language_of_file(name) == language

    def test_identifiers_are_what_the_grammar_has(self) -> None:
        text = languages.find_identifiers("c")
        assert text is not None
        assert b"(field_identifier)" in text.source
        assert b"(symbol)" not in text.source
