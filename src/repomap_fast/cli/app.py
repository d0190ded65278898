"""The commands, and what they have in common."""

from __future__ import annotations

from typing import Annotated, ClassVar

import typer

from repomap_fast.cli.lazily import LazyGroup

_SETTINGS = {"help_option_names": ["-h", "--help"]}


class _Commands(LazyGroup):
    """The commands, in the order of the help text."""

    modules: ClassVar = {
        name: f"repomap_fast.cli.{name}"
        for name in ("map", "explain", "search", "scan", "languages", "bench", "dashboard", "cache")
    }
    settings: ClassVar = _SETTINGS


app = typer.Typer(
    cls=_Commands,
    help="Map a repository: what is defined where, who refers to it, and what of it matters most.",
    epilog="Exit codes: 0 fine, 1 a scan could not read or parse some files, a search found nothing, or an index is "
    "damaged, 2 bad usage, 130 interrupted.",
    no_args_is_help=True,
    # Help as plain text: it loads no rich, and reads the same in a pipe and in a narrow terminal.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


def _print_version(wanted: bool) -> None:
    if wanted:
        from repomap_fast import __version__

        typer.echo(f"repomap-fast {__version__}")
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Map a repository: what is defined where, who refers to it, and what of it matters most."""
