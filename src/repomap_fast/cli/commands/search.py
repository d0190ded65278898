"""``repomap-fast search``: where a name is defined, and names like it."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.text import printable
from repomap_fast.errors import EXIT_NOTHING_FOUND, OptionError

if TYPE_CHECKING:
    from repomap_fast.ranking.search import SearchResult


class SearchFormat(StrEnum):
    """What ``search --format`` takes."""

    TABLE = "table"
    JSON = "json"


class Loosest(StrEnum):
    """What ``search --match`` takes."""

    EXACT = "exact"
    CASE = "case"
    PREFIX = "prefix"
    SUBSTRING = "substring"
    FUZZY = "fuzzy"


@takes_groups
def search(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The name, a part of it, or a symbol as for `show`.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to search.")] = Path(),
    match: Annotated[
        Loosest,
        typer.Option("--match", "-m", help="The loosest match; fuzzy is used where there is no other."),
    ] = Loosest.FUZZY,
    limit: Annotated[int, typer.Option("--limit", "-n", metavar="N", help="Show no more than N; 0: all.")] = 20,
    references: Annotated[
        bool, typer.Option("--references", "-r", help="Also where the names are referred to, after the definitions.")
    ] = False,
    kind: Annotated[
        list[str] | None,
        typer.Option("--kind", "-k", metavar="KIND", help="Only of this kind: class, function …; may be repeated."),
    ] = None,
    within: Annotated[
        list[str] | None,
        typer.Option(
            "--path", "-p", metavar="PATH", help="Only in this file, folder or pattern below PATH; may be repeated."
        ),
    ] = None,
    scope: Annotated[
        str, typer.Option("--scope", metavar="NAME", help="Only within this definition: Class, Class.method.")
    ] = "",
    format: Annotated[SearchFormat, typer.Option("--format", "-f", help="How to print them.")] = SearchFormat.TABLE,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    *,
    scanning: Scanning,
) -> None:
    """Find the definitions of NAME, and of names like it.

    Exact matches come first, then those that differ in case, then names that begin with NAME, then names that contain
    it. Where there is none of these, names like NAME are shown. Within each, names with more references come first. The
    exit code is 1 where nothing is found.
    """
    with exit_codes():
        if limit < 0:
            raise OptionError(f"--limit is {limit}; expected 0 or more")
        if not name:
            raise OptionError("NAME is empty; expected a name, or a part of one")
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            result = api.search(
                path,
                name,
                match=match.value,
                limit=limit,
                references=references,
                kind=kind or (),
                path=within or (),
                scope=scope,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if format is SearchFormat.JSON:
            _print_json(result)
        else:
            _print_table(result)
        sys.stdout.flush()
        for note in result.notes:
            say(f"note: {printable(note)}")
        if not result.found:
            raise typer.Exit(EXIT_NOTHING_FOUND)


def _print_json(result: SearchResult) -> None:
    from dataclasses import asdict

    from repomap_fast.cli.formats.document import print_document

    document = {
        "word": result.word,
        "n_definitions": result.n_definitions,
        "n_references": result.n_references,
        "found": [
            {
                "likeness": found.likeness,
                "n_references": found.n_references,
                "n_unresolved": found.n_unresolved,
                "counted_by": found.counted_by,
                **asdict(found.tag),
            }
            for found in result.found
        ],
        "notes": list(result.notes),
    }
    print_document(document)


def _print_table(result: SearchResult) -> None:
    from repomap_fast.cli.reports.grid import Heading, print_grid
    from repomap_fast.ranking.search import how_counted

    if not result.found:
        say(printable(result.nothing))
        return
    headings = (
        Heading("Name", may_fold=True, style="cyan"),
        Heading("Kind", spare=1),
        Heading("Role", spare=3),
        Heading("References", is_number=True, spare=2),
        Heading("Where", may_fold=True),
    )
    rows = [
        (
            printable(found.tag.name),
            found.tag.kind,
            found.tag.role,
            f"{found.n_references:,}{how_counted(found)}",
            f"{printable(found.tag.path)}:{found.tag.line}",
        )
        for found in result.found
    ]
    print_grid(headings, rows)
    n_more = result.n_definitions + result.n_references - len(result.found)
    if n_more:
        say(f"{n_more:,} more; --limit 0 shows all")
