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

    It is said only of a definition whose name no unresolved reference has; the others are counted. Left out is what is
    reached without a reference: entry points, tests, what has a decorator or an annotation, what overrides a member,
    what is exported by name. What other repositories use, and what is called by a text that is put together, cannot be
    known: look before you delete.
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
