"""The table of known macros, and which queries ask for it."""

from __future__ import annotations

from collections import Counter

import pytest

from repomap_fast.languages.known_macros import OUR_MACROS, macros_text, read_macros
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query


def test_every_line_of_ours_is_a_macro_and_no_name_is_there_twice() -> None:
    macros = read_macros(OUR_MACROS.read_bytes())
    assert len(macros) > 300
    assert [key for key, n in Counter((macro.name, macro.is_prefix) for macro in macros).items() if n > 1] == []


@pytest.mark.parametrize(("language", "are_read"), [("c", True), ("cpp", True), ("python", False), ("java", False)])
def test_the_queries_of_c_and_cpp_ask_for_macros(language: str, are_read: bool) -> None:
    assert bool(read_tags_query(find_language(language), None).macros) is are_read


def test_a_query_of_the_user_asks_for_macros_by_a_line() -> None:
    assert macros_text(b"(identifier) @name", ()) == b""
    assert macros_text(b"; inherits: x\n; macros: read\n", ("MINE attribute",)).endswith(b"\nMINE attribute")


def test_the_key_of_a_query_changes_with_the_macros_that_it_asks_for() -> None:
    def key(language: str, *macros: str) -> bytes:
        return read_tags_query(find_language(language), None, macros).key

    assert key("c") != key("c", "MINE attribute") != key("c", "MINE line")
    assert key("python") == key("python", "MINE attribute")
