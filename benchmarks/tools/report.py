"""What the contenders written in Python print at their end: one JSON line."""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path


def read_paths(list_path: str) -> list[str]:
    """Return the files to work on, one a line of the list."""
    return Path(list_path).read_text(errors="surrogateescape").splitlines()


class Stopwatch:
    """Started once the imports are done: what the program took without its own start."""

    def __init__(self) -> None:
        self._wall = time.perf_counter()
        self._cpu = time.process_time()

    def print_report(self, *, n_files: int, n_bytes: int, n_tags: int | None = None) -> None:
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        report = {
            "cpu_s": time.process_time() - self._cpu,
            "wall_s": time.perf_counter() - self._wall,
            "peak_bytes": peak if sys.platform == "darwin" else peak * 1024,
            "files": n_files,
            "bytes": n_bytes,
        }
        if n_tags is not None:
            report["tags"] = n_tags
        print(json.dumps(report))
