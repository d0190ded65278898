"""What all commands have in common: help, names, and how they leave."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE
from support.command_runs import loaded_modules, run

# What everything prints


def test_version() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout) == (EXIT_FINE, f"repomap-fast {repomap_fast.__version__}\n")


@pytest.mark.parametrize("arguments", [["--version"], ["--help"], ["scan", "--help"], ["languages", "--help"]])
def test_help_and_version_load_nothing_large(arguments: list[str]) -> None:
    modules = loaded_modules(arguments)
    assert "typer" in modules
    assert not modules & {"numpy", "rich", "tree_sitter", "tree_sitter_language_pack", "repomap_fast.api"}
    assert not [name for name in modules if name.startswith("repomap_fast._")]


@pytest.mark.parametrize("command", ["scan", "languages"])
def test_every_option_has_help(command: str) -> None:
    done = run(command, "--help")
    assert done.returncode == EXIT_FINE
    options = re.findall(r"^ +(?:-\w, )?--[\w-]+.*\n", done.stdout, re.MULTILINE)
    assert options
    for option in options:
        assert re.search(r"(  \S)|(>|[A-Z])\n$", option), option


def test_help_names_every_option_of_a_scan() -> None:
    text = run("scan", "--help").stdout
    scanning = {"--language", "--include", "--exclude", "--no-ignore", "--workers", "--queries"}
    bounds = {"--timeout-per-file", "--max-file-size", "--max-file-memory"}
    printing = {"--format", "--output", "--no-progress", "--quiet", "--verbose"}
    assert {option for option in scanning | bounds | printing if option not in text} == set()


@pytest.mark.parametrize(
    ("arguments", "suggestion"),
    [(["scna"], "scan"), (["scan", "--fromat", "json"], "--format"), (["langages"], "languages")],
)
def test_typing_errors_are_answered_with_what_is_near(arguments: list[str], suggestion: str) -> None:
    done = run(*arguments)
    assert done.returncode == EXIT_USAGE
    assert suggestion in done.stderr
    assert done.stdout == ""


def test_completion_knows_the_commands() -> None:
    done = run(_REPOMAP_FAST_COMPLETE="complete_bash", COMP_WORDS="repomap-fast sc", COMP_CWORD="1")
    assert done.stdout.split() == ["scan"]


# How it leaves


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["missing-folder"], "missing-folder"),
        ([__file__], "test_app.py"),
        ([".", "-o", "missing-folder/out.json"], "no folder 'missing-folder'"),
        ([".", "-o", "."], "it is a folder"),
        ([".", "-o", "out.xyz"], "--format"),
        ([".", "--workers", "9999"], "--workers"),
        ([".", "--workers", "many"], "--workers"),
        ([".", "--workers", "-1"], "--workers"),
        ([".", "--timeout-per-file", "0"], "--timeout-per-file is 0.0"),
        ([".", "--max-file-size", "12 parsecs"], "--max-file-size is '12 parsecs'"),
        ([".", "--max-file-memory", "1"], "--max-file-memory is 1"),
        ([".", "--language", "klingon"], "klingon"),
        ([".", "--queries", "missing-folder"], "missing-folder"),
        ([".", "--format", "xml"], "jsonl"),
    ],
)
def test_what_cannot_be_used_is_said(
    arguments: list[str], message: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = run("scan", *arguments)
    assert done.returncode == EXIT_USAGE
    assert message in done.stderr
    assert "rror: " in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
