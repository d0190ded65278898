"""Dealing: every file once, largest first, and within what the governors allow."""

from __future__ import annotations

import threading

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.resources.governors import MemoryGovernor
from repomap_fast.tables import I64, U32
from repomap_fast.tagging.batches import BATCH_BYTES, BATCH_FILES, MEMORY_OF_SOURCE, Batch, BatchQueue

MEGABYTE = 10**6


def ids(n: int) -> U32:
    return np.arange(n, dtype=np.uint32)


def sizes(*values: int) -> I64:
    return np.array(values, np.int64)


def governor(limit_mb: int, resident_mb: int = 50) -> MemoryGovernor:
    return MemoryGovernor(limit_mb * MEGABYTE, read_resident=lambda: resident_mb * MEGABYTE)


def drain(todo: BatchQueue) -> list[Batch]:
    batches = []
    while (batch := todo.next()) is not None:
        batches.append(batch)
        todo.end(batch)
    return batches


@given(st.lists(st.integers(0, 3 * BATCH_BYTES), max_size=300), st.sampled_from([None, 100, 250, 1000]))
def test_every_file_is_dealt_once_largest_first(values: list[int], limit_mb: int | None) -> None:
    memory = None if limit_mb is None else governor(limit_mb)
    todo = BatchQueue(ids(len(values)), sizes(*values), n_workers=2, max_file_memory_bytes=2**31, memory=memory)
    batches = drain(todo)
    dealt = [file_id for batch in batches for file_id in batch.file_ids.tolist()]
    assert sorted(dealt) == list(range(len(values)))
    assert [values[file_id] for file_id in dealt] == sorted(values, reverse=True)
    for batch in batches:
        assert 1 <= len(batch.file_ids) <= BATCH_FILES
        *before, _ = [values[file_id] for file_id in batch.file_ids.tolist()]
        assert sum(before) <= BATCH_BYTES


def test_without_a_limit_no_one_waits() -> None:
    todo = BatchQueue(ids(3), sizes(10**9, 10**9, 1), n_workers=2, max_file_memory_bytes=7)
    first, second, third = todo.next(), todo.next(), todo.next()
    assert first is not None
    assert second is not None
    assert third is not None
    assert [batch.max_file_memory_bytes for batch in (first, second, third)] == [7, 7, 7]
    assert todo.next() is None


def test_a_file_that_may_need_more_than_a_share_is_done_alone() -> None:
    large = 150 * MEGABYTE // MEMORY_OF_SOURCE
    todo = BatchQueue(ids(2), sizes(large, 1000), n_workers=2, max_file_memory_bytes=2**31, memory=governor(250))
    alone = todo.next()
    assert alone is not None
    assert (alone.is_alone, alone.file_ids.tolist()) == (True, [0])
    assert alone.max_file_memory_bytes == 250 * MEGABYTE * 95 // 100 - 50 * MEGABYTE
    taken: list[Batch | None] = []
    other = threading.Thread(target=lambda: taken.append(todo.next()))
    other.start()
    other.join(0.3)
    assert other.is_alive()
    todo.end(alone)
    other.join(5)
    (shared,) = taken
    assert shared is not None
    assert (shared.is_alone, shared.file_ids.tolist()) == (False, [1])
    assert shared.max_file_memory_bytes == alone.max_file_memory_bytes // 2


def test_a_file_that_was_put_back_is_done_alone_at_the_end() -> None:
    todo = BatchQueue(ids(3), sizes(30, 20, 10), n_workers=2, max_file_memory_bytes=2**31, memory=governor(500))
    batch = todo.next()
    assert batch is not None
    todo.retry_alone(ids(1))
    todo.end(batch)
    again = todo.next()
    assert again is not None
    assert (again.is_alone, again.file_ids.tolist()) == (True, [0])
    assert again.max_file_memory_bytes > batch.max_file_memory_bytes
    todo.end(again)
    assert todo.next() is None


def test_a_file_that_was_short_although_alone_has_one_more_try() -> None:
    large = 150 * MEGABYTE // MEMORY_OF_SOURCE
    todo = BatchQueue(ids(2), sizes(large, 1000), n_workers=2, max_file_memory_bytes=2**31, memory=governor(250))
    tries = []
    while (batch := todo.next()) is not None:
        tries.append((batch.file_ids.tolist(), batch.is_alone, batch.is_last_try))
        if tries[-1][0] == [0] and not batch.is_last_try:
            todo.retry_alone(batch.file_ids)
        todo.end(batch)
    assert tries == [([0], True, False), ([1], False, False), ([0], True, True)]


def test_who_waits_leaves_when_the_work_is_left() -> None:
    todo = BatchQueue(ids(2), sizes(10**8, 10**8), n_workers=2, max_file_memory_bytes=2**31, memory=governor(250))
    assert todo.next() is not None
    taken: list[Batch | None] = []
    other = threading.Thread(target=lambda: taken.append(todo.next()))
    other.start()
    todo.close()
    other.join(5)
    assert taken == [None]


@pytest.mark.parametrize("resident_mb", [10, 95, 200])
def test_there_is_always_one_at_work(resident_mb: int) -> None:
    memory = governor(100, resident_mb)
    todo = BatchQueue(ids(50), sizes(*[10**6] * 50), n_workers=4, max_file_memory_bytes=2**31, memory=memory)
    assert sum(len(batch.file_ids) for batch in drain(todo)) == 50
