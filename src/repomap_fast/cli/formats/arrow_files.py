"""The tags as a file of Apache Parquet or of Arrow IPC, for data frames and databases: needs pyarrow.

The columns are ``tables.TAG_ROWS``. In Parquet a row group has at most ``tag_rows.MAX_BATCH_TAGS`` rows, as a batch of
Arrow has. The metadata of the file says the versions, the folder and the commit.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, BinaryIO

from repomap_fast import __version__
from repomap_fast.arrow.fields import table_field
from repomap_fast.arrow.stream import TableStream
from repomap_fast.errors import IndexDamagedError
from repomap_fast.tables import TAG_ROWS
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.arrow.stream import Column
    from repomap_fast.joining.result import ScanResult

_ZSTD_LEVEL = 3


def write_parquet(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag of ``result`` as Parquet."""
    _write(result, out, _write_row_groups)


def write_arrow(result: ScanResult, out: BinaryIO) -> None:
    """Write every tag of ``result`` as a file of Arrow IPC.

    Texts are plain: such a file may have one dictionary for a column, and that would have to be known before the rows.
    """
    _write(result, out, _write_ipc)


def _write(result: ScanResult, out: BinaryIO, write: Callable[[TableStream, BinaryIO], None]) -> None:
    said = _metadata(result)
    try:
        _write_stream(result.tag_batches(), said, out, write)
    except IndexDamagedError:
        # Columns are checked as they are read. The table of tags is made anew of what is sound.
        if not out.seekable():
            raise
        out.seek(0)
        out.truncate()
        _write_stream(result.tags.arrow_batches(), said, out, write)


def _write_stream(
    batches: Iterator[Column], said: dict[str, str], out: BinaryIO, write: Callable[[TableStream, BinaryIO], None]
) -> None:
    stream = TableStream(table_field(TAG_ROWS, said), batches)
    try:
        write(stream, out)
    except Exception as error:
        if stream.error is not None:
            # What pyarrow raises has the text of it alone.
            raise stream.error from error
        raise


def _write_row_groups(stream: TableStream, out: BinaryIO) -> None:
    import pyarrow
    from pyarrow import parquet

    reader = pyarrow.RecordBatchReader.from_stream(stream)
    encoded = [field.name for field in reader.schema if _is_encoded(field)]
    options: dict[str, Any] = {
        "compression": "zstd",
        "compression_level": _ZSTD_LEVEL,
        # Of lines and ids, which are near to those before them, the differences are written: a fifth less in all.
        "use_dictionary": [*encoded, "column"],
        "column_encoding": {
            "line": "DELTA_BINARY_PACKED",
            "end_line": "DELTA_BINARY_PACKED",
            "id": "DELTA_BYTE_ARRAY",
        },
    }
    with parquet.ParquetWriter(out, reader.schema, **options) as writer:
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


def _metadata(result: ScanResult) -> dict[str, str]:
    """Return what a file says of the scan: versions, folder, commit."""
    from repomap_fast.discovery.commit_contents import CommitContents
    from repomap_fast.discovery.commits import commit_around
    from repomap_fast.tagging.build import build_info

    contents = result.contents
    commit = contents.commit if isinstance(contents, CommitContents) else commit_around(os.fsencode(result.root))
    return {
        "repomap_fast.version": __version__,
        "repomap_fast.grammars": ", ".join(build_info().grammars),
        "repomap_fast.root": utf8_text(os.fspath(result.root)),
        **({} if commit is None else {"repomap_fast.commit": commit}),
    }
