"""Texts that lead scanners astray, found by ``tests/fuzz/scanners``: the file is read, and the process goes on."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repomap_fast.tables import FileStatus
from support.hostile_runs import run
from support.made_scans import definitions, reference_rows, rows, scan_source, status
from support.strategies import LANGUAGES_WITH_TWIN

needs_twin_of_swift = pytest.mark.skipif(
    "swift" not in LANGUAGES_WITH_TWIN, reason="the stock binding reads memory that nobody wrote"
)


@pytest.mark.parametrize("n_letters", [1, 255, 256, 257, 1000, 5000])
def test_the_word_of_a_heredoc_of_d_may_be_of_any_length(n_letters: int, tmp_path: Path) -> None:
    word = b"x" * n_letters
    source = b'void before() {}\nauto text = q"%s\nint one;\n%s";\nvoid after() {}\n' % (word, word)
    result = scan_source(tmp_path, source, "d")
    assert "function before" in definitions(result) or n_letters > 255
    assert "function after" in definitions(result)


def test_a_word_of_d_has_letters_of_every_size(tmp_path: Path) -> None:
    word = "äḁ\U00020000_1".encode() * 100
    result = scan_source(tmp_path, b'auto text = q"%s\nint one;\n%s";\nvoid after() {}\n' % (word, word), "d")
    assert "function after" in definitions(result)


STRAY_IN = b"""\
first a =
    a

    anchor =
      let
        home =
            [ Icon.home
            ]
    rs =
 k  in

last b =
    b
"""


def test_an_in_of_elm_that_closes_nothing_does_not_cost_the_file(tmp_path: Path) -> None:
    result = scan_source(tmp_path, STRAY_IN, "elm")
    assert status(result) == FileStatus.TAGGED
    assert "function first" in definitions(result)


@pytest.mark.skipif("asan" in os.environ.get("LD_PRELOAD", ""), reason="the sanitizer keeps what is freed for a while")
def test_the_word_of_a_string_of_sql_is_not_kept_for_each_of_its_tokens(tmp_path: Path) -> None:
    word = b"$" + b"a" * 900 + b"$"
    path = tmp_path / "source"
    path.write_bytes(b"CREATE FUNCTION f() AS " + word + b"\n" + b"x := x + 1;\n" * 40_000 + word)
    done = run(path, "words", "sql", timeout_s=20, memory_bytes=2**30)
    assert done.status == FileStatus.TAGGED
    # 270 MB with a word for each token, 90 without.
    assert done.growth_bytes < 160 * 2**20


@pytest.mark.parametrize(
    "source",
    [
        b"CREATE FUNCTION f() RETURNS int AS $$ SELECT 1; $$ LANGUAGE sql;\nCREATE TABLE t (a int);\n",
        b"CREATE FUNCTION f() RETURNS int AS $a$ SELECT $b$ text $b$; $a$ LANGUAGE sql;\nCREATE TABLE t (a int);\n",
        b"SELECT $$one$$, $$ two $$;\nSELECT $one$ $$ $one$;\nCREATE VIEW v AS SELECT 1;\n",
        "SELECT $ä$ a $ä$, $\u3042$ b $\u3042$;\nCREATE VIEW v AS SELECT 1;\n".encode(),
    ],
)
def test_strings_of_sql_are_read_as_by_the_stock_binding(source: bytes, tmp_path: Path) -> None:
    result = scan_source(tmp_path, source, "sql", queries_alone=True)
    assert rows(result) == reference_rows(source, "sql")


def meeting_comments(n: int) -> bytes:
    return b"/*/\n* " + b"/* " * n + "\u3020*\n".encode() + b"func after() {}\n"


@needs_twin_of_swift
@pytest.mark.parametrize("n", [1, 5, 12, 20, 26])
def test_versions_of_a_parse_that_meet_are_merged_as_by_the_stock_binding(n: int, tmp_path: Path) -> None:
    result = scan_source(tmp_path, meeting_comments(n), "swift", queries_alone=True)
    assert rows(result) == reference_rows(meeting_comments(n), "swift")


def test_versions_of_a_parse_that_meet_often_are_left_in_time(tmp_path: Path) -> None:
    # With 36 comments it took 3 s, and half as long again for each one more.
    path = tmp_path / "source"
    path.write_bytes(meeting_comments(200))
    done = run(path, "meeting comments", "swift", timeout_s=20, memory_bytes=2**30)
    assert done.status in (FileStatus.TAGGED, FileStatus.NO_TAGS)


def test_a_text_of_swift_is_read_whatever_its_scanner_keeps(tmp_path: Path) -> None:
    result = scan_source(tmp_path, b'let a = ##"text "# of a"##\nfunc f() {}\n', "swift")
    assert status(result) == FileStatus.TAGGED
    assert definitions(result) == ["variable a", "function f"]


@needs_twin_of_swift
@pytest.mark.parametrize("directive", [b"#if", b"#elseif", b"#else", b"#endif"])
def test_a_directive_of_swift_may_end_the_text(directive: bytes, tmp_path: Path) -> None:
    source = b"func f() {}\n#if A\nlet a = 1\n" + directive
    result = scan_source(tmp_path, source, "swift", queries_alone=True)
    assert rows(result) == reference_rows(source, "swift")
