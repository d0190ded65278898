"""``repomap-fast languages``: the table for people, and its rows as JSON."""

from __future__ import annotations

import json

import pytest

from repomap_fast.cli.formats.document import SCHEMA
from repomap_fast.cli.reports import summary
from repomap_fast.languages.table import LANGUAGES
from support.command_runs import invoke, loaded_modules, run


def test_languages_are_listed() -> None:
    lines = run("languages").stdout.splitlines()
    assert lines[0].split()[0] == "Language"
    assert any(line.startswith("python ") and ".py" in line for line in lines)


def test_languages_as_json() -> None:
    rows = {row["name"]: row for row in json.loads(run("languages", "--format", "json").stdout)["languages"]}
    assert set(rows["python"]) == {
        *("name", "role", "suffixes", "file_names", "beginnings", "interpreters", "grammar"),
        "guests",
    }
    assert ".py" in rows["python"]["suffixes"]


def test_every_language_is_a_line_with_its_grammar() -> None:
    lines = invoke("languages").stdout.splitlines()
    assert lines[0].split() == ["Language", "Role", "Suffixes", "File", "names", "Interpreters", "Grammar"]
    assert [line.split()[0] for line in lines[1:]] == [language.name for language in LANGUAGES]
    (shell,) = (line.split() for line in lines if line.startswith("bash "))
    assert {".sh", ".bashrc", "sh"} <= set(shell)
    assert shell[-1] == "bash"


def test_in_a_narrow_window_all_that_a_language_is_known_by_is_in_one_column(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(summary, "window_columns", lambda: 80)
    lines = invoke("languages").stdout.splitlines()
    assert lines[0].split() == ["Language", "Role", "Known", "by"]
    (shell,) = (line.split() for line in lines if line.startswith("bash "))
    assert {".sh", ".bashrc", "sh"} <= set(shell)


def test_the_rows_of_json_are_those_of_the_table() -> None:
    document = json.loads(invoke("languages", "--format", "json").stdout)
    assert document["schema"] == SCHEMA
    assert [
        (row["name"], tuple(row["suffixes"]), tuple(row["file_names"]), tuple(row["interpreters"]), row["grammar"])
        for row in document["languages"]
    ] == [(row.name, row.suffixes, row.file_names, row.interpreters, row.grammar) for row in LANGUAGES]


def test_the_table_is_read_without_a_parser() -> None:
    modules = loaded_modules(["languages", "--format", "json"])
    assert not modules & {"rich", "tree_sitter_language_pack", "repomap_fast.api", "repomap_fast.tagging._tagger"}
