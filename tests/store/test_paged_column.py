"""Columns that are read a page at a time: the rows that were written, or IndexDamagedError."""

from __future__ import annotations

import gc
import os
import pickle
import threading
import warnings
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.errors import IndexDamagedError
from repomap_fast.store import paged_column
from repomap_fast.store.columns import ColumnFolder, KeptColumns, MemoryColumns
from repomap_fast.store.paged_column import PAGE_BYTES, ColumnFile, PagedColumn
from repomap_fast.store.private_folder import PrivateFolder


def test_pages_are_the_rows_that_were_written(tmp_path: Path) -> None:
    n = 3 * PAGE_BYTES // 4 + 5
    memory, out = MemoryColumns(), ColumnFolder(tmp_path / "columns")
    columns = {"b_numbers": np.arange(n, dtype=np.uint32), "a_bytes": np.arange(7, dtype=np.uint8)}
    for taker in (memory, out):
        for name, items in columns.items():
            # Pages do not end where something was added.
            for start in range(0, n, 1000):
                taker.append(name, items[start : start + 1000])
            assert taker.read(name, items.dtype, 2, 5).tolist() == [2, 3, 4]
    written = KeptColumns(tmp_path / "columns", out.finish())
    for name, items in columns.items():
        for source in (memory, written):
            paged = source.paged(name, items.dtype)
            assert len(paged) == len(items)
            for start, stop in ((0, 0), (2, 5), (len(items) - 1, len(items)), (0, len(items))):
                assert paged.rows(start, stop).tolist() == items[start:stop].tolist()
                assert paged.read(start, stop).tolist() == items[start:stop].tolist()
                some = np.arange(start, stop, 3)[::-1]
                assert paged.at(some).tolist() == items[some].tolist()
            with pytest.raises(IndexDamagedError, match="rows 1 to"):
                paged.rows(1, len(items) + 1)
    assert len(written.paged("never", np.uint8)) == 0
    assert written.problems() == []


def test_single_rows_all_over_a_column_are_read_and_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    of_page = PAGE_BYTES // 4
    items = np.random.default_rng(1).integers(0, 1 << 32, 40 * of_page + 9, np.uint32)
    out = ColumnFolder(tmp_path / "columns")
    out.append("numbers", items)
    paged = KeptColumns(tmp_path / "columns", out.finish()).paged("numbers", np.uint32)
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", 3 * PAGE_BYTES)
    few = np.array([5, 2 * of_page, 5, len(items) - 1])
    assert paged.at(few).tolist() == items[few].tolist()
    assert paged.n_read_bytes == 3 * PAGE_BYTES
    for step in (1, 700, of_page, 5 * of_page):
        for rows in (np.arange(0, len(items), step)[::-1], np.arange(3, len(items), step)):
            assert paged.at(rows).tolist() == items[rows].tolist()
            assert paged.at(rows[:0]).tolist() == []
    assert paged.n_read_bytes == 3 * PAGE_BYTES
    with pytest.raises(IndexDamagedError, match="rows"):
        paged.at(np.array([0, len(items)]))


def test_few_rows_do_not_hold_the_pages_that_they_were_read_from(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The tags of a small file held a page of each column, 114 kB, for as long as they were kept."""
    out = ColumnFolder(tmp_path / "columns")
    out.append("numbers", np.arange(8 * PAGE_BYTES, dtype=np.uint32))
    paged = KeptColumns(tmp_path / "columns", out.finish()).paged("numbers", np.uint32)
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", -1)
    kept = paged.some(5, 8)
    assert (kept.tolist(), kept.base) == ([5, 6, 7], None)


def test_only_the_pages_that_are_asked_for_are_checked(tmp_path: Path) -> None:
    out = ColumnFolder(tmp_path / "columns")
    out.append("numbers", np.zeros(PAGE_BYTES, np.uint32))
    written = KeptColumns(tmp_path / "columns", out.finish())
    path = written.folder / "numbers"
    damaged = bytearray(path.read_bytes())
    damaged[2 * PAGE_BYTES] ^= 1
    path.write_bytes(damaged)
    paged = written.paged("numbers", np.uint32)
    of_page = PAGE_BYTES // 4
    assert not paged.rows(0, 2 * of_page).any()
    assert not paged.rows(3 * of_page, 4 * of_page).any()
    for start, stop in ((2 * of_page - 1, 2 * of_page + 1), (0, 3 * of_page), (2 * of_page, 3 * of_page)):
        with pytest.raises(IndexDamagedError, match="page 2"):
            paged.read(start, stop)
        with pytest.raises(IndexDamagedError, match="page 2"):
            paged.at(np.array([start, stop - 1, 2 * of_page]))
    assert not paged.read(3 * of_page, 4 * of_page).any()
    assert not paged.at(np.array([0, 3 * of_page])).any()
    with pytest.raises(IndexDamagedError, match="rows"):
        paged.at(np.array([-1]))
    with pytest.raises(IndexDamagedError, match="rows"):
        paged.read(0, len(paged) + 1)
    with pytest.raises(IndexDamagedError, match="page 2; expected"):
        paged.rows(2 * of_page - 1, 2 * of_page + 1)


def written_numbers(folder: Path, n: int) -> PagedColumn:
    out = ColumnFolder(folder)
    out.append("numbers", np.arange(n, dtype=np.uint32))
    return KeptColumns(folder, out.finish()).paged("numbers", np.uint32)


@pytest.mark.parametrize("question", ["rows", "some", "at", "rows_between", "read_ahead"])
def test_of_rows_that_are_asked_for_in_turn_few_pages_are_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, question: str
) -> None:
    """A server that was asked about ever other files of a large repository held all tags of it in the end."""
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", 3 * PAGE_BYTES)
    n = 40 * PAGE_BYTES // 4 + 7
    paged = written_numbers(tmp_path / "columns", n)
    step = PAGE_BYTES // 4 - 9

    def asked(start: int, stop: int) -> list[int]:
        if question == "at":
            return paged.at(np.arange(start, stop)).tolist()
        if question in ("rows", "some"):
            return getattr(paged, question)(start, stop).tolist()
        between = np.array([start]), np.array([stop])
        if question == "read_ahead":
            paged.read_ahead(*between)
            return paged.rows(start, stop).tolist()
        return paged.rows_between(*between)[start:stop].tolist()

    for start in (*range(0, n, step), 5, n - 5):
        for width in (step, 3 * step, 9 * step):
            stop = min(start + width, n)
            assert asked(start, stop) == list(range(start, stop))
            assert paged.n_read_bytes <= 3 * PAGE_BYTES
    with pytest.raises(IndexDamagedError, match="rows 1 to"):
        asked(1, n + 1)


def test_what_is_read_whole_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", 3 * PAGE_BYTES)
    n = 40 * PAGE_BYTES // 4 + 7
    paged = written_numbers(tmp_path / "columns", n)
    assert paged.rows(3, 9).tolist() == list(range(3, 9))
    assert paged.whole().tolist() == list(range(n))
    (tmp_path / "columns" / "numbers").write_bytes(b"")
    assert paged.rows(5, n - 5).tolist() == list(range(5, n - 5))
    assert paged.at(np.array([n - 1, 0])).tolist() == [n - 1, 0]
    assert np.shares_memory(paged.whole(), paged.rows(0, n))


def test_pages_that_the_next_question_asks_for_again_are_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", 3 * PAGE_BYTES)
    of_page = PAGE_BYTES // 4
    paged = written_numbers(tmp_path / "columns", 40 * of_page)
    read, read_pages = [], PagedColumn._read_pages
    monkeypatch.setattr(PagedColumn, "_read_pages", lambda *given: read.append(given[1:3]) or read_pages(*given))
    first = paged.rows(0, 3 * of_page)
    assert paged.rows(2 * of_page, 5 * of_page).tolist() == list(range(2 * of_page, 5 * of_page))
    assert read == [(0, 3), (3, 5)]
    assert paged.n_read_bytes == 3 * PAGE_BYTES
    assert first.tolist() == list(range(3 * of_page)), "who looks at rows that are let go of still has them"


def test_no_more_is_read_ahead_than_may_be_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", 3 * PAGE_BYTES)
    of_page = PAGE_BYTES // 4
    paged = written_numbers(tmp_path / "columns", 40 * of_page)
    paged.read_ahead(np.array([0]), np.array([6 * of_page]))
    assert paged.n_read_bytes == 0
    paged.read_ahead(np.array([20 * of_page]), np.array([21 * of_page]))
    assert paged.n_read_bytes == PAGE_BYTES


def test_rows_between_bounds_are_read_and_no_others(tmp_path: Path) -> None:
    of_page = PAGE_BYTES // 4
    paged = written_numbers(tmp_path / "columns", 5 * of_page)
    starts, stops = np.array([10, 3 * of_page - 1, 7]), np.array([12, 3 * of_page + 1, 7])
    column = paged.rows_between(starts, stops)
    assert [column[start:stop].tolist() for start, stop in zip(starts, stops, strict=True)] == [
        [10, 11],
        [3 * of_page - 1, 3 * of_page],
        [],
    ]
    assert list(paged._kept.is_read) == [1, 0, 1, 1, 0]
    for wrong in ([5], [0]), ([0], [5 * of_page + 1]), ([-1], [1]):
        with pytest.raises(IndexDamagedError, match="rows"):
            paged.rows_between(*map(np.array, wrong))


@pytest.mark.parametrize("n_times", [1, 5])
@pytest.mark.parametrize("stop_of_last", [2 * PAGE_BYTES + 4, 3 * PAGE_BYTES - 1, 5 * PAGE_BYTES])
def test_of_many_parts_only_the_pages_that_they_touch_are_read(tmp_path: Path, stop_of_last: int, n_times: int) -> None:
    items = np.arange(7 * PAGE_BYTES, dtype=np.uint8)
    out = ColumnFolder(tmp_path / "columns")
    out.append("bytes", items)
    paged = KeptColumns(tmp_path / "columns", out.finish()).paged("bytes", np.uint8)
    # One without rows, where a page begins; one in a page; one over the border of two.
    starts = np.tile([6 * PAGE_BYTES, 5, PAGE_BYTES - 2, 2 * PAGE_BYTES + 1], n_times)
    stops = np.tile([6 * PAGE_BYTES, 9, PAGE_BYTES + 3, stop_of_last], n_times)
    column = paged.rows_between(starts, stops)
    for start, stop in zip(starts.tolist(), stops.tolist(), strict=True):
        assert column[start:stop].tolist() == items[start:stop].tolist()
    assert paged.n_read_bytes == max(3 * PAGE_BYTES, stop_of_last // PAGE_BYTES * PAGE_BYTES)


def test_parts_that_lie_together_are_read_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    n, page = 200 * PAGE_BYTES // 4, PAGE_BYTES // 4
    paged, numbers = written_numbers(tmp_path / "columns", n), list(range(n))
    parts = [(0, 0), (3, 3), (5, 9), (9, page + 1), (page + 1, page + 1), (2 * page, 2 * page + 7), (4 * page, n)]
    parts += [(n, n)] * 2
    starts, stops = ([part[i] for part in parts] for i in (0, 1))
    read, read_pages = [], PagedColumn._read_pages
    monkeypatch.setattr(PagedColumn, "_read_pages", lambda *given: read.append(given[1:3]) or read_pages(*given))
    found = paged.read_parts(starts, stops)
    assert [part.tolist() for part in found] == [numbers[start:stop] for start, stop in parts]
    assert read == [(0, 3), (4, 200)]
    assert paged.n_read_bytes == 0
    assert paged.read_parts([], []) == []
    read.clear()
    far = 150 * page
    assert [len(part) for part in paged.read_parts([2, far, far, far + 1], [4, far, far, far + 2])] == [2, 0, 0, 1]
    assert [len(part) for part in paged.read_parts([2, far, n], [2, far, n])] == [0] * 3
    assert read == [(0, 1), (150, 151)]
    each = [page * i for i in range(200)]
    read.clear()
    assert len(paged.read_parts(each, [start + 1 for start in each])) == 200
    assert [end - first for first, end in read] == [64, 64, 64, 8]
    in_memory = PagedColumn(np.arange(9))
    assert [part.tolist() for part in in_memory.read_parts([1, 4], [3, 9])] == [[1, 2], [4, 5, 6, 7, 8]]
    with pytest.raises(IndexDamagedError, match="rows 5 to"):
        paged.read_parts([0, 5], [2, n + 1])


@pytest.mark.parametrize("is_small", [True, False])
def test_pages_of_a_small_column_are_read_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_small: bool) -> None:
    n, page = 4 * PAGE_BYTES // 4, PAGE_BYTES // 4
    monkeypatch.setattr(paged_column, "_SMALL_BYTES", n * 4 - (not is_small))
    paged = written_numbers(tmp_path / "columns", n)
    read, read_pages = [], PagedColumn._read_pages
    monkeypatch.setattr(PagedColumn, "_read_pages", lambda *given: read.append(given[1:3]) or read_pages(*given))
    for _ in range(3):
        assert paged.read_again(5, 2 * page).tolist() == list(range(5, 2 * page))
        assert [part.tolist() for part in paged.read_parts([page, 3 * page], [page + 2, n])] == [
            [page, page + 1],
            list(range(3 * page, n)),
        ]
    assert read == ([(0, 2), (3, 4)] if is_small else [(0, 2), (1, 2), (3, 4)] * 3)
    assert paged.n_read_bytes == (3 * PAGE_BYTES if is_small else 0)


def test_a_copy_needs_no_file(tmp_path: Path) -> None:
    paged = written_numbers(tmp_path / "columns", 5000)
    copied = pickle.loads(pickle.dumps(paged))
    (tmp_path / "columns" / "numbers").write_bytes(b"")
    assert copied.rows(0, 5000).tolist() == list(range(5000))


@pytest.mark.parametrize("most_pages", [5, 20])
def test_threads_share_a_column(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most_pages: int) -> None:
    monkeypatch.setattr(paged_column, "_MOST_KEPT_BYTES", most_pages * PAGE_BYTES)
    n = 20 * PAGE_BYTES // 4
    paged = written_numbers(tmp_path / "columns", n)
    wrong: list[int] = []

    def read(first: int) -> None:
        for start in range(first, n - 100, 997):
            if paged.rows(start, start + 100).tolist() != list(range(start, start + 100)):
                wrong.append(start)

    threads = [threading.Thread(target=read, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong
    assert paged.n_read_bytes <= most_pages * PAGE_BYTES


def test_a_column_afresh_has_read_nothing(tmp_path: Path) -> None:
    n = 3 * PAGE_BYTES // 4
    column = written_numbers(tmp_path / "columns", n)
    column.rows(0, 1)
    assert column.n_read_bytes == PAGE_BYTES
    again = column.afresh()
    assert again.n_read_bytes == 0
    assert again.rows(0, n).tolist() == list(range(n))
    assert column.n_read_bytes == PAGE_BYTES
    in_memory = PagedColumn(np.arange(n))
    assert in_memory.n_read_bytes == 0
    assert in_memory.afresh() is in_memory


def test_a_column_in_a_circle_is_closed_without_a_warning(tmp_path: Path) -> None:
    """The collector ends what is in a circle in any order: a file that ended before its column gave a warning."""
    out = ColumnFolder(tmp_path / "columns")
    out.append("numbers", np.arange(5, dtype=np.uint32))
    written = KeptColumns(tmp_path / "columns", out.finish())
    file = ColumnFile(PrivateFolder.open(tmp_path / "columns"), "numbers", 5 * 4)
    descriptor = file._descriptor
    with warnings.catch_warnings(record=True) as found:
        warnings.simplefilter("always", ResourceWarning)
        # What the collector does with the file of a circle before it comes to the column.
        file._file.__del__()  # type: ignore[attr-defined]
        del file
        gc.collect()
    assert found == []
    with pytest.raises(OSError, match="descriptor"):
        os.fstat(descriptor)
    assert written.problems() == []
