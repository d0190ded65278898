"""The commands, and what they have in common."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Any, ClassVar

import typer

from repomap_fast.cli.exit_codes import say, say_misuse
from repomap_fast.cli.lazy_group import LazyGroup
from repomap_fast.cli.usage import UsageError
from repomap_fast.errors import EXIT_INTERRUPTED, EXIT_USAGE

COMPLETION_VARIABLE = "_REPOMAP_FAST_COMPLETE"
"""The environment variable by which a shell's script asks for completions."""

_SETTINGS = {"help_option_names": ["-h", "--help"]}


class _Commands(LazyGroup):
    """The commands, in the order of the help text."""

    package: ClassVar = "repomap_fast.cli.commands"
    sentences: ClassVar = {
        "map": "Print what matters most of PATH for a task.",
        "explain": "Explain the position of a file or a symbol in a map.",
        "search": "Find the definitions of a name, and of names like it.",
        "show": "Print the source of a symbol.",
        "refs": "Print where a symbol is referred to.",
        "callers": "Print what refers to a symbol, definition by definition.",
        "callees": "Print what a symbol refers to.",
        "impact": "Print what a change can reach, and which tests.",
        "unused": "Print definitions that nothing refers to.",
        "report": "Write a page about PATH to look at, or a graph.",
        "imports": "Print what files import, and cycles of imports.",
        "outline": "Print the definitions of files, nested.",
        "mcp": "Serve coding agents over MCP.",
        "init": "Set a coding agent up, or take that back.",
        "hook": "Print a map for a hook of Claude Code.",
        "scan": "Count or write every definition and reference.",
        "fleet": "Scan many repositories into one dataset.",
        "languages": "List the languages and the suffixes of their files.",
        "bench": "Measure scans and maps of a folder.",
        "dashboard": "Show the history of `repomap-fast bench`.",
        "cache": "Manage the indexes that are kept.",
        "completion": "Print or install completion for a shell.",
    }
    settings: ClassVar = _SETTINGS

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments."""
        # --version prints before the options after it are converted.
        ctx.meta[_IS_VERBOSE] = not {"-v", "--verbose"}.isdisjoint(args)
        return super().parse_args(ctx, args)

    def main(self, *arguments: Any, **options: Any) -> Any:
        """Run a command, and leave the process with its exit code. Wrong usage is reported in our own words."""
        if COMPLETION_VARIABLE in os.environ:
            # No other start needs Typer's shells.
            from typer.completion import completion_init  # type: ignore[attr-defined]

            completion_init()
        is_whole_process = options.pop("standalone_mode", True)
        options["standalone_mode"] = False
        if not is_whole_process:
            return super().main(*arguments, **options)
        try:
            sys.exit(super().main(*arguments, **options))
        except typer.Abort:
            say("interrupted")
            sys.exit(EXIT_INTERRUPTED)
        except UsageError as error:
            say_misuse(error)
            sys.exit(EXIT_USAGE)


app = typer.Typer(
    cls=_Commands,
    help="Map a repository: what is defined where, who refers to it, and what of it matters most.",
    epilog="Exit codes: 0 fine, 1 some files gave no tags for an error, nothing was found, or an index is "
    "damaged, 2 bad usage, 130 interrupted.",
    no_args_is_help=True,
    add_completion=False,
    # Help as plain text: it loads no rich, and reads the same in a pipe and in a narrow terminal.
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings=_SETTINGS,
)


_IS_VERBOSE = "repomap_fast.is_verbose"


def _print_version(ctx: typer.Context, wanted: bool) -> None:
    if wanted:
        from repomap_fast import __version__

        typer.echo(f"repomap-fast {__version__}")
        if ctx.meta.get(_IS_VERBOSE):
            from repomap_fast import build_info

            typer.echo(str(build_info()))
        raise typer.Exit


@app.callback()
def _common(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Show the version and exit.")
    ] = False,
    verbose: Annotated[bool, typer.Option("--verbose", "-v", help="With --version: also how it was built.")] = False,
) -> None:
    """Map a repository: what is defined where, who refers to it, and what of it matters most."""
