"""``repomap-fast refs``: where a symbol is referred to."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import TextFormat, print_text
from repomap_fast.cli.text import printable


@takes_groups
def refs(
    symbol: Annotated[
        str,
        typer.Argument(metavar="SYMBOL", help="name, Class.method, path:line or path::Class.method."),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to look in.")] = Path(),
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to print it.")] = TextFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print where SYMBOL is referred to: path, line, the definition around it, and the line itself.

    References are found by name, so those to other definitions of the same name are among them; languages that do not
    call each other are kept apart. Names that are used as values and members are among them (not in Bash, Lua, Scala
    and Swift), but not what is bound in a function around it. Code comes before tests and vendored code, and files with
    more references before others. The exit code is 1 where nothing has that name; the nearest names are shown then.
    """
    with exit_codes():
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.refs(
                path,
                symbol,
                limit=limit,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if format is TextFormat.JSON:
            from dataclasses import asdict

            from repomap_fast.cli.formats.document import print_document

            print_document(asdict(found))
        else:
            print_text(found.text)
        sys.stdout.flush()
        for note in found.notes:
            say(f"note: {printable(note)}")
