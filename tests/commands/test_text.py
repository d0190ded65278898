"""Numbers, sizes and paths as people read and write them."""

from __future__ import annotations

import io

import pytest

from repomap_fast.cli.text import (
    counted,
    duration,
    in_ascii,
    megabytes,
    print_line,
    printable,
    shown,
    size_argument,
    stage_name,
)


@pytest.mark.parametrize(
    ("seconds", "text"),
    [(0.0004, "0 ms"), (0.9, "900 ms"), (3.421, "3.42 s"), (125, "2 min 05 s"), (3900, "1 h 05 min")],
)
def test_durations_have_the_unit_of_their_size(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_megabytes_have_three_figures() -> None:
    assert [megabytes(n) for n in (1_234_567, 12_345_678, 1_234_567_890)] == ["1.23", "12.3", "1,234.6"]


def test_counts_have_the_singular_for_one_alone() -> None:
    assert [counted(n, "index", "indexes") for n in (0, 1, 2000)] == ["0 indexes", "1 index", "2,000 indexes"]


@pytest.mark.parametrize(("n_bytes", "text"), [(2**30, "1G"), (3 * 2**20, "3M"), (2**10, "1K"), (1000, "1000")])
def test_sizes_are_written_as_they_are_typed(n_bytes: int, text: str) -> None:
    assert size_argument(n_bytes) == text


def test_control_characters_are_escaped() -> None:
    assert printable(b"a\x1b[2Jb\xff") == "a\\x1b[2Jb\\udcff"
    assert printable("\u202e") == "\\u202e"


def test_long_values_are_cut_and_counted() -> None:
    assert shown("x") == "'x'"
    text = shown("y" * 1000)
    assert text.endswith("… (1,000 characters)")
    assert len(text) < 90


def test_lines_are_ascii_where_the_encoding_is() -> None:
    out = io.TextIOWrapper(io.BytesIO(), encoding="ascii")
    print_line("a · b", out)
    out.seek(0)
    assert out.read() == "a , b\n"
    assert in_ascii("─…") == "-..."


def test_the_stage_of_parsing_is_called_so() -> None:
    assert [stage_name(name) for name in ("discover", "tag", "\x1b")] == ["discover", "parse", "\\x1b"]
