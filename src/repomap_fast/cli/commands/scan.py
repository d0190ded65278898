"""``repomap-fast scan``: find every tag below a folder, and write them, or a summary of them."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import NO_PROGRESS, OUTPUT, Scanning, naming_flags, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.cli.formats import BINARY, Format, guess_format, write_tags
from repomap_fast.cli.output import check_output, open_output
from repomap_fast.cli.text import counted, printable
from repomap_fast.errors import EXIT_FILES_FAILED, EXIT_NOTHING_FOUND, OptionError

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult


@dataclass(frozen=True, slots=True)
class _Printing:
    """What is written, where, and with how many messages."""

    format: Format
    file: Path | None
    quiet: bool
    verbose: int


@takes_groups
def scan(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to scan.")] = Path(),
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            show_default=False,
            help="table, a summary; or json, jsonl, csv, ctags, npz, parquet, arrow, which hold the tags. If not "
            "given: by the suffix of FILE, else table.",
        ),
    ] = None,
    output: Annotated[Path | None, OUTPUT] = None,
    no_progress: Annotated[bool, NO_PROGRESS] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", help="No summary and no notes; only errors, and tags in a format other than table."
        ),
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            show_default=False,
            help="Also name each skipped file and its reason, the lines of others that were not read, and files that "
            "are generated or vendored; time the stages. -vv also names files of unknown language.",
        ),
    ] = 0,
    *,
    scanning: Scanning,
) -> None:
    """Find every definition and reference below PATH.

    Prints a summary. Other formats write the tags themselves, one by one: their paths are relative to PATH, lines
    count from one, columns from zero and in bytes.
    """
    with exit_codes():
        from repomap_fast import api
        from repomap_fast.cli.progress_bar import progress_bar

        file = None if output is None or output == Path("-") else output
        if file is not None:
            check_output(file, path)
        printing = _Printing(_chosen_format(format, file), file, quiet, verbose)
        if file is None and printing.format in BINARY and sys.stdout.isatty():
            raise OptionError(f"{printing.format} is no text for a terminal; expected -o FILE, or a pipe")
        if printing.format in (Format.PARQUET, Format.ARROW):
            _check_pyarrow(printing.format)
        with naming_flags(), progress_bar(wanted=not (no_progress or quiet)) as progress:
            result = api.scan(
                path,
                cache=not scanning.no_cache,
                cache_dir=scanning.cache_dir,
                progress=progress,
                **scanning.options,
            )
        _write(result, printing)
        if not quiet:
            _say_afterwards(result, printing)
        if any(status.is_failure for status in result.status_counts()):
            raise typer.Exit(EXIT_FILES_FAILED)
        if "include" in scanning.options and not len(result.file_table):
            raise typer.Exit(EXIT_NOTHING_FOUND)


def _chosen_format(format: Format | None, file: Path | None) -> Format:
    if format is not None:
        return format
    return Format.TABLE if file is None else guess_format(file)


def _check_pyarrow(format: Format) -> None:
    if find_spec("pyarrow") is None:
        raise OptionError(f"{format} needs pyarrow, which is not installed; run: pip install 'repomap-fast[arrow]'")


def _working_folder(root: Path) -> Path:
    """Return the folder that paths on the standard output are seen from: ``root`` where the working folder is gone."""
    try:
        return Path.cwd()
    except FileNotFoundError:
        return root


def _write(result: ScanResult, printing: _Printing) -> None:
    from repomap_fast.cli.reports.summary import print_summary

    if printing.format is not Format.TABLE:
        folder = _working_folder(result.root) if printing.file is None else printing.file.parent
        with open_output(printing.file) as out:
            write_tags(result, printing.format, out, folder=folder)
    elif printing.file is not None:
        text = io.StringIO()
        print_summary(result, text, verbose=printing.verbose)
        with open_output(printing.file) as out:
            out.write(text.getvalue().encode("utf-8", "backslashreplace"))
    elif not printing.quiet:
        print_summary(result, verbose=printing.verbose)
        sys.stdout.flush()


def _say_afterwards(result: ScanResult, printing: _Printing) -> None:
    """Print on stderr what the summary would have said, where it was not printed."""
    if printing.format is not Format.TABLE:
        _say_troubles(result, verbose=printing.verbose)
    if printing.file is not None:
        what = "the summary"
        if printing.format is Format.CTAGS:
            from repomap_fast.cli.reports.counts import count_languages

            what = counted(sum(counts.definitions for counts in count_languages(result)), "definition")
        elif printing.format is not Format.TABLE:
            uses = " and the uses of names" if printing.format in (Format.JSONL, Format.CSV) else ""
            what = f"{counted(result.n_tags, 'tag')}{uses}"
        say(f"wrote {what} to {printable(printing.file)}")


def _say_troubles(result: ScanResult, *, verbose: int) -> None:
    from repomap_fast.cli.reports.counts import skipped_files
    from repomap_fast.cli.reports.summary import NAME_ALL, failures_sentence, marked_files, unknown_lines

    for note in result.notes:
        say(f"note: {printable(note)}")
    if verbose:
        for path, _, reason in skipped_files(result, unknown=verbose >= NAME_ALL):
            say(f"skipped {printable(path)}: {reason}")
        for line in () if verbose >= NAME_ALL else unknown_lines(result):
            say(f"skipped for unknown language (-vv names them) {line}")
        for marked, what in marked_files(result):
            say(f"{printable(marked)}: {what}")
    elif failures := failures_sentence(result):
        say(f"warning: {failures}")
