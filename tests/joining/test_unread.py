"""Sentences on files that were not read whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import repomap_fast
from repomap_fast.errors import SymbolError
from repomap_fast.joining.marks import LineRange
from repomap_fast.joining.unread import line_text, unread_note, unread_with


@pytest.mark.parametrize(
    ("ranges", "text"),
    [
        ([(7, 7)], "line 7"),
        ([(7, 9)], "lines 7-9"),
        ([(1, 1), (3, 5)], "lines 1, 3-5"),
        ([(n, n) for n in range(1, 11, 2)], "lines 1, 3, 5 and 2 more"),
    ],
)
def test_lines_as_text(ranges: list[tuple[int, int]], text: str) -> None:
    assert line_text([LineRange(*one) for one in ranges]) == text


def test_the_first_files_are_named_and_the_others_counted(tmp_path: Path) -> None:
    for number in range(7):
        (tmp_path / f"f{number}.py").write_text("x = = 1\n")
    (tmp_path / "sound.py").write_text("x = 1\n")
    note = unread_note(repomap_fast.scan(tmp_path, cache=False))
    assert note.startswith("7 files were not read whole: f0.py (line 1), ")
    assert note.endswith("f4.py (line 1) and 2 more")


def test_a_repository_that_was_read_whole_has_no_note(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    assert (unread_note(result), unread_with(result, "x")) == ("", "")


def test_a_file_that_was_not_parsed_may_have_any_name(tmp_path: Path) -> None:
    (tmp_path / "large.py").write_text("x = 1\n" * 100)
    (tmp_path / "a.py").write_text("y = 1\n")
    result = repomap_fast.scan(tmp_path, cache=False, max_file_size=200)
    assert unread_with(result, "whatever") == (
        "1 file was not read whole: large.py (too large: 600 bytes, limit 200 bytes)"
    )


@pytest.mark.parametrize("call", [repomap_fast.search, repomap_fast.show, repomap_fast.refs, repomap_fast.explain])
def test_where_all_files_are_ignored_that_is_why_a_name_is_missing(tmp_path: Path, call: Callable[..., Any]) -> None:
    (tmp_path / ".gitignore").write_text("/*\n")
    for number in range(20):
        (tmp_path / f"a{number}.py").write_text("def f(): pass\n")
    try:
        said = " ".join(call(tmp_path, "f", cache=False).notes)
    except SymbolError as error:
        said = str(error)
    assert "the rules in .gitignore ignore nearly everything here" in said


def test_explain_says_where_a_name_may_be(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def f(): pass\n)) lambda wanted_name ((\n")
    with pytest.raises(SymbolError, match=r"1 file was not read whole: a\.py \(line 2\)"):
        repomap_fast.explain(tmp_path, "wanted_name", cache=False)
