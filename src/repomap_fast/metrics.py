"""Figures of one scan: time and memory of each stage, bytes, and how much came from the index."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace

from repomap_fast.resources.memory import peak_memory_bytes


@dataclass(slots=True)
class ScanMetrics:
    """Time, memory and work of one scan.

    elapsed_s          wall seconds of the whole scan.
    stages_s           wall seconds of each stage, in the order in which the stages ran.
    stages_cpu_s       processor seconds of all threads in each stage, without those of git.
    stages_peak_bytes  highest resident memory of the process up to the end of each stage.
    source_bytes       bytes of the files that were parsed.
    workers            threads that parsed; 0 if no file was parsed.
    files_parsed       files that were parsed.
    files_known        files whose tags came from the index.
    hit_rate           share of the files with a language that were not parsed, from 0 to 1.
    peak_memory_bytes  highest resident memory of the process up to the end of the scan.
    """

    elapsed_s: float = 0.0
    stages_s: dict[str, float] = field(default_factory=dict)
    stages_cpu_s: dict[str, float] = field(default_factory=dict)
    stages_peak_bytes: dict[str, int] = field(default_factory=dict)
    source_bytes: int = 0
    workers: int = 0
    files_parsed: int = 0
    files_known: int = 0
    hit_rate: float = 0.0
    peak_memory_bytes: int = 0

    def copy(self) -> ScanMetrics:
        """Return a copy. Stages that are added to the copy do not appear in the original."""
        return replace(
            self,
            stages_s=dict(self.stages_s),
            stages_cpu_s=dict(self.stages_cpu_s),
            stages_peak_bytes=dict(self.stages_peak_bytes),
        )

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time of the ``with`` block to stage ``name``."""
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        try:
            yield
        finally:
            self.stages_s[name] = self.stages_s.get(name, 0.0) + time.perf_counter() - start_s
            self.stages_cpu_s[name] = self.stages_cpu_s.get(name, 0.0) + time.process_time() - start_cpu_s
            self.stages_peak_bytes[name] = peak_memory_bytes()


@dataclass(slots=True)
class IndexStats:
    """Counts of the last refresh.

    files        files with a language.
    fresh        files that have not changed since they were last read.
    read         files that were read and hashed, because they may have changed.
    from_store   files whose tags were in the store already.
    parsed       files that were parsed.
    removed      files that the index had before, and that are gone now.
    joined       whether the columns of all tags were written again.
    """

    files: int = 0
    fresh: int = 0
    read: int = 0
    from_store: int = 0
    parsed: int = 0
    removed: int = 0
    joined: bool = False

    @property
    def hit_rate(self) -> float:
        """Share of the files that were not parsed, from 0 to 1; 1 if there are no files."""
        return 1 - self.parsed / self.files if self.files else 1.0
