"""The two ways to count lines."""

from __future__ import annotations

import tracemalloc
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from repomap_fast.drawing import source_lines
from repomap_fast.drawing.source_lines import LineRule, SourceLines
from repomap_fast.tagging.source_text import source_text

PIECES = st.sampled_from(
    (
        *(
            b"a",
            b"  b\t",
            b" ",
            b"\n",
            b"\r\n",
            b"\r",
            b"\x0b",
            b"\x0c",
            b"\x1c",
            b"\x1e",
            b"\xc2\x85",
            b"\xe2\x80\xa8",
        ),
        *(b"\xff", b"\xe2\x80", b"\xef\xbb\xbf", b"\xf0\x9f\x98\x80", b"\0", b"\xc3\xa9"),
    )
)
CONTENTS = st.lists(PIECES, max_size=12).map(b"".join)


def lines(source: SourceLines) -> list[str]:
    return [source.line(row, 1_000) for row in range(len(source))]


@given(CONTENTS)
@example(b"")
@example(b"a\r")
def test_python_lines_are_those_of_a_program_that_opens_the_file_as_text(folder: Path, contents: bytes) -> None:
    path = folder / "source"
    path.write_bytes(contents)
    try:
        text = path.read_text("utf-8")
    except UnicodeDecodeError:
        text = ""
    if not text.endswith("\n"):
        text += "\n"
    source = SourceLines(contents, LineRule.PYTHON)
    assert source.text == text.encode()
    assert lines(source) == text.splitlines()


@given(CONTENTS)
def test_rows_are_counted_as_the_tagger_counts_them(contents: bytes) -> None:
    source = SourceLines(contents)
    # A file that ends with a line feed has no row behind it; one that has nothing at all has a row.
    expected = source_text(contents).removesuffix(b"\n").split(b"\n")
    assert lines(source) == [row.rstrip(b"\r").decode("utf-8", "replace") for row in expected]
    assert source.text.count(b"\n") == len(expected)


def test_a_form_feed_ends_a_line_for_python_alone() -> None:
    contents = b"import os\n\x0c\ndef f(): pass\n"
    assert lines(SourceLines(contents)) == ["import os", "\x0c", "def f(): pass"]
    assert lines(SourceLines(contents, LineRule.PYTHON)) == ["import os", "", "", "def f(): pass"]


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf16_is_read_as_the_tagger_reads_it(encoding: str) -> None:
    text = "class Größe:\r\n    '\N{GRINNING FACE}'\n"
    contents = f"\ufeff{text}".encode(encoding)
    source = SourceLines(contents)
    assert lines(source) == text.splitlines()
    assert source.text == text.replace("\r\n", "\n").encode()
    # A program that takes every file for UTF-8 cannot read it.
    assert lines(SourceLines(contents, LineRule.PYTHON)) == [""]


@given(CONTENTS, st.integers(0, 9))
@example(b"a" + b"\r" * 40 + b"b\n", 2)
@example(b"a" + b"\r" * 40 + b"\n", 2)
def test_the_start_of_a_line(contents: bytes, length: int) -> None:
    for rule in LineRule:
        source = SourceLines(contents, rule)
        assert [source.line(row, length) for row in range(len(source))] == [line[:length] for line in lines(source)]
        assert [source.is_blank(row) for row in range(len(source))] == [not line.strip() for line in lines(source)]


def test_blank_lines() -> None:
    source = SourceLines(b"a\n \t\n\n\x0c\n" + b" " * 500 + b"\n" + b" " * 500 + b"b")
    assert [source.is_blank(row) for row in range(len(source))] == [False, True, True, True, True, False]


@pytest.mark.parametrize("rule", LineRule)
def test_a_row_beyond_the_end(rule: LineRule) -> None:
    with pytest.raises(IndexError):
        SourceLines(b"a\n", rule).line(1, 9)


def test_a_byte_order_mark_is_not_shown() -> None:
    contents = "\ufeffdef f():\n    pass\n".encode()
    assert lines(SourceLines(contents)) == ["def f():", "    pass"]
    assert SourceLines(contents).text == b"def f():\n    pass\n"
    # grep-ast reads such a file as UTF-8, in which the mark is a character like any other.
    assert lines(SourceLines(contents, LineRule.PYTHON))[0] == "\ufeffdef f():"


@given(st.lists(st.sampled_from((b"", b"ab", b"  ", b"\r", b"x" * 9)), min_size=1, max_size=40), st.data())
def test_rows_are_found_whatever_blocks_they_are_in(rows: list[bytes], data: st.DataObject) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(source_lines, "_BLOCK_BYTES", data.draw(st.integers(1, 20)))
        source = SourceLines(b"".join(row + b"\n" for row in rows))
        for row in data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1)):
            assert source.line(row, 100) == rows[row].rstrip(b"\r").decode()
            assert source.is_blank(row) == (not rows[row].strip())


@pytest.mark.parametrize("row", [-1, 2, 70_000])
def test_a_row_that_is_not_there_is_an_index_error(row: int) -> None:
    with pytest.raises(IndexError):
        SourceLines(b"a\nb\n").line(row, 10)


def test_a_blank_row_of_cut_characters_is_not_blank() -> None:
    assert not SourceLines(b" " * 200 + b"\xe2\x80\n").is_blank(0)
    assert SourceLines(b" " * 200 + "\u2003".encode() + b"\n").is_blank(0)


def test_many_rows_and_long_ones_cost_no_number_each() -> None:
    """Millions of line feeds, a row of blanks and one of carriage returns: a few times the text, and no more."""
    n = 2_000_000
    contents = b"\n" * (2 * n) + b" " * n + b"\n" + b"\r" * n + b"\n"
    tracemalloc.start()
    source = SourceLines(contents)
    assert len(source) == 2 * n + 2
    assert [source.is_blank(row) for row in (0, n, 2 * n, 2 * n + 1)] == [True] * 4
    assert source.line(2 * n + 1, 100) == ""
    _, peak_bytes = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak_bytes < 2 * len(contents)
