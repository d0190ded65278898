"""Dealing files to workers, in batches: the largest first, and no more at once than memory and processor time allow."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

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
_PATIENCE_S = 0.05
"""How often who waits for memory looks again."""


@dataclass(frozen=True, slots=True, eq=False)
class Batch:
    """Files to be done one after another by one worker.

    file_ids               (n,) uint32.
    max_file_memory_bytes  what the parse of each may allocate.
    is_alone               no other worker is at work meanwhile.
    is_last_try            all others are done: no more memory will be free than now.
    """

    file_ids: U32
    max_file_memory_bytes: int
    is_alone: bool
    is_last_try: bool = False


class Dealer:
    """The files that are still to be done. Any number of workers may ask; each ends a batch before it asks again.

    Without governors a batch is there at once. With a limit to memory, a file whose parse may need more than a worker's
    share is done alone, with all that there is; so is one that turned out to need more (``put_back``).
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
    ) -> None:
        self._file_ids = file_ids[np.argsort(-sizes_bytes[file_ids], kind="stable")]
        self._ends = np.cumsum(sizes_bytes[self._file_ids])
        self._next = 0
        self._put_back: list[int] = []
        self._n_workers = n_workers
        self._max_file_memory_bytes = max_file_memory_bytes
        self._memory = memory
        self._cpu = cpu
        self._changed = threading.Condition()
        self._n_running = 0
        self._is_one_alone = False
        self._is_left = False

    def take(self) -> Batch | None:
        """Return the next batch, once there is room for it; None if there is none, or the work is to be left."""
        with self._changed:
            while not self._is_left:
                pause_s = self._cpu.pause_s() if self._cpu is not None else 0.0
                if pause_s > 0:
                    self._changed.wait(pause_s)
                    continue
                if self._next == len(self._file_ids) and not self._put_back:
                    # Who is still at work may put a file back.
                    if self._n_running == 0 or self._memory is None:
                        return None
                elif (batch := self._deal()) is not None:
                    self._n_running += 1
                    self._is_one_alone = batch.is_alone
                    return batch
                self._changed.wait(_PATIENCE_S)
            return None

    def end(self, batch: Batch) -> None:
        """Note that a batch is done."""
        with self._changed:
            self._n_running -= 1
            self._is_one_alone &= not batch.is_alone
            self._changed.notify_all()

    def put_back(self, file_ids: U32) -> None:
        """Have files that needed more memory than they were given done again, each alone, when all others are done.

        One that was alone before may find more then: what the largest files leave behind is not gone at once.
        """
        with self._changed:
            self._put_back += file_ids.tolist()

    def leave(self) -> None:
        """Give out nothing more."""
        with self._changed:
            self._is_left = True
            self._changed.notify_all()

    def _deal(self) -> Batch | None:
        """Return the next batch, or None while there is no room for it."""
        if self._memory is None:
            return Batch(self._cut(BATCH_BYTES), self._max_file_memory_bytes, is_alone=False)
        if self._is_one_alone or self._n_running >= self._memory.worker_limit(self._n_workers):
            self._note(Pressure.FEWER_WORKERS)
            return None
        share = self._memory.file_memory_bytes(self._max_file_memory_bytes, self._n_workers)
        is_alone = self._next == len(self._file_ids) or self._size(self._next) * MEMORY_OF_SOURCE > share
        if is_alone and self._n_running:
            return None
        is_last_try = self._next == len(self._file_ids)
        if is_last_try:
            file_ids = np.array([self._put_back.pop()], np.uint32)
        else:
            self._note(self._memory.pressure())
            file_ids = self._cut(1 if is_alone else self._memory.batch_bytes(BATCH_BYTES))
        n_at_once = 1 if is_alone else self._n_workers
        budget_bytes = self._memory.file_memory_bytes(self._max_file_memory_bytes, n_at_once)
        return Batch(file_ids, budget_bytes, is_alone, is_last_try)

    def _size(self, position: int) -> int:
        return int(self._ends[position]) - (int(self._ends[position - 1]) if position else 0)

    def _cut(self, n_bytes: int) -> U32:
        """Take files of about so many bytes, at least one."""
        before = int(self._ends[self._next - 1]) if self._next else 0
        end = int(np.searchsorted(self._ends, before + n_bytes)) + 1
        end = min(max(end, self._next + 1), self._next + BATCH_FILES, len(self._file_ids))
        file_ids = self._file_ids[self._next : end]
        self._next = end
        return file_ids

    def _note(self, pressure: Pressure) -> None:
        assert self._memory is not None
        if pressure >= Pressure.SHRINK_BATCHES:
            self._memory.note("parsed fewer files at a time")
        if pressure >= Pressure.FEWER_WORKERS:
            self._memory.note("parsed with fewer threads")
