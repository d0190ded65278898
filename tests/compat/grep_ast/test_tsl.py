"""Grammars and parsers by the names that grep-ast has for them."""

from __future__ import annotations

from repomap_fast.compat.grep_ast import tsl


def test_parsers_are_those_of_the_package() -> None:
    assert tsl.USING_TSL_PACK
    assert tsl.get_parser("python").parse(b"a = 1\n").root_node.type == "module"
    assert tsl.get_language("python").node_kind_count > 0
