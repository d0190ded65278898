"""Arguments and options that several commands have."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, get_type_hints

import typer

from repomap_fast.cli.text import parse_size, size_argument
from repomap_fast.errors import OptionError
from repomap_fast.options import DEFAULT_FILE_TIMEOUT_S, DEFAULT_MAX_FILE_BYTES, DEFAULT_MAX_FILE_MEMORY_BYTES

if TYPE_CHECKING:
    from repomap_fast.options import ScanOptions

CACHE_DIR = typer.Option(
    "--cache-dir",
    metavar="DIR",
    help="Keep indexes in DIR, not in the user's cache folder; so does the environment variable "
    "REPOMAP_FAST_CACHE_DIR.",
)
NO_PROGRESS = typer.Option("--no-progress", help="No progress bar.")
OUTPUT = typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is the standard output.")


def _complete_languages(incomplete: str) -> list[str]:
    from repomap_fast.languages import LANGUAGES

    return [language.name for language in LANGUAGES if language.name.startswith(incomplete)]


class ScanKeywords(TypedDict):
    """The fields of ``ScanOptions``."""

    workers: int
    languages: tuple[str, ...]
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    follow_ignore_files: bool
    queries_dir: Path | None
    max_file_bytes: int
    file_timeout_s: float
    max_file_memory_bytes: int
    max_memory_mb: int | None
    max_cpu_percent: int | None


_FLAGS = {
    "workers": "--workers",
    "max_file_bytes": "--max-file-size",
    "file_timeout_s": "--timeout-per-file",
    "max_file_memory_bytes": "--max-file-memory",
    "max_memory_mb": "--max-memory",
    "max_cpu_percent": "--max-cpu",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Scanning:
    """Which files are scanned, how, and where that is kept: what every command that scans is told, as it was typed."""

    languages: Annotated[
        list[str] | None,
        typer.Option(
            "--language",
            "-l",
            metavar="NAME",
            autocompletion=_complete_languages,
            help="Only files of this language; may be repeated. `repomap-fast languages` lists them.",
        ),
    ] = None
    include: Annotated[
        list[str] | None,
        typer.Option("--include", metavar="PATTERN", help="Only files that match, as in .gitignore; may be repeated."),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", help="No files that match, as in .gitignore; may be repeated."),
    ] = None
    no_ignore: Annotated[
        bool,
        typer.Option("--no-ignore", help="Also files that .gitignore, .repomapignore and git's excludes leave out."),
    ] = False
    workers: Annotated[
        int, typer.Option("--workers", "-w", metavar="N", help="Threads; 0: one for each processor.")
    ] = 0
    queries: Annotated[
        Path | None,
        typer.Option("--queries", metavar="DIR", help="Folder of your own tags queries, named LANGUAGE.scm."),
    ] = None
    timeout_per_file: Annotated[
        float, typer.Option("--timeout-per-file", metavar="SECONDS", help="Give a file up after this long.")
    ] = DEFAULT_FILE_TIMEOUT_S
    max_file_size: Annotated[
        str, typer.Option("--max-file-size", metavar="SIZE", help="Skip larger files; K, M and G are understood.")
    ] = size_argument(DEFAULT_MAX_FILE_BYTES)
    max_file_memory: Annotated[
        str, typer.Option("--max-file-memory", metavar="SIZE", help="Give a file up whose parse needs more memory.")
    ] = size_argument(DEFAULT_MAX_FILE_MEMORY_BYTES)
    max_memory: Annotated[
        str | None,
        typer.Option("--max-memory", metavar="SIZE", help="Stay below this much memory in all, at the price of time."),
    ] = None
    max_cpu: Annotated[
        int | None,
        typer.Option(
            "--max-cpu", metavar="PERCENT", help="Take no more processor time in the mean; 100 is one processor."
        ),
    ] = None
    no_cache: Annotated[
        bool, typer.Option("--no-cache", help="Parse every file; read nothing that was kept, and keep nothing.")
    ] = False
    cache_dir: Annotated[Path | None, CACHE_DIR] = None

    def keywords(self) -> ScanKeywords:
        """Return what was typed as values. Raises OptionError for a size that is none."""
        return {
            "workers": self.workers,
            "languages": tuple(self.languages or ()),
            "include": tuple(self.include or ()),
            "exclude": tuple(self.exclude or ()),
            "follow_ignore_files": not self.no_ignore,
            "queries_dir": self.queries,
            "max_file_bytes": parse_size(self.max_file_size, "--max-file-size"),
            "file_timeout_s": self.timeout_per_file,
            "max_file_memory_bytes": parse_size(self.max_file_memory, "--max-file-memory"),
            "max_memory_mb": None if self.max_memory is None else parse_size(self.max_memory, "--max-memory") // 10**6,
            "max_cpu_percent": self.max_cpu,
        }

    def options(self) -> ScanOptions:
        """Return what was typed, checked. Raises OptionError, which speaks of flags."""
        from repomap_fast.options import ScanOptions

        with naming_flags():
            return ScanOptions(**self.keywords())


@contextmanager
def naming_flags() -> Iterator[None]:
    """Have an OptionError raised in the block begin with a flag, where it begins with the name of an option."""
    try:
        yield
    except OptionError as error:
        name, _, rest = str(error).partition(" ")
        raise OptionError(f"{_FLAGS.get(name, name)} {rest}") from error


def takes_scanning(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command``, whose last parameter is ``scanning``, an option for each field of ``Scanning`` in its place."""
    hints = get_type_hints(Scanning, include_extras=True)
    names = [field.name for field in fields(Scanning)]

    @wraps(command)
    def with_options(**arguments: Any) -> None:
        scanning = Scanning(**{name: arguments.pop(name) for name in names})
        command(**arguments, scanning=scanning)

    own = [
        parameter
        for name, parameter in inspect.signature(command, eval_str=True).parameters.items()
        if name != "scanning"
    ]
    shared = [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(Scanning)
    ]
    with_options.__signature__ = inspect.Signature([*own, *shared])  # type: ignore[attr-defined]
    return with_options
