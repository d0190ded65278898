"""Signatures: one line for a definition, in every language, whatever the source says.

``python tests/drawing/test_signatures.py`` writes signatures.txt anew; read the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.file_definitions import FileDefinitions
from repomap_fast.drawing.lines import DefinitionLines
from repomap_fast.drawing.signatures import (
    CALLABLE,
    LENGTH,
    NOTE_LENGTH,
    WORDS,
    Header,
    comment_note,
    cut,
    docstring_note,
    signature_of,
)
from repomap_fast.drawing.sources import Sources
from repomap_fast.indexing.index import Index
from repomap_fast.languages.grammars import is_missing
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.tables import ROLE_DEFINITION

INSTALLED = tuple(row for i, row in enumerate(LANGUAGES) if not is_missing(i))
CASES = Path(__file__).parent.parent / "tags"
EXPECTED = Path(__file__).with_name("signatures.txt")


def signatures_of(folder: Path) -> Iterator[str]:
    """Yield path, line and signature of each definition below a folder."""
    with Index.open(folder, cache=False, no_ignore=True) as index:
        index.refresh()
        result, graph = index.result, index.graph
        files = result.file_table
        languages = [
            RULES_OF_LANGUAGE[LANGUAGES[number].name] for number in files.language_ids[files.rows_with_language()]
        ]
        rows = files.rows_with_language().tolist()
        of_file = {row: FileDefinitions.of(graph, graph_id) for graph_id, row in enumerate(rows)}
        lines = DefinitionLines(
            Sources(result.contents, files.paths),
            of_file.__getitem__,
            dict(zip(rows, languages, strict=True)).get,
            lambda file_id, row: of_file[file_id].in_row(row),
            cut_mark="…",
        )
        for row, file in of_file.items():
            for number, role in enumerate(file.tags.roles.tolist()):
                if role == ROLE_DEFINITION:
                    place = f"{files.paths[row].decode()}:{file.row(number) + 1}"
                    yield f"{place}\t{lines.signature(row, number)}\n"


def test_signatures_of_every_language() -> None:
    found = "".join(signatures_of(CASES))
    installed = {language.name for language in INSTALLED if language.suffixes}
    assert {line.split("/")[0] for line in found.splitlines()} == installed
    lines = EXPECTED.read_text("utf-8").splitlines(keepends=True)
    expected = "".join(line for line in lines if line.split("/")[0] in {row.name for row in INSTALLED})
    assert found == expected, f"run python {Path(__file__).name} if the change is meant"


def header(source: str, name: str, *, kind: str = "function", language: str = "python") -> Header:
    before, after = re.split(rf"\b{name}\b", source, maxsplit=1)
    return Header(name, kind, language, before, after)


@pytest.mark.parametrize(
    ("language", "source", "expected"),
    [
        ("python", "def f(self, a: dict[str, int] = {}, *rest):", "f(a: dict[str, int] = {}, *rest)"),
        ("python", "def f(self, a: dict[str, int] = {1: 2}, *rest: tuple[int, ...]):", "f(a, *rest)"),
        ("python", "def f(\n    a,  # first, (as it were\n    b=')',\n):", "f(a, b=')')"),
        ("python", "def f[T: (int, str)](a: T) -> T:", "f(a: T)"),
        ("rust", "fn f<'a>(&'a mut self, x: &'a str, y: Vec<(u8, u8)>)", "f(x: &'a str, y: Vec<(u8, u8)>)"),
        ("rust", "fn f(self: Box<Self>, c: char)", "f(c: char)"),
        ("typescript", "f = async <T,>(a: T, b = (1, 2)): T => a", "f(a: T, b = (1, 2))"),
        ("typescript", "f?(a: () => void, b: Map<string, X[]>): void", "f(a: () => void, b: Map<string, X[]>)"),
        ("typescript", "f(a: (x: number) => void, b: Map<string, number[]>): void", "f(a, b)"),
        ("javascript", "f: function inner (a, {b, c}) {", "f(a, {b, c})"),
        ("javascript", "const f = async a => a", "f(a)"),
        ("java", "void f(Map<String, List<X>> a /* , not this */, int... b)", "f(Map<String, List<X>> a, int... b)"),
        ("cpp", "void ns::C<int>::f(std::map<int, T> a = {}, void (*g)(int, int) = nullptr)",
         "ns::C<int>::f(std::map<int, T> a, void (*g)(int, int))"),
        ("go", "func f[K comparable, V any](m map[K]V, g func(a, b int) error) (V, error) {",
         "f(m map[K]V, g func(a, b int) error)"),
        ("ruby", "def f a, b = 1 # why", "f(a, b = 1)"),
        ("ruby", "def f = 1", "f"),
        ("lua", "M.f = function(a, b)", "M.f(a, b)"),
        ("c", "static int (f)(struct a *b)", "f(struct a *b)"),
    ],
)  # fmt: skip
def test_parameters(language: str, source: str, expected: str) -> None:
    assert signature_of(header(source, "f", language=language)) == expected


def test_the_type_parameters_of_a_type_may_have_rows_of_their_own() -> None:
    source = "interface Store<\n  Id extends string,\n  S,\n> extends Base<S> {\n  a: S\n}\n"
    made = header(source, "Store", kind="interface", language="typescript")
    assert signature_of(made) == "interface Store<Id extends string, S> extends Base<S>"
    cut_off = header("class C<\n  A extends B", "C", kind="class", language="typescript")
    assert signature_of(cut_off) == "class C<A extends B"


def test_a_signature_is_cut_after_a_comma() -> None:
    names = [f"argument_{i}" for i in range(9)]
    signature = signature_of(header(f"def f({', '.join(names)}):", "f"))
    assert signature == "f(argument_0, argument_1, argument_2, argument_3, …)"
    assert signature_of(header(f"def f({', '.join(names)}):", "f"), cut_mark="...").endswith("argument_3, ...)")


def test_an_owner_is_joined_to_a_name_as_in_the_source() -> None:
    def signature(source: str) -> str:
        return signature_of(header(source, "f", language="lua")._replace(owner="M"))

    assert signature("function M:f(a)") == "M:f(a)"
    assert signature("function M.f(a)") == "M.f(a)"
    assert signature("function other.N:f(a)") == "M.f(a)"
    assert signature("function f(a)") == "M.f(a)"


def test_a_header_without_an_end_is_cut() -> None:
    assert signature_of(header("def f(a, b", "f")) == "f(a, …)"
    assert signature_of(header("def f(", "f")) == "f(…)"
    assert signature_of(header("class C(A, B", "C", kind="class")) == "class C(A"


@pytest.mark.parametrize(
    ("text", "length", "expected"),
    [
        ("abcdef", 6, "abcdef"),
        ("abcdefg", 6, "abcd…"),
        ("f(aaa, bbb, ccc)", 12, "f(aaa, …)"),
        ("one two three four", 12, "one two …"),
        ("abc", 0, "…"),
    ],
)
def test_cut(text: str, length: int, expected: str) -> None:
    assert cut(text, length, "…") == expected


SOURCES = st.text(st.sampled_from("ab ()[]{}<>,:;=\n\"'`#/*-\\\t\x00\x1b\u202e\U000e0001é"), max_size=120)


@given(
    SOURCES,
    SOURCES,
    st.sampled_from([*sorted(CALLABLE), *sorted(WORDS), "variable"]),
    st.sampled_from([language.name for language in LANGUAGES]),
)
def test_any_source_has_a_signature_of_one_visible_line(before: str, after: str, kind: str, language: str) -> None:
    made = Header("name", kind, language, before, after)
    for text, most in (
        (signature_of(made), LENGTH),
        (docstring_note(made), NOTE_LENGTH),
        (comment_note(after.split("\n"), language), NOTE_LENGTH),
    ):
        assert len(text) <= most
        assert text.isprintable()
    assert "name" in signature_of(made) or kind in ("implementation", "extension")


@pytest.mark.parametrize("filler", ["(", ")", "a, ", "<", '"', "/*", "\n", "'\\", "[{", "a\n", "#\n"])
@pytest.mark.parametrize("kind", ["function", "class", "implementation", "variable"])
def test_long_sources_take_little_time(filler: str, kind: str) -> None:
    for language in LANGUAGES:
        made = header(f"x f({filler * 1000}", "f", kind=kind, language=language.name)
        assert len(signature_of(made)) <= LENGTH
        assert len(docstring_note(made)) <= NOTE_LENGTH


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ('def f(a: int = (1)) -> int:  # why\n    """Return it. And more."""\n', "Return it."),
        ('def f():\n    r"""Return\n    all of\n    it\n\n    Details."""\n', "Return all of it"),
        ("class f:\n    'One.'\n", "One."),
        ("def f():\n    x = 'no'\n", ""),
        ("def f(): pass\n'no'\n", ""),
        (f'def f():\n    """{"word " * 50}"""\n', f"{('word ' * 50)[: NOTE_LENGTH - 1].rstrip()}…"),
    ],
)
def test_the_first_sentence_of_a_docstring(source: str, expected: str) -> None:
    assert docstring_note(header(source, "f")) == expected


@pytest.mark.parametrize(
    ("language", "above", "expected"),
    [
        ("go", ["// Push adds a node.", "// It may fail. Or not."], "Push adds a node."),
        ("java", ["/**", " * Finds an entry.", " *", " * @return it", " */", "@Override"], "Finds an entry."),
        ("rust", ["/// Adds: one.", "#[inline]"], "Adds: one."),
        ("c", ["/* Adds one */", "#define X", ""], ""),
        ("c", ["/* Adds one */"], "Adds one"),
        ("ruby", ["x = 1", "# Adds one"], "Adds one"),
        ("lua", ["--- Adds one."], "Adds one."),
        ("javascript", ["  #hidden = 1"], ""),
        ("go", ["// far away", ""], ""),
    ],
)
def test_the_first_sentence_of_a_comment(language: str, above: list[str], expected: str) -> None:
    assert comment_note(above[::-1], language) == expected


if __name__ == "__main__":
    EXPECTED.write_text("".join(signatures_of(CASES)), "utf-8")
