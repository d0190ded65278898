"""Columns of rows as fields of Arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from repomap_fast.arrow.stream import BINARY, FORMATS, STRUCT, UTF8, Field

if TYPE_CHECKING:
    from repomap_fast.tables import RowColumn

SCHEMA_VERSION = 1
"""Rises when a column is removed or changes its meaning; new columns may come without."""


def table_field(columns: Sequence[RowColumn], metadata: Mapping[str, str] | None = None) -> Field:
    """Return columns as a table of Arrow, each with its meaning; ``metadata`` is of the table."""
    children = tuple(_field(column) for column in columns)
    said = {"repomap_fast.schema": str(SCHEMA_VERSION), **(metadata or {})}
    return Field(b"", STRUCT, children=children, metadata=_encoded(said))


def _field(column: RowColumn) -> Field:
    name, metadata = column.name.encode(), _encoded({"meaning": column.meaning})
    if column.dtype is None:
        return Field(name, UTF8 if column.is_text else BINARY, column.is_nullable, metadata=metadata)
    dictionary = Field(b"", UTF8) if column.is_text else None
    return Field(name, FORMATS[column.dtype], column.is_nullable, dictionary, metadata=metadata)


def _encoded(texts: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): text.encode("utf-8", "replace") for name, text in texts.items()}
