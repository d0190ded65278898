"""The bodies of macros of C and C++: which names of them are uses, and where these stand."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import repomap_fast
from repomap_fast.joining.facts import UNKNOWN_RECEIVER
from repomap_fast.resolving.site_resolver import SiteResolver
from support.import_trees import write_files

CORE = Path(__file__).parents[2] / "cext" / "tagging" / "core"


def uses_of(folder: Path, text: str, path: str = "a.c") -> list[tuple[str, int, int, bool]]:
    """Return the names that a file uses, each with its row, its column, and whether it is a member of something."""
    write_files(folder, {path: text})
    here = SiteResolver(repomap_fast.scan(folder, cache=False)).sources.scopes(0)
    return [
        (here.names[name].decode(), row, column, receiver == UNKNOWN_RECEIVER)
        for name, row, column, receiver in zip(
            here.site_names, here.site_rows, here.site_columns, here.site_receivers, strict=True
        )
    ]


@pytest.mark.parametrize("path", ["a.c", "a.cpp"])
@pytest.mark.parametrize(
    ("macro", "names"),
    [
        ("A (LIMIT + 1)", "LIMIT"),
        ("A LIMIT", "LIMIT"),
        ("A(x) f(x, y)", "f y"),
        ("A(x, ...) f(x, __VA_ARGS__)", "f"),
        ("A(args...) f(args)", "f"),
        ("A( x , y ) (x)->one.two + y", "one two"),
        ("A(x) x##_tail tail_##x #x whole", "whole"),
        ("A(x) one ## two three", "three"),
        ("A 0x1Fu 1e5f 12.5 .5f 1'000 value", "value"),
        ('A "text \\" name" L"wide" \'c\' after', "after"),
        ("A do { if (one) return sizeof(int); } while (0)", "one"),
        ("A struct kind *", "kind"),
        ("A one /* two */ three", "one three"),
        ("A one // two", "one"),
        ("A(x) f(\\\n    x, \\\n  second)", "f second"),
        ("A ((x) y)", "x y"),
    ],
)
def test_names_in_the_body_of_a_macro_are_uses(tmp_path: Path, path: str, macro: str, names: str) -> None:
    text = f"#define {macro}\nint last;\n"
    found = uses_of(tmp_path, text, path)
    assert [name for name, *_ in found] == names.split()
    lines = text.split("\n")
    assert all(lines[row][column:].startswith(name) for name, row, column, _ in found)


def test_what_stands_behind_a_dot_or_an_arrow_is_a_member(tmp_path: Path) -> None:
    text = "#define A(p) f((p)->one, q.two, .three = four, r::five, a > b, c ? d : e)\n"
    found = {name: is_member for name, _, _, is_member in uses_of(tmp_path, text, "a.cpp")}
    assert {name for name, is_member in found.items() if is_member} == {"one", "two", "three", "five"}
    assert {name for name, is_member in found.items() if not is_member} == {*"fqrabcde", "four"}


def test_words_of_the_language_are_no_uses(tmp_path: Path) -> None:
    source = (CORE / "macro_uses.c").read_text()
    words = re.findall(r'"(\w+)"', source[source.index("macro_words[]") :].partition("};")[0])
    assert len(words) > 100
    text = "".join(f"#define A{i} {word} (x_{word})\n" for i, word in enumerate(words))
    assert [name for name, *_ in uses_of(tmp_path, text)] == [f"x_{word}" for word in words]


@pytest.mark.parametrize("directive", ["#undef name", "# undef name", "#undef name /* other */"])
def test_what_is_no_longer_defined_is_a_use(tmp_path: Path, directive: str) -> None:
    assert [name for name, *_ in uses_of(tmp_path, f"{directive}\nint x;\n")] == ["name"]


@pytest.mark.parametrize("directive", ["pragma omp name", "error some name", "line 3 name", "ident name"])
def test_other_directives_use_nothing(tmp_path: Path, directive: str) -> None:
    assert uses_of(tmp_path, f"#{directive}\nint x;\n") == []


def test_what_only_macros_use_is_not_unused(tmp_path: Path) -> None:
    text = (
        "#define LIMIT 3\n#define MOST (LIMIT + 1)\n#define NEVER 9\n"
        "static int f(int x) { return x; }\n#define CALL(x) do { \\\n  f(x); \\\n} while (0)\n"
        "int main(void) { CALL(1); return MOST; }\n"
    )
    write_files(tmp_path, {"a.c": text})
    found = repomap_fast.unused(tmp_path, cache=False)
    assert [one.name for one in found.definitions] == ["NEVER"]
    (reference,) = repomap_fast.refs(tmp_path, "f", cache=False).references
    assert (reference.line, reference.how) == (6, "scope")


@settings(max_examples=60, deadline=None)
@given(
    body=st.text(st.sampled_from("ab_9 #.\"'/*()\\\n->:é"), max_size=60),
    parameters=st.sampled_from(["", "(a)", "(a, b9)"]),
)
def test_uses_stand_where_their_names_are(tmp_path_factory: pytest.TempPathFactory, body: str, parameters: str) -> None:
    text = f"#define A{parameters} {body}\nint last;\n"
    lines = text.encode().split(b"\n")
    for name, row, column, _ in uses_of(tmp_path_factory.mktemp("uses"), text):
        assert lines[row][column:].startswith(name.encode()), (name, row, column)
