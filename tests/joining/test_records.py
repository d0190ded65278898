"""Records of files, as their blocks have them."""

from __future__ import annotations

import numpy as np
import pytest

from reference.blocks import Block, write_block
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.records import RecordColumns, RecordWriter
from repomap_fast.store.columns import MemoryColumns


def test_records_of_both_kinds_are_copied() -> None:
    block = write_block(bytes(32), Block(1, [], [], imports=[(0, 0, b"m", b"", b"")], uses=[(b"f", 0, 3, 2)]))
    out = MemoryColumns()
    for kind, records in (("import", b"\0\0\1m\0\0"), ("use", b"\1\1f\2\0\3")):
        RecordWriter(out, kind).add([b"", block, b""])  # type: ignore[arg-type]
        columns = RecordColumns.of(out, kind)  # type: ignore[arg-type]
        assert columns.offsets.tolist() == [0, 0, len(records), len(records)]
        assert columns.records.rows(0, len(records)).tobytes() == records


@pytest.mark.parametrize("offsets", [[], [1, 2], [0, 2, 1], [0, 3]])
def test_offsets_that_make_no_sense_are_found(offsets: list[int]) -> None:
    out = MemoryColumns()
    out.append("use_offsets", np.array(offsets, np.uint64))
    out.append("use_records", np.zeros(2, np.uint8))
    with pytest.raises(IndexDamagedError):
        RecordColumns.of(out, "use")


def test_files_without_records() -> None:
    assert len(RecordColumns.empty(3)) == 3
