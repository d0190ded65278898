"""``repomap-fast init``: set a client up, or take that back."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.agents.clients import CLIENTS, Setup, own_command
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import print_text, refuse_links_of_repositories
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.agents.clients import Addition, Client
    from repomap_fast.agents.setup import Record

ClientName = StrEnum("ClientName", {name.upper().replace("-", "_"): name for name in CLIENTS})  # type: ignore[misc]


def init(
    client: Annotated[ClientName, typer.Argument(metavar="CLIENT", help=f"One of {', '.join(CLIENTS)}.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Root of the project.")] = Path(),
    write: Annotated[bool, typer.Option("--write", help="Add it to the settings; all else in them stays.")] = False,
    undo: Annotated[bool, typer.Option("--undo", help="Take it out of the settings again.")] = False,
    user: Annotated[bool, typer.Option("--user", help="The user's settings, not the project's.")] = False,
) -> None:
    """Print what sets CLIENT up to use repomap-fast; add it with --write, take it out with --undo.

    For Claude Code that is the MCP server, and hooks that give a map to each session and each sub-agent. Nothing is
    written without --write. After --undo the settings have the bytes that they had, unless they were changed since.
    """
    with exit_codes():
        if write and undo:
            raise OptionError("--write and --undo are both given; expected one of them")
        if not path.is_dir():
            raise OptionError(f"there is no folder {str(path)!r}; expected the root of a project")
        chosen = CLIENTS[client.value]
        is_user = user or not chosen.has_project
        setup = Setup(path.absolute(), is_user, own_command(is_user=is_user))
        additions = chosen.additions(setup)
        if not additions:
            say(chosen.note)
            return
        if not is_user:
            for one in additions:
                refuse_links_of_repositories(one.file, setup.root)
        if write:
            _write(chosen, additions, setup.max_bytes)
        elif undo:
            _undo(additions, setup.max_bytes)
        else:
            _preview(chosen, additions)


def _preview(client: Client, additions: list[Addition]) -> None:
    from repomap_fast.agents.setup import new_files

    print_text("\n".join(f"{file}:\n{text}" for file, text in new_files(additions)))
    say(f"nothing was written; --write adds it for {client.title}" + (f" ({client.note})" if client.note else ""))


def _write(client: Client, additions: list[Addition], max_bytes: int) -> None:
    from repomap_fast.agents import setup

    changes = setup.plan(additions, max_bytes)
    setup.write(changes, _record())
    for change in changes:
        say(f"{'made' if change.before is None else 'added to'} {change.file}")
    if not changes:
        say("all of it is there already")
    elif client.note:
        say(f"note: {client.note}")


def _undo(additions: list[Addition], max_bytes: int) -> None:
    from repomap_fast.agents import setup

    changes = setup.undo(additions, _record(), max_bytes)
    for change in changes:
        say(f"{'removed' if change.after is None else 'taken out of'} {change.file}")
    if not changes:
        say("nothing of it is there")


def _record() -> Record:
    import platformdirs

    from repomap_fast.agents.setup import Record

    return Record(Path(platformdirs.user_data_dir("repomap-fast", appauthor=False)) / "init.json")
