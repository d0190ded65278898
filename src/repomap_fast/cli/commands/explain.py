"""``repomap-fast explain``: why a file or a definition has its position in a map."""

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
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.text import counted, print_line, printable
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.ranking.explain import DefinitionExplanation, Explanation, FileExplanation


class ExplainFormat(StrEnum):
    """What ``explain --format`` takes."""

    TABLE = "table"
    JSON = "json"


COMMAND = FocusingCommand

_TIMES = "\N{MULTIPLICATION SIGN}"
_ALL = 0
_ON_A_SCREEN = 6
"""Definitions, and referrers: 24 lines with all that is printed about them."""


@takes_groups
def explain(
    wanted: Annotated[
        str,
        typer.Argument(
            metavar="FILE|SYMBOL",
            help="A file below PATH, or what is defined there: name, Class.method, path:line or path::Class.method.",
        ),
    ],
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder that is mapped.")] = Path(),
    *,
    focusing: Focusing,
    limit: Annotated[
        int | None,
        typer.Option(
            "--limit",
            "-n",
            metavar="N",
            help="List no more than N definitions and N referrers; 0: all. If not given, what fits on a screen, or all "
            "in JSON.",
        ),
    ] = None,
    format: Annotated[ExplainFormat, typer.Option("--format", "-f", help="How to print it.")] = ExplainFormat.TABLE,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    scanning: Scanning,
) -> None:
    """Explain the position of FILE or SYMBOL in a map.

    Prints the position of a file or a definition in a map of PATH, the files that refer to it, the share of its rank
    that each brings, and the factors of its score. Of a name that several files define, it lists the positions. Give
    the same --focus, --mention, --query and --changed as for the map.
    """
    with exit_codes():
        if limit is not None and limit < 0:
            raise OptionError(f"--limit is {limit}; expected 0 or more")
        if not wanted:
            raise OptionError("FILE|SYMBOL is empty; expected a file, or a name that is defined")
        default = _ALL if format is ExplainFormat.JSON else _ON_A_SCREEN
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        with naming_flags(), progress_bar(wanted=not no_progress) as progress:
            found = api.explain(
                path,
                wanted,
                **focusing.keywords(path),
                limit=default if limit is None else limit,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        if format is ExplainFormat.JSON:
            from dataclasses import asdict

            from repomap_fast.cli.formats.document import print_document

            print_document(asdict(found))
        else:
            _print(found)
        sys.stdout.flush()
        for note in found.notes:
            say(f"note: {printable(note)}")


def _print(found: Explanation) -> None:
    if not found.definitions:
        _print_file(found.files[0], found)
    elif found.n_found == 1:
        _print_definition(found.definitions[0], found.files[0], found)
    else:
        _print_definitions(found)
    _print_referrers(found)


def _print_file(one: FileExplanation, found: Explanation) -> None:
    from repomap_fast.joining.unread import line_text

    n_more = one.n_definitions - len(one.definitions)
    names = ", ".join(one.definitions) + (f" … and {n_more:,} more" if n_more else "")
    _print_facts(
        printable(one.path),
        [
            ("place", f"{one.place:,} of {counted(found.n_files, 'file')}"),
            ("score", _score(one)),
            ("PageRank", f"{one.page_rank:.3g}, place {one.page_rank_place:,}"),
            ("rank starts here", f"{one.source_share:.1%}"),
            *([("is", ", ".join(one.marks))] if one.marks else []),
            *((trait.name, trait.reason) for trait in one.traits),
            *([("not parsed", line_text(one.unread))] if one.unread else []),
            *((_words(name), printable(", ".join(words))) for name, words in one.words.items()),
            ("defines", f"{counted(one.n_definitions, 'name')}: {printable(names)}" if names else "nothing"),
        ],
    )


def _print_definition(one: DefinitionExplanation, file: FileExplanation, found: Explanation) -> None:
    _print_facts(
        f"{one.kind} {printable(one.name)}",
        [
            ("defined in", _where(one)),
            ("place", f"{_place(one, file)} of {found.n_definitions:,}, one for each name of a file"),
            ("place in its file", f"{one.place_in_file:,} of {file.n_definitions:,}"),
            ("score", _score(one)),
            ("rank by references", f"{one.reference_rank:.3g}"),
            ("its file", f"place {file.place:,} of {found.n_files:,}, score {_score(file)}"),
            *([("its file is", ", ".join(file.marks))] if file.marks else []),
            *((f"its file is {trait.name}", trait.reason) for trait in file.traits),
            *((_words(name), printable(", ".join(words))) for name, words in file.words.items()),
        ],
    )


def _print_definitions(found: Explanation) -> None:
    from repomap_fast.cli.reports.grid import Heading, print_grid

    name = printable(found.definitions[0].name)
    print_line(
        f"{name}: {counted(found.n_found, 'file')} define it. Each name of a file has a place, "
        f"{found.n_definitions:,} in all.\n"
    )
    headings = (
        Heading("Place", is_number=True),
        Heading("Score", is_number=True, spare=3),
        Heading("Kind", spare=1),
        Heading("Where", may_fold=True, style="cyan"),
        Heading("In its file", is_number=True, spare=2),
        Heading("File's place", is_number=True, spare=4),
    )
    rows = [
        (
            _place(one, file),
            f"{one.score:.3g}",
            one.kind,
            _where(one),
            f"{one.place_in_file:,} of {file.n_definitions:,}",
            f"{file.place:,} of {found.n_files:,}",
        )
        for one, file in zip(found.definitions, found.files, strict=True)
    ]
    print_grid(headings, rows)
    _print_rest(found.n_found - len(rows))
    print_line(f"To see why one of them has its place, add its path: {printable(found.definitions[0].path)}::{name}")


def _print_referrers(found: Explanation) -> None:
    from repomap_fast.cli.reports.grid import Heading, print_grid

    print_line()
    if not found.referrers:
        print_line("Nothing refers to it.")
        return
    product = _product(found.reference_factors)
    weighs = f"; a reference weighs {product}" if product else ""
    print_line(f"{counted(found.n_referrers, 'file')} {'refers' if found.n_referrers == 1 else 'refer'} to it{weighs}")
    headings = (
        Heading("Share", is_number=True),
        Heading("References", is_number=True),
        Heading("From", may_fold=True, style="cyan"),
    )
    rows = [(f"{one.share:.1%}", f"{one.n_references:,}", printable(one.path)) for one in found.referrers]
    print_grid(headings, rows)
    _print_rest(found.n_referrers - len(rows))


def _print_rest(n_more: int) -> None:
    if n_more:
        print_line(f"… and {n_more:,} more; --limit 0 shows all")


def _print_facts(title: str, facts: Sequence[tuple[str, str]]) -> None:
    from repomap_fast.cli.reports.grid import print_facts

    print_line(title)
    print_facts(facts)


def _where(one: DefinitionExplanation) -> str:
    lines = ", ".join(map(str, one.lines[:5])) + (" …" if len(one.lines) > 5 else "")
    return f"{printable(one.path)}:{lines}"


def _place(one: DefinitionExplanation, file: FileExplanation) -> str:
    if one.place is not None:
        return f"{one.place:,}"
    return "in focus" if "focus" in file.marks else "not listed"


def _product(factors: Mapping[str, float]) -> str:
    return f" {_TIMES} ".join(f"{_words(name)} {factor:.3g}" for name, factor in factors.items())


def _score(one: FileExplanation | DefinitionExplanation) -> str:
    return f"{one.score:.3g}" + (f", by {_product(one.factors)}" if one.factors else "")


def _words(name: str) -> str:
    return name.replace("_", " ")
