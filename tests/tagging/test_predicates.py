"""Predicates beside py-tree-sitter's own, and what they leave of the scopes."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reference.scopes import drop
from repomap_fast.errors import QueryError
from support.made_scans import names, queries_folder, reference_rows, rows, scan_source

SOURCE = b"""
class Outer:
    def first(self, a, b):
        return a.first(b.second)
    class Inner:
        def _second(self):
            return self.first(self.first), other(SECOND), other(), same.same()
    def third(self): return third()
"""
CALL = """
(call function: [(identifier) @name (attribute object: (_) @object attribute: (identifier) @name)] {}) @reference.call
"""
PARAMETERS = """
(function_definition name: (identifier) @name (parameters (identifier)+ @p ({}))) @definition.function
"""
DEFINITIONS = """
(class_definition name: (identifier) @name {}) @definition.class
(function_definition name: (identifier) @name) @definition.function
"""

PREDICATES = [
    '(#eq? @name "first")',
    '(#not-eq? @name "first")',
    '(#any-eq? @name "first")',
    '(#any-not-eq? @name "first")',
    "(#eq? @object @name)",
    "(#not-eq? @object @name)",
    "(#any-eq? @object @name)",
    '(#match? @name "^[a-o]")',
    '(#match? @name "ir")',
    '(#not-match? @name "ir")',
    '(#any-match? @name "ir")',
    '(#any-not-match? @name "ir")',
    '(#match? @object "^s")',
    '(#any-of? @name "first" "other")',
    '(#not-any-of? @name "first")',
    '(#match? @name "ir") (#not-eq? @name "third")',
    "(#is? local)",
    "(#is-not? local)",
    "(#set! priority 10)",
    '(#strip! @name "^#")',
    "(#no-such-thing? @name)",
]


@pytest.mark.parametrize("predicate", PREDICATES)
def test_a_predicate_passes_what_py_tree_sitter_passes(predicate: str, tmp_path: Path) -> None:
    query = CALL.format(predicate)
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    assert rows(scan_source(tmp_path, SOURCE, "python", queries=queries_dir)) == reference_rows(SOURCE, "python", query)


def test_a_text_that_is_not_any_of_several_is_none_of_them(tmp_path: Path) -> None:
    query = '((identifier) @name @reference.call (#not-any-of? @name "a" "b"))'
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    assert names(scan_source(tmp_path, b"a(b, c)\nd\n", "python", queries=queries_dir)) == ["c", "d"]


@pytest.mark.parametrize("operator", ["eq?", "not-eq?", "any-eq?", "any-not-eq?"])
@pytest.mark.parametrize("text", ["a", "b", "self"])
def test_quantified_captures_need_all_or_any(operator: str, text: str, tmp_path: Path) -> None:
    query = PARAMETERS.format(f'#{operator} @p "{text}"')
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    assert rows(scan_source(tmp_path, SOURCE, "python", queries=queries_dir)) == reference_rows(SOURCE, "python", query)


@pytest.mark.parametrize("operator", ["match?", "not-match?", "any-match?", "any-not-match?"])
@pytest.mark.parametrize("regex", ["^a$", "^b$", "^s", "."])
def test_quantified_captures_and_regexes(operator: str, regex: str, tmp_path: Path) -> None:
    query = PARAMETERS.format(f'#{operator} @p "{regex}"')
    queries_dir = queries_folder(tmp_path / "queries", python=query)
    assert rows(scan_source(tmp_path, SOURCE, "python", queries=queries_dir)) == reference_rows(SOURCE, "python", query)


def test_what_is_dropped_is_no_scope_any_more(tmp_path: Path) -> None:
    scopes = []
    for i, predicate in enumerate(("", '(#not-match? @name "Inner")')):
        queries_dir = queries_folder(tmp_path / f"{i}", python=DEFINITIONS.format(predicate))
        result = scan_source(tmp_path, SOURCE, "python", queries=queries_dir)
        scopes.append((names(result), result.tag_table.scope_tag_ids.tolist()))
    (all_names, all_scopes), (kept_names, kept_scopes) = scopes
    is_dropped = [name == "Inner" for name in all_names]
    assert kept_names == [name for name in all_names if name != "Inner"]
    assert kept_scopes == drop(all_scopes, is_dropped)
    assert kept_scopes != all_scopes


def test_text_that_is_no_utf_8_matches_no_regex(tmp_path: Path) -> None:
    query = '((identifier) @name @reference.call (#match? @name ""))'
    queries_dir = queries_folder(tmp_path / "queries", lua=query)
    result = scan_source(tmp_path, b"local a = 1\n", "lua", queries=queries_dir)
    assert names(result) == ["a"]


@pytest.mark.parametrize(
    ("predicate", "message"),
    [
        ('(#match? @name "(")', "has a regex that Python's re does not take"),
        ("(#match? @name @name)", "takes a regex as a string"),
        ("(#eq? @name)", "takes two arguments, not 1"),
        ('(#eq? "a" @name)', "takes a capture first"),
        ("(#any-of? @name @name)", "compares with strings"),
    ],
)
def test_a_predicate_that_makes_no_sense_says_so(predicate: str, message: str, tmp_path: Path) -> None:
    queries_dir = queries_folder(tmp_path / "queries", python=f"((identifier) @name @reference.call {predicate})")
    with pytest.raises(QueryError, match=message) as raised:
        scan_source(tmp_path, b"f()", "python", queries=queries_dir)
    assert "python.scm, pattern 1" in str(raised.value)


def test_a_regex_of_a_query_loads_no_masked_arrays(tmp_path: Path) -> None:
    # ``numpy.unique`` loads them: 43 million instructions, while the other workers wait for the GIL.
    (tmp_path / "a.css").write_bytes(b".a { --size: 1px; color: red }\n")
    loaded = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, repomap_fast\n"
            f"result = repomap_fast.scan({str(tmp_path)!r}, cache=False)\n"
            "print([tag.name for tag in result.tags], [name for name in sys.modules if name == 'numpy.ma'])\n",
        ],
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert loaded == "['a', '--size'] []\n"
