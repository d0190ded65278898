"""The language of a file by its name, as grep-ast has it."""

from __future__ import annotations

import pytest
from tree_sitter_language_pack import get_binding

from repomap_fast.compat.grep_ast.parsers import PARSERS, filename_to_lang
from repomap_fast.languages.grammars import WITHOUT_PACK
from repomap_fast.languages.table import PARSED_LANGUAGES


@pytest.mark.parametrize(
    ("name", "language"),
    [
        ("a/b/c.py", "python"),
        ("x.tsx", "typescript"),
        ("x.h", "c"),
        ("x.hpp", "cpp"),
        ("go.mod", "gomod"),
        ("x.mod", None),
        ("src/CMakeLists.txt", "cmake"),
        ("x.R", "r"),
        ("Dockerfile", "dockerfile"),
        ("x.unknown", None),
        ("py", None),
        ("", None),
        ("x.pyi", "python"),
    ],
)
def test_the_name_tells_the_language(name: str, language: str | None) -> None:
    assert filename_to_lang(name) == language


def test_every_grammar_is_in_the_package() -> None:
    for grammar in set(PARSERS.values()):
        assert get_binding(grammar) is not None


def test_every_language_of_code_is_told() -> None:
    # To grep-ast all `.pp` are Pascal, and Puppet has no other suffix. It reads the pack alone.
    code = {row.grammar for row in PARSED_LANGUAGES if row.role == "code"} - WITHOUT_PACK
    assert code - {"tsx", "puppet"} <= set(PARSERS.values())


def test_grep_ast_has_the_same() -> None:
    theirs = pytest.importorskip("grep_ast.parsers").PARSERS
    assert {name: PARSERS.get(name) for name in theirs} == theirs
