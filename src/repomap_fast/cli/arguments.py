"""Options that several commands have; those of a scan are made from the fields of ``ScanOptions``.

Nothing is checked here that the library checks too.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import Field, dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Protocol, cast, get_type_hints

import typer

from repomap_fast.cli.quick_types import QuickCommand
from repomap_fast.cli.text import size_argument
from repomap_fast.cli.usage import check_folder
from repomap_fast.errors import OptionError
from repomap_fast.options import ScanOptions

if TYPE_CHECKING:
    from repomap_fast.options import Flag, ScanKeywords, TaskKeywords, Unit

CACHE_DIR = typer.Option(
    "--cache-dir",
    metavar="DIR",
    help="Keep indexes in DIR, not in the user's cache folder; so does the environment variable "
    "REPOMAP_FAST_CACHE_DIR.",
)
SURE = typer.Option("--sure", help="Leave out what is guessed.")
TESTS = typer.Option("--tests/--no-tests", help="In tests alone; outside of tests.", show_default="both")
TOKENS_OF_ALL = typer.Option("--tokens", metavar="N", help="Print no more than fits into N tokens.")
NO_PROGRESS = typer.Option("--no-progress", help="No progress bar.")
OUTPUT = typer.Option("--output", "-o", metavar="FILE", help="Write to FILE; - is the standard output.")


def complete_languages(incomplete: str) -> list[str]:
    """Return the names of languages that begin so."""
    from repomap_fast.languages.table import LANGUAGES

    return [language.name for language in LANGUAGES if language.name.startswith(incomplete)]


def complete_languages_and_roles(incomplete: str) -> list[str]:
    """Return the names of languages, and of roles of languages, that begin so."""
    from repomap_fast.languages.table import LANGUAGE_ROLES

    return complete_languages(incomplete) + [role for role in LANGUAGE_ROLES if role.startswith(incomplete)]


class _Group(Protocol):
    """Several parameters of a command that become one value."""

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return the parameters, each annotated as Typer expects it."""
        ...


_TYPED: dict[Unit, Any] = {
    "names": list[str] | None,
    "macros": list[str] | None,
    "name": str | None,
    "folder": Path | None,
    "yes or no": bool,
    "threads": int,
    "seconds": float,
    "bytes": str | None,
    "percent": int | None,
}
"""The type of what is typed, by the unit of the option."""


class Scanning:
    """Which files are scanned, how, and where the index is kept, as the user typed it.

    options  keywords of ``ScanOptions``; sizes are still text, as they were typed.
    """

    def __init__(self, *, no_cache: bool, cache_dir: Path | None, **typed: Any) -> None:
        self.no_cache = no_cache
        self.cache_dir = cache_dir
        self.options = cast("ScanKeywords", {name: value for name, value in typed.items() if value not in (None, [])})

    def checked(self) -> ScanOptions:
        """Return the options, checked. Raises OptionError, which names flags."""
        with naming_flags():
            return ScanOptions(**self.options)  # type: ignore[arg-type]

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return a parameter for each field of ``ScanOptions``, and those of the index."""
        return [
            *map(_make_parameter, fields(ScanOptions)),
            _parameter("no_cache", False, bool, _NO_CACHE),
            _parameter("cache_dir", None, Path | None, CACHE_DIR),
        ]


class ScanLimits:
    """Which files of many repositories are scanned, and how: the options of a scan that hold for each of them."""

    def __init__(self, **typed: Any) -> None:
        self._options = {name: value for name, value in typed.items() if value not in (None, [])}

    def keywords(self) -> ScanKeywords:
        """Return the options as keywords, checked. Raises OptionError, which names flags."""
        with naming_flags():
            ScanOptions(**self._options)
        return cast("ScanKeywords", self._options)

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return a parameter for each of these fields of ``ScanOptions``."""
        return [_make_parameter(field) for field in fields(ScanOptions) if field.name not in _OF_ONE_SCAN]


_OF_ONE_SCAN = ("revision", "workers", "max_cpu")
"""Options that say nothing of many repositories at once."""
_NO_CACHE = typer.Option("--no-cache", help="Parse every file; read nothing that was kept, and keep nothing.")


def _make_parameter(field: Field[Any]) -> inspect.Parameter:
    flag: Flag = field.metadata["flag"]
    default: Any = None if field.default == () else field.default
    if flag.unit == "bytes" and default is not None:
        default = size_argument(default)
    complete = complete_languages_and_roles if field.name == "languages" else None
    option = typer.Option(*flag.names, metavar=flag.metavar or None, help=flag.help, autocompletion=complete)
    return _parameter(field.name, default, _TYPED[flag.unit], option)


def _parameter(name: str, default: Any, typed: Any, option: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.KEYWORD_ONLY, default=default, annotation=Annotated[typed, option])


@dataclass(frozen=True, slots=True, kw_only=True)
class Focusing:
    """The task by which a command ranks, as the user typed it."""

    focus: Annotated[
        list[Path] | None,
        typer.Option("--focus", "-F", metavar="FILE", help="A file or folder that is worked on; may be repeated."),
    ] = None
    mention: Annotated[
        list[str] | None,
        typer.Option(
            "--mention",
            "-m",
            metavar="NAME|FILE",
            help="A name, file or FILE:LINE that the task mentions; may be repeated.",
        ),
    ] = None
    query: Annotated[
        str,
        typer.Option(
            "--query",
            metavar="TEXT",
            help="What is to be done; names and paths in it are looked up. - reads the standard input.",
        ),
    ] = ""
    query_json: Annotated[
        str | None,
        typer.Option(
            "--query-json",
            metavar="FIELD",
            help="Read the query from this field of a JSON document on the standard input: prompt, tool_input.task.",
        ),
    ] = None
    changed: Annotated[
        str | None,
        typer.Option(
            "--changed",
            metavar="[REV]",
            help="Files that changed in git since the commit REV, or since the one that is checked out.",
        ),
    ] = None

    @classmethod
    def parameters(cls) -> list[inspect.Parameter]:
        """Return a parameter for each field."""
        hints = get_type_hints(cls, include_extras=True)
        return [
            inspect.Parameter(one.name, inspect.Parameter.KEYWORD_ONLY, default=one.default, annotation=hints[one.name])
            for one in fields(cls)
        ]

    def keywords(self, root: Path) -> TaskKeywords:
        """Return the task as keywords of ``api.map``; paths are below ``root``, or below the working folder.

        Raises OptionError.
        """
        return {
            "focus": [_meant(path, root) for path in self.focus or ()],
            "mention": [str(_meant(Path(name), root)) if "/" in name else name for name in self.mention or ()],
            "query": self._query(),
            "changed": self.changed is not None if not self.changed else self.changed,
        }

    def _query(self) -> str:
        """Return the query, read from the standard input where it is there. Raises OptionError."""
        if self.query_json is not None and self.query:
            raise OptionError("--query and --query-json are both given; expected one of them")
        if self.query != "-" and self.query_json is None:
            return self.query
        from repomap_fast.cli.standard_input import read_query

        return read_query(self.query_json)


def _meant(path: Path, root: Path) -> Path:
    """Return the path below ``root``, or below the working folder if it is only there."""
    return path if path.is_absolute() or (root / path).exists() or not path.exists() else path.absolute()


class FocusingCommand(QuickCommand):
    """A command with the options of ``Focusing``; the REV of --changed is optional."""

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


_FLAGS = {
    **{one.name: one.metadata["flag"].names[0] for one in fields(ScanOptions)},
    "symbol": "SYMBOL",
    **{
        name: f"--{name}"
        for name in (
            "paths",
            "tokens",
            "repeats",
            "operation",
            "state",
            "focus",
            "mention",
            "changed",
            "limit",
            "match",
            "kind",
            "path",
            "scope",
            "context",
            "tokenizer",
            "language",
            "deadline",
            "depth",
            "since",
            "workers",
            "timeout",
        )
    },
    "max_bytes": "--max-size",
    "max_files": "--max-files",
    "max_depth": "--max-depth",
}


@contextmanager
def naming_flags() -> Iterator[None]:
    """In an OptionError raised in the block, replace the name of an option by its flag."""
    try:
        yield
    except OptionError as error:
        name, _, rest = str(error).partition(" ")
        raise OptionError(f"{_FLAGS.get(name, name)} {rest}") from error


def takes_groups(command: Callable[..., None]) -> Callable[..., None]:
    """Replace each parameter of ``command`` that is a group of options by the parameters of the group."""
    parameters = inspect.signature(command, eval_str=True).parameters
    groups: dict[str, type[_Group]] = {
        name: parameter.annotation
        for name, parameter in parameters.items()
        if hasattr(parameter.annotation, "parameters")
    }
    expanded = {name: group.parameters() for name, group in groups.items()}

    @wraps(command)
    def with_options(**arguments: Any) -> None:
        check_folder(command.__name__, arguments)
        for name, group in groups.items():
            arguments[name] = group(**{one.name: arguments.pop(one.name) for one in expanded[name]})
        command(**arguments)

    signature: list[inspect.Parameter] = []
    for name, parameter in parameters.items():
        signature += expanded.get(name, [parameter])
    with_options.__signature__ = inspect.Signature(signature)  # type: ignore[attr-defined]
    return with_options
