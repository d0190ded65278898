"""Columns of rows as fields of Arrow, and as a JSON Schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

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


def row_schema(name: str, columns: Sequence[RowColumn]) -> dict[str, Any]:
    """Return the JSON Schema of a row: an object with a field for each column. Bytes are base64."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"A row of the table {name}",
        "description": f"repomap_fast.schema is {SCHEMA_VERSION}. New fields may come without a new number.",
        "type": "object",
        "properties": {column.name: _property(column) for column in columns},
        "required": [column.name for column in columns],
    }


def _property(column: RowColumn) -> dict[str, Any]:
    is_number = column.dtype is not None and not column.is_text
    of_type = "integer" if is_number else "string"
    schema: dict[str, Any] = {"type": [of_type, "null"] if column.is_nullable else of_type}
    if is_number:
        dtype = np.dtype(column.dtype)
        n_bits = 8 * dtype.itemsize - (dtype.kind == "i")
        schema |= {"minimum": -(2**n_bits) if dtype.kind == "i" else 0, "maximum": 2**n_bits - 1}
    elif not column.is_text:
        schema["contentEncoding"] = "base64"
    return {**schema, "description": column.meaning}


def _field(column: RowColumn) -> Field:
    name, metadata = column.name.encode(), _encoded({"meaning": column.meaning})
    if column.dtype is None:
        return Field(name, UTF8 if column.is_text else BINARY, column.is_nullable, metadata=metadata)
    dictionary = Field(b"", UTF8) if column.is_text else None
    return Field(name, FORMATS[column.dtype], column.is_nullable, dictionary, metadata=metadata)


def _encoded(texts: Mapping[str, str]) -> dict[bytes, bytes]:
    return {name.encode(): text.encode("utf-8", "replace") for name, text in texts.items()}
