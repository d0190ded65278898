"""Hands files to workers in batches, and no more at once than memory and processor time allow.

It never reads a file and never starts a thread.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.resources.governors import Pressure
from repomap_fast.tables import I64, U32

if TYPE_CHECKING:
    from repomap_fast.resources.governors import CpuGovernor, MemoryGovernor

BATCH_BYTES = 1 << 20
"""Source bytes of a batch: some 80 ms of parsing, beside which a call from Python is nothing."""
BATCH_FILES = 64
"""Files of a batch at the most, so that progress moves among small files too."""
MEMORY_OF_SOURCE = 24
"""Bytes that a parse is expected to take for each of the source: C takes 20 on average."""
_WAIT_S = 0.05
"""How often a waiting worker checks for memory again."""


class Batch(NamedTuple):
    """Files to be done one after another by one worker.

    file_ids               (n,) uint32.
    max_file_memory_bytes  what the parse of each may allocate.
    is_alone               no other worker runs meanwhile.
    is_last_try            all others are done: no more memory will be free than now.
    """

    file_ids: U32
    max_file_memory_bytes: int
    is_alone: bool
    is_last_try: bool = False


class BatchQueue:
    """The files that are still to be done. Any number of workers may call ``next``; each ends a batch before the next.

    Without governors a batch is there at once. With a limit to memory, a file whose parse may need more than a worker's
    share is done alone, with all memory; so is one that turned out to need more (``retry_alone``).
    """

    def __init__(
        self,
        file_ids: U32,
        sizes_bytes: I64,
        *,
        n_workers: int,
        max_file_memory_bytes: int,
        memory: MemoryGovernor | None = None,
        cpu: CpuGovernor | None = None,
        keeps_order: bool = False,
        most_files: int = BATCH_FILES,
    ) -> None:
        """Take the files to do.

        keeps_order  hand them out as they come; otherwise the largest first, so that none is left at the end.
        most_files   of a batch.
        """
        self._file_ids = file_ids if keeps_order else file_ids[np.argsort(-sizes_bytes[file_ids], kind="stable")]
        self._most_files = most_files
        self._ends = np.cumsum(sizes_bytes[self._file_ids])
        self._position = 0
        self._to_retry: list[int] = []
        self._n_workers = n_workers
        self._max_file_memory_bytes = max_file_memory_bytes
        self._memory = memory
        self._cpu = cpu
        self._changed = threading.Condition()
        self._n_running = 0
        self._is_one_alone = False
        self._is_closed = False

    def next(self) -> Batch | None:
        """Return the next batch, once there is room for it; None if there is none, or after ``close``."""
        with self._changed:
            while not self._is_closed:
                pause_s = self._cpu.pause_s() if self._cpu is not None else 0.0
                if pause_s > 0:
                    self._changed.wait(pause_s)
                    continue
                if self._position == len(self._file_ids) and not self._to_retry:
                    # A worker that is not done yet may retry a file.
                    if self._n_running == 0 or self._memory is None:
                        return None
                elif (batch := self._next_batch()) is not None:
                    self._n_running += 1
                    self._is_one_alone = batch.is_alone
                    return batch
                self._changed.wait(_WAIT_S)
            return None

    def end(self, batch: Batch) -> None:
        """Note that a batch is done."""
        with self._changed:
            self._n_running -= 1
            self._is_one_alone &= not batch.is_alone
            self._changed.notify_all()

    def retry_alone(self, file_ids: U32) -> None:
        """Retry files that ran out of memory, each alone, after all others.

        A file that already ran alone gets one more try at the end, when more memory may be free.
        """
        with self._changed:
            self._to_retry += file_ids.tolist()

    def close(self) -> None:
        """Hand out no more batches."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _next_batch(self) -> Batch | None:
        """Return the next batch, or None while there is no room for it."""
        if self._memory is None:
            return Batch(self._cut(BATCH_BYTES), self._max_file_memory_bytes, is_alone=False)
        if self._is_one_alone or self._n_running >= self._memory.worker_limit(self._n_workers):
            self._note(Pressure.FEWER_WORKERS)
            return None
        share = self._memory.file_memory_bytes(self._max_file_memory_bytes, self._n_workers)
        is_alone = self._position == len(self._file_ids) or self._size(self._position) * MEMORY_OF_SOURCE > share
        if is_alone and self._n_running:
            return None
        is_last_try = self._position == len(self._file_ids)
        if is_last_try:
            file_ids = np.array([self._to_retry.pop()], np.uint32)
        else:
            self._note(self._memory.pressure())
            file_ids = self._cut(1 if is_alone else self._memory.batch_bytes(BATCH_BYTES))
        n_at_once = 1 if is_alone else self._n_workers
        budget_bytes = self._memory.file_memory_bytes(self._max_file_memory_bytes, n_at_once)
        return Batch(file_ids, budget_bytes, is_alone, is_last_try)

    def _size(self, position: int) -> int:
        return int(self._ends[position]) - (int(self._ends[position - 1]) if position else 0)

    def _cut(self, n_bytes: int) -> U32:
        """Take files of about ``n_bytes`` together, at least one."""
        before = int(self._ends[self._position - 1]) if self._position else 0
        end = int(np.searchsorted(self._ends, before + n_bytes)) + 1
        end = min(max(end, self._position + 1), self._position + self._most_files, len(self._file_ids))
        file_ids = self._file_ids[self._position : end]
        self._position = end
        return file_ids

    def _note(self, pressure: Pressure) -> None:
        assert self._memory is not None
        if pressure >= Pressure.SHRINK_BATCHES:
            self._memory.note("parsed fewer files at a time")
        if pressure >= Pressure.FEWER_WORKERS:
            self._memory.note("parsed with fewer threads")
