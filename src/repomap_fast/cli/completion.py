"""Completion in shells: Typer's scripts, and the answers to them."""

from __future__ import annotations

import os
from pathlib import Path

from repomap_fast.cli.app import COMPLETION_VARIABLE
from repomap_fast.cli.usage import Misuse, listed, nearest

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")


def completion_script(program: str, shell: str) -> str:
    """Return the script that makes ``shell`` complete the arguments of ``program``."""
    from typer.completion import get_completion_script  # type: ignore[attr-defined]

    return str(get_completion_script(prog_name=program, complete_var=COMPLETION_VARIABLE, shell=shell))


def install_completion(program: str, shell: str) -> Path:
    """Write the script to where ``shell`` finds it, and return that file."""
    from typer.completion import install  # type: ignore[attr-defined]

    return Path(install(shell, prog_name=program, complete_var=COMPLETION_VARIABLE)[1])


def known_shell(shell: str | None) -> str:
    """Return ``shell``, or the shell around this process for None. Raises ``Misuse``."""
    from repomap_fast.cli.text import shown

    found = _current_shell() if shell is None else shell
    if found in SHELLS:
        return found
    if shell is None:
        raise Misuse(
            f"SHELL is not given, and the shell around this process is unknown; expected {listed(SHELLS)}",
            "`repomap-fast completion bash`",
        )
    near = nearest(shell, SHELLS)
    raise Misuse(f"SHELL is {shown(shell)}; expected {listed(SHELLS)}", near and f"did you mean {near}?")


def _current_shell() -> str:
    import shellingham  # type: ignore[import-untyped]

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        return Path(os.environ.get("SHELL", "")).name
