"""The folder cases: tests/tags/LANGUAGE/CASE holds a source, input.EXT, and its tags, expected.jsonl.

``pytest tests/tagging/test_tags.py --update-tags`` rewrites what is expected. A person reads the difference.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.languages.grammars import is_missing
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tables import FileStatus
from support.made_scans import reference_rows, rows, scan_files
from support.strategies import LANGUAGES_WITH_TWIN

FOLDER = Path(__file__).parents[1] / "tags"
ALL_CASES = sorted(path.parent for path in FOLDER.glob("*/*/input.*"))
CASES = [case for case in ALL_CASES if not is_missing(find_language(case.parent.name))]


def found_rows(case: Path, *, queries_alone: bool = False) -> list[dict[str, Any]]:
    source = next(case.glob("input.*"))
    result = scan_files(case, {source.name.encode(): None}, case.parent.name, queries_alone=queries_alone)
    assert result.files[0].status in (FileStatus.TAGGED, FileStatus.NO_TAGS)
    return [{"path": source.name, "language": case.parent.name, **row} for row in rows(result, source.name.encode())]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_tags_of_a_case_are_those_expected(case: Path, request: pytest.FixtureRequest) -> None:
    found = found_rows(case)
    expected = case / "expected.jsonl"
    if request.config.getoption("--update-tags"):
        expected.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in found), "utf-8")
    assert found == [json.loads(line) for line in expected.read_text("utf-8").splitlines()]


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.parent.name}-{case.name}")
def test_the_tags_of_a_case_are_those_of_the_slow_twin(case: Path) -> None:
    if case.parent.name not in LANGUAGES_WITH_TWIN:
        pytest.skip("the stock binding reads memory that nobody wrote")
    source = next(case.glob("input.*"))
    named = {"path": source.name, "language": case.parent.name}
    found = found_rows(case, queries_alone=True)
    assert found == [named | row for row in reference_rows(source.read_bytes(), case.parent.name)]


@pytest.mark.parametrize("language", [row.name for row in LANGUAGES])
def test_every_language_has_cases_and_one_of_them_is_broken(language: str) -> None:
    cases = {case.name for case in ALL_CASES if case.parent.name == language}
    assert not cases.isdisjoint(("broken", "errors"))


def test_every_folder_is_a_case_of_a_language_of_the_table() -> None:
    folders = {path.parent.name for path in FOLDER.glob("*/*")}
    assert folders <= {row.name for row in LANGUAGES}
    for case in FOLDER.glob("*/*"):
        assert len(list(case.glob("input.*"))) == 1, case
        assert (case / "expected.jsonl").is_file(), case
