"""What all formats of a scan share: UTF-8, and the format that a file name means."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

from repomap_fast.cli.formats import Format, guess_format
from repomap_fast.errors import OptionError
from repomap_fast.joining.result import ScanResult
from support.made_results import written


def refuse_surrogates(document: object) -> None:
    """Fail as a strict reader of JSON does on a text that is no Unicode."""
    json.dumps(document, ensure_ascii=False).encode("utf-8", "strict")


@pytest.mark.parametrize("format", [Format.JSON, Format.JSONL, Format.CSV, Format.CTAGS])
def test_every_text_is_utf_8(format: Format, made_result: ScanResult) -> None:
    made_result.notes = ("A note on \udcff.",)
    text = written(made_result, format).decode("utf-8", "strict")
    match format:
        case Format.JSON:
            document = json.loads(text)
            refuse_surrogates(document)
            assert document["notes"] == ["A note on \N{REPLACEMENT CHARACTER}."]
        case Format.JSONL:
            for line in text.splitlines():
                refuse_surrogates(json.loads(line))
        case Format.CSV:
            rows = list(csv.DictReader(io.StringIO(text, newline=""), strict=True))
            assert "dir/\N{REPLACEMENT CHARACTER}x.py" in {row["path"] for row in rows}
        case Format.CTAGS:
            assert "\t" + r"dir/\xffx.py" + "\t" in text
            assert "!_TAG_FILE_ENCODING\tutf-8\t" in text


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.json", Format.JSON),
        ("a.JSONL", Format.JSONL),
        ("a.csv", Format.CSV),
        ("a.npz", Format.NPZ),
        ("tags", Format.CTAGS),
        (".tags", Format.CTAGS),
        ("a.txt", Format.TABLE),
    ],
)
def test_the_name_of_the_file_says_the_format(name: str, format: Format) -> None:
    assert guess_format(Path("some.dir", name)) is format


def test_a_name_that_says_no_format_is_an_error() -> None:
    with pytest.raises(OptionError, match=r"'a\.xyz'.*--format"):
        guess_format(Path("a.xyz"))
