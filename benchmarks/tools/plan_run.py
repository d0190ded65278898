"""One analysis in a process of its own, measured by the plan's benchmark; its report is one JSON line.

    plan_run.py ROOT JSON

JSON holds options of ``repomap_fast.scan``.
"""

from __future__ import annotations

import json
import sys

import repomap_fast
from repomap_fast.compat.repomap_tool import PerformanceBenchmark
from repomap_fast.resources.memory import peak_memory_bytes


def main() -> None:
    root, options = sys.argv[1:]
    benchmark = PerformanceBenchmark()
    metrics = benchmark.benchmark(repomap_fast.scan, root, **json.loads(options))
    result = benchmark.result
    report = {
        "wall_s": metrics.execution_time,
        "cpu_s": metrics.execution_time * metrics.cpu_usage_percent / 100,
        "hit_rate": metrics.cache_hit_rate,
        "peak_bytes": peak_memory_bytes(),
        "files": len(result.file_table),
        "tags": result.n_tags,
    }
    print(json.dumps(report))


if __name__ == "__main__":
    main()
