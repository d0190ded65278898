"""inner_tests: tests within files of code, in each language that has them there; and what only sounds like a test."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast.ranking.definitions import DefinitionTable
from repomap_fast.ranking.inner_tests import inner_tests, within
from support.counted_calls import count_lines

_RUST = "pub fn parse_line() {}\n\n#[cfg(test)]\nmod tests {\n    fn parse_line() {}\n    struct Case;\n}\n"


_CLIENT = "class Client:\n    def test_client(self): pass\n    def get(self): pass\n    def put(self): pass\n"
_CHECK = "class Check(Base):\n    def setUp(self): pass\n    def test_a(self): pass\n    def testB(self): pass\n"
_REPORT = "class Case:\n    def testify(self): pass\n\nclass TestReport:\n    def show(self): pass\n"
_JAVA = "class A {\n  class RunTest {\n    void works() {}\n  }\n  class Latest {\n    void a() {}\n  }\n}\n"
_CSHARP = "class A {\n  class Tests {\n    void Works() {}\n  }\n  void Run() {}\n}\n"
_CPP = "namespace test {\nvoid f();\nvoid g() {}\n}\nnamespace my {\nvoid h() {}\n}\n"


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.rs", _RUST, {"tests", "parse_line", "Case"}),
        ("a.rs", "mod parse_tests {\n  fn a() {}\n}\nmod latest {\n  fn b() {}\n}\n", {"parse_tests", "a"}),
        ("a.py", _CLIENT, set()),
        ("a.py", _CHECK, {"Check", "setUp", "test_a", "testB"}),
        ("a.py", _REPORT, set()),
        ("A.java", _JAVA, {"RunTest", "works"}),
        ("a.cs", _CSHARP, {"Tests", "Works"}),
        ("a.cpp", _CPP, {"test", "f", "g"}),
    ],
)
def test_tests_are_told_from_code(tmp_path: Path, name: str, text: str, expected: set[str]) -> None:
    (tmp_path / name).write_text(text)
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0]))
    marks = inner_tests(table, table.names)
    assert {table.names[row].decode() for row in np.flatnonzero(marks).tolist()} == expected


def test_a_table_without_definitions_has_none(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x\n")
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0]))
    assert len(inner_tests(table, table.names)) == 0


def test_the_cost_of_depth_is_its_logarithm(tmp_path: Path) -> None:
    n = 500
    (tmp_path / "a.rs").write_text("mod tests {\n" + "mod a {\n" * n + "}\n" * n + "}\nmod b {\nmod c {}\n}\n")
    table = DefinitionTable.of(repomap_fast.scan(tmp_path, cache=False).graph, np.array([0]))
    marks = np.array([name == b"tests" for name in table.names])
    inside = within(table, marks)
    assert [table.names[row] for row in np.flatnonzero(~inside).tolist()] == [b"tests", b"b", b"c"]
    assert count_lines(lambda: within(table, marks)) < 100


def test_code_comes_before_tests_of_the_same_file(tmp_path: Path) -> None:
    body = "".join(f"        let parse_{i} = parse_line(line);\n" for i in range(9))
    (tmp_path / "a.rs").write_text(
        "pub fn parse_line() {\n    let line = 1;\n}\n\n#[cfg(test)]\nmod tests {\n"
        f"    fn parse_line_fails() {{\n{body}    }}\n    fn parse_line() {{\n{body}    }}\n}}\n"
    )
    for query, mention in (("parse line", []), ("what reads a line", []), ("", ["parse_line"])):
        made = repomap_fast.map(tmp_path, query=query, mention=mention, cache=False)
        assert (made.definitions[0].name, made.definitions[0].line) == ("parse_line", 1), query
    of_tests = repomap_fast.map(tmp_path, query="tests of parse line that fails", cache=False)
    assert of_tests.definitions[0].scope == "tests"
    found = repomap_fast.search(tmp_path, "parse_line", cache=False).found
    assert [(one.tag.name, one.tag.scope) for one in found] == [
        ("parse_line", None),
        ("parse_line", "tests"),
        ("parse_line_fails", "tests"),
    ]
    assert repomap_fast.show(tmp_path, "parse_line", cache=False).text.startswith("a.rs:1-3")
