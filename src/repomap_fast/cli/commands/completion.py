"""``repomap-fast completion``: the completion script of a shell."""

from __future__ import annotations

from typing import Annotated

import typer

from repomap_fast.cli.completion import completion_script, install_completion, known_shell
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.text import printable
from repomap_fast.errors import OptionError


def completion(
    ctx: typer.Context,
    shell: Annotated[
        str | None,
        typer.Argument(
            metavar="SHELL",
            help="bash, zsh, fish, powershell or pwsh; the shell around this process if not given.",
            autocompletion=lambda: ["bash", "zsh", "fish", "powershell", "pwsh"],
        ),
    ] = None,
    install: Annotated[
        bool, typer.Option("--install", help="Write the script to where SHELL finds it, instead of printing it.")
    ] = False,
) -> None:
    """Print the completion script of SHELL.

    The script completes commands, options and names of languages.
    """
    with exit_codes():
        wanted = known_shell(shell)
        program = str(ctx.find_root().info_name)
        if not install:
            typer.echo(completion_script(program, wanted))
            return
        try:
            file = install_completion(program, wanted)
        except OSError as error:
            raise OptionError(f"cannot install the completion: {error.strerror or error}") from error
        typer.echo(f"The completion for {wanted} is in {printable(file)}. New shells use it.")
