"""The process that a benchmark starts for each run: one call of the library, measured.

``bench`` writes the task to the standard input as JSON, and reads the answer from the file that the task names. The
options go to the call as they came.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

import repomap_fast
from repomap_fast.bench.runs import ALERT_MEMORY, STAGE_REST
from repomap_fast.resources.memory import MemoryMonitor, peak_memory_bytes, resident_memory_bytes
from repomap_fast.tables import NO_LANGUAGE

if TYPE_CHECKING:
    from repomap_fast.metrics import ScanMetrics


@dataclass(slots=True)
class _MemoryWatch:
    """The first time that the memory rose to a limit; called in the monitor's thread."""

    limit_bytes: int
    start_s: float
    at_s: float | None = None

    def __call__(self, resident_bytes: int) -> None:
        if self.at_s is None:
            self.at_s = time.perf_counter() - self.start_s


def main() -> None:
    """Run the task on the standard input."""
    task = json.load(sys.stdin)
    answer = _run(task)
    Path(task["answer"]).write_text(json.dumps(answer), "ascii")


def _run(task: dict[str, Any]) -> dict[str, Any]:
    """Make the call and measure it; processor seconds are those of the whole process up to here."""
    # Loaded before the call: what it imports is part of the process's start.
    call = getattr(repomap_fast, task["operation"])
    limit_bytes = task["alert_memory_bytes"]
    start_peak_bytes = peak_memory_bytes()
    # Not by way of psutil, which would cost memory and time that the call did not take.
    with MemoryMonitor(read_resident=resident_memory_bytes) as monitor:
        start_s, start_cpu_s = time.perf_counter(), time.process_time()
        watch = _MemoryWatch(limit_bytes or 0, start_s)
        if limit_bytes is not None:
            monitor.on_threshold(limit_bytes, watch)
        result = call(task["root"], **task["options"])
        elapsed_s, cpu_s = time.perf_counter() - start_s, time.process_time() - start_cpu_s
    answer = {
        "call_elapsed_s": elapsed_s,
        "call_cpu_s": cpu_s,
        "start_cpu_s": start_cpu_s,
        "start_peak_bytes": start_peak_bytes,
        # Read before anything below asks for columns that the call itself left where they were.
        "peak_memory_bytes": peak_memory_bytes(),
        "alerts": [],
        **_read_figures(result, elapsed_s, cpu_s),
    }
    # The high-water mark is exact, where the samples may miss a short peak.
    if limit_bytes is not None and answer["peak_memory_bytes"] >= limit_bytes:
        answer["alerts"].append(
            {"kind": ALERT_MEMORY, "limit": limit_bytes, "value": answer["peak_memory_bytes"], "at_s": watch.at_s}
        )
    answer["cpu_s"] = time.process_time() + _children_cpu_s()
    return answer


def _read_figures(result: Any, elapsed_s: float, cpu_s: float) -> dict[str, Any]:
    """Return the figures that are in the result itself."""
    metrics: ScanMetrics = result.metrics
    stages = [
        {
            "name": name,
            "elapsed_s": seconds,
            "cpu_s": metrics.stages_cpu_s.get(name, 0.0),
            "peak_memory_bytes": metrics.stages_peak_bytes.get(name, 0),
        }
        for name, seconds in metrics.stages_s.items()
    ]
    stages.append(
        {
            "name": STAGE_REST,
            "elapsed_s": max(0.0, elapsed_s - sum(metrics.stages_s.values())),
            "cpu_s": max(0.0, cpu_s - sum(metrics.stages_cpu_s.values())),
            "peak_memory_bytes": peak_memory_bytes(),
        }
    )
    return {
        "stages": stages,
        "folder": _count_files(result),
        "files_parsed": metrics.files_parsed,
        "hit_rate": metrics.hit_rate,
        "workers": metrics.workers,
        "notes": list(result.notes),
    }


def _count_files(result: Any) -> dict[str, int]:
    """Return the counts of the files with a language; none for a map, which has no file table."""
    if not hasattr(result, "file_table"):
        return {}
    table = result.file_table
    sources = table.language_ids != NO_LANGUAGE
    return {
        "files": int(np.count_nonzero(sources)),
        "files_failed": sum(count for status, count in result.status_counts().items() if status.is_failure),
        "source_bytes": int(table.sizes_bytes[sources].sum(dtype=np.int64)),
    }


def _children_cpu_s() -> float:
    """Return the processor seconds of the programs that this process started and saw end."""
    if sys.platform == "win32":
        return 0.0
    import resource

    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main()
