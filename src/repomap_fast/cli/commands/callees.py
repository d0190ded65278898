"""``repomap-fast callees``: to which definitions a symbol refers."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, SURE, TESTS, TOKENS_OF_ALL, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.output import RowsFormat


@takes_groups
def callees(
    symbol: Annotated[
        str,
        typer.Argument(metavar="SYMBOL", help="name, Class.method, path:line or path::Class.method."),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to look in.")] = Path(),
    *,
    depth: Annotated[int, typer.Option("--depth", "-d", metavar="N", help="Steps to follow, at most 10.")] = 1,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    sure: Annotated[bool, SURE] = False,
    tests: Annotated[bool | None, TESTS] = None,
    tokens: Annotated[int | None, TOKENS_OF_ALL] = None,
    format: Annotated[RowsFormat, typer.Option("--format", "-f", help="How to print it.")] = RowsFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print the definitions of the repository that SYMBOL refers to in its text, with the lines.

    With --depth 2, those that these refer to are printed too, and so on. References are resolved as by `refs`: a guess
    is marked, and sites whose meaning is unknown are counted. The exit code is 1 where nothing has that name; the
    nearest names are shown then.
    """
    with exit_codes():
        from repomap_fast import calls
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.cli.reports.results import print_result

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = calls.callees(
                path,
                symbol,
                depth=depth,
                limit=limit,
                sure=sure,
                tests=tests,
                tokens=tokens,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        print_result(found, format)
