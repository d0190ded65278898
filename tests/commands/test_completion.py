"""``repomap-fast completion``, and the answers to shells that ask for completions."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from repomap_fast.cli import completion
from repomap_fast.cli.app import app
from repomap_fast.cli.completion import SHELLS
from repomap_fast.cli.usage import Misuse
from repomap_fast.errors import EXIT_FINE, EXIT_USAGE

MARKS = {
    "bash": "complete -o default -F _repomap_fast_completion repomap-fast",
    "zsh": "#compdef repomap-fast",
    "fish": "complete --command repomap-fast",
    "powershell": "Register-ArgumentCompleter -Native -CommandName repomap-fast",
    "pwsh": "Register-ArgumentCompleter -Native -CommandName repomap-fast",
}


def invoke(*arguments: str, **variables: str) -> Any:
    return CliRunner(env=variables).invoke(app, list(arguments), prog_name="repomap-fast")


@pytest.mark.parametrize("shell", SHELLS)
def test_the_script_is_that_of_the_shell(shell: str, tmp_path: Path) -> None:
    script = invoke("completion", shell).stdout
    assert MARKS[shell] in script
    assert [mark for mark in set(MARKS.values()) if mark in script] == [MARKS[shell]]
    if shutil.which(shell) and shell in ("bash", "zsh", "fish"):
        (tmp_path / "script").write_text(script)
        subprocess.run([shell, "-n", str(tmp_path / "script")], check=True)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_set_up_for_the_shell(shell: str, tmp_path: Path) -> None:
    done = invoke("completion", shell, "--install", HOME=str(tmp_path))
    assert done.exit_code == EXIT_FINE
    assert done.stdout.startswith(f"The completion for {shell} is in ")
    written = [file.read_text() for file in tmp_path.rglob("*repomap-fast*") if file.is_file()]
    assert [text.strip() for text in written] == [invoke("completion", shell).stdout.strip()]


@pytest.mark.parametrize(
    ("shell", "variables"),
    [
        ("bash", {"COMP_WORDS": "repomap-fast map --tok", "COMP_CWORD": "2"}),
        ("zsh", {"_TYPER_COMPLETE_ARGS": "repomap-fast map --tok"}),
        ("fish", {"_TYPER_COMPLETE_ARGS": "repomap-fast map --tok", "_TYPER_COMPLETE_FISH_ACTION": "get-args"}),
    ],
)
def test_a_shell_is_answered_with_options(shell: str, variables: dict[str, str]) -> None:
    done = invoke(_REPOMAP_FAST_COMPLETE=f"complete_{shell}", **variables)
    assert done.exit_code == EXIT_FINE
    assert "--tokens" in done.stdout
    assert "--tokenizer" in done.stdout
    assert "--quiet" not in done.stdout


def test_a_shell_that_is_unknown_is_answered_with_what_is_near() -> None:
    done = invoke("completion", "bsh")
    assert done.exit_code == EXIT_USAGE


def test_without_a_shell_the_one_around_is_taken(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(completion, "_current_shell", lambda: "fish")
    assert MARKS["fish"] in invoke("completion").stdout
    monkeypatch.setattr(completion, "_current_shell", lambda: "tcsh")
    with pytest.raises(Misuse, match="the shell around this process is unknown"):
        completion.known_shell(None)


def test_languages_and_shells_are_completed() -> None:
    for words, expected in (("scan --language pyth", "python"), ("completion fi", "fish")):
        done = invoke(
            _REPOMAP_FAST_COMPLETE="complete_bash",
            COMP_WORDS=f"repomap-fast {words}",
            COMP_CWORD=str(len(words.split())),
        )
        assert expected in done.stdout.split()


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="folders that cannot be written")
def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    done = invoke("completion", "bash", "--install", HOME=str(tmp_path))
    assert done.exit_code == EXIT_USAGE
