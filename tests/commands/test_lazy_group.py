"""Commands that are built when they are asked for."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from repomap_fast.cli.app import app

COMMANDS = [
    *(
        "map",
        "explain",
        "search",
        "show",
        "refs",
        "callers",
        "callees",
        "impact",
        "unused",
        "report",
        "imports",
        "outline",
        "mcp",
        "init",
        "hook",
        "scan",
        "fleet",
        "languages",
        "bench",
    ),
    *("dashboard", "cache", "completion"),
]


def loaded_by(*arguments: str) -> set[str]:
    code = (
        "import sys\nfrom repomap_fast.cli import main\n"
        f"sys.argv[1:] = {list(arguments)!r}\n"
        "try:\n    main()\nfinally:\n    print('MODULES', *sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return {name for name in done.stdout.partition("MODULES")[2].split() if name.startswith("repomap_fast.cli.")}


def test_no_other_command_is_imported() -> None:
    commands = {f"repomap_fast.cli.commands.{name}" for name in COMMANDS}
    assert not loaded_by("--version") & commands
    assert loaded_by("languages", "--help") & commands == {"repomap_fast.cli.commands.languages"}


def test_all_commands_are_listed_with_what_they_do() -> None:
    printed = CliRunner().invoke(app, ["--help"]).stdout.partition("Commands:")[2].split("\n\n")[0]
    rows = [line.split(maxsplit=1) for line in printed.strip().splitlines() if line[:3] != "   "]
    assert [name for name, _ in rows] == COMMANDS
    assert all(len(text) > 20 and text.endswith(".") for _, text in rows)


@pytest.mark.parametrize("name", COMMANDS)
def test_each_has_a_help_text_and_no_completion_of_its_own(name: str) -> None:
    for flag in ("--help", "-h"):
        printed = CliRunner().invoke(app, [name, flag]).stdout
        assert f" {name} " in printed.splitlines()[0]
        assert "--show-completion" not in printed


def test_a_name_that_is_none_gives_no_command() -> None:
    group = get_command(app)
    assert group.get_command(None, "none") is None  # type: ignore[attr-defined]
    assert group.get_command(None, "scan") is group.get_command(None, "scan")  # type: ignore[attr-defined]
