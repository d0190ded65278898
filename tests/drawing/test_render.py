"""From rows of interest to text, beside the slow twin and beside grep-ast itself."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from reference import tree_context
from repomap_fast.drawing.outline import Outliners, Text
from repomap_fast.drawing.render import (
    ASCII_MARKS,
    LINE_LENGTH,
    MARKS,
    Excerpt,
    excerpt,
    excerpt_text,
    file_text,
    marks_for,
    render_file,
)
from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.languages.table import LANGUAGES, find_language
from support import scoped_source
from support.strategies import LANGUAGES_WITH_CASES, LANGUAGES_WITH_TWIN, broken_sources, case_sources

OUTLINERS = Outliners(n_workers=1, max_file_memory_bytes=1 << 30, file_timeout_s=20.0)


def shown(contents: bytes, rows: list[int], *, grammar: str = "python", rule: LineRule = LineRule.ROWS) -> str:
    source = SourceLines(contents, rule)
    outline = OUTLINERS.outline([Text(source.text, grammar)])[0]
    return excerpt_text(excerpt(source, outline, rows))


SOURCE = scoped_source.SOURCE.encode()


def test_a_row_is_shown_with_the_heads_of_what_it_is_in() -> None:
    # The class's body starts with its docstring: that row is the head of the body.
    head = '⋮\n│class A:\n│    """A class."""\n│\n⋮\n│    def second(self, a,\n'
    assert shown(SOURCE, [11]) == f"{head}⋮\n"
    assert shown(SOURCE, [14]) == f"{head}│               b):\n│        if a:\n│            return b\n│\n⋮\n"


def test_small_gaps_are_closed() -> None:
    assert shown(b"a = 1\nb = 2\nc = 3\nd = 4\n", [0, 2]) == "│a = 1\n│b = 2\n│c = 3\n⋮\n"


def test_a_blank_row_goes_with_the_one_before_it() -> None:
    assert shown(b"a = 1\n\n\nb = 2\n", [0]) == "│a = 1\n│\n⋮\n"


def test_rows_beyond_the_end_are_passed_over() -> None:
    assert shown(b"a = 1\nb = 2\n", [1, 7, 2**31]) == "⋮\n│b = 2\n"
    assert shown(b"a = 1\n", [9]) == "⋮\n"


def test_a_file_that_has_become_empty() -> None:
    assert shown(b"", [3]) == "⋮\n"
    assert shown(b"", [0]) == "│\n"


def test_long_lines_are_cut() -> None:
    line = "x = '" + "é" * 200 + "'"
    (cut,) = shown(line.encode(), [0]).splitlines()
    assert cut == f"│{line}"[:LINE_LENGTH]
    (_, path, _) = render_file("p" * 200, SourceLines(b"a"), None, [0]).splitlines()
    assert path == "p" * LINE_LENGTH


def test_without_an_outline_the_rows_are_shown_alone() -> None:
    assert excerpt_text(excerpt(SourceLines(SOURCE), None, [14])) == "⋮\n│            return b\n│\n⋮\n"


def test_a_file_without_rows_is_its_path() -> None:
    assert render_file("a/b.py", SourceLines(SOURCE), None, []) == "\na/b.py\n"
    assert file_text("a/b.py", None) == "\na/b.py\n"


def test_a_stream_that_cannot_show_the_marks_gets_others() -> None:
    assert marks_for("utf-8") == marks_for("utf-16") == MARKS
    for encoding in ("ascii", "latin-1", "cp1252", "no such encoding", "", None):
        assert marks_for(encoding) == ASCII_MARKS
    text = render_file("a.py", SourceLines(SOURCE), None, [5, 11], marks=ASCII_MARKS)
    assert text.isascii()
    assert text == "\na.py:\n...\n|class A:\n...\n|    def second(self, a,\n...\n"


@given(st.lists(st.text(st.characters(exclude_characters="\n"), max_size=8), max_size=6), st.integers(0, 9))
@example([""], 0)
def test_an_excerpt_is_kept_whole(lines: list[str], n_more: int) -> None:
    made = Excerpt(tuple(range(len(lines))), tuple(lines), len(lines) + n_more)
    assert Excerpt.from_bytes(made.to_bytes()) == made


ROWS = st.lists(st.integers(0, 120), min_size=1, max_size=8)


def as_rows_are_counted(text: str) -> str:
    """Leave out what Python alone takes for the end of a line."""
    return re.sub("[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", "", text)


@pytest.mark.parametrize("language", LANGUAGES_WITH_TWIN)
def test_the_twin_shows_the_same(language: str) -> None:
    row = LANGUAGES[find_language(language)]

    @settings(max_examples=15)
    @given(st.sampled_from(case_sources(language)) | broken_sources(language), ROWS)
    def check(source: bytes, rows: list[int]) -> None:
        # The stock binding shows bash every character, which its scanner does not survive.
        text = source.decode("ascii" if row.bmp_only else "utf-8", "ignore")
        text = re.sub("\r\n?", "\n", text)
        expected = tree_context.shown_text(text, row.grammar, rows)
        assert shown(text.encode(), rows, grammar=row.grammar, rule=LineRule.PYTHON) == expected
        text = as_rows_are_counted(text)
        assert shown(text.encode(), rows, grammar=row.grammar) == tree_context.shown_text(text, row.grammar, rows)

    check()


@pytest.mark.parametrize("language", LANGUAGES_WITH_CASES)
def test_grep_ast_shows_the_same(language: str) -> None:
    """The real TreeContext, where it is installed, on this tree-sitter core."""
    grep_ast = pytest.importorskip("grep_ast")
    row = LANGUAGES[find_language(language)]
    # It goes by the name, and reads some by another grammar.
    name = next(
        (f"f{suffix}" for suffix in row.suffixes if grep_ast.filename_to_lang(f"f{suffix}") == row.grammar), None
    )
    if name is None:
        pytest.skip(f"grep-ast does not know the grammar {row.grammar}")
    for source in case_sources(language):
        text = source.decode()
        context = grep_ast.TreeContext(
            name,
            text if text.endswith("\n") else f"{text}\n",
            child_context=False,
            last_line=False,
            margin=0,
            mark_lois=False,
            loi_pad=0,
            show_top_of_file_parent_scope=False,
        )
        n_rows = text.count("\n")
        for rows in ([0], [n_rows], *([row, row * 7 % (n_rows + 1)] for row in range(n_rows))):
            context.lines_of_interest = set(rows)
            context.add_context()
            expected = "".join(f"{line[:LINE_LENGTH]}\n" for line in context.format().splitlines())
            assert shown(source, rows, grammar=row.grammar, rule=LineRule.PYTHON) == expected
