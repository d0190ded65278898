"""Columns of rows as fields of Arrow."""

from __future__ import annotations

import base64
import json
from importlib import resources
from pathlib import Path

import numpy as np
import pytest

import repomap_fast
from repomap_fast import tables
from repomap_fast.arrow.fields import SCHEMA_VERSION, row_schema, table_field
from repomap_fast.arrow.stream import BINARY, FORMATS, UTF8
from repomap_fast.tables import (
    FILE_ROWS,
    IDENTIFIER_ROWS,
    REFERENCE_ROWS,
    ROW_TABLES,
    TAG_ROWS,
    FileTable,
    RowColumn,
    TagTable,
    column_dtypes,
)
from support.json_schema import find_violations


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


def test_the_package_has_a_schema_of_each_table() -> None:
    folder = resources.files("repomap_fast.arrow") / "schemas"
    files = {Path(str(file)).stem: json.loads(file.read_text("utf-8")) for file in folder.iterdir()}
    assert files == {name: row_schema(name, columns) for name, columns in ROW_TABLES.items()}
    named = [value for name, value in vars(tables).items() if name.endswith("_ROWS") and not name.startswith("_")]
    assert {id(columns) for columns in ROW_TABLES.values()} >= {id(columns) for columns in named}


def test_a_schema_has_types_and_bounds_of_numbers() -> None:
    columns = (RowColumn("n", np.uint8, "N."), RowColumn("b", None, "B.", is_nullable=True))
    schema = row_schema("t", columns)
    assert schema["required"] == ["n", "b"]
    assert find_violations({"n": 255, "b": "YQ=="}, schema) == []
    assert find_violations({"n": 0, "b": None}, schema) == []
    assert find_violations({"n": 256, "b": None}, schema) == ["$.n is 256; expected at most 255"]
    assert find_violations({"n": -1, "b": None}, schema) == ["$.n is -1; expected at least 0"]
    assert find_violations({"n": None, "b": None}, schema) == ["$.n is None; expected integer"]
    assert find_violations({"b": 1}, schema) == ["$ has no n", "$.b is 1; expected ['string', 'null']"]


def test_rows_of_a_scan_are_as_their_schemas_say(tmp_path: Path) -> None:
    pytest.importorskip("pyarrow")
    source = "class A:\n    def f(self): return g()\n\ndef g(): return A().f()\n\ndef lone(): pass\n"
    (tmp_path / "a.py").write_text(source)
    (tmp_path / "odd\udcff.txt").write_bytes(b"\0")
    result = repomap_fast.scan(tmp_path, cache=False)
    found = {"tags": result.tags, "files": result.files, "identifiers": result.identifiers}
    found |= {"references": repomap_fast.refs(tmp_path, "g"), "definitions": repomap_fast.unused(tmp_path)}
    for name, table in found.items():
        rows = table.to_arrow().to_pylist()
        assert rows
        for row in rows:
            as_json = {key: base64.b64encode(v).decode() if isinstance(v, bytes) else v for key, v in row.items()}
            assert find_violations(as_json, row_schema(name, ROW_TABLES[name])) == []
