"""What a map is: the text that is read in place of the code, its contents, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from repomap_fast.argument_types import text, whole_number
from repomap_fast.drawing.formats import FORMATS, Format, IndexState
from repomap_fast.drawing.render import ASCII_MARKS, MARKS, Marks
from repomap_fast.drawing.tokens import counter_for
from repomap_fast.errors import OptionError
from repomap_fast.metrics import ScanMetrics

if TYPE_CHECKING:
    from repomap_fast.drawing.tokens import Counter

DEFAULT_TOKENS = 1024
"""Token budget of a map, if neither the caller nor the repository sets one. aider has the same."""
MAX_TOKENS = 2**31 - 1
"""No text in memory has more."""


@dataclass(frozen=True, slots=True)
class MapDefinition:
    """A definition that a map shows.

    path      of its file, below the root, ``/``-separated; bytes that are not UTF-8 as ``os.fsdecode`` gives them.
    name      the identifier, of a longer one the first 1,000 bytes; bytes that are not UTF-8 as U+FFFD.
    kind      function, class …
    line      one-based line of its name; ``end_line`` the last line of the definition.
    score     its file's, less for each better definition of the file; or else, by its weights, its share of rank.
    """

    path: str
    name: str
    kind: str
    line: int
    end_line: int
    score: float


@dataclass(frozen=True, slots=True)
class MapFile:
    """A file that a map shows.

    language     None where the language table does not know it.
    score        what it counts; those of all files of the repository add up to 1. 0 for a file without a language.
    definitions  those of its definitions that are shown, in the order of their lines; none for a file that is shown by
                 its path alone.
    """

    path: str
    language: str | None
    score: float
    definitions: tuple[MapDefinition, ...]


@dataclass(frozen=True, slots=True)
class RepoMap:
    """A map.

    text         what to read; never more than ``budget`` tokens, but for the frame without which JSON and XML are
                 none. Notes on the work at hand are in these two as well.
    tokens       of the text, as they were counted.
    budget       how many there might have been.
    files        what is shown, in the order of the text.
    definitions  what is shown, best first.
    state        of the index: the same files give the same state.
    notes        what the user should know, in sentences.
    metrics      what the refresh before it took, and ranking and drawing; those of equal maps differ.
    """

    text: str
    tokens: int
    budget: int
    files: tuple[MapFile, ...]
    definitions: tuple[MapDefinition, ...]
    state: IndexState
    notes: tuple[str, ...] = ()
    metrics: ScanMetrics = field(default_factory=ScanMetrics, repr=False, compare=False)

    def __str__(self) -> str:
        return self.text


def check_tokens(tokens: int | None) -> None:
    """Raise OptionError for a budget that no map can have, TypeError for one that is no number."""
    if tokens is not None and not 1 <= whole_number("tokens", tokens) <= MAX_TOKENS:
        raise OptionError(f"tokens is {tokens}; expected 1 to {MAX_TOKENS}")


def token_budget(tokens: int | None, of_repository: int | None) -> int:
    """Return the token budget: what the caller says, or the repository, or the default. Raises OptionError."""
    check_tokens(tokens)
    return tokens or of_repository or DEFAULT_TOKENS


@dataclass(frozen=True, slots=True)
class Style:
    """How a map is written.

    count       how many tokens a text has.
    has_header  whether it begins with the state of the index.
    """

    format: Format
    marks: Marks
    count: Counter
    has_header: bool

    @classmethod
    def of(cls, format: str, *, tokenizer: str | Counter, header: bool, ascii_marks: bool) -> Self:
        """Return what a caller asks for. Raises OptionError."""
        if text("format", format) not in FORMATS:
            *names, last = FORMATS
            raise OptionError(f"format is {format!r}; expected {', '.join(names)} or {last}")
        return cls(FORMATS[format], ASCII_MARKS if ascii_marks else MARKS, counter_for(tokenizer), header)
