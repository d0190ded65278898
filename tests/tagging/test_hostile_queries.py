"""Queries of a user's, and sources made for them: a status within the file's budget, or a QueryError."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

from repomap_fast.errors import QueryError
from repomap_fast.languages.grammars import load_grammar
from repomap_fast.tables import FileStatus
from repomap_fast.tagging import _tagger
from support.made_scans import names, queries_folder, scan_files, scan_source, status

NESTED = "(parenthesized_expression) @name.definition.x"


def test_names_that_are_nested_nodes_are_bounded_by_their_text(tmp_path: Path) -> None:
    queries_dir = queries_folder(tmp_path / "queries", javascript=NESTED)
    few, many = (b"x=" + b"(" * n + b"a" + b")" * n for n in (400, 4_000))
    assert len(names(scan_source(tmp_path, few, "javascript", queries=queries_dir))) == 400
    assert status(scan_source(tmp_path, many, "javascript", queries=queries_dir)) == FileStatus.OUT_OF_MEMORY


def test_names_count_against_the_memory_of_a_file(tmp_path: Path) -> None:
    queries_dir = queries_folder(tmp_path / "queries", javascript=NESTED)
    source = b"x=" + b"(" * 1_000 + b"a" + b")" * 1_000
    for megabytes, expected in ((64, FileStatus.TAGGED), (2, FileStatus.OUT_OF_MEMORY)):
        found = scan_source(tmp_path, source, "javascript", queries=queries_dir, max_file_memory=megabytes << 20)
        assert status(found) == expected


def test_matches_that_are_the_square_of_the_text_end_within_its_memory(tmp_path: Path) -> None:
    query = "(array (identifier) @other (identifier) @name.reference.x)"
    queries_dir = queries_folder(tmp_path / "queries", javascript=query)
    source = b"x=[" + b"a," * 600 + b"]"
    found = scan_source(
        tmp_path, source, "javascript", queries=queries_dir, max_file_memory=10 << 20, timeout_per_file=30
    )
    assert status(found) == FileStatus.OUT_OF_MEMORY


def test_a_file_that_is_given_up_leaves_no_conditions_to_the_next(tmp_path: Path) -> None:
    query = f'({NESTED} (#match? @name.definition.x "^zz"))\n(identifier) @name.reference.y'
    queries_dir = queries_folder(tmp_path / "queries", javascript=query)
    sources: dict[bytes, bytes | None] = {b"a": b"x=" + b"(" * 4_000 + b"a" + b")" * 4_000, b"b": b"b(c);" * 4_000}
    result = scan_files(tmp_path, sources, "javascript", queries=queries_dir)
    assert status(result, b"a") == FileStatus.OUT_OF_MEMORY
    assert len(result.file(b"b").tags) == 8_000


def test_a_match_has_all_its_captures_however_many(tmp_path: Path) -> None:
    query = "(program (comment) . (expression_statement (identifier) @name.reference.x)+)"
    queries_dir = queries_folder(tmp_path / "queries", javascript=query)
    for n in (65_534, 65_535, 65_536, 65_600):
        result = scan_source(tmp_path, b"//\n" + b"a;" * n, "javascript", queries=queries_dir, timeout_per_file=60)
        assert (status(result), len(result.tag_table)) == (FileStatus.TAGGED, n)


def test_a_definition_ends_no_earlier_than_its_name_starts(tmp_path: Path) -> None:
    query = "(program . (expression_statement) @definition.x (expression_statement (identifier) @name))"
    queries_dir = queries_folder(tmp_path / "queries", javascript=query)
    (tag,) = scan_source(tmp_path, b"a\n\n\nb\n", "javascript", queries=queries_dir).tags
    assert (tag.line, tag.end_line) == (4, 4)


def test_a_query_longer_than_the_bound_is_refused_wherever_its_comments_lie() -> None:
    source = b"(identifier) @name\n;" + b"c" * 66_000 + b"\n(identifier) @name"
    with pytest.raises(ValueError, match="65,534 bytes"):
        _tagger.TagsQuery(load_grammar("python"), source, check_patterns=False, bmp_only=False)


def test_a_proof_that_takes_too_long_is_an_error_that_says_so(tmp_path: Path) -> None:
    query = "(module " + "(identifier)? " * 800 + "(expression_statement) @name.definition.x)"
    with pytest.raises(QueryError, match="too long to prove"):
        scan_source(tmp_path, b"a", "python", queries=queries_folder(tmp_path / "queries", python=query))


def test_a_proof_with_very_many_states_at_once_is_given_up_in_seconds(tmp_path: Path) -> None:
    """Each state that the core inserted moved all behind it, which the bound did not count: minutes for a line."""
    queries_dir = queries_folder(tmp_path / "queries", zig="(BinaryExpr left: (ErrorUnionExpr) operator: (_) @name)")
    before = time.process_time()
    with pytest.raises(QueryError, match="too long to prove"):
        scan_source(tmp_path, b"const a = 1;", "zig", queries=queries_dir)
    # The sanitizers make each step some ten times as dear.
    assert time.process_time() - before < (600 if "libasan" in os.environ.get("LD_PRELOAD", "") else 60)


def test_a_regex_that_backtracks_does_not_hold_the_scan(tmp_path: Path) -> None:
    query = '((identifier) @name.definition.x (#match? @name.definition.x "^(a+)+$"))'
    before = time.process_time()
    result = scan_source(
        tmp_path, b"a" * 60 + b"1; aaa", "python", queries=queries_folder(tmp_path / "queries", python=query)
    )
    assert names(result) == ["aaa"]
    assert time.process_time() - before < 10


def test_a_file_whose_regexes_cannot_be_asked_in_time_is_out_of_time(tmp_path: Path) -> None:
    query = '((identifier) @name.definition.x (#match? @name.definition.x "^(?!if)\\\\w+$"))'
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    sources: dict[bytes, bytes | None] = {b"a": b"a" * 10_000, b"b": b"name"}
    result = scan_files(tmp_path, sources, "python", queries=queries_dir)
    assert status(result, b"a") == FileStatus.OUT_OF_TIME
    assert [tag.name for tag in result.file(b"b").tags] == ["name"]


def test_extents_of_one_match_are_each_counted_once(tmp_path: Path) -> None:
    query = "(array (identifier)+ @name) @definition.a"
    queries_dir = queries_folder(tmp_path / "queries", javascript=query)
    result = scan_source(tmp_path, b"x=[" + b"a," * 2_000 + b"]", "javascript", queries=queries_dir)
    assert result.n_tags >= 1
