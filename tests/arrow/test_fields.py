"""Columns of rows as fields of Arrow."""

from __future__ import annotations

import numpy as np
import pytest

from repomap_fast.arrow.fields import SCHEMA_VERSION, table_field
from repomap_fast.arrow.stream import BINARY, FORMATS, UTF8
from repomap_fast.tables import (
    FILE_ROWS,
    IDENTIFIER_ROWS,
    REFERENCE_ROWS,
    TAG_ROWS,
    FileTable,
    RowColumn,
    TagTable,
    column_dtypes,
)


@pytest.mark.parametrize("columns", [TAG_ROWS, FILE_ROWS, IDENTIFIER_ROWS, REFERENCE_ROWS])
def test_fields_are_the_columns_with_their_meanings(columns: tuple[RowColumn, ...]) -> None:
    field = table_field(columns, {"root": "/é"})
    assert field.metadata == {b"repomap_fast.schema": str(SCHEMA_VERSION).encode(), b"root": "/é".encode()}
    for column, child in zip(columns, field.children, strict=True):
        assert child.name.decode() == column.name
        assert child.metadata == {b"meaning": column.meaning.encode()}
        assert child.is_nullable == column.is_nullable
        if column.dtype is None:
            assert child.format == (UTF8 if column.is_text else BINARY)
        else:
            assert child.format == FORMATS[column.dtype]
            assert (child.dictionary is not None) == column.is_text


def test_numbers_have_the_dtypes_of_the_tables() -> None:
    """What a table has as a number, its rows have as a number of that type."""
    of_tags, of_files = column_dtypes(TagTable), column_dtypes(FileTable)
    rows = {column.name: column.dtype for column in TAG_ROWS if not column.is_text}
    assert rows["line"] == of_tags["rows"]
    assert rows["end_line"] == of_tags["end_rows"]
    assert rows["column"] == of_tags["columns"]
    rows = {column.name: column.dtype for column in FILE_ROWS if not column.is_text}
    assert rows["size_bytes"] == of_files["sizes_bytes"]
    assert rows["mtime_ns"] == of_files["mtimes_ns"]
    assert rows["n_definitions"] == of_files["definition_counts"]


def test_types_in_words() -> None:
    assert RowColumn("a", np.int8, "", is_text=True).type_name == "text, int8 numbers"
    assert RowColumn("a", None, "", is_text=True, is_nullable=True).type_name == "text, or null"
    assert RowColumn("a", None, "").type_name == "bytes"
    assert RowColumn("a", np.uint32, "").type_name == "uint32"
