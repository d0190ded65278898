"""Runs of tags, and texts that are made once for each number."""

from __future__ import annotations

import pytest

from repomap_fast.cli.formats import Format, runs
from repomap_fast.cli.formats.runs import TextById, names_by_id, scopes_by_id, tag_runs, trait_texts
from repomap_fast.joining.result import ScanResult
from repomap_fast.tables import NO_SCOPE
from support.made_results import written


def test_runs_hold_every_tag_in_the_order_of_the_table(made_result: ScanResult) -> None:
    traits = trait_texts(made_result, lambda kind, role: f"{role} {kind}")
    names = names_by_id(made_result)
    found = [
        (made_result.file_table.paths[run.file_id], run.language, names[name_id], traits[trait], line, column)
        for run in tag_runs(made_result)
        for name_id, trait, line, column in zip(run.name_ids, run.traits, run.lines, run.columns, strict=True)
    ]
    assert found == [
        (
            made_result.file_table.paths[file_id],
            tag.language,
            tag.name,
            f"{tag.role} {tag.kind}",
            tag.line,
            tag.column,
        )
        for file_id, file in enumerate(made_result.files)
        for tag in file.tags
    ]


def test_a_file_without_tags_has_no_run(made_result: ScanResult) -> None:
    paths = {made_result.file_table.paths[run.file_id] for run in tag_runs(made_result)}
    assert b"shape.py" in paths
    assert b"empty.py" not in paths


def test_long_files_are_cut_into_runs(made_result: ScanResult, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = {format: written(made_result, format) for format in (Format.JSONL, Format.CSV, Format.CTAGS)}
    for module in ("runs", "ctags"):
        monkeypatch.setattr(f"repomap_fast.cli.formats.{module}.MAX_RUN_TAGS", 3)
    monkeypatch.setattr(runs, "MAX_KEPT_TEXTS", 2)
    assert max(len(run.lines) for run in tag_runs(made_result)) == 3
    for format, text in whole.items():
        assert written(made_result, format) == text


def test_a_text_is_made_once() -> None:
    made: list[int] = []

    def text_of(number: int) -> str:
        made.append(number)
        return str(number)

    texts = TextById(text_of)
    assert [texts[number] for number in (1, 2, 1, 2)] == ["1", "2", "1", "2"]
    assert made == [1, 2]


def test_the_texts_that_are_kept_are_bounded_by_number(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MAX_KEPT_TEXTS", 10)
    texts = TextById(str)
    assert [texts[number] for number in range(100)] == [str(number) for number in range(100)]
    assert len(texts) <= 10


def test_the_texts_that_are_kept_are_bounded_by_characters(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(runs, "MAX_KEPT_CHARACTERS", 10)
    texts = TextById(lambda number: "x" * number)
    assert [len(texts[number]) for number in (4, 6, 3, 50, 2)] == [4, 6, 3, 50, 2]
    assert sum(map(len, texts.values())) <= 10


def test_scopes_are_named_by_their_innermost_tag(made_result: ScanResult) -> None:
    scopes = scopes_by_id(made_result, names_by_id(made_result))
    first = next(run for run in tag_runs(made_result) if made_result.file_table.paths[run.file_id] == b"shape.py")
    assert [scopes[scope_id] for scope_id in first.scope_ids] == ["", "Shape", "Shape.area", "Shape.area.inner", ""]
    assert scopes[NO_SCOPE] == ""
