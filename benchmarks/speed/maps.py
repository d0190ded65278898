"""How long a map takes where the index is warm: the whole process, and within one that has the index open.

    python -m benchmarks.speed.maps CORPORA [NAME…] [--rounds N] [--json FILE]

Every map has a focus that was never seen before, a file drawn with a fixed seed, and a query. A whole process is
``repomap-fast map`` with the index of the run before; so is ``repomap-fast scan``, which it is measured beside. In
process, the refresh is apart: first map, the next one with another focus, and once more the same.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import statistics
import sys
import tempfile
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from benchmarks.measure import Run, run_measured

NAMES = ("django", "kernel")
SEED = 4
QUERY = "free memory when a request is closed before it ends"
TOKENS = "1024"

IN_PROCESS = """
import json, sys, time
import repomap_fast
from repomap_fast.resources.memory import peak_memory_bytes
root, cache, query, tokens, *focus = sys.argv[1:]
with repomap_fast.Index.open(root, no_ignore=True, cache_dir=cache) as index:
    start = time.perf_counter()
    index.refresh()
    report = {"refresh_s": time.perf_counter() - start}
    for name, file in zip(("first_s", "next_s", "again_s"), [focus[0], focus[1], focus[1]]):
        start = time.perf_counter()
        repomap_fast.map(index, tokens=int(tokens), focus=[file], query=query)
        report[name] = time.perf_counter() - start
    report["peak_bytes"] = peak_memory_bytes()
print(json.dumps(report))
"""


def measure(root: Path, n_rounds: int) -> dict[str, Any]:
    """Scan ``root`` once, then measure maps of it and scans, in turns."""
    with tempfile.TemporaryDirectory() as cache:
        common = [str(root), "--no-ignore", f"--cache-dir={cache}"]
        program = [sys.executable, "-m", "repomap_fast"]
        scan = [*program, "scan", "-q", *common]
        for _ in range(2):
            # The second time files that changed within the clock's grain are settled too.
            run_measured(scan, fine_exit_codes=(0, 1))
        files = sorted(path for path in root.rglob("*") if path.suffix in (".c", ".py") and path.is_file())
        focus = [str(path) for path in random.Random(SEED).sample(files, 3 * n_rounds)]
        maps: list[Run] = []
        scans: list[Run] = []
        within = []
        for number in range(n_rounds):
            new, *others = focus[3 * number : 3 * number + 3]
            asked = ["--tokens", TOKENS, "--focus", new, "--query", QUERY]
            maps.append(run_measured([*program, "map", *common, *asked]))
            scans.append(run_measured(scan, fine_exit_codes=(0, 1)))
            command = [sys.executable, "-c", IN_PROCESS, str(root), cache, QUERY, TOKENS, *others]
            within.append(run_measured(command).report)
    return {
        "map": {"wall_s": [run.wall_s for run in maps], "peak_bytes": [run.peak_bytes for run in maps]},
        "scan": {"wall_s": [run.wall_s for run in scans], "peak_bytes": [run.peak_bytes for run in scans]},
        **{name: [report[name] for report in within] for name in within[0]},
    }


def describe(figures: dict[str, Any]) -> str:
    """Return the medians in a few lines."""

    def middle(values: list[float]) -> float:
        return statistics.median(values)

    lines = [
        f"  {what:28} {middle(figures[what]['wall_s']):6.3f} s, {middle(figures[what]['peak_bytes']) / 1e6:4.0f} MB"
        for what in ("map", "scan")
    ]
    lines += [
        f"  in process: {name.removesuffix('_s'):16} {middle(figures[name]):6.3f} s"
        for name in ("refresh_s", "first_s", "next_s", "again_s")
    ]
    return "\n".join([*lines, f"  in process: peak             {middle(figures['peak_bytes']) / 1e6:6.0f} MB"])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path, metavar="CORPORA")
    parser.add_argument("names", nargs="*", default=NAMES, metavar="NAME")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    words = ", ".join(describe_machine().values())
    machine = f"{words}; {datetime.datetime.now(datetime.UTC):%Y-%m-%d}; {arguments.rounds} rounds"
    print(machine)
    record: dict[str, Any] = {"machine": machine}
    for name in arguments.names:
        figures = measure(arguments.corpora / name, arguments.rounds)
        record[name] = figures
        print(f"{name}: medians\n{describe(figures)}", flush=True)
    if arguments.json:
        arguments.json.write_text(json.dumps(record, indent=1) + "\n")


if __name__ == "__main__":
    main()
