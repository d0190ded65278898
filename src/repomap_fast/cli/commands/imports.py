"""``repomap-fast imports``: what files import, and cycles of imports."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import RowsFormat, print_text
from repomap_fast.cli.text import printable

if TYPE_CHECKING:
    from repomap_fast.resolving.imports import Imports


@takes_groups
def imports(
    file: Annotated[Path | None, typer.Argument(metavar="FILE", help="A file; a folder is taken for PATH.")] = None,
    path: Annotated[Path | None, typer.Argument(metavar="PATH", help="Folder to look in.", show_default=".")] = None,
    *,
    cycles: Annotated[bool, typer.Option("--cycles", help="Print the files that import each other.")] = False,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 50,
    format: Annotated[RowsFormat, typer.Option("--format", "-f", help="How to print it.")] = RowsFormat.TEXT,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Print what FILE imports, which files of the repository that means, and what imports FILE; without FILE, how many
    imports there are, and which files most others import.

    Imports are resolved by the files of the repository alone: packages, relative paths, tsconfig.json, package.json,
    go.mod, Cargo.toml, declared packages and namespaces. Nothing is run, and no environment is asked. An import is
    outside where nothing in the repository has its name. In Python, JavaScript, TypeScript, Go, Java, Kotlin, C, C++,
    Rust, C#, PHP and Ruby.
    """
    with exit_codes():
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        if path is None and file is not None and file.is_dir():
            file, path = None, file
        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.imports(
                path or Path(),
                file,
                limit=limit,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if format is RowsFormat.JSON:
            from dataclasses import asdict

            from repomap_fast.cli.formats.document import print_document

            print_document(asdict(found))
        elif format is RowsFormat.TABLE:
            _print_table(found, is_of_cycles=cycles)
        elif cycles:
            from repomap_fast.resolving.imports import cycle_lines

            print_text("".join(f"{line}\n" for line in cycle_lines(found)))
        else:
            print_text(found.text)
        sys.stdout.flush()


def _print_table(found: Imports, *, is_of_cycles: bool) -> None:
    from repomap_fast.cli.reports.grid import Heading, print_grid
    from repomap_fast.resolving.imports import leading, written

    if is_of_cycles:
        shown = [step for cycle in found.cycles for step in cycle.shortest]
    else:
        shown = [*found.imports, *found.importers]
    if not shown:
        say("no cycles of imports" if is_of_cycles else "no imports")
        return
    headings = (
        Heading("Where", may_fold=True),
        Heading("Import", may_fold=True, style="cyan"),
        Heading("Leads", spare=1),
        Heading("To", may_fold=True),
    )
    rows = [
        (
            f"{printable(one.path)}:{one.line}",
            printable(written(one)),
            one.leads,
            printable(leading(one).removeprefix(" → ")) if one.leads == "inside" else "",
        )
        for one in shown
    ]
    print_grid(headings, rows)
    n_more = 0 if is_of_cycles else found.n_imports + found.n_importers - len(shown)
    if n_more:
        say(f"{n_more:,} more; --limit 0 shows all")
