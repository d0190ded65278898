"""``repomap-fast scan``: find every tag below a folder, and write them, or a summary of them."""

from __future__ import annotations

import io
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from repomap_fast.cli.arguments import CACHE_DIR
from repomap_fast.cli.formats import Format, guess_format, write_tags
from repomap_fast.cli.leaving import exit_codes, say
from repomap_fast.cli.output import check_output, open_output
from repomap_fast.cli.text import counted, parse_size, printable, size_argument
from repomap_fast.errors import EXIT_FILES_FAILED, OptionError
from repomap_fast.options import (
    DEFAULT_FILE_TIMEOUT_S,
    DEFAULT_MAX_FILE_BYTES,
    DEFAULT_MAX_FILE_MEMORY_BYTES,
)

if TYPE_CHECKING:
    from repomap_fast.result import ScanResult

_FLAG_OF_FIELD = {
    "workers": "--workers",
    "max_file_bytes": "--max-file-size",
    "file_timeout_s": "--timeout-per-file",
    "max_file_memory_bytes": "--max-file-memory",
    "max_memory_mb": "--max-memory",
    "max_cpu_percent": "--max-cpu",
}


@dataclass(frozen=True, slots=True)
class _Printing:
    """What is written, where, and how much is said about it."""

    format: Format
    file: Path | None
    quiet: bool
    verbose: int


def _complete_languages(incomplete: str) -> list[str]:
    from repomap_fast.languages import LANGUAGES

    return [language.name for language in LANGUAGES if language.name.startswith(incomplete)]


def scan(
    path: Annotated[Path, typer.Argument(metavar="PATH", help="Folder to scan.")] = Path(),
    format: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            show_default=False,
            help="A summary (table, the default), or the tags themselves. If not given, the name of FILE decides.",
        ),
    ] = None,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is the standard output.")
    ] = None,
    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            "-l",
            metavar="NAME",
            autocompletion=_complete_languages,
            help="Only files of this language; may be repeated. `repomap-fast languages` lists them.",
        ),
    ] = None,
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", help="Only files that match, as in .gitignore; may be repeated."),
    ] = None,
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", help="No files that match, as in .gitignore; may be repeated."),
    ] = None,
    no_ignore: Annotated[
        bool,
        typer.Option("--no-ignore", help="Also files that .gitignore, .repomapignore and git's excludes leave out."),
    ] = False,
    workers: Annotated[
        int,
        typer.Option("--workers", "-w", metavar="N", help="Threads; 0: one for each processor."),
    ] = 0,
    queries: Annotated[
        Path | None,
        typer.Option("--queries", metavar="DIR", help="Folder of your own tags queries, named LANGUAGE.scm."),
    ] = None,
    timeout_per_file: Annotated[
        float, typer.Option("--timeout-per-file", metavar="SECONDS", help="Give a file up after this long.")
    ] = DEFAULT_FILE_TIMEOUT_S,
    max_file_size: Annotated[
        str, typer.Option("--max-file-size", metavar="SIZE", help="Skip larger files; K, M and G are understood.")
    ] = size_argument(DEFAULT_MAX_FILE_BYTES),
    max_file_memory: Annotated[
        str, typer.Option("--max-file-memory", metavar="SIZE", help="Give a file up whose parse needs more memory.")
    ] = size_argument(DEFAULT_MAX_FILE_MEMORY_BYTES),
    max_memory: Annotated[
        str | None,
        typer.Option("--max-memory", metavar="SIZE", help="Stay below this much memory in all, at the price of time."),
    ] = None,
    max_cpu: Annotated[
        int | None,
        typer.Option(
            "--max-cpu", metavar="PERCENT", help="Take no more processor time in the mean; 100 is one processor."
        ),
    ] = None,
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Parse every file; read nothing that was kept, and keep nothing.")
    ] = False,
    cache_dir: Annotated[Path | None, CACHE_DIR] = None,
    no_progress: Annotated[bool, typer.Option("--no-progress", help="No progress bar.")] = False,
    quiet: Annotated[
        bool,
        typer.Option(
            "--quiet", "-q", help="No summary, progress bar or notes; only errors, and the tags if asked for."
        ),
    ] = False,
    verbose: Annotated[
        int,
        typer.Option(
            "--verbose",
            "-v",
            count=True,
            show_default=False,
            help="Also name every file that was skipped, and why, and time the stages; files of unknown language are "
            "counted by suffix, -vv names them too.",
        ),
    ] = 0,
) -> None:
    """Find every definition and reference below PATH.

    Prints a summary. Other formats write the tags themselves, one by one: their paths are relative to PATH, lines
    count from one, columns from zero and in bytes.
    """
    with exit_codes():
        file = None if output is None or output == Path("-") else output
        if file is not None:
            check_output(file)
        printing = _Printing(_chosen_format(format, file), file, quiet, verbose)
        if file is None and printing.format is Format.NPZ and sys.stdout.isatty():
            raise OptionError("npz is no text for a terminal; expected -o FILE, or a pipe")
        result = _scan(
            path,
            show_progress=not (no_progress or quiet),
            workers=workers,
            languages=tuple(languages or ()),
            include=tuple(include or ()),
            exclude=tuple(exclude or ()),
            follow_ignore_files=not no_ignore,
            queries_dir=queries,
            max_file_bytes=parse_size(max_file_size, "--max-file-size"),
            file_timeout_s=timeout_per_file,
            max_file_memory_bytes=parse_size(max_file_memory, "--max-file-memory"),
            max_memory_mb=None if max_memory is None else _megabytes(max_memory, "--max-memory"),
            max_cpu_percent=max_cpu,
            cache=not no_cache,
            cache_dir=cache_dir,
        )
        _write(result, printing)
        if not quiet:
            _say_afterwards(result, printing)
        if any(status.is_failure for status in result.status_counts()):
            raise typer.Exit(EXIT_FILES_FAILED)


def _megabytes(text: str, option: str) -> int:
    n_bytes = parse_size(text, option)
    if n_bytes < 10**6:
        raise OptionError(
            f"{option} is {text!r}, {counted(n_bytes, 'byte')}; expected a number with M or G, such as 256M"
        )
    return n_bytes // 10**6


def _chosen_format(format: Format | None, file: Path | None) -> Format:
    if format is not None:
        return format
    return Format.TABLE if file is None else guess_format(file)


def _scan(
    root: Path,
    *,
    show_progress: bool,
    workers: int,
    languages: tuple[str, ...],
    include: tuple[str, ...],
    exclude: tuple[str, ...],
    follow_ignore_files: bool,
    queries_dir: Path | None,
    max_file_bytes: int,
    file_timeout_s: float,
    max_file_memory_bytes: int,
    max_memory_mb: int | None,
    max_cpu_percent: int | None,
    cache: bool,
    cache_dir: Path | None,
) -> ScanResult:
    from repomap_fast import api
    from repomap_fast.cli.bars import progress_bar

    try:
        with progress_bar(wanted=show_progress) as progress:
            return api.scan(
                root,
                workers=workers,
                languages=languages,
                include=include,
                exclude=exclude,
                follow_ignore_files=follow_ignore_files,
                queries_dir=queries_dir,
                max_file_bytes=max_file_bytes,
                file_timeout_s=file_timeout_s,
                max_file_memory_bytes=max_file_memory_bytes,
                max_memory_mb=max_memory_mb,
                max_cpu_percent=max_cpu_percent,
                cache=cache,
                cache_dir=cache_dir,
                progress=progress,
            )
    except OptionError as error:
        field, _, rest = str(error).partition(" ")
        raise OptionError(f"{_FLAG_OF_FIELD.get(field, field)} {rest}") from error


def _write(result: ScanResult, printing: _Printing) -> None:
    from repomap_fast.cli.summary import print_summary

    if printing.format is not Format.TABLE:
        folder = Path.cwd() if printing.file is None else printing.file.parent
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
    """Say on stderr what the summary would have said, where it was not printed."""
    if printing.format is not Format.TABLE:
        _say_troubles(result, verbose=printing.verbose)
    if printing.file is not None:
        what = "the summary"
        if printing.format is Format.CTAGS:
            from repomap_fast.cli.counts import count_languages

            what = counted(sum(counts.definitions for counts in count_languages(result)), "definition")
        elif printing.format is not Format.TABLE:
            what = counted(len(result.tag_table), "tag")
        say(f"wrote {what} to {printable(printing.file)}")


def _say_troubles(result: ScanResult, *, verbose: int) -> None:
    from repomap_fast.cli.counts import skipped_files
    from repomap_fast.cli.summary import NAME_ALL, failures_sentence, unknown_lines

    for note in result.notes:
        say(f"note: {printable(note)}")
    if verbose:
        for path, _, reason in skipped_files(result, unknown=verbose >= NAME_ALL):
            say(f"skipped {printable(path)}: {reason}")
        for line in () if verbose >= NAME_ALL else unknown_lines(result):
            say(f"skipped for unknown language (-vv names them) {line}")
    elif failures := failures_sentence(result):
        say(f"warning: {failures}")
