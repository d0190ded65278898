"""``repomap-fast map``: what matters most of a repository for a task, within a token budget."""

from __future__ import annotations

import sys
import time
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import (
    NO_PROGRESS,
    OUTPUT,
    Focusing,
    FocusingCommand,
    Scanning,
    naming_flags,
    takes_groups,
)
from repomap_fast.cli.colours import coloured_map, shows_colours
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.output import check_output, open_output, print_text
from repomap_fast.cli.text import counted, printable
from repomap_fast.errors import EXIT_NOTHING_FOUND, OptionError
from repomap_fast.unseen import shown_text

if TYPE_CHECKING:
    from repomap_fast.drawing.repo_map import RepoMap


class MapFormat(StrEnum):
    """What ``map --format`` takes."""

    TEXT = "text"
    MARKDOWN = "markdown"
    EXCERPTS = "excerpts"
    JSON = "json"
    XML = "xml"


_BY_SUFFIX = {
    ".md": MapFormat.MARKDOWN,
    ".markdown": MapFormat.MARKDOWN,
    ".json": MapFormat.JSON,
    ".xml": MapFormat.XML,
}


_LEAST_S = 1e-3
"""What is left of a deadline that is over: it stays one."""


COMMAND = FocusingCommand


@takes_groups
def map(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to map.")] = Path(),
    *,
    focusing: Focusing,
    tokens: Annotated[
        int | None,
        typer.Option("--tokens", "-t", metavar="N", help="Token budget; if not given, what the settings say, or 1024."),
    ] = None,
    format: Annotated[
        MapFormat | None,
        typer.Option("--format", "-f", show_default=False, help="If not given: by the suffix of FILE, else text."),
    ] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    show_focus: Annotated[bool, typer.Option("--show-focus", help="Also show the files in focus.")] = False,
    tokenizer: Annotated[
        str,
        typer.Option(
            "--tokenizer", metavar="NAME", help="What counts tokens: estimate, tiktoken or tiktoken:ENCODING."
        ),
    ] = "estimate",
    no_header: Annotated[
        bool,
        typer.Option("--no-header", help="Leave out the first line: files, time and commit. A small map has none."),
    ] = False,
    ascii: Annotated[
        bool,
        typer.Option(
            "--ascii", help="Mark gaps, lines and cuts in ASCII; the default where the output has no Unicode."
        ),
    ] = False,
    deadline: Annotated[
        float | None,
        typer.Option(
            "--deadline",
            metavar="SECONDS",
            help="Answer within this time: of too many new files, parse only those that fit the task best.",
        ),
    ] = None,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="No notes and no progress bar; only errors.")] = False,
    scanning: Scanning,
) -> None:
    """Print what matters most of PATH for a task.

    Ranks all files and definitions, and prints as many as fit into the token budget: a line for each definition, below
    those that it belongs to, the best ones with their signatures. --format excerpts prints lines of the sources
    instead. Weights and defaults are read from .repomap-fast.toml in PATH, or from [tool.repomap-fast]
    in its pyproject.toml.
    """
    start_s = time.monotonic()
    with exit_codes():
        file = None if output is None or output == Path("-") else output
        if file is not None:
            check_output(file, path)
        if tokens is not None and tokens < 1:
            raise OptionError(f"--tokens is {tokens}; expected at least 1")
        chosen = format or (MapFormat.TEXT if file is None else _BY_SUFFIX.get(file.suffix.lower(), MapFormat.TEXT))
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        # Before the progress bar, which may replace the standard output.
        is_ascii = ascii or (file is None and not _shows_marks())
        with naming_flags(), progress_bar(wanted=not (no_progress or quiet)) as progress:
            repo_map = api.map(
                path,
                tokens=tokens,
                **focusing.keywords(path),
                show_focus=show_focus,
                tokenizer=tokenizer,
                format=chosen.value,
                header=not no_header,
                ascii=is_ascii,
                deadline=_time_left(deadline, start_s),
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        _write(repo_map, file, chosen)
        if not quiet:
            _say_afterwards(repo_map, file, has_focus=bool(focusing.focus) and not show_focus)
        if "include" in scanning.options and not repo_map.state.n_files:
            raise typer.Exit(EXIT_NOTHING_FOUND)


def _time_left(deadline: float | None, start_s: float) -> float | None:
    """Return the seconds that are left: loading the modules of a map takes time, too. A wrong deadline stays wrong."""
    if deadline is None or deadline <= 0:
        return deadline
    return max(deadline - (time.monotonic() - start_s), _LEAST_S)


def _shows_marks() -> bool:
    from repomap_fast.drawing.render import MARKS, marks_for

    return marks_for(sys.stdout.encoding) is MARKS


def _write(repo_map: RepoMap, file: Path | None, form: MapFormat) -> None:
    if file is not None:
        with open_output(file) as out:
            out.write(repo_map.text.encode("utf-8", "backslashreplace"))
        return
    text = repo_map.text
    if form is MapFormat.TEXT and shows_colours(sys.stdout):
        # What is shown before it is coloured cannot hold a colour of its own.
        sys.stdout.write(coloured_map(shown_text(text)))
        sys.stdout.flush()
    else:
        print_text(text)


def _say_afterwards(repo_map: RepoMap, file: Path | None, *, has_focus: bool) -> None:
    n_files = repo_map.state.n_files
    for note in repo_map.notes:
        say(f"note: {printable(note)}")
    if not repo_map.files:
        what = "nothing beside the files in focus" if has_focus else f"nothing of {counted(n_files, 'source file')}"
        why = f"{what} fits into {counted(repo_map.budget, 'token')}" if n_files else "there are no source files"
        say(f"note: the map is empty: {why}")
    if file is not None:
        shown = f"{counted(len(repo_map.definitions), 'definition')} of {counted(len(repo_map.files), 'file')}"
        say(f"wrote {shown}, {counted(repo_map.tokens, 'token')}, to {printable(file)}")
