"""``repomap-fast languages``: the language table, for people or as JSON."""

from __future__ import annotations

import sys
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.exit_codes import exit_codes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from repomap_fast.languages.table import Language


_COLUMNS_FOR_ALL = 160
"""Of a window: in a smaller one all that a language is known by is in one column, and its grammar is left out."""


class LanguagesFormat(StrEnum):
    """What ``languages --format`` takes."""

    TABLE = "table"
    JSON = "json"


def languages(
    format: Annotated[
        LanguagesFormat, typer.Option("--format", "-f", help="How to print them.")
    ] = LanguagesFormat.TABLE,
) -> None:
    """List the languages and the suffixes of their files.

    A file belongs to a language by its whole name, by its suffix, by the beginning of its name, or by the interpreter
    in its first line. Where several languages share a suffix, the beginning of the file decides.
    """
    with exit_codes():
        from repomap_fast.languages.table import LANGUAGES

        if format is LanguagesFormat.JSON:
            _print_json(LANGUAGES)
        else:
            _print_table(LANGUAGES)
        sys.stdout.flush()


def _print_json(rows: Sequence[Language]) -> None:
    from repomap_fast.cli.formats.document import print_document

    documents = [
        {
            "name": row.name,
            "role": row.role,
            "suffixes": list(row.suffixes),
            "file_names": list(row.file_names),
            "beginnings": list(row.beginnings),
            "interpreters": list(row.interpreters),
            "grammar": row.grammar,
            "guests": list(row.guests),
        }
        for row in rows
    ]
    print_document({"languages": documents})


def _print_table(rows: Sequence[Language]) -> None:
    from rich.table import Table

    from repomap_fast.cli.reports.summary import print_calmly, window_columns

    narrow = window_columns() < _COLUMNS_FOR_ALL
    table = Table(box=None, pad_edge=False, padding=(0, 3, 0, 0), header_style="bold")
    table.add_column("Language", style="cyan", no_wrap=True)
    table.add_column("Role", no_wrap=True)
    for heading in ("Known by",) if narrow else ("Suffixes", "File names", "Interpreters"):
        table.add_column(heading)
    if not narrow:
        table.add_column("Grammar", style="dim")
    for row in rows:
        file_names = (*row.file_names, *(f"{beginning}*" for beginning in row.beginnings))
        known_by = [" ".join(names) for names in (row.suffixes, file_names, row.interpreters)]
        grammar = row.grammar or ", ".join(row.guests)
        table.add_row(row.name, row.role, *([" ".join(filter(None, known_by))] if narrow else [*known_by, grammar]))
    print_calmly(table)
