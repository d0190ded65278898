"""The JSON document of a scan: its members, tags and skipped files."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from repomap_fast.cli.formats import Format
from repomap_fast.cli.formats.document import SCHEMA
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import (
    FileStatus,
)
from support.made_results import ODD_PATHS, as_tag, expected_tags, make_result, written


def test_json_is_one_object(made_result: ScanResult) -> None:
    document = json.loads(written(made_result, Format.JSON))
    assert document["root"] == str(made_result.root)
    assert [as_tag(entry) for entry in document["tags"]] == expected_tags(made_result)
    assert document["files"]["total"] == len(made_result.file_table)
    assert document["files"]["tagged"] == 2 + len(ODD_PATHS)
    (python,) = document["languages"]
    assert python["name"] == "python"
    assert python["files"] == 2 + len(ODD_PATHS)
    roles = [tag.role for tag in made_result.tags]
    assert python["definitions"] == roles.count("definition")
    assert python["references"] == roles.count("reference")
    assert document["metrics"]["mb_per_s"] == pytest.approx(4.0)
    assert document["notes"] == ["A note."]
    assert document["budgets"] == {
        "max_file_bytes": 64 * 2**20,
        "file_timeout_s": 20.0,
        "max_file_memory_bytes": 2**30,
    }
    assert sum(document["identifier_classes"].values()) == len(made_result.tag_table.names)


def test_json_names_every_skipped_file(made_result: ScanResult) -> None:
    skipped = {entry["status"]: entry for entry in json.loads(written(made_result, Format.JSON))["skipped"]}
    assert skipped["too_large"]["reason"] == "too large: 95.4 MiB, limit 64 MiB"
    assert skipped["out_of_time"]["reason"] == "out of time: 20 s"
    assert skipped["out_of_memory"]["reason"] == "out of memory: 1 GiB"
    assert skipped["too_deep"]["reason"] == "nested too deeply"
    assert skipped["unreadable"] == {
        "path": f"skipped/{FileStatus.UNREADABLE:d}",
        "status": "unreadable",
        "reason": f"unreadable: {os.strerror(13)}",
    }
    assert "no_tags" not in skipped
    assert len(skipped) == len(FileStatus) - 2


def test_json_of_nothing_is_an_object(tmp_path: Path) -> None:
    document = json.loads(written(make_result(tmp_path, {}), Format.JSON))
    assert document["tags"] == document["skipped"] == document["languages"] == []


def test_each_tag_is_a_line_as_in_json_lines(made_result: ScanResult) -> None:
    lines = written(made_result, Format.JSON).decode().splitlines()
    start = lines.index('"tags": [') + 1
    assert lines[-2:] == ["]", "}"]
    assert [line.removesuffix(",") for line in lines[start:-2]] == written(made_result, Format.JSONL).decode().split(
        "\n"
    )[:-1]


def test_the_document_begins_with_the_version_of_its_schema(made_result: ScanResult) -> None:
    document = json.loads(written(made_result, Format.JSON))
    assert next(iter(document.items())) == ("schema", SCHEMA)
    assert document["definition_kinds"] == made_result.definition_kinds
