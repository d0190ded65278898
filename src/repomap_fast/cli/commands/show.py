"""``repomap-fast show``: the source of what a symbol names, as it is now."""

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
def show(
    symbol: Annotated[
        str,
        typer.Argument(metavar="SYMBOL", help="name, Class.method, path:line or path::Class.method."),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to look in.")] = Path(),
    *,
    context: Annotated[
        int, typer.Option("--context", "-C", metavar="N", help="Also N lines before and after each definition.")
    ] = 0,
    tokens: Annotated[
        int | None, typer.Option("--tokens", "-t", metavar="N", help="Token budget; if not given, 8192.")
    ] = None,
    tokenizer: Annotated[
        str,
        typer.Option(
            "--tokenizer", metavar="NAME", help="What counts tokens: estimate, tiktoken or tiktoken:ENCODING."
        ),
    ] = "estimate",
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to print it.")] = TextFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print the source of the definitions that SYMBOL names.

    Each comes with its path and its lines. Where several have that name, the best come first, and those for which the
    budget has no room are listed. Of a class for which it has none, the members are listed. The exit code is 1 where
    nothing has that name; the nearest names are shown then.
    """
    with exit_codes():
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.show(
                path,
                symbol,
                context=context,
                tokens=tokens,
                tokenizer=tokenizer,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if format is TextFormat.JSON:
            from dataclasses import asdict

            from repomap_fast.cli.formats.document import print_document

            members = asdict(found)
            del members["text"]
            print_document(members)
        else:
            print_text(found.text)
        sys.stdout.flush()
        for note in found.notes:
            say(f"note: {printable(note)}")
