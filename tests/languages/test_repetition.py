"""``within`` lines of tags queries: what they repeat, where they end, and where a byte of the result comes from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from repomap_fast.errors import QueryError
from repomap_fast.languages.repetition import repeat_within, source_offset
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import OUR_QUERIES, read_tags_query
from repomap_fast.tagging.tagger import compile_queries

MAX_BYTES = 1 << 20
SOURCE = b"""\
; Types
(type) @a
; within: (file ...)
; within: (class body: ...) @b
(x
  (y))
[(z)]

(last)
"""


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (SOURCE, b"; Types\n(type) @a\n(file (x\n  (y))\n[(z)])\n(class body: (x\n  (y))\n[(z)]) @b\n\n(last)\n"),
        (b"; within: (a ...)\n(b)", b"(a (b))\n"),
        (b"; within: (a ...)\r\n(b)\r\n\r\n(c)\r\n", b"(a (b))\n\r\n(c)\r\n"),
        (b"; within: (a ...)\n(b)\n; within: (c ...)\n(d)\n", b"(a (b))\n(c (d))\n"),
        (b"; within: (a ...)\n(b)\n; a comment\n(c)\n", b"(a (b))\n; a comment\n(c)\n"),
        (b"; within: (a ...)\n\n(b)\n", b"\n(b)\n"),
        (b"(a)\n; within (b ...)\n(c)\n", b"(a)\n; within (b ...)\n(c)\n"),
        (b"", b""),
    ],
)
def test_patterns_are_repeated_up_to_an_empty_line_or_a_comment(source: bytes, expected: bytes) -> None:
    assert repeat_within(source, MAX_BYTES) == expected


def test_each_byte_of_a_pattern_is_found_where_it_was_written() -> None:
    repeated = repeat_within(SOURCE, MAX_BYTES)
    for offset in range(len(repeated)):
        if repeated[offset : offset + 1] != b"\n":
            origin = source_offset(SOURCE, offset)
            assert SOURCE[origin : origin + 1] == repeated[offset : offset + 1]
    assert source_offset(SOURCE, len(repeated) + 5) == len(SOURCE)


def test_the_result_has_a_bound() -> None:
    source = b"; within: (a ...)\n" * 30_000 + b"(b)\n" * 30_000
    with pytest.raises(ValueError, match="more than 1,048,576 bytes"):
        repeat_within(source, MAX_BYTES)


def test_many_lines_with_nothing_below_cost_no_more_than_themselves() -> None:
    assert repeat_within(b"; within: (a ...)\n" * 60_000, MAX_BYTES) == b""


def test_an_error_in_a_repeated_pattern_is_found_in_the_file(tmp_path: Path) -> None:
    (tmp_path / "python.scm").write_bytes(
        b"(module) @definition.module\n; within: (module ...)\n; within: (class_definition body: (block ...))\n"
        b"(function_definition\n  name: (nothing_like_it) @name) @definition.function\n"
    )
    text = read_tags_query(find_language("python"), tmp_path)
    with pytest.raises(QueryError, match=r"python\.scm, line 5, column 10: the grammar has no such node"):
        compile_queries([text])


def test_a_copy_of_ours_gives_what_ours_gives(tmp_path: Path) -> None:
    shutil.copy(OUR_QUERIES / "kotlin.scm", tmp_path)
    kotlin = find_language("kotlin")
    assert read_tags_query(kotlin, tmp_path).source == read_tags_query(kotlin, None).source
