"""Arguments and options that several commands have."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, is_dataclass
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, TypedDict, get_type_hints

import typer

from repomap_fast.cli.quick_types import QuickCommand
from repomap_fast.cli.text import counted, parse_size, size_argument
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
    from repomap_fast.languages.table import LANGUAGES

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
    "languages": "--language",
    "include": "--include",
    "exclude": "--exclude",
    "queries_dir": "--queries",
    "paths": "--paths",
    "max_file_bytes": "--max-file-size",
    "file_timeout_s": "--timeout-per-file",
    "max_file_memory_bytes": "--max-file-memory",
    "max_memory_mb": "--max-memory",
    "max_cpu_percent": "--max-cpu",
    "tokens": "--tokens",
    "repeats": "--repeats",
    "operation": "--operation",
    "state": "--state",
    "focus": "--focus",
    "mention": "--mention",
    "changed": "--changed",
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
        typer.Option(
            "--include",
            metavar="PATTERN",
            help="Only files that match, as in .gitignore; also *.{py,js}, ./a.py. May be repeated.",
        ),
    ] = None
    exclude: Annotated[
        list[str] | None,
        typer.Option("--exclude", metavar="PATTERN", help="No files that match, as for --include; may be repeated."),
    ] = None
    no_ignore: Annotated[
        bool,
        typer.Option("--no-ignore", help="Also files that ignore files leave out, and folders that tools made."),
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
            "max_memory_mb": None if self.max_memory is None else _megabytes(self.max_memory, "--max-memory"),
            "max_cpu_percent": self.max_cpu,
        }

    def options(self) -> ScanOptions:
        """Return what was typed, checked. Raises OptionError, which speaks of flags."""
        from repomap_fast.options import ScanOptions

        with naming_flags():
            return ScanOptions(**self.keywords())


def _megabytes(text: str, option: str) -> int:
    n_bytes = parse_size(text, option)
    if n_bytes < 10**6:
        raise OptionError(
            f"{option} is {text!r}, {counted(n_bytes, 'byte')}; expected a number with M or G, such as 256M"
        )
    return n_bytes // 10**6


class FocusKeywords(TypedDict):
    """What ``api.map`` and ``api.explain`` have in common."""

    focus: list[Path]
    mention: list[str]
    query: str
    changed: bool | str


@dataclass(frozen=True, slots=True, kw_only=True)
class Focusing:
    """What the work at hand is: what every command that ranks is told, as it was typed."""

    focus: Annotated[
        list[Path] | None,
        typer.Option("--focus", "-F", metavar="FILE", help="A file or folder that is worked on; may be repeated."),
    ] = None
    mention: Annotated[
        list[str] | None,
        typer.Option(
            "--mention", "-m", metavar="NAME|FILE", help="A name or a file that was spoken of; may be repeated."
        ),
    ] = None
    query: Annotated[
        str, typer.Option("--query", metavar="TEXT", help="What is to be done; names and paths in it are looked up.")
    ] = ""
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="[REV]",
            help="Files that changed in git since the commit REV, or since the one that is checked out.",
        ),
    ] = None

    def keywords(self, root: Path) -> FocusKeywords:
        """Return what was typed as values; paths are below ``root``, or where they are now."""
        return {
            "focus": [_meant(path, root) for path in self.focus or ()],
            "mention": [str(_meant(Path(name), root)) if "/" in name else name for name in self.mention or ()],
            "query": self.query,
            "changed": self.changed is not None if not self.changed else self.changed,
        }


def _meant(path: Path, root: Path) -> Path:
    """Return the file that somebody means who types ``path``: below ``root``, else below the folder he is in."""
    return path if path.is_absolute() or (root / path).exists() or not path.exists() else path.absolute()


class FocusingCommand(QuickCommand):
    """A command with the options of ``Focusing``: of these, --changed may stand without its REV."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Convert the arguments; what follows --changed is its REV, unless it is an option or a folder."""
        given: list[str] = []
        rest = list(args)
        while rest:
            argument = rest.pop(0)
            if argument == "--":
                given += [argument, *rest]
                break
            if argument == "--changed":
                is_revision = bool(rest) and not rest[0].startswith("-") and not Path(rest[0]).is_dir()
                argument = f"--changed={rest.pop(0) if is_revision else ''}"
            given.append(argument)
        return super().parse_args(ctx, given)


@contextmanager
def naming_flags() -> Iterator[None]:
    """Have an OptionError raised in the block begin with a flag, where it begins with the name of an option."""
    try:
        yield
    except OptionError as error:
        name, _, rest = str(error).partition(" ")
        raise OptionError(f"{_FLAGS.get(name, name)} {rest}") from error


def takes_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Give ``command`` an option for each field of its parameters that are groups of options, in their place.

    A group is a dataclass whose fields are annotated as the parameters of a command are.
    """
    parameters = inspect.signature(command, eval_str=True).parameters
    groups = {
        name: parameter.annotation for name, parameter in parameters.items() if is_dataclass(parameter.annotation)
    }

    @wraps(command)
    def with_options(**arguments: Any) -> None:
        group: Any
        for name, group in groups.items():
            arguments[name] = group(**{field.name: arguments.pop(field.name) for field in fields(group)})
        command(**arguments)

    expanded: list[inspect.Parameter] = []
    for name, parameter in parameters.items():
        expanded += _options_of(groups[name]) if name in groups else [parameter]
    with_options.__signature__ = inspect.Signature(expanded)  # type: ignore[attr-defined]
    return with_options


def _options_of(group: Any) -> list[inspect.Parameter]:
    hints = get_type_hints(group, include_extras=True)
    return [
        inspect.Parameter(
            field.name, inspect.Parameter.KEYWORD_ONLY, default=field.default, annotation=hints[field.name]
        )
        for field in fields(group)
    ]
