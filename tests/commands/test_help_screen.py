"""Help screens: groups, sentences that are not cut off, and examples that work."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys

import pytest
from typer.testing import CliRunner

from repomap_fast.cli import help_screen
from repomap_fast.cli.app import app

SCREENS = sorted(help_screen._EXAMPLES)


def screen(path: str, columns: int = 80) -> str:
    arguments = [*path.split(), "--help"]
    done = CliRunner().invoke(app, arguments, prog_name="repomap-fast", terminal_width=min(columns, 80) - 2)
    assert done.exit_code == 0
    return done.stdout


def listed(text: str, section: str) -> list[str]:
    rows = text.partition(f"\n{section}:\n")[2].partition("\n\n")[0].splitlines()
    return [row.split()[0] for row in rows if row[:2] == "  " and row[2] != " "]


@pytest.mark.parametrize("path", SCREENS)
def test_every_screen_has_two_to_four_examples_at_its_end(path: str) -> None:
    text = screen(path)
    examples = text.partition("\nExamples:\n")[2].partition("\n\n")[0].splitlines()
    assert 2 <= len(examples) <= 4
    assert all(example.startswith(f"  repomap-fast {path}".rstrip()) for example in examples)


@pytest.mark.parametrize("path", SCREENS)
def test_every_example_is_understood(path: str) -> None:
    for example in help_screen._EXAMPLES[path]:
        # With --help the arguments are parsed and nothing is run.
        assert CliRunner().invoke(app, [*shlex.split(example), "--help"]).exit_code == 0


def test_every_command_has_a_screen_with_examples() -> None:
    commands = listed(screen(""), "Commands")
    inner = [f"cache {name}" for name in listed(screen("cache"), "Commands")]
    assert sorted(["", *commands, *inner]) == SCREENS


@pytest.mark.parametrize("columns", [60, 80, 200])
@pytest.mark.parametrize("path", SCREENS)
def test_no_line_is_cut_or_too_wide(path: str, columns: int) -> None:
    text = screen(path, columns)
    # An argument that may be repeated has three dots too.
    assert "..." not in text.partition("\nExamples:")[0].replace("[ARGS]...", "").replace("FILE...", "").replace(
        "[ROOT]...", ""
    )
    wide = [line for line in text.splitlines() if len(line) > columns]
    assert wide == []


def test_the_options_of_a_map_are_in_groups() -> None:
    text = screen("map")
    sections = [line[:-1] for line in text.splitlines() if line.endswith(":") and line[:1].isalpha()]
    assert sections == ["Arguments", "Task", "Output", "Files", "Limits", "Cache", "Options", "Examples"]
    assert "-h" in listed(text, "Options")[0]
    assert len(listed(text, "Options")) == 1


@pytest.mark.parametrize("path", ["", "cache", "map", "scan"])
def test_no_screen_loads_rich_or_another_command(path: str) -> None:
    code = (
        "import sys\nfrom repomap_fast.cli import main\ntry:\n    main()\nfinally:\n"
        "    print('MODULES', *sys.modules)\n"
    )
    command = [sys.executable, "-c", code, *path.split(), "--help"]
    done = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ)
    modules = set(done.stdout.rpartition("MODULES ")[2].split())
    assert not {name for name in modules if name.split(".")[0] in ("rich", "numpy", "pydantic")}
    loaded = {name.rpartition(".")[2] for name in modules if name.startswith("repomap_fast.cli.commands.")}
    assert loaded == ({path} if path else set())
