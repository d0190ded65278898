"""Columns of numpy as a stream of Arrow's C data interface, in PyCapsules.

Source of the interface: https://arrow.apache.org/docs/format/CDataInterface/PyCapsuleInterface.html
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import offsets_from, runs_of
from repomap_fast.arrow import _stream

UTF8 = b"u"
BINARY = b"z"
STRUCT = b"+s"
FORMATS: dict[type[np.generic], bytes] = {
    np.int8: b"c",
    np.int16: b"s",
    np.int32: b"i",
    np.int64: b"l",
    np.uint8: b"C",
    np.uint32: b"I",
}
"""Arrow's letter for each type of items."""
MAX_TEXT_BYTES = 2**31 - 1
"""Of all texts of a column in one batch: their offsets are int32."""
_TOO_MUCH_TEXT = "a batch has a column with more than 2 GB of texts; expected at most 2 GB"
_TEXT_FORMATS = (UTF8, b"U", b"vu")


@dataclass(frozen=True, slots=True)
class Field:
    """What is said of a column, for all of its batches.

    name         UTF-8.
    format       Arrow's letter for the items; of an encoded column for the numbers.
    is_nullable  whether a row may have no item.
    dictionary   what the numbers stand for; None for a column that is not encoded.
    children     the columns of a table, whose format is STRUCT.
    metadata     pairs of texts.
    """

    name: bytes
    format: bytes
    is_nullable: bool = False
    dictionary: Field | None = None
    children: tuple[Field, ...] = ()
    metadata: Mapping[bytes, bytes] = field(default_factory=dict)


class Column(NamedTuple):
    """The items of a column in one batch.

    n_rows      number of items.
    buffers     arrays, contiguous: bits of the rows that are not null, the lowest of a byte first, or None; of texts
                the (n_rows + 1,) int32 offsets; the items, or the bytes of the texts.
    n_nulls     rows without an item.
    dictionary  what the numbers stand for.
    children    the columns of a table.
    """

    n_rows: int
    buffers: tuple[NDArray[Any] | None, ...]
    n_nulls: int = 0
    dictionary: Column | None = None
    children: tuple[Column, ...] = ()

    def taken(self, rows: slice | NDArray[np.intp]) -> Column:
        """Return some rows, in any order; ``dictionary`` stays whole."""
        if self.children:
            children = tuple(child.taken(rows) for child in self.children)
            return self._replace(n_rows=children[0].n_rows, children=children)
        validity, *buffers = self.buffers
        is_null = None
        if validity is not None:
            is_null = np.unpackbits(validity, count=self.n_rows, bitorder="little")[rows] == 0
        if len(buffers) == 1:
            (items,) = buffers
            return numbers(items[rows], is_null)._replace(dictionary=self.dictionary)  # type: ignore[index]
        starts, lengths, data = _runs(self)
        return runs_of_text(runs_of(data, starts[rows], lengths[rows]), lengths[rows], is_null)


def numbers(items: NDArray[Any], is_null: NDArray[np.bool_] | None = None) -> Column:
    """Return a column of numbers; ``is_null`` says which rows have none."""
    return Column(len(items), (_validity(is_null), np.ascontiguousarray(items)), _count(is_null))


def texts(strings: Sequence[bytes], is_null: NDArray[np.bool_] | None = None) -> Column:
    """Return a column of texts. Raises OverflowError for more than 2 GB of them."""
    lengths = np.fromiter(map(len, strings), np.int64, len(strings))
    return runs_of_text(np.frombuffer(b"".join(strings), np.uint8), lengths, is_null)


def runs_of_text(data: NDArray[Any], lengths: NDArray[np.int64], is_null: NDArray[np.bool_] | None) -> Column:
    """Return a column of texts of these lengths, one behind the other. Raises OverflowError as ``texts``."""
    offsets = offsets_from(lengths)
    if offsets[-1] > MAX_TEXT_BYTES:
        raise OverflowError(_TOO_MUCH_TEXT)
    return Column(len(lengths), (_validity(is_null), offsets.astype(np.int32), data), _count(is_null))


def encoded(items: NDArray[Any], dictionary: Column, is_null: NDArray[np.bool_] | None = None) -> Column:
    """Return a column whose items are rows of a dictionary."""
    return numbers(items, is_null)._replace(dictionary=dictionary)


def table(columns: Sequence[Column]) -> Column:
    """Return columns of one length as a table."""
    return Column(columns[0].n_rows, (None,), children=tuple(columns))


class TableStream:
    """Batches of a table, which can be read once.

    error  what the batches raised while they were read; the reader may have made another error of it.
    """

    def __init__(self, of_table: Field, batches: Iterator[Column]) -> None:
        self._field = of_table
        self._batches = batches
        self._source: _stream.Source | None = None

    @property
    def error(self) -> BaseException | None:
        """What the batches raised."""
        return None if self._source is None else self._source.error

    def __arrow_c_schema__(self) -> object:
        return _stream.schema_capsule(self._field)

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        """Return the stream.

        Where the requested schema has a column of plain text, an encoded column of that name is decoded. Nothing else
        is changed: the reader looks at the schema that it gets.
        """
        of_table, batches = self._field, self._batches
        if requested_schema is not None:
            of_table, batches = _decoding(of_table, batches, _stream.requested_formats(requested_schema))
        self._source = _stream.Source(of_table, batches)
        return _stream.stream_capsule(self._source)


def _decoding(
    of_table: Field, batches: Iterator[Column], formats: Mapping[bytes, bytes | None]
) -> tuple[Field, Iterator[Column]]:
    fields = list(of_table.children)
    wanted = [
        place
        for place, of_column in enumerate(fields)
        if of_column.dictionary is not None
        and of_column.dictionary.format == UTF8
        and formats.get(of_column.name) in _TEXT_FORMATS
    ]
    for place in wanted:
        fields[place] = replace(fields[place], format=UTF8, dictionary=None)

    def decoded_batches() -> Iterator[Column]:
        for batch in batches:
            columns = list(batch.children)
            for place in wanted:
                columns[place] = _decoded(columns[place])
            yield batch._replace(children=tuple(columns))

    return replace(of_table, children=tuple(fields)), decoded_batches()


def _decoded(column: Column) -> Column:
    """Return the texts that the numbers of an encoded column stand for."""
    assert column.dictionary is not None
    validity, items = column.buffers
    assert items is not None
    starts, lengths, data = _runs(column.dictionary)
    is_null = None
    if validity is not None:
        is_null = np.unpackbits(validity, count=column.n_rows, bitorder="little") == 0
        # The number of a row without a text is no row of the dictionary.
        starts, lengths = np.append(starts, 0), np.append(lengths, 0)
        items = np.where(is_null, len(lengths) - 1, items)
    if lengths[items].sum() > MAX_TEXT_BYTES:
        raise OverflowError(_TOO_MUCH_TEXT)
    return runs_of_text(runs_of(data, starts[items], lengths[items]), lengths[items], is_null)


def _runs(column: Column) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[Any]]:
    """Return where each text of a column starts, how long it is, and the bytes of all."""
    _, offsets, data = column.buffers
    assert offsets is not None
    assert data is not None
    bounds = offsets.astype(np.int64)
    return bounds[:-1], bounds[1:] - bounds[:-1], data


def _validity(is_null: NDArray[np.bool_] | None) -> NDArray[np.uint8] | None:
    return None if is_null is None else np.packbits(~is_null, bitorder="little")


def _count(is_null: NDArray[np.bool_] | None) -> int:
    return 0 if is_null is None else int(np.count_nonzero(is_null))
