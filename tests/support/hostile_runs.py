"""Tag hostile sources one by one, each in a thread with the small stack of macOS, and take the time and the memory.

    PYTHONPATH=tests python -m support.hostile_runs [LANGUAGE …]

prints a line for each source and language, under budgets of a second and 256 MB, and marks those that pass them.
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.options import ScanOptions
from repomap_fast.tables import FileStatus, StringTable
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.tagger import SourceFiles, TagsQueries, _file_list, compile_queries
from support import hostile
from support.installed import INSTALLED

STACK_BYTES = 512 * 1024
_STATUS = Path("/proc/self/status")


@dataclass(frozen=True, slots=True)
class Run:
    """What one source took.

    ``busy_s``: processor time of the thread that tagged it, as another process may stall a shared machine.
    ``growth_bytes``: of the process, at its highest; 0 where the system does not tell.
    """

    name: str
    language: str
    size_bytes: int
    status: FileStatus
    busy_s: float
    growth_bytes: int


def run(
    path: Path, name: str, language: str, *, timeout_s: float, memory_bytes: int, queries: TagsQueries | None = None
) -> Run:
    """Tag the source of this name, which was written to ``path``, in one language, by its own queries or others."""
    sizes_bytes = np.array([path.stat().st_size], np.int64)
    paths = StringTable.from_strings([os.fsencode(path.name)])
    files = SourceFiles(path.parent, paths, np.array([find_language(language)], np.uint16), sizes_bytes)
    options = ScanOptions(timeout_per_file=timeout_s, max_file_memory=memory_bytes)
    worker = _tagger.TagWorker(_file_list(files, queries or _compiled(language), options))
    before = _forget_peak()
    busy_s = _time_in_small_stack(worker)
    growth = _peak_bytes() - before
    statuses = worker.take_blocks()[1]
    return Run(name, language, int(sizes_bytes[0]), FileStatus(statuses[0]), busy_s, growth)


@cache
def _compiled(language: str) -> TagsQueries:
    return compile_queries([read_tags_query(find_language(language), None)])


def _time_in_small_stack(worker: _tagger.TagWorker) -> float:
    busy_s: list[float] = []

    def work() -> None:
        start = time.thread_time()
        worker.tag_files(np.zeros(1, np.uint32))
        busy_s.append(time.thread_time() - start)

    usual = threading.stack_size(STACK_BYTES)
    try:
        thread = threading.Thread(target=work)
        thread.start()
    finally:
        threading.stack_size(usual)
    thread.join()
    return busy_s[0]


def _forget_peak() -> int:
    """Set the highest resident memory so far to what it is now, and return it."""
    try:
        Path("/proc/self/clear_refs").write_text("5")
    except OSError:
        return 0
    return _peak_bytes()


def _peak_bytes() -> int:
    if not _STATUS.exists():
        return 0
    line = next(line for line in _STATUS.read_text().splitlines() if line.startswith("VmHWM:"))
    return int(line.split()[1]) * 1024


def bound_bytes(done: Run, memory_bytes: int) -> int:
    """How much a run may add to the process: its budget, its text as read and as decoded, and its tags' columns."""
    return memory_bytes + 3 * done.size_bytes + memory_bytes // 2 + 16 * 2**20


def main(languages: list[str]) -> None:
    """Print what each source takes."""
    timeout_s, memory_bytes = 1.0, 256 * 2**20
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "source")
        for language in languages or [row.name for row in INSTALLED]:
            for name, source in hostile.sources(language):
                path.write_bytes(source())
                done = run(path, name, language, timeout_s=timeout_s, memory_bytes=memory_bytes)
                late = " LATE" if done.busy_s > timeout_s + 0.1 else ""
                large = " LARGE" if done.growth_bytes > bound_bytes(done, memory_bytes) else ""
                print(
                    f"{language:11}{name:34}{done.size_bytes / 1e6:7.2f} MB {done.status.label:20}"
                    f"{done.busy_s:7.3f} s {done.growth_bytes / 1e6:6.0f} MB{late}{large}",
                    flush=True,
                )


if __name__ == "__main__":
    main(sys.argv[1:])
