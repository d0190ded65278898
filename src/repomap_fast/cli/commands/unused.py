"""``repomap-fast unused``: definitions that nothing refers to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, TOKENS_OF_ALL, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.output import RowsFormat


@takes_groups
def unused(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to look in.")] = Path(),
    *,
    below: Annotated[
        list[str] | None,
        typer.Option("--path", metavar="PATH", help="Only in this file, folder or pattern; may be repeated."),
    ] = None,
    with_tests: Annotated[bool, typer.Option("--with-tests", help="Look in tests too.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    tokens: Annotated[int | None, TOKENS_OF_ALL] = None,
    format: Annotated[RowsFormat, typer.Option("--format", "-f", help="How to print it.")] = RowsFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print functions, methods, classes, types and macros that nothing in the repository refers to.

    A definition is listed only if no reference that is left unresolved has its name; definitions that such a reference
    may mean are counted. Entry points, tests, definitions with a decorator or an annotation, members that override
    others and names that are exported are left out. Uses by other repositories, and calls through a name that is made
    at run time, cannot be seen: look before you delete.
    """
    with exit_codes():
        from repomap_fast import calls
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.cli.reports.results import print_result

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = calls.unused(
                path,
                path=below or (),
                limit=limit,
                tests=with_tests,
                tokens=tokens,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        print_result(found, format)
