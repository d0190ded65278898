"""The map of a repository: the text that is read in place of the code, and what it was made of."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class MapDefinition:
    """A definition that a map shows.

    path      of its file, below the root, ``/``-separated; bytes that are not UTF-8 as ``os.fsdecode`` gives them.
    kind      function, class …
    line      one-based line of its name; ``end_line`` the last line of the definition.
    score     what it gets of the ranks of the files that refer to it; those of all definitions add up to about 1.
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

    score         its rank; those of all files of the repository add up to 1. 0 for a file without a language.
    is_important  it is shown because of its name: a README, a manifest …
    definitions   those of its definitions that are shown, in the order of their lines.
    """

    path: str
    score: float
    is_important: bool
    definitions: tuple[MapDefinition, ...]


@dataclass(frozen=True, slots=True)
class RepoMap:
    """A map.

    text         what to read. Never more than ``budget`` tokens.
    tokens       of the text, as they were counted.
    budget       how many there might have been.
    files        what is shown, in the order of the text.
    definitions  what is shown, best first.
    state        of the index.
    notes        what the user should know, in sentences.
    """

    text: str
    tokens: int
    budget: int
    files: tuple[MapFile, ...]
    definitions: tuple[MapDefinition, ...]
    state: IndexState
    notes: tuple[str, ...] = field(default=())

    def __str__(self) -> str:
        return self.text
