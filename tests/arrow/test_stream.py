"""Columns of numpy as Arrow's C stream, read by another implementation of the interface."""

from __future__ import annotations

import gc
import time
import weakref
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import numpy as np
import pytest

from repomap_fast.arrow import _stream
from repomap_fast.arrow.stream import (
    BINARY,
    STRUCT,
    UTF8,
    Column,
    Field,
    TableStream,
    encoded,
    numbers,
    table,
    texts,
)

nanoarrow = pytest.importorskip("nanoarrow")

FIELDS = (
    Field(b"number", b"I"),
    Field(b"text", UTF8, is_nullable=True, metadata={b"meaning": "naïve".encode()}),
    Field(b"word", b"i", is_nullable=True, dictionary=Field(b"", UTF8)),
    Field(b"raw", BINARY, is_nullable=True),
)
TABLE = Field(b"", STRUCT, children=FIELDS, metadata={b"a": b"1", b"b": b""})
WORDS = texts([b"one", "zwölf".encode(), b""])


def batch() -> Column:
    is_null = np.array([False, True, False, False])
    return table(
        [
            numbers(np.array([7, 0, 2**32 - 1, 1], np.uint32)),
            texts([b"a", b"", "é".encode(), b""], is_null),
            encoded(np.array([1, -1, 0, 2], np.int32), WORDS, is_null),
            texts([b"\xff\x00", b"", b"", b"x"], is_null),
        ]
    )


ROWS = [
    {"number": 7, "text": "a", "word": "zwölf", "raw": b"\xff\x00"},
    {"number": 0, "text": None, "word": None, "raw": None},
    {"number": 2**32 - 1, "text": "é", "word": "one", "raw": b""},
    {"number": 1, "text": "", "word": "", "raw": b"x"},
]


def rows_of(stream: Any) -> list[dict[str, Any]]:
    return [row for array in nanoarrow.ArrayStream(stream) for row in array.iter_py()]


def test_a_stream_gives_the_rows_of_all_batches() -> None:
    assert rows_of(TableStream(TABLE, iter([batch(), batch()]))) == ROWS * 2
    assert rows_of(TableStream(TABLE, iter([]))) == []


def test_the_schema_says_names_types_and_metadata() -> None:
    schema = nanoarrow.Schema(TableStream(TABLE, iter([])))
    assert [field.name for field in schema.fields] == ["number", "text", "word", "raw"]
    assert [field.nullable for field in schema.fields] == [False, True, True, True]
    assert dict(schema.metadata) == {b"a": b"1", b"b": b""}
    assert dict(schema.field(1).metadata) == {b"meaning": "naïve".encode()}


@pytest.mark.parametrize(
    "rows",
    [slice(None, None, -1), slice(1, 3), slice(None, None, 2), slice(0, 0)],
    ids=["back", "some", "step", "none"],
)
def test_taken_rows_are_those(rows: slice) -> None:
    assert rows_of(TableStream(TABLE, iter([batch().taken(rows)]))) == ROWS[rows]


class Wanted:
    """A schema that a reader asks for."""

    def __init__(self, field: Field) -> None:
        self.field = field

    def __arrow_c_schema__(self) -> object:
        return _stream.schema_capsule(self.field)


def test_a_requested_column_of_plain_text_is_decoded() -> None:
    wanted = Field(b"", STRUCT, children=(Field(b"word", b"U"), Field(b"number", b"l"), Field(b"unknown", UTF8)))
    stream = TableStream(TABLE, iter([batch()]))
    found = nanoarrow.ArrayStream(stream, Wanted(wanted))
    (array,) = found
    assert list(array.iter_py()) == ROWS
    assert str(array.schema.field(2).type) == str(nanoarrow.string().type)
    assert str(array.schema.field(0).type) == str(nanoarrow.uint32().type)


def test_what_is_no_schema_is_refused() -> None:
    with pytest.raises(ValueError, match="a capsule named arrow_schema"):
        _stream.requested_formats(object())


def test_no_column_is_copied_and_all_are_kept_while_they_are_read() -> None:
    column = np.arange(1000, dtype=np.uint32)
    address, gone = column.__array_interface__["data"][0], weakref.ref(column)
    stream = TableStream(Field(b"", STRUCT, children=FIELDS[:1]), iter([table([numbers(column)])]))
    del column
    (array,) = nanoarrow.c_array_stream(stream)
    del stream
    gc.collect()
    child = array.child(0)
    assert child.buffers[1] == address
    assert gone() is not None
    del array, child
    gc.collect()
    assert gone() is None


def test_a_child_outlives_its_parent() -> None:
    (array,) = nanoarrow.ArrayStream(TableStream(TABLE, iter([batch()])))
    child = array.child(2)
    del array
    gc.collect()
    assert list(child.iter_py()) == ["zwölf", None, "one", ""]


@pytest.mark.parametrize("error", [ValueError("no\0 rows"), MemoryError(), OSError(5, "gone")])
def test_an_error_of_the_batches_reaches_the_reader(error: Exception) -> None:
    def failing() -> Iterator[Column]:
        yield batch()
        raise error

    stream = TableStream(TABLE, failing())
    with pytest.raises(Exception, match=type(error).__name__):
        rows_of(stream)
    assert stream.error is error


def interrupted() -> None:
    def batches() -> Iterator[Column]:
        raise KeyboardInterrupt
        yield batch()

    with suppress(nanoarrow._utils.NanoarrowException):
        rows_of(TableStream(TABLE, batches()))
    # Python raises it between two of its own steps.
    time.sleep(0.1)


def test_ctrl_c_within_a_batch_is_raised_as_such() -> None:
    with pytest.raises(KeyboardInterrupt):
        interrupted()


def test_capsules_that_nobody_reads_are_released() -> None:
    column = np.arange(10, dtype=np.uint32)
    gone = weakref.ref(column)
    stream = TableStream(Field(b"", STRUCT, children=FIELDS[:1]), iter([table([numbers(column)])]))
    capsules = stream.__arrow_c_stream__(), stream.__arrow_c_schema__()
    del column, stream, capsules
    gc.collect()
    assert gone() is None


def test_texts_of_more_than_two_gigabytes_are_refused() -> None:
    long = encoded(np.zeros(2049, np.int32), texts([b"x" * (1 << 20)]))
    encoded_field, plain = Field(b"t", b"i", dictionary=Field(b"", UTF8)), Field(b"t", UTF8)
    stream = TableStream(Field(b"", STRUCT, children=(encoded_field,)), iter([table([long])]))
    with pytest.raises(Exception, match="at most 2 GB"):
        rows_of(nanoarrow.ArrayStream(stream, Wanted(Field(b"", STRUCT, children=(plain,)))))
