"""Tables as files of Parquet and Arrow IPC."""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import pytest

from repomap_fast.arrow.fields import table_field
from repomap_fast.arrow.files import write_ipc, write_row_groups
from repomap_fast.arrow.stream import Column, TableStream, encoded, numbers, table, texts
from repomap_fast.tables import RowColumn

pyarrow = pytest.importorskip("pyarrow")

COLUMNS = (RowColumn("name", np.int32, "A name.", is_text=True), RowColumn("line", np.uint32, "A line."))
ROWS = [{"name": "a", "line": 1}, {"name": "a", "line": 2}]


def stream(*, fails: bool = False) -> TableStream:
    def batches() -> Iterator[Column]:
        yield table([encoded(np.zeros(2, np.int32), texts([b"a"])), numbers(np.array([1, 2], np.uint32))])
        if fails:
            raise LookupError("no more")

    return TableStream(table_field(COLUMNS), batches())


@pytest.mark.parametrize("with_arrow_schema", [True, False])
def test_parquet_has_the_rows_with_or_without_the_schema_of_arrow(*, with_arrow_schema: bool) -> None:
    from pyarrow import parquet

    out = io.BytesIO()
    write_row_groups(stream(), out, with_arrow_schema=with_arrow_schema)
    found = parquet.read_table(out)
    assert found.to_pylist() == ROWS
    assert pyarrow.types.is_dictionary(found.schema.field("name").type) is with_arrow_schema
    assert (found.schema.metadata is not None) is with_arrow_schema


def test_statistics_are_of_columns_that_rule_row_groups_out() -> None:
    from pyarrow import parquet

    out = io.BytesIO()
    write_row_groups(stream(), out)
    group = parquet.ParquetFile(out).metadata.row_group(0)
    said = {group.column(place).path_in_schema: group.column(place).statistics for place in range(len(COLUMNS))}
    assert (said["name"].min, said["name"].max, said["line"]) == ("a", "a", None)


def test_ipc_has_the_rows() -> None:
    out = io.BytesIO()
    write_ipc(stream(), out)
    assert pyarrow.ipc.open_file(out.getvalue()).read_all().to_pylist() == ROWS


@pytest.mark.parametrize("write", [write_row_groups, write_ipc])
def test_what_the_batches_raise_is_raised(write: object) -> None:
    with pytest.raises(LookupError, match="no more"):
        write(stream(fails=True), io.BytesIO())  # type: ignore[operator]
