"""Columns in memory and in folders: what was written comes back, or is known to be damaged."""

from __future__ import annotations

import os
import weakref
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.errors import IndexDamagedError
from repomap_fast.store import columns as columns_module
from repomap_fast.store.columns import ColumnFolder, KeptColumns, MemoryColumns


def fill(out: ColumnFolder | MemoryColumns) -> None:
    for start in range(0, 10, 5):
        out.append("numbers", np.arange(start, start + 5, dtype=np.uint32))
    out.append("none", np.empty(0, np.uint8))
    write = out.writer("text")
    write(memoryview(b"some "))
    write(memoryview(b"bytes"))


@pytest.fixture
def written(tmp_path: Path) -> KeptColumns:
    out = ColumnFolder(tmp_path / "columns")
    fill(out)
    return KeptColumns(tmp_path / "columns", out.finish())


def test_both_kinds_give_the_same(written: KeptColumns) -> None:
    memory = MemoryColumns()
    fill(memory)
    for columns in (memory, written):
        assert columns.array("numbers", np.uint32).tolist() == list(range(10))
        assert columns.array("text", np.uint8).tobytes() == b"some bytes"
        for name in ("none", "never"):
            assert columns.array(name, np.uint16).tolist() == []
        with pytest.raises(ValueError, match="read-only"):
            columns.array("numbers", np.uint32)[0] = 1


def test_a_large_array_is_kept_only_while_it_is_used(written: KeptColumns, monkeypatch: pytest.MonkeyPatch) -> None:
    small = written.array("text", np.uint8)
    assert written.array("text", np.uint8) is small
    monkeypatch.setattr(columns_module, "_KEPT_BYTES", 16)
    large = written.array("numbers", np.uint32)
    assert written.array("numbers", np.uint32) is large
    is_alive = weakref.ref(large)
    del large
    assert is_alive() is None
    assert written.array("numbers", np.uint32).tolist() == list(range(10))


def test_what_was_changed_is_not_believed(written: KeptColumns) -> None:
    path = written.folder / "numbers"
    data = bytearray(path.read_bytes())
    data[7] ^= 1
    path.write_bytes(data)
    with pytest.raises(IndexDamagedError, match="checksum"):
        written.array("numbers", np.uint32)
    assert len(written.problems()) == 1
    assert written.array("text", np.uint8).tobytes() == b"some bytes"


def test_what_was_cut_or_is_gone_is_not_opened(written: KeptColumns) -> None:
    manifest = {"numbers": (40, 0), "text": (10, 0)}
    (written.folder / "numbers").write_bytes(b"short")
    with pytest.raises(IndexDamagedError, match="expected 40"):
        KeptColumns(written.folder, manifest)
    (written.folder / "numbers").unlink()
    with pytest.raises(IndexDamagedError, match="expected a column"):
        KeptColumns(written.folder, manifest)


def test_a_folder_is_filled_once_and_can_be_given_up(tmp_path: Path) -> None:
    out = ColumnFolder(tmp_path / "columns")
    fill(out)
    with pytest.raises(FileExistsError):
        ColumnFolder(tmp_path / "columns")
    out.abandon()
    assert not (tmp_path / "columns").exists()


def test_what_is_written_can_be_read_by_a_descriptor(tmp_path: Path) -> None:
    folder = ColumnFolder(tmp_path / "columns")
    assert folder.descriptor("rows") == -1
    for first in (0, 3):
        folder.append("rows", np.arange(first, first + 3, dtype=np.uint32))
        descriptor = folder.descriptor("rows")
        assert descriptor is not None
        os.lseek(descriptor, 0, os.SEEK_SET)
        assert np.frombuffer(os.read(descriptor, 100), np.uint32).tolist() == list(range(first + 3))
    folder.finish()
    with pytest.raises(OSError, match="descriptor"):
        os.read(descriptor, 1)
    assert MemoryColumns().descriptor("rows") is None
