"""Figures of one scan: seconds by stage, bytes, peak memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field


@dataclass(slots=True)
class ScanMetrics:
    """What a scan took.

    elapsed_s          wall seconds of the whole scan.
    stages_s           wall seconds of each stage, in the order in which they ran.
    source_bytes       bytes of the files that were parsed.
    workers            threads that parsed; 0 where nothing had to be parsed.
    files_parsed       files that were parsed, and did not come from the index.
    hit_rate           share of the files with a language that did come from the index.
    peak_memory_bytes  the process's resident memory at its highest, up to the end of the scan.
    """

    elapsed_s: float = 0.0
    stages_s: dict[str, float] = field(default_factory=dict)
    source_bytes: int = 0
    workers: int = 0
    files_parsed: int = 0
    hit_rate: float = 0.0
    peak_memory_bytes: int = 0

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Add the time spent in the block to stage ``name``."""
        start = time.perf_counter()
        try:
            yield
        finally:
            self.stages_s[name] = self.stages_s.get(name, 0.0) + time.perf_counter() - start


def peak_memory_bytes() -> int:
    """Return the most resident memory that this process has had so far, in bytes.

    Linux's own high-water mark is read where there is one: ``ru_maxrss`` is inherited through exec, so that a
    small process started by a large one would report its parent's.
    """
    try:
        with open("/proc/self/status", "rb") as status:
            for line in status:
                if line.startswith(b"VmHWM:"):
                    return int(line.split()[1]) * 1024
    except OSError:
        pass
    if sys.platform == "win32":
        import psutil

        return int(psutil.Process().memory_info().peak_wset)
    import resource

    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak if sys.platform == "darwin" else peak * 1024
