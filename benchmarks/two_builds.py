"""Compare two builds of this package, each in an environment of its own: the same commands, in turns.

    python benchmarks/two_builds.py /old/bin/python /new/bin/python FOLDER... --rounds 5 -o OUT.md

Measured are whole processes, by the kernel's account (``measure``); "again" is the second map of a process, which asks
for it itself. Turns and processor time are what a busy machine leaves of a comparison; the wall clock says little then.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
from collections.abc import Iterator
from pathlib import Path

from machine import describe_machine
from measure import Run, run_measured

AGAIN = """
import json, sys, time, repomap_fast
root, cache = sys.argv[1:]
repomap_fast.map(root, cache_dir=cache)
start, before = time.process_time(), time.perf_counter()
for _ in range(5):
    repomap_fast.map(root, cache_dir=cache)
print(json.dumps({"cpu_s": (time.process_time() - start) / 5}))
"""


def commands(python: str, root: Path, cache: Path) -> Iterator[tuple[str, list[str]]]:
    """Yield what is measured, in an order in which the later ones find what the earlier ones kept."""
    run = [python, "-m", "repomap_fast"]
    kept = [str(root), f"--cache-dir={cache}"]
    yield "scan, no cache", [*run, "scan", "-q", str(root), "--no-cache", "--workers=1"]
    yield "scan, index made", [*run, "scan", "-q", *kept, "--workers=1"]
    yield "scan, warm", [*run, "scan", "-q", *kept]
    yield "map, warm", [*run, "map", "-q", *kept]
    yield "map, again", [python, "-c", AGAIN, str(root), str(cache)]


def measure_round(python: str, root: Path) -> dict[str, Run]:
    """Run all commands once."""
    cache = Path(tempfile.mkdtemp(prefix="two-builds-"))
    try:
        return {name: run_measured(command) for name, command in commands(python, root, cache)}
    finally:
        shutil.rmtree(cache)


def cpu_s(name: str, run: Run) -> float:
    """Return the processor time that the table shows."""
    return float(run.report["cpu_s"]) if name == "map, again" else run.cpu_s


def table(root: Path, rounds: list[tuple[dict[str, Run], dict[str, Run]]]) -> str:
    """Return one root's rows, as a table of Markdown."""
    lines = [
        f"## {root.name}",
        "",
        "| what | before: cpu s | after: cpu s | after ÷ before, by rounds | before: MB | after: MB |",
        "| --- | --- | --- | --- | ---: | ---: |",
    ]
    for name in rounds[0][0]:
        sides = [[cpu_s(name, of_round[side][name]) for of_round in rounds] for side in (0, 1)]
        ratios = sorted(after / before for before, after in zip(*sides, strict=True))
        peaks = [statistics.median(of_round[side][name].peak_bytes for of_round in rounds) / 1e6 for side in (0, 1)]
        cells = [f"{min(times):.3f} / **{statistics.median(times):.3f}** / {max(times):.3f}" for times in sides]
        spread = f"{ratios[0]:.2f} / **{statistics.median(ratios):.2f}** / {ratios[-1]:.2f}"
        lines.append(f"| {name} | {cells[0]} | {cells[1]} | {spread} | {peaks[0]:.0f} | {peaks[1]:.0f} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Measure, and write the tables."""
    parser = argparse.ArgumentParser(description="Compare two builds of this package.")
    parser.add_argument("before", help="the interpreter of the one environment")
    parser.add_argument("after", help="the interpreter of the other")
    parser.add_argument("roots", nargs="+", type=Path)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("-o", "--output", type=Path, required=True)
    options = parser.parse_args()
    load = os.getloadavg()[0]
    machine = ", ".join(f"{name} {value}" for name, value in describe_machine().items())
    parts = [
        f"{machine}. {options.rounds} rounds in turns; minimum / **median** / maximum. Load at the start: {load:.0f}."
    ]
    for root in options.roots:
        for python in (options.before, options.after):
            measure_round(python, root)
        rounds = []
        for n in range(options.rounds):
            sides = (options.before, options.after) if n % 2 == 0 else (options.after, options.before)
            of_python = {python: measure_round(python, root) for python in sides}
            rounds.append((of_python[options.before], of_python[options.after]))
        parts.append(table(root, rounds))
    options.output.write_text("\n".join(parts), "utf-8")


if __name__ == "__main__":
    main()
