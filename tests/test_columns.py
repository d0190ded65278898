"""Columns in memory and in folders: what was written comes back, or is known to be damaged."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from repomap_fast.columns import ColumnFolder, MappedColumns, MemoryColumns
from repomap_fast.errors import IndexDamagedError


def fill(out: ColumnFolder | MemoryColumns) -> None:
    for start in range(0, 10, 5):
        out.append("numbers", np.arange(start, start + 5, dtype=np.uint32))
    out.append("none", np.empty(0, np.uint8))
    write = out.writer("text")
    write(memoryview(b"some "))
    write(memoryview(b"bytes"))


@pytest.fixture
def written(tmp_path: Path) -> MappedColumns:
    out = ColumnFolder(tmp_path / "columns")
    fill(out)
    return MappedColumns(tmp_path / "columns", out.finish())


def test_both_kinds_give_the_same(written: MappedColumns) -> None:
    memory = MemoryColumns()
    fill(memory)
    for columns in (memory, written):
        assert columns.array("numbers", np.uint32).tolist() == list(range(10))
        assert columns.array("text", np.uint8).tobytes() == b"some bytes"
        for name in ("none", "never"):
            assert columns.array(name, np.uint16).tolist() == []
        with pytest.raises(ValueError, match="read-only"):
            columns.array("numbers", np.uint32)[0] = 1


def test_what_was_changed_is_not_believed(written: MappedColumns) -> None:
    path = written.folder / "numbers"
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="checksum"):
        written.array("numbers", np.uint32)
    assert len(written.damages()) == 1
    assert written.array("text", np.uint8).tobytes() == b"some bytes"


def test_what_was_cut_or_is_gone_is_not_opened(written: MappedColumns) -> None:
    manifest = {"numbers": (40, 0), "text": (10, 0)}
    (written.folder / "numbers").write_bytes(b"short")
    with pytest.raises(IndexDamagedError, match="expected 40"):
        MappedColumns(written.folder, manifest)
    (written.folder / "numbers").unlink()
    with pytest.raises(IndexDamagedError, match="expected a column"):
        MappedColumns(written.folder, manifest)


def test_a_folder_is_filled_once_and_can_be_given_up(tmp_path: Path) -> None:
    out = ColumnFolder(tmp_path / "columns")
    fill(out)
    with pytest.raises(FileExistsError):
        ColumnFolder(tmp_path / "columns")
    out.abandon()
    assert not (tmp_path / "columns").exists()
