"""``repomap-fast refs``: where a symbol is referred to."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, SURE, TESTS, TOKENS_OF_ALL, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.output import RowsFormat


@takes_groups
def refs(
    symbol: Annotated[
        str,
        typer.Argument(metavar="SYMBOL", help="name, Class.method, path:line or path::Class.method."),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to look in.")] = Path(),
    *,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    sure: Annotated[bool, SURE] = False,
    tests: Annotated[bool | None, TESTS] = None,
    tokens: Annotated[int | None, TOKENS_OF_ALL] = None,
    format: Annotated[RowsFormat, typer.Option("--format", "-f", help="How to print it.")] = RowsFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print where SYMBOL is referred to: path, line, the definition around it, and the line itself.

    In C, Go, Java, JavaScript, Python and TypeScript, each site of the name is resolved: by scopes, imports, classes
    and written types. A guess (only one class has such a member) is marked. Sites that may refer to SYMBOL or not come
    last, as unresolved.

    In other languages references are found by name, so references to other definitions of that name are listed too;
    languages that do not call each other are kept apart. Names that are used as values, and members, are found in Bash,
    C#, C++, Julia, Kotlin, Lua, PHP, R, Ruby, Rust, Scala and Swift, without the local names of functions. In all
    further languages such uses are not found.

    Of a name that very many files have, the best 700 files are looked at, and what has the name in the others is
    counted; --limit 0 looks at all. Code comes before tests and vendored code, and files with more references before
    others. The exit code is 1 where nothing has that name; the nearest names are shown then.
    """
    with exit_codes():
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar
        from repomap_fast.cli.reports.results import print_result

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.refs(
                path,
                symbol,
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
