"""Uses of names as values, and lines that were not read, in what ``scan`` writes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.cli.formats import Format, write_tags

SOURCE = "LIMIT = 3\n\n\nclass Box:\n    def fill(self):\n        self.n = LIMIT\n        return run(LIMIT)\n"


@pytest.fixture
def lines(tmp_path: Path) -> dict[Format, list[dict[str, object]]]:
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text("x = = 1\n")
    (tmp_path / "c.py").write_text("import a\nprint(a.LIMIT)\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    written = {}
    for format in (Format.JSONL, Format.CSV, Format.JSON):
        out = io.BytesIO()
        write_tags(result, format, out, folder=tmp_path)
        written[format] = out.getvalue().decode()
    return {
        Format.JSONL: [json.loads(line) for line in written[Format.JSONL].splitlines()],
        Format.CSV: list(csv.DictReader(io.StringIO(written[Format.CSV]))),
        Format.JSON: json.loads(written[Format.JSON])["tags"],
    }


@pytest.mark.parametrize("format", [Format.JSONL, Format.CSV, Format.JSON])
def test_a_use_is_a_reference_of_its_kind_in_its_scope(
    format: Format, lines: dict[Format, list[dict[str, object]]]
) -> None:
    of_limit = [
        (str(one["path"]), one["role"], one["kind"], int(str(one["line"])), int(str(one["column"])), one["scope"] or "")
        for one in lines[format]
        if one["name"] == "LIMIT"
    ]
    assert of_limit == [
        ("a.py", "definition", "variable", 1, 0, ""),
        ("a.py", "reference", "read", 6, 17, "Box.n"),
        ("a.py", "reference", "read", 7, 19, "Box.fill"),
        ("c.py", "reference", "member", 2, 8, ""),
    ]


@pytest.mark.parametrize("format", [Format.JSONL, Format.CSV, Format.JSON])
def test_tags_and_uses_are_in_the_order_of_the_text(
    format: Format, lines: dict[Format, list[dict[str, object]]]
) -> None:
    places = [
        (str(one["path"]), int(str(one["line"])), int(str(one["column"])))
        for one in lines[format]
        if one["role"] != "unread"
    ]
    assert places == sorted(places)


def test_lines_that_were_not_read_stand_behind_the_tags_of_their_file(
    lines: dict[Format, list[dict[str, object]]],
) -> None:
    of_file = [
        (one["name"], one["role"], one["kind"], one["line"]) for one in lines[Format.JSONL] if one["path"] == "b.py"
    ]
    assert of_file == [("x", "definition", "variable", 1), ("", "unread", "error", 1)]
