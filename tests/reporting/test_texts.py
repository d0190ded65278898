"""texts: each format of a report."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import pytest

from repomap_fast.reporting.report import ReportFormat
from repomap_fast.reporting.texts import write_report
from support.made_reports import make_attacks, report_on
from support.repositories import write_files

STARTS = {
    "html": "<!DOCTYPE html>",
    "svg": "<svg ",
    "mermaid": "flowchart TB",
    "dot": "digraph folders {",
    "graphml": "<?xml ",
    "json": '{\n  "schema": 1,\n  "root":',
}


@pytest.mark.parametrize("form", get_args(ReportFormat))
def test_each_format_is_written_of_an_empty_folder_too(tmp_path: Path, form: ReportFormat) -> None:
    text = report_on(tmp_path, format=form).text
    assert text.startswith(STARTS[form])
    assert text.endswith("\n")


def test_json_has_the_bytes_of_paths_that_are_not_utf_8(tmp_path: Path) -> None:
    write_files(tmp_path, {"odd\udcff.py": "def odd(): pass\n"})
    document = json.loads(report_on(tmp_path, format="json").text)
    assert "text" not in document
    assert document["files"][0]["path"] == "odd\ufffd.py"
    assert "path_bytes" in document["files"][0]


def test_attacks_are_written_in_every_format(tmp_path: Path) -> None:
    made = report_on(make_attacks(tmp_path))
    for form in get_args(ReportFormat):
        assert "\x1b" not in write_report(made, form)
        assert "\u2028" not in write_report(made, form)
