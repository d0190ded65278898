"""Tables as files of Apache Parquet and of Arrow IPC: needs pyarrow."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, BinaryIO

if TYPE_CHECKING:
    from collections.abc import Callable

    from repomap_fast.arrow.stream import TableStream

_ZSTD_LEVEL = 3
_ZSTD_LEVELS = {
    **dict.fromkeys(("name", "column", "scope", "id", "kind", "path"), 6),
    **dict.fromkeys(("line", "end_line"), 15),
    "digest": 1,
}
"""Where another level saves most for its time. Lines are few bytes, and digests have nothing that comes again."""
_ENCODINGS = {"line": "DELTA_BINARY_PACKED", "end_line": "DELTA_BINARY_PACKED", "id": "DELTA_BYTE_ARRAY"}
"""Of lines and ids, which are near to those before them, the differences are written: a fifth less in all."""
_WITHOUT_STATISTICS = ("path_bytes", "line", "column", "end_line", "scope", "digest")
"""Of these the least and the greatest item of a row group rule no row group out, and take a sixth of the time."""


def write_row_groups(stream: TableStream, out: BinaryIO, *, with_arrow_schema: bool = True) -> None:
    """Write a table as Parquet, a row group a batch. Raises what the batches raise, and OSError.

    with_arrow_schema  also write the metadata, and the schema as Arrow has it: the meaning of each column, and which
                       are encoded. It takes 6 kB.
    """
    _write(stream, lambda: _write_row_groups(stream, out, with_arrow_schema=with_arrow_schema))


def write_ipc(stream: TableStream, out: BinaryIO) -> None:
    """Write a table as a file of Arrow IPC. Raises what the batches raise, and OSError.

    Texts are plain: such a file may have one dictionary for a column, and that would have to be known before the rows.
    """
    _write(stream, lambda: _write_ipc(stream, out))


def _write(stream: TableStream, write: Callable[[], None]) -> None:
    try:
        write()
    except Exception as error:
        if stream.error is not None:
            # What pyarrow raises has the text of it alone.
            raise stream.error from error
        raise


def _write_row_groups(stream: TableStream, out: BinaryIO, *, with_arrow_schema: bool) -> None:
    import pyarrow
    from pyarrow import parquet

    reader = pyarrow.RecordBatchReader.from_stream(stream)
    names = reader.schema.names
    encoded = [field.name for field in reader.schema if _is_encoded(field)]
    with parquet.ParquetWriter(
        out,
        reader.schema,
        compression="zstd",
        compression_level={name: _ZSTD_LEVELS.get(name, _ZSTD_LEVEL) for name in names},
        use_dictionary=encoded,
        write_statistics=[name for name in names if name not in _WITHOUT_STATISTICS],
        column_encoding={name: encoding for name, encoding in _ENCODINGS.items() if name in names},
        store_schema=with_arrow_schema,
        # The pool of pyarrow keeps what is free, a tenth of all memory for the rows of a large repository.
        memory_pool=pyarrow.system_memory_pool(),
    ) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _write_ipc(stream: TableStream, out: BinaryIO) -> None:
    import pyarrow

    encoded = pyarrow.schema(stream)
    plain = pyarrow.schema(
        [field.with_type(field.type.value_type) if _is_encoded(field) else field for field in encoded],
        metadata=encoded.metadata,
    )
    reader = pyarrow.RecordBatchReader.from_stream(stream, schema=plain)
    options = pyarrow.ipc.IpcWriteOptions(compression="zstd")
    with pyarrow.ipc.new_file(out, reader.schema, options=options) as writer:
        for batch in reader:
            writer.write_batch(batch)


def _is_encoded(field: Any) -> bool:
    import pyarrow

    return bool(pyarrow.types.is_dictionary(field.type))
