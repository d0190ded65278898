"""``repomap-fast impact``: what a change can reach."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import (
    NO_PROGRESS,
    SURE,
    TESTS,
    TOKENS_OF_ALL,
    FocusingCommand,
    Scanning,
    naming_flags,
    takes_groups,
)
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.output import RowsFormat

COMMAND = FocusingCommand


@takes_groups
def impact(
    target: Annotated[
        str | None, typer.Argument(metavar="TARGET", help="A symbol, or a file; a folder is taken for PATH.")
    ] = None,
    path: Annotated[Path | None, typer.Argument(metavar="PATH", help="Folder to look in.", show_default=".")] = None,
    *,
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="[REV]",
            help="What changed in git since the commit REV, or since the one that is checked out.",
        ),
    ] = None,
    depth: Annotated[int, typer.Option("--depth", "-d", metavar="N", help="Steps to follow, at most 10.")] = 3,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    sure: Annotated[bool, SURE] = False,
    tests: Annotated[bool | None, TESTS] = None,
    tokens: Annotated[int | None, TOKENS_OF_ALL] = None,
    format: Annotated[RowsFormat, typer.Option("--format", "-f", help="How to print it.")] = RowsFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print what a change of TARGET can reach: the definitions that refer to it, over up to three steps, and the tests
    that do. Without TARGET, of what changed in git.

    References are resolved as by `refs`: a guess is marked, and sites that may refer to what changes are counted.
    """
    with exit_codes():
        from repomap_fast import calls
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.cli.reports.results import print_result

        if path is None and target is not None and Path(target).is_dir():
            path, target = Path(target), None
        since: str | bool = changed or (changed is not None or target is None)
        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = calls.impact(
                path or Path(),
                target,
                changed=since,
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
