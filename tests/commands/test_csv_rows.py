"""CSV: read back by the csv module, with the line ends of RFC 4180."""

from __future__ import annotations

import csv
import io
import os
from pathlib import Path

import pytest

from repomap_fast.cli.formats import Format
from repomap_fast.cli.formats.csv_rows import COLUMNS, quote
from repomap_fast.joining.result import ScanResult
from support.made_results import expected_tags, make_result, written


def test_csv_is_read_back_by_the_csv_module(made_result: ScanResult) -> None:
    text = written(made_result, Format.CSV).decode()
    rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
    tags = expected_tags(made_result)
    assert len(rows) == len(tags)
    for row, tag in zip(rows, tags, strict=True):
        assert row["path"] == os.fsencode(tag.path).decode("utf-8", "replace")
        assert (row["name"], row["role"], row["kind"], row["language"]) == (tag.name, tag.role, tag.kind, tag.language)
        assert (int(row["line"]), int(row["column"])) == (tag.line, tag.column)
        assert row["end_line"] == ("" if tag.end_line is None else str(tag.end_line))
        assert row["scope"] == (tag.scope or "")


def test_csv_lines_end_as_the_rfc_says(made_result: ScanResult) -> None:
    text = written(made_result, Format.CSV)
    assert text.startswith(b"path,language,name,role,kind,line,column,end_line,scope,id,digest\r\n")
    assert text.endswith(b"\r\n")


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("plain", "plain"),
        ("", ""),
        ("a b\tc", "a b\tc"),
        ("a,b", '"a,b"'),
        ('say "hi"', '"say ""hi"""'),
        ("a\nb", '"a\nb"'),
        ("a\rb", '"a\rb"'),
        ("=1+1", "=1+1"),
    ],
)
def test_a_field_has_quotes_only_where_the_rfc_asks_for_them(text: str, field: str) -> None:
    assert quote(text) == field


def test_csv_of_nothing_is_its_header(tmp_path: Path) -> None:
    assert written(make_result(tmp_path, {}), Format.CSV).decode() == ",".join(COLUMNS) + "\r\n"
