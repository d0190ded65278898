"""Uses of names as values, and lines that were not read, in what ``scan`` writes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.cli.formats import Format, runs, write_tags
from repomap_fast.joining.result import ScanResult

SOURCE = "LIMIT = 3\n\n\nclass Box:\n    def fill(self):\n        self.n = LIMIT\n        return run(LIMIT)\n"


def entries(result: ScanResult, format: Format) -> list[dict[str, object]]:
    """Return what is written of each tag, use and range of lines."""
    out = io.BytesIO()
    write_tags(result, format, out, folder=result.root)
    text = out.getvalue().decode()
    if format is Format.JSONL:
        return [json.loads(line) for line in text.splitlines()]
    return list(csv.DictReader(io.StringIO(text))) if format is Format.CSV else json.loads(text)["tags"]


@pytest.fixture
def lines(tmp_path: Path) -> dict[Format, list[dict[str, object]]]:
    (tmp_path / "a.py").write_text(SOURCE)
    (tmp_path / "b.py").write_text("x = = 1\n")
    (tmp_path / "c.py").write_text("import a\nprint(a.LIMIT)\n")
    result = repomap_fast.scan(tmp_path, cache=False)
    return {format: entries(result, format) for format in (Format.JSONL, Format.CSV, Format.JSON)}


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


def made_of_many_alike(root: Path) -> Path:
    """Make files with ids that differ by an ordinal alone, one of no tag but uses, and one of lines not read alone."""
    (root / "a.py").write_text("class A:\n    def f(self): return g()\n\n\ndef g(): pass\n\n\ndef g(): return A\n" * 3)
    (root / "b.R").write_text("a <- function() {\n  b <- function() 1\n}\na.b <- function() 2\n")
    (root / "c.py").write_text("import a\na.f\n")
    (root / "d.py").write_text("= =\n")
    (root / "naïve.py").write_text("def naïve(): pass\n")
    return root


@pytest.mark.parametrize("most_tags", [4, 1 << 14])
@pytest.mark.parametrize("format", [Format.JSONL, Format.CSV, Format.JSON])
def test_ids_and_digests_are_those_of_the_tables(
    format: Format, most_tags: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    nanoarrow = pytest.importorskip("nanoarrow")
    result = repomap_fast.scan(made_of_many_alike(tmp_path), cache=False)
    monkeypatch.setattr(runs, "MAX_RUN_TAGS", most_tags)
    found = entries(result, format)
    rows = [row for array in nanoarrow.ArrayStream(result.tags) for row in array.iter_py()]
    ids = [row["id"] for row in rows if row["role"] == "definition"]
    assert any(one.endswith("~6") for one in ids)
    assert "b.R#a.b/function~2" in ids
    assert [one["id"] for one in found if one["role"] == "definition"] == ids
    assert not any(one.get("id") for one in found if one["role"] != "definition")
    # Of each file in its first line, also where it has uses alone, or lines that were not read alone.
    digests = {row["path"]: row["digest"] for array in nanoarrow.ArrayStream(result.files) for row in array.iter_py()}
    said = [(one["path"], one["digest"]) for one in found if one.get("digest")]
    firsts = list({str(one["path"]): one for one in reversed(found)}.values())[::-1]
    assert said == [(one["path"], digests[str(one["path"])]) for one in firsts]
    assert len(said) == (5 if format is Format.JSONL else 4)
    assert all(one.get("digest") for one in firsts)
