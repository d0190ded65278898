"""The distinct names of a scan: how each is spelled, and how often it is defined and referred to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, overload

import numpy as np

from repomap_fast.arrow.table import ArrowRows
from repomap_fast.joining.identifiers import classify_identifiers
from repomap_fast.tables import I64, IDENTIFIER_CLASSES, IDENTIFIER_ROWS, ROLE_DEFINITION, U8, RowColumn, TagTable

if TYPE_CHECKING:
    from repomap_fast.arrow.stream import Column

_NAMES_AT_A_TIME = 1 << 17


@dataclass(frozen=True, slots=True)
class Identifier:
    """One distinct name.

    name              bytes that are not UTF-8 as U+FFFD.
    identifier_class  what its spelling says: a row of ``tables.IDENTIFIER_CLASSES``.
    n_definitions     tags that define it.
    n_references      tags that refer to it.
    """

    name: str
    identifier_class: str
    n_definitions: int
    n_references: int


class Identifiers(ArrowRows[Identifier]):
    """The distinct names of a table of tags, as objects; in the order in which the tags first use them."""

    def __init__(self, tags: TagTable) -> None:
        self._tags = tags

    def __repr__(self) -> str:
        return f"<{len(self)} identifiers>"

    def __len__(self) -> int:
        return len(self._tags.names)

    @overload
    def __getitem__(self, position: int, /) -> Identifier: ...
    @overload
    def __getitem__(self, position: slice, /) -> list[Identifier]: ...
    def __getitem__(self, position: int | slice, /) -> Identifier | list[Identifier]:
        rows = range(len(self))[position]
        return [self._at(row) for row in rows] if isinstance(rows, range) else self._at(rows)

    @property
    def row_columns(self) -> Sequence[RowColumn]:
        """The columns of the table."""
        return IDENTIFIER_ROWS

    def arrow_batches(self) -> Iterator[Column]:
        """Yield the names, some thousands at a time."""
        from repomap_fast.arrow.stream import encoded, numbers, table, texts

        classes = texts([name.encode() for name in IDENTIFIER_CLASSES])
        n_definitions, n_references = self._counts
        for start in range(0, len(self), _NAMES_AT_A_TIME):
            rows = np.arange(start, min(start + _NAMES_AT_A_TIME, len(self)))
            names = [name.decode("utf-8", "replace").encode() for name in self._tags.names.rows(rows)]
            yield table(
                [
                    texts(names),
                    encoded(self._classes[rows].view(np.int8), classes),
                    numbers(n_definitions[rows]),
                    numbers(n_references[rows]),
                ]
            )

    def _at(self, row: int) -> Identifier:
        n_definitions, n_references = self._counts
        return Identifier(
            name=self._tags.names[row].decode("utf-8", "replace"),
            identifier_class=IDENTIFIER_CLASSES[self._classes[row]],
            n_definitions=int(n_definitions[row]),
            n_references=int(n_references[row]),
        )

    @cached_property
    def _classes(self) -> U8:
        return classify_identifiers(self._tags.names)

    @cached_property
    def _counts(self) -> tuple[I64, I64]:
        """How many tags define, and how many refer to each name: (n,) int64 each."""
        tags, n_names = self._tags, len(self)
        is_definition = tags.roles == ROLE_DEFINITION
        n_definitions = np.bincount(tags.name_ids[is_definition], minlength=n_names)
        return n_definitions, np.bincount(tags.name_ids, minlength=n_names) - n_definitions
