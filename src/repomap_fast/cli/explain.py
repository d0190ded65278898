"""``repomap-fast explain``: why a file or a definition stands where it stands in a map."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import (
    NO_PROGRESS,
    Focusing,
    FocusingCommand,
    Scanning,
    naming_flags,
    takes_groups,
)
from repomap_fast.cli.leaving import exit_codes
from repomap_fast.cli.text import counted, printable
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.explanation import DefinitionExplanation, Explanation, FileExplanation, Referrer


class ExplainFormat(StrEnum):
    """What ``explain --format`` takes."""

    TABLE = "table"
    JSON = "json"


COMMAND = FocusingCommand


@takes_groups
def explain(
    wanted: Annotated[str, typer.Argument(metavar="FILE|NAME", help="A file below PATH, or a name defined there.")],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder that is mapped.")] = Path(),
    *,
    focusing: Focusing,
    limit: Annotated[
        int, typer.Option("--limit", "-n", metavar="N", help="Tell of no more than N referrers or definitions.")
    ] = 10,
    format: Annotated[ExplainFormat, typer.Option("--format", "-f", help="How to print it.")] = ExplainFormat.TABLE,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Say why FILE, or the definitions of NAME, stand where they stand in a map of PATH.

    Who refers to it and what share of its rank that brings, and which weights applied. What a map is told of the work
    at hand, with --focus, --mention, --query and --changed, has to be told here too.
    """
    with exit_codes():
        if limit < 1:
            raise OptionError(f"--limit is {limit}; expected at least 1")
        from repomap_fast import api
        from repomap_fast.cli.bars import progress_bar

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.explain(
                path,
                wanted,
                **focusing.keywords(path),
                limit=limit,
                options=scanning.options(),
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
            )
        if format is ExplainFormat.JSON:
            import json
            from dataclasses import asdict

            from repomap_fast.utf8 import utf8_document

            print(json.dumps(utf8_document(asdict(found)), indent=2))
        else:
            _print(found)
        sys.stdout.flush()


def _print(found: Explanation) -> None:
    for definition in found.definitions:
        _print_definition(definition, found)
    for file in found.files:
        _print_file(file, found)
    if found.n_found > len(found.definitions):
        print(f"{found.n_found - len(found.definitions):,} more files define it; --limit shows more")


def _print_definition(one: DefinitionExplanation, found: Explanation) -> None:
    lines = ", ".join(map(str, one.lines[:5])) + (" …" if len(one.lines) > 5 else "")
    place = "left out, its file is in focus" if one.place is None else f"{one.place:,} of {found.n_definitions:,}"
    _print_rows(
        f"{one.kind} {printable(one.name)}",
        [
            ("file", f"{printable(one.path)}:{lines}"),
            ("place", place),
            ("place in its file", f"{one.place_in_file:,}"),
            ("score", f"{one.score:.3g}"),
            ("rank by references", f"{one.reference_rank:.3g}"),
            ("defined in", counted(one.n_definers, "file")),
            *_factor_rows("a reference counts", one.factors),
        ],
    )
    _print_referrers(one.referrers, one.n_referrers)


def _print_file(one: FileExplanation, found: Explanation) -> None:
    _print_rows(
        printable(one.path),
        [
            ("place", f"{one.place:,} of {found.n_files:,}"),
            ("score", f"{one.score:.3g}"),
            ("PageRank", f"{one.page_rank:.3g}, place {one.page_rank_place:,}"),
            ("rank starts here", f"{one.source_share:.1%}"),
            *([("is", ", ".join(one.marks))] if one.marks else []),
            *_factor_rows("factor", one.factors),
            *((f"{name.replace('_', ' ')}:", printable(", ".join(words))) for name, words in one.words.items()),
            ("defines", f"{one.n_definitions:,}: {printable(', '.join(one.definitions))}"),
        ],
    )
    _print_referrers(one.referrers, one.n_referrers)


def _factor_rows(text: str, factors: Mapping[str, float]) -> list[tuple[str, str]]:
    return [(f"{text}, {name.replace('_', ' ')}", f"{factor:.3g}") for name, factor in factors.items()]


def _print_rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    width = max(len(name) for name, _ in rows)
    print(title)
    for name, text in rows:
        print(f"  {name.ljust(width)}  {text}")


def _print_referrers(referrers: Sequence[Referrer], n_referrers: int) -> None:
    from repomap_fast.cli.grid import Heading, print_grid

    if not referrers:
        print("  nothing refers to it\n")
        return
    print(f"  {counted(n_referrers, 'file')} {'refers' if n_referrers == 1 else 'refer'} to it\n")
    headings = (
        Heading("Share", is_number=True),
        Heading("References", is_number=True),
        Heading("From", may_fold=True, style="cyan"),
    )
    print_grid(headings, [(f"{one.share:.1%}", f"{one.n_references:,}", printable(one.path)) for one in referrers])
    print()
