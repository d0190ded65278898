"""The tags and uses of a scan as Python lists, some thousands at a time, and texts made once for each number."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining.identities import FileIds, are_repeated
from repomap_fast.joining.scopes import scope_text
from repomap_fast.joining.uses import USE_KINDS
from repomap_fast.languages.table import LANGUAGES
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION, ROLE_REFERENCE, ROLES
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.result import ScanResult
    from repomap_fast.joining.uses import UsesOfFile
    from repomap_fast.tables import TagTable

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
    """Consecutive tags and uses of one file, as lists of one length.

    file_id    row of the file table.
    is_first   whether it is the first run of the file.
    name_ids   of a tag its row of the table of names; of a use -1 less its row of ``use_names``.
    traits     number of each tag's kind and role, for a list made by ``trait_texts``.
    lines      one-based.
    columns    zero-based, in bytes.
    end_lines  one-based.
    scope_ids  rows of the tag table, or NO_SCOPE; of a use the last definition before it whose rows are not over.
    is_repeated  of a definition whether the file has another one of its name and kind, or may have.
    use_names  names that the file uses.
    """

    file_id: int
    language: str
    name_ids: list[int]
    traits: list[int]
    lines: list[int]
    columns: list[int]
    end_lines: list[int]
    scope_ids: list[int]
    is_repeated: list[bool]
    use_names: list[bytes]
    is_first: bool


def tag_runs(result: ScanResult) -> Iterator[TagRun]:
    """Yield every tag and every use of ``result``, in the order of the files and of the text."""
    files, tags = result.file_table, result.tag_table
    offsets = files.tag_offsets.astype(np.int64)
    n_traits = len(tags.kinds) * len(ROLES)
    for number, file_id in enumerate(files.rows_with_language().tolist()):
        language = LANGUAGES[files.language_ids.item(file_id)].name
        rows, uses = slice(offsets.item(file_id), offsets.item(file_id + 1)), result.uses.of_file(number)
        tag_traits = tags.kind_ids[rows].astype(np.int64) * len(ROLES) + tags.roles[rows]
        columns = (
            np.concatenate((tags.name_ids[rows].astype(np.int64), -1 - uses.name_numbers.astype(np.int64))),
            np.concatenate((tag_traits, n_traits + uses.kinds.astype(np.int64) * len(ROLES) + ROLE_REFERENCE)),
            np.concatenate((tags.rows[rows], uses.rows)).astype(np.int64) + 1,
            np.concatenate((tags.columns[rows], uses.columns)),
            np.concatenate((tags.end_rows[rows], uses.rows)).astype(np.int64) + 1,
            np.concatenate((tags.scope_tag_ids[rows], _scopes_of_uses(tags, rows, uses))),
            np.concatenate((_may_be_repeated(tags, rows), np.zeros(len(uses.rows), np.bool_))),
        )
        order = np.lexsort((columns[3], columns[2]))
        for start in range(0, len(order), MAX_RUN_TAGS):
            run = order[start : start + MAX_RUN_TAGS]
            ids, traits, lines, places, end_lines, scopes, is_repeated = (column[run].tolist() for column in columns)
            yield TagRun(
                *(file_id, language, ids, traits, lines, places, end_lines, scopes, is_repeated, uses.names, start == 0)
            )


def _may_be_repeated(tags: TagTable, rows: slice) -> NDArray[np.bool_]:
    """Return for each tag of a file whether its id may be needed again. Of a small file all ids may be kept."""
    n_tags = rows.stop - rows.start
    if n_tags <= MAX_RUN_TAGS:
        return np.ones(n_tags, np.bool_)
    return are_repeated(tags.roles[rows], tags.name_ids[rows], tags.kind_ids[rows], np.array([n_tags]))


def _scopes_of_uses(tags: TagTable, rows: slice, uses: UsesOfFile) -> NDArray[np.int32]:
    """Return for each use the tag of the innermost definition around it, by rows; NO_SCOPE where there is none."""
    starts = tags.rows[rows].astype(np.int64) << 32 | tags.columns[rows]
    before = np.searchsorted(starts, uses.rows.astype(np.int64) << 32 | uses.columns) - 1
    scopes = np.where(before >= 0, before + rows.start, NO_SCOPE)
    use_rows = uses.rows.astype(np.int64)
    if not len(tags):
        return scopes.astype(np.int32)
    # A chain of scopes ends, and each round goes up one of its steps.
    while True:
        is_over = (scopes != NO_SCOPE) & ((tags.roles[scopes] == ROLE_REFERENCE) | (tags.end_rows[scopes] < use_rows))
        if not is_over.any():
            return scopes.astype(np.int32)
        scopes[is_over] = tags.scope_tag_ids[scopes[is_over]]


def trait_texts(result: ScanResult, text_of: Callable[[str, str], str]) -> list[str]:
    """Return the text of each pair of kind and role, in the order of ``TagRun.traits``."""
    return [text_of(kind, role) for kind in (*result.tag_table.kinds, *USE_KINDS) for role in ROLES]


def name_texts(result: ScanResult, names: TextById, text_of: Callable[[str], str]) -> Callable[[TagRun], list[str]]:
    """Return what gives the names of a run as texts."""
    of_tags = TextById(lambda name_id: text_of(names[name_id]))

    def texts(run: TagRun) -> list[str]:
        of_uses = TextById(lambda number: text_of(run.use_names[-1 - number].decode("utf-8", "replace")))
        return [of_tags[name_id] if name_id >= 0 else of_uses[name_id] for name_id in run.name_ids]

    return texts


def id_texts(
    result: ScanResult, names: TextById, scopes: TextById, text_of: Callable[[str], str]
) -> Callable[[TagRun], list[str]]:
    """Return what gives the ids of the definitions of a run as texts, empty for all else. It takes runs in their order.

    names, scopes  as ``names_by_id`` and ``scopes_by_id`` give them.
    """
    tags, paths, n_roles = result.tag_table, result.file_table.paths, len(ROLES)
    kinds = [f"/{kind}" for kind in tags.kinds]
    beginnings = TextById(lambda tag_id: "" if tag_id == NO_SCOPE else f"{scopes[tag_id]}.")
    file_id, ids = -1, FileIds("")

    def texts(run: TagRun) -> list[str]:
        nonlocal file_id, ids
        if run.file_id != file_id:
            file_id, ids = run.file_id, FileIds(utf8_text(paths[run.file_id]))
        return [
            text_of(ids.next_id(beginnings[scope_id], names[name_id], kinds[trait // n_roles], is_repeated))
            if trait % n_roles == ROLE_DEFINITION
            else ""
            for name_id, trait, scope_id, is_repeated in zip(
                run.name_ids, run.traits, run.scope_ids, run.is_repeated, strict=True
            )
        ]

    return texts


def names_by_id(result: ScanResult) -> TextById:
    """Return the names of tags, decoded: bytes that are not UTF-8 are U+FFFD."""
    names = result.tag_table.names
    return TextById(lambda name_id: names[name_id].decode("utf-8", "replace"))


def scopes_by_id(result: ScanResult, names: TextById) -> TextById:
    """Return the scopes, by the tag that is the innermost of each: names joined by dots, empty for NO_SCOPE."""
    name_ids, scope_ids = result.tag_table.name_ids, result.tag_table.scope_tag_ids

    return TextById(lambda tag_id: scope_text(tag_id, name_ids, scope_ids, names.__getitem__))
