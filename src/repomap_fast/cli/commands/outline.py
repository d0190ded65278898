"""``repomap-fast outline``: the definitions of files, nested."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer

from repomap_fast.cli.arguments import complete_languages, naming_flags
from repomap_fast.cli.exit_codes import exit_codes
from repomap_fast.cli.output import TextFormat, print_text
from repomap_fast.cli.standard_input import read_standard_input
from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from repomap_fast.symbols.outline import FileOutline

_STANDARD_INPUT = "-"


def outline(
    files: Annotated[
        list[str], typer.Argument(metavar="FILE", help="Source files; - is the standard input, with --language.")
    ],
    language: Annotated[
        str | None,
        typer.Option(
            "--language",
            "-l",
            metavar="NAME",
            help="What they are written in; if not given, as their names tell.",
            autocompletion=complete_languages,
        ),
    ] = None,
    revision: Annotated[
        str | None,
        typer.Option(
            "--revision", metavar="REV", help="The files of this commit, read from git; the work tree stays as it is."
        ),
    ] = None,
    format: Annotated[TextFormat, typer.Option("--format", "-f", help="How to print it.")] = TextFormat.TEXT,
) -> None:
    """Print the definitions of each FILE: nested, with lines and signatures.

    The files may lie anywhere; no repository is needed, and nothing is kept.
    """
    with exit_codes():
        if _STANDARD_INPUT in files and language is None:
            raise OptionError("--language is not given; expected the language of the standard input")
        if _STANDARD_INPUT in files and revision is not None:
            raise OptionError(f"--revision is {revision!r}, and the standard input is of no commit; expected files")
        with naming_flags():
            outlines = [_outline(file, language, revision) for file in files]
        if format is TextFormat.JSON:
            from dataclasses import asdict

            from repomap_fast.cli.formats.document import print_document

            print_document({"files": [asdict(one) for one in outlines]})
        else:
            print_text("\n".join(one.text for one in outlines))
        sys.stdout.flush()


def _outline(file: str, language: str | None, revision: str | None) -> FileOutline:
    from repomap_fast import api

    more: dict[str, Any] = {"source": read_standard_input()} if file == _STANDARD_INPUT else {"revision": revision}
    return api.outline(file, language=language, **more)
