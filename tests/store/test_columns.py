"""Columns in memory and in folders: what was written comes back, or is known to be damaged."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.errors import IndexDamagedError
from repomap_fast.store.columns import ColumnFolder, KeptColumns, MemoryColumns
from repomap_fast.store.paged_column import PAGE_BYTES


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


def test_pieces_are_the_rows_that_were_written(tmp_path: Path) -> None:
    n = 3 * PAGE_BYTES // 4 + 5
    memory, out = MemoryColumns(), ColumnFolder(tmp_path / "columns")
    columns = {"b_numbers": np.arange(n, dtype=np.uint32), "a_bytes": np.arange(7, dtype=np.uint8)}
    for taker in (memory, out):
        for name, items in columns.items():
            # PagedColumn end where they will, not where something was added.
            for start in range(0, n, 1000):
                taker.append(name, items[start : start + 1000])
            assert taker.read(name, items.dtype, 2, 5).tolist() == [2, 3, 4]
    written = KeptColumns(tmp_path / "columns", out.finish())
    for name, items in columns.items():
        for source in (memory, written):
            pieces = source.paged(name, items.dtype)
            assert len(pieces) == len(items)
            for start, stop in ((0, 0), (2, 5), (len(items) - 1, len(items)), (0, len(items))):
                assert pieces.rows(start, stop).tolist() == items[start:stop].tolist()
                assert pieces.read(start, stop).tolist() == items[start:stop].tolist()
                some = np.arange(start, stop, 3)[::-1]
                assert pieces.at(some).tolist() == items[some].tolist()
            with pytest.raises(IndexDamagedError, match="rows 1 to"):
                pieces.rows(1, len(items) + 1)
    assert len(written.paged("never", np.uint8)) == 0
    assert written.problems() == []


def test_only_the_pieces_that_are_asked_for_are_believed(tmp_path: Path) -> None:
    out = ColumnFolder(tmp_path / "columns")
    out.append("numbers", np.zeros(PAGE_BYTES, np.uint32))
    written = KeptColumns(tmp_path / "columns", out.finish())
    path = written.folder / "numbers"
    damaged = bytearray(path.read_bytes())
    damaged[2 * PAGE_BYTES] ^= 1
    path.write_bytes(damaged)
    pieces = written.paged("numbers", np.uint32)
    of_piece = PAGE_BYTES // 4
    assert not pieces.rows(0, 2 * of_piece).any()
    assert not pieces.rows(3 * of_piece, 4 * of_piece).any()
    for start, stop in ((2 * of_piece - 1, 2 * of_piece + 1), (0, 3 * of_piece), (2 * of_piece, 3 * of_piece)):
        with pytest.raises(IndexDamagedError, match="piece 2"):
            pieces.read(start, stop)
        with pytest.raises(IndexDamagedError, match="piece 2"):
            pieces.at(np.array([start, stop - 1, 2 * of_piece]))
    assert not pieces.read(3 * of_piece, 4 * of_piece).any()
    assert not pieces.at(np.array([0, 3 * of_piece])).any()
    with pytest.raises(IndexDamagedError, match="rows"):
        pieces.at(np.array([-1]))
    with pytest.raises(IndexDamagedError, match="rows"):
        pieces.read(0, len(pieces) + 1)
    with pytest.raises(IndexDamagedError, match="piece 2; expected"):
        pieces.rows(2 * of_piece - 1, 2 * of_piece + 1)


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
