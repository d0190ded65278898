"""The options of a scan: one list, for the library and the command line, checked once.

No stage changes an option.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, Self, TypeAlias, TypedDict

from repomap_fast.argument_types import number, path_text, several, size, text, whole_number, wrong_type
from repomap_fast.errors import OptionError
from repomap_fast.macros import MOST_MACROS, read_macro
from repomap_fast.resources.limits import n_cpus

if TYPE_CHECKING:
    from repomap_fast.argument_types import Several, StrPath
    from repomap_fast.progress import CancelEvent, ProgressCallback

MAX_WORKERS = 256
"""More threads than this on one scan is a typing error."""

DEFAULT_MAX_FILE_BYTES = 64 * 2**20
"""Files that people write are far smaller; larger ones are generated (register maps, data as code) and say little."""

DEFAULT_FILE_TIMEOUT_S = 20.0
"""About two hundred times what the slowest ordinary file of the Linux kernel takes to parse."""

DEFAULT_MAX_FILE_MEMORY_BYTES = 2**30
"""Tree and tags of one file. A byte of C takes 20 bytes on average, of JavaScript 30; the largest of 119 real files of
more than 1.5 MB, a bundle of JavaScript, needs less than 400 MiB."""

DEFAULT_REPEATS = 3
"""How often a benchmark runs each case: the fewest for which one bad run does not move the median."""

DEFAULT_ALERT_MEMORY_BYTES = 100 * 10**6
"""A typical project stays below this; a benchmark reports when a run does not."""

MIN_MAX_MEMORY_BYTES = 64 * 10**6
"""The interpreter with all modules takes about 40 MB before it reads the first file."""

Changed: TypeAlias = "bool | str"
"""True for what changed in git since the commit that is checked out; a text for what changed since that commit."""
MapFormat: TypeAlias = Literal["text", "markdown", "excerpts", "json", "xml"]
Match: TypeAlias = Literal["exact", "case", "prefix", "substring", "fuzzy"]
Operation: TypeAlias = Literal["scan", "map"]
IndexBefore: TypeAlias = Literal["cold", "warm"]

Unit: TypeAlias = Literal["names", "name", "macros", "folder", "yes or no", "threads", "seconds", "bytes", "percent"]


class ScanKeywords(TypedDict, total=False):
    """The keywords of ``ScanOptions``, in every type that a caller may give; ``ScanOptions`` says what each means."""

    languages: Several
    include: Several
    exclude: Several
    no_ignore: bool
    revision: str | None
    workers: int
    queries: StrPath | None
    macros: Several
    fences: bool
    timeout_per_file: float
    max_file_size: int | str
    max_file_memory: int | str
    max_memory: int | str | None
    max_cpu: int | None


class TaskKeywords(TypedDict, total=False):
    """What the user works on: the keywords by which ``map`` and ``explain`` rank; ``map`` says what each means."""

    focus: Several
    mention: Several
    query: str
    changed: Changed


class Opening(NamedTuple):
    """How an index is opened and refreshed.

    cache      whether an index on disk is read and written.
    cache_dir  where indexes are kept; None for the user's cache folder.
    progress   called as (stage, done, total) in the caller's thread.
    cancel     an event that ends the work when it is set.
    """

    cache: bool = True
    cache_dir: StrPath | None = None
    progress: ProgressCallback | None = None
    cancel: CancelEvent | None = None


class Flag(NamedTuple):
    """One option on the command line.

    names    of the flag, the long one first.
    unit     of the value; the command line derives the type of the typed value from it.
    metavar  stands for the value in the help text; empty for a flag without a value.
    """

    names: tuple[str, ...]
    unit: Unit
    help: str
    metavar: str = ""


def _flag(*names: str, unit: Unit, help: str, metavar: str = "") -> dict[str, Flag]:
    """Return the metadata of an option's field."""
    return {"flag": Flag(names, unit, help, metavar)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ScanOptions:
    """What to scan and how; every field has been checked once the object exists.

    Where a field takes several texts, a single text is one of them: ``languages="python"``. Sizes are bytes, or a text
    such as ``"256M"``. The constructor raises OptionError, and TypeError for a value of a wrong type.
    """

    languages: tuple[str, ...] = field(
        default=(),
        metadata=_flag(
            "--language",
            "--languages",
            "-l",
            unit="names",
            metavar="NAME",
            help="Only files of this language, or of the languages of a role: code, style, config, text. May be "
            "repeated. `repomap-fast languages` lists them.",
        ),
    )
    """Names of the only languages to scan, or of roles (``code``, ``style``, ``config``, ``text``); empty for all."""
    include: tuple[str, ...] = field(
        default=(),
        metadata=_flag(
            "--include",
            unit="names",
            metavar="PATTERN",
            help="Only files that match, as in .gitignore; also *.{py,js}, ./a.py. May be repeated.",
        ),
    )
    """gitignore-style patterns, or ``*.{py,js}``, or ``./a.py``; a file must match one of them. Empty for all."""
    exclude: tuple[str, ...] = field(
        default=(),
        metadata=_flag(
            "--exclude",
            unit="names",
            metavar="PATTERN",
            help="No files that match, as for --include; may be repeated.",
        ),
    )
    """Patterns as in ``include``; a file must match none of them."""
    no_ignore: bool = field(
        default=False,
        metadata=_flag(
            "--no-ignore",
            unit="yes or no",
            help="Also files that ignore files leave out, and folders that tools made.",
        ),
    )
    """Scan also what .gitignore, .repomapignore, .git/info/exclude and core.excludesFile leave out, and folders that
    tools made."""
    revision: str | None = field(
        default=None,
        metadata=_flag(
            "--revision",
            unit="name",
            metavar="REV",
            help="The files of this commit, read from git; the work tree stays as it is.",
        ),
    )
    """A commit, a branch or a tag whose files are scanned in place of those of the folder; None for the folder."""
    workers: int = field(
        default=0,
        metadata=_flag("--workers", "-w", unit="threads", metavar="N", help="Threads; 0: one for each processor."),
    )
    """Threads that parse; 0 for one for each processor that this process may use, see ``limits.available_cpus``."""
    queries: Path | None = field(
        default=None,
        metadata=_flag(
            "--queries",
            unit="folder",
            metavar="DIR",
            help="Folder of your own tags queries, named LANGUAGE.scm.",
        ),
    )
    """Folder of the user's own tags queries, LANGUAGE.scm or LANGUAGE-tags.scm, which replace ours."""
    macros: tuple[str, ...] = field(
        default=(),
        metadata=_flag(
            "--macro",
            unit="macros",
            metavar="TEXT",
            help="How a macro of C or C++ is read: 'MY_API attribute' is passed over, 'DEFINE_THING variable 1' "
            "defines a variable that its first argument names. May be repeated.",
        ),
    )
    """Macros of C and C++ beside those that are known: lines as ``languages/known_macros.txt`` has them."""
    fences: bool = field(
        default=False,
        metadata=_flag(
            "--fences",
            unit="yes or no",
            help="Also read the code between the fences of Markdown, in the language that each fence names.",
        ),
    )
    """Tag the fenced code of Markdown too. Each block is read as if it were a file of the language that it names."""
    timeout_per_file: float = field(
        default=DEFAULT_FILE_TIMEOUT_S,
        metadata=_flag(
            "--timeout-per-file",
            unit="seconds",
            metavar="SECONDS",
            help="Give a file up after this long.",
        ),
    )
    """Seconds that one file may take to parse and query; a slower file gets the status ``out of time``."""
    max_file_size: int = field(
        default=DEFAULT_MAX_FILE_BYTES,
        metadata=_flag(
            "--max-file-size",
            unit="bytes",
            metavar="SIZE",
            help="Skip larger files; K, M and G are understood.",
        ),
    )
    """Larger files, in bytes, get the status ``too large``."""
    max_file_memory: int = field(
        default=DEFAULT_MAX_FILE_MEMORY_BYTES,
        metadata=_flag(
            "--max-file-memory",
            unit="bytes",
            metavar="SIZE",
            help="Give a file up whose parse needs more memory.",
        ),
    )
    """Bytes that one parse may allocate; a file that needs more gets the status ``out of memory``."""
    max_memory: int | None = field(
        default=None,
        metadata=_flag(
            "--max-memory",
            unit="bytes",
            metavar="SIZE",
            help="Stay below this much memory in all, at the price of time.",
        ),
    )
    """Bytes that the process is to stay below; None for no limit."""
    max_cpu: int | None = field(
        default=None,
        metadata=_flag(
            "--max-cpu",
            unit="percent",
            metavar="PERCENT",
            help="Take no more processor time on average; 100 is one processor.",
        ),
    )
    """Mean processor time of the process in percent, 100 for one processor; None for no limit."""

    @classmethod
    def from_keywords(cls, keywords: ScanKeywords, *, call: Callable[..., Any]) -> Self:
        """Return the options that a public call was given.

        Raises OptionError, and TypeError for a wrong type or for a keyword that ``call`` does not have.
        """
        known = {one.name for one in fields(cls)}
        for name in keywords:
            if name not in known:
                raise _unknown_keyword(name, known, call)
        return cls(**keywords)  # type: ignore[arg-type]

    def __post_init__(self) -> None:
        self._convert()
        if not 0 <= self.workers <= MAX_WORKERS:
            raise OptionError(f"workers is {self.workers}; expected 1 to {MAX_WORKERS}, or 0 for one per processor")
        if not 0 < self.max_file_size < 2**32:
            raise OptionError(f"max_file_size is {self.max_file_size}; expected 1 to {2**32 - 1} bytes")
        if not self.timeout_per_file > 0:
            raise OptionError(f"timeout_per_file is {self.timeout_per_file}; expected seconds above 0")
        if not 2**20 <= self.max_file_memory < 2**63:
            raise OptionError(f"max_file_memory is {self.max_file_memory}; expected {2**20} to {2**63 - 1} bytes")
        if self.max_memory is not None and self.max_memory < MIN_MAX_MEMORY_BYTES:
            raise OptionError(
                f"max_memory is {self.max_memory} bytes; expected at least {MIN_MAX_MEMORY_BYTES}, such as 256M: the "
                "interpreter with its modules alone takes about 40 MB"
            )
        if self.max_cpu is not None and not 1 <= self.max_cpu <= 100 * MAX_WORKERS:
            raise OptionError(
                f"max_cpu is {self.max_cpu}; expected 1 to {100 * MAX_WORKERS} percent, 100 for each processor"
            )
        if self.queries is not None and not self.queries.is_dir():
            raise OptionError(
                f"queries is {str(self.queries)!r}, and there is no such folder; expected one with files named "
                "LANGUAGE.scm"
            )

    def _convert(self) -> None:
        """Convert each field to its own type. Raises TypeError, and OptionError for an empty text."""
        for one in fields(self):
            unit, given = one.metadata["flag"].unit, getattr(self, one.name)
            if given is not None or one.default is not None:
                object.__setattr__(self, one.name, _CONVERTERS[unit](one.name, given))

    @property
    def n_workers(self) -> int:
        """Threads that a scan with these options starts at the most."""
        return self.workers or n_cpus()


def _names(option: str, given: Any) -> tuple[str, ...]:
    texts = several(option, given)
    if not all(map(str.strip, texts)):
        raise OptionError(f"{option} is ''; expected {'names' if option == 'languages' else 'patterns'}, or nothing")
    return texts


def _macros(option: str, given: Any) -> tuple[str, ...]:
    texts = several(option, given)
    if len(texts) > MOST_MACROS:
        raise OptionError(f"{option} has {len(texts)} lines; expected at most {MOST_MACROS}")
    for line in texts:
        read_macro(line)
    return texts


def _name(option: str, given: Any) -> str:
    name = text(option, given)
    if not name.strip():
        raise OptionError(f"{option} is {name!r}; expected a name, or nothing")
    return name


def _folder(option: str, given: Any) -> Path:
    return Path(path_text(option, given))


def _yes_or_no(option: str, given: Any) -> bool:
    if not isinstance(given, bool):
        raise wrong_type(option, given, "a bool")
    return given


_CONVERTERS: Mapping[Unit, Callable[[str, Any], Any]] = {
    "names": _names,
    "macros": _macros,
    "name": _name,
    "folder": _folder,
    "yes or no": _yes_or_no,
    "threads": whole_number,
    "seconds": number,
    "bytes": size,
    "percent": whole_number,
}


def _unknown_keyword(name: str, known: set[str], call: Callable[..., Any]) -> TypeError:
    import inspect
    from difflib import get_close_matches

    own = {
        parameter.name
        for parameter in inspect.signature(call).parameters.values()
        if parameter.kind is parameter.KEYWORD_ONLY
    }
    near = get_close_matches(name, sorted(known | own), 1)
    hint = f"did you mean {near[0]!r}?" if near else f"expected {', '.join(sorted(known | own))}"
    return TypeError(f"{call.__name__}() has no keyword {name!r}; {hint}")
