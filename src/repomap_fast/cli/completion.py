"""Completion of the command line in shells: Typer's own scripts, for the shell that is named or the one that asks."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import typer

from repomap_fast.cli.usage import Misuse, listed, nearest

SHELLS = ("bash", "zsh", "fish", "powershell", "pwsh")
VARIABLE = "_REPOMAP_FAST_COMPLETE"
"""The environment variable by which a script asks for completions."""
_FLAGS = ("--show-completion", "--install-completion")


def with_shell(args: list[str]) -> list[str]:
    """Return the arguments with an empty SHELL for an option about completion that stands without one."""
    given = []
    for i, argument in enumerate(args):
        has_shell = i + 1 < len(args) and not args[i + 1].startswith("-")
        given.append(f"{argument}=" if argument in _FLAGS and not has_shell else argument)
        if not argument.startswith("-") and (i == 0 or args[i - 1] not in _FLAGS):
            # What follows a command is its own.
            return given + args[i + 1 :]
    return given


def get_ready() -> None:
    """Let Typer know its shells, if one of them asks for completions: no other start needs that."""
    if VARIABLE in os.environ:
        from typer.completion import completion_init  # type: ignore[attr-defined]

        completion_init()


def _show(ctx: typer.Context, shell: str | None) -> None:
    if shell is not None and not ctx.resilient_parsing:
        from typer.completion import get_completion_script  # type: ignore[attr-defined]

        name = str(ctx.find_root().info_name)
        shell = _checked("--show-completion", shell)
        typer.echo(get_completion_script(prog_name=name, complete_var=VARIABLE, shell=shell))
        raise typer.Exit


def _install(ctx: typer.Context, shell: str | None) -> None:
    if shell is not None and not ctx.resilient_parsing:
        from typer.completion import install  # type: ignore[attr-defined]

        name = str(ctx.find_root().info_name)
        shell, file = install(_checked("--install-completion", shell), prog_name=name, complete_var=VARIABLE)
        typer.echo(f"The completion for {shell} is in {file}; it works in every shell that starts from now on.")
        raise typer.Exit


def _checked(flag: str, shell: str) -> str:
    """Return the shell that is meant, the one around this process for an empty text. Raises ``Misuse``."""
    from repomap_fast.cli.text import shown

    found = shell or _current_shell()
    if found in SHELLS:
        return found
    if shell:
        near = nearest(shell, SHELLS)
        raise Misuse(f"{flag} is {shown(shell)}; expected {listed(SHELLS)}", near and f"did you mean {flag} {near}?")
    raise Misuse(f"{flag} has no SHELL, and the one around is unknown; expected {listed(SHELLS)}", f"{flag} bash")


def _current_shell() -> str:
    import shellingham  # type: ignore[import-untyped]

    try:
        return str(shellingham.detect_shell()[0])
    except shellingham.ShellDetectionFailure:
        return Path(os.environ.get("SHELL", "")).name


def _option(flag: str, callback: Callable[..., None], what: str) -> Any:
    return typer.Option(
        flag,
        metavar="[SHELL]",
        callback=callback,
        is_eager=True,
        expose_value=False,
        help=f"{what} of SHELL: {listed(SHELLS)}; of this shell if not given.",
    )


SHOW = _option("--show-completion", _show, "Print the completion script")
INSTALL = _option("--install-completion", _install, "Set up the completion")
