"""What a map is: the text that is read in place of the code, its contents, and how it is written."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self

from repomap_fast.argument_types import text
from repomap_fast.drawing.formats import FORMATS, Format, IndexState
from repomap_fast.drawing.render import ASCII_MARKS, MARKS, Marks
from repomap_fast.drawing.tokens import check_tokens, counter_for
from repomap_fast.errors import OptionError
from repomap_fast.metrics import ScanMetrics
from repomap_fast.screens import Screen

if TYPE_CHECKING:
    from repomap_fast.drawing.tokens import Counter

DEFAULT_TOKENS = 1024
"""Token budget of a map, if neither the caller nor the repository sets one. aider has the same."""


@dataclass(frozen=True, slots=True)
class MapDefinition:
    """A definition that a map shows.

    path      of its file, below the root, ``/``-separated; bytes that are not UTF-8 as ``os.fsdecode`` gives them.
    name      the identifier, of a longer one the first 1,000 bytes; bytes that are not UTF-8 as U+FFFD.
    kind      function, class …
    line      one-based line of its name.
    end_line  one-based last line of the definition.
    score     its share among all definitions that are ranked; if definitions stand by rank alone, the rank that
              references bring it; 0 for a definition that is shown although it is not ranked.
    scope     names of the definitions around it, as ``Tag.scope``.
    signature the name with parameters or bases, of 60 characters at most; None if the map shows the name alone.
    """

    path: str
    name: str
    kind: str
    line: int
    end_line: int
    score: float
    scope: str | None = None
    signature: str | None = None

    @property
    def qualified_name(self) -> str:
        """The name with those of the definitions around it, joined by dots."""
        return self.name if self.scope is None else f"{self.scope}.{self.name}"


@dataclass(frozen=True, slots=True)
class MapFile:
    """A file that a map shows.

    language     None if it is not in the language table.
    score        its value; those of all files of the repository add up to 1. 0 for a file without a language.
    definitions  its definitions that are shown, in the order of their lines; none for a file that is shown by its path
                 alone.
    """

    path: str
    language: str | None
    score: float
    definitions: tuple[MapDefinition, ...]


@dataclass(frozen=True, slots=True, repr=False)
class RepoMap(Screen):
    """A map.

    text         never more than ``budget`` tokens, except that an empty JSON or XML document is always complete. These
                 two formats contain notes on the task, too.
    tokens       counted tokens of the text.
    budget       most tokens that were allowed.
    files        the files that are shown, in the order of the text.
    definitions  the definitions that are shown, best first.
    state        of the index. The same files give the same state.
    notes        sentences for the user.
    metrics      times of the refresh, of ranking and of drawing. Those of equal maps differ.
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


def token_budget(tokens: int | None, of_repository: int | None) -> int:
    """Return the token budget: the caller's, or the repository's, or the default. Raises OptionError."""
    check_tokens(tokens)
    return tokens or of_repository or DEFAULT_TOKENS


@dataclass(frozen=True, slots=True)
class Style:
    """How a map is written.

    count       returns the tokens of a text.
    has_header  whether the map begins with the state of the index.
    """

    format: Format
    marks: Marks
    count: Counter
    has_header: bool

    @classmethod
    def of(cls, format: str, *, tokenizer: str | Counter, header: bool, ascii_marks: bool) -> Self:
        """Return the style for the options of a caller. Raises OptionError."""
        if text("format", format) not in FORMATS:
            *names, last = FORMATS
            raise OptionError(f"format is {format!r}; expected {', '.join(names)} or {last}")
        return cls(FORMATS[format], ASCII_MARKS if ascii_marks else MARKS, counter_for(tokenizer), header)
