"""The tags of a scan as Python lists, some thousands at a time, and texts that are made once for each number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining.scopes import scope_text
from repomap_fast.languages.identify import LANGUAGES
from repomap_fast.tables import ROLES

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult

MAX_RUN_TAGS = 1 << 14
"""Tags turned into Python objects at once: about 5 MB of them."""

MAX_KEPT_TEXTS = 1 << 17
"""Texts that a TextById keeps: about 15 MB of names. A kernel has four million."""
MAX_KEPT_CHARACTERS = 1 << 24
"""Of these texts together, but for the last one."""


class TextById(dict[int, str]):
    """Texts by number, each made at its first use. The number of texts that are kept is bounded."""

    def __init__(self, text_of: Callable[[int], str]) -> None:
        super().__init__()
        self._text_of = text_of

        self._n_characters = 0

    def __missing__(self, number: int) -> str:
        text = self._text_of(number)
        self._n_characters += len(text)
        if len(self) >= MAX_KEPT_TEXTS or self._n_characters > MAX_KEPT_CHARACTERS:
            self.clear()
            self._n_characters = len(text)
        self[number] = text
        return text


@dataclass(frozen=True, slots=True)
class TagRun:
    """Consecutive tags of one file, as lists of one length.

    file_id    row of the file table.
    traits     number of each tag's kind and role, for a list made by ``trait_texts``.
    lines      one-based.
    columns    zero-based, in bytes.
    end_lines  one-based.
    scope_ids  rows of the tag table, or NO_SCOPE.
    """

    file_id: int
    language: str
    name_ids: list[int]
    traits: list[int]
    lines: list[int]
    columns: list[int]
    end_lines: list[int]
    scope_ids: list[int]


def tag_runs(result: ScanResult) -> Iterator[TagRun]:
    """Yield every tag of ``result`` in the order of the table."""
    files, tags = result.file_table, result.tag_table
    offsets = files.tag_offsets.astype(np.int64)
    for file_id in np.flatnonzero(np.diff(offsets)).tolist():
        language = LANGUAGES[files.language_ids.item(file_id)].name
        end = offsets.item(file_id + 1)
        for start in range(offsets.item(file_id), end, MAX_RUN_TAGS):
            rows = slice(start, min(start + MAX_RUN_TAGS, end))
            yield TagRun(
                file_id=file_id,
                language=language,
                name_ids=tags.name_ids[rows].tolist(),
                traits=(tags.kind_ids[rows].astype(np.uint16) * len(ROLES) + tags.roles[rows]).tolist(),
                lines=(tags.rows[rows].astype(np.int64) + 1).tolist(),
                columns=tags.columns[rows].tolist(),
                end_lines=(tags.end_rows[rows].astype(np.int64) + 1).tolist(),
                scope_ids=tags.scope_tag_ids[rows].tolist(),
            )


def trait_texts(result: ScanResult, text_of: Callable[[str, str], str]) -> list[str]:
    """Return the text of each pair of kind and role, in the order of ``TagRun.traits``."""
    return [text_of(kind, role) for kind in result.tag_table.kinds for role in ROLES]


def names_by_id(result: ScanResult) -> TextById:
    """Return the names, decoded: bytes that are not UTF-8 are U+FFFD."""
    names = result.tag_table.names
    return TextById(lambda name_id: names[name_id].decode("utf-8", "replace"))


def scopes_by_id(result: ScanResult, names: TextById) -> TextById:
    """Return the scopes, by the tag that is the innermost of each: names joined by dots, empty for NO_SCOPE."""
    name_ids, scope_ids = result.tag_table.name_ids, result.tag_table.scope_tag_ids

    return TextById(lambda tag_id: scope_text(tag_id, name_ids, scope_ids, names.__getitem__))
