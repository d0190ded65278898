"""How fast ``repomap_fast.compat.aider`` makes a map, beside aider itself.

    python -m benchmarks.speed.compat_aider CORPORA [NAME…] --aider-python AIDER/bin/python [--rounds N] [--json FILE]

Both run in AIDER, an environment with aider-chat 0.86.2 and repomap-fast, by ``tools/aider_map.py``, in turns, each run
a process of its own: ``get_repo_map`` with nothing kept (cold), with other mentions in the same process (second), and
in a new process with what the first one kept (warm). The files of a corpus are those that aider has a tags query for;
of the kernel's, 1,000 are drawn. Imports are not counted, on neither side.
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import statistics
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.machine import describe_machine
from benchmarks.measure import run_measured
from benchmarks.speed.contenders import CORPORA, language_table, list_files

TOOL = Path(__file__).parents[1] / "tools" / "aider_map.py"
NAMES = ("django", "pylib", "c4000", "tsjs", "go")
SEED = 26
DRAWN = {"c4000": 1000}
SIDES = ("aider", "ours")
STAGES = ("cold", "second", "warm")

Figures = dict[str, dict[str, list[float]]]
"""Seconds by side and stage."""


def measure(python: str, list_path: Path, n_rounds: int) -> tuple[Figures, dict[str, list[float]]]:
    """Run both sides in turns; return their seconds, and the peaks of memory of the cold runs, in bytes."""
    figures: Figures = {side: {stage: [] for stage in STAGES} for side in SIDES}
    peaks: dict[str, list[float]] = {side: [] for side in SIDES}
    for _ in range(n_rounds):
        for side in SIDES:
            with tempfile.TemporaryDirectory() as kept:
                command = [python, str(TOOL), side, str(list_path), kept]
                cold = run_measured(command).report
                warm = run_measured(command).report
            figures[side]["cold"].append(cold["first_s"])
            figures[side]["second"] += [cold["second_s"], warm["second_s"]]
            figures[side]["warm"].append(warm["first_s"])
            peaks[side].append(cold["peak_bytes"])
    return figures, peaks


def describe(figures: Figures, peaks: dict[str, list[float]]) -> str:
    lines = []
    for stage in STAGES:
        theirs, ours = (figures[side][stage] for side in SIDES)
        rounds = statistics.median(their / our for their, our in zip(theirs, ours, strict=True))
        ratio = statistics.median(theirs) / statistics.median(ours)
        shown = " · ".join(
            f"{side} {min(seconds):.3f} / {statistics.median(seconds):.3f} / {max(seconds):.3f} s"
            for side, seconds in zip(SIDES, (theirs, ours), strict=True)
        )
        lines.append(f"    {stage:6} {shown} · {ratio:.1f} times, by rounds {rounds:.1f}")
    lines.append("    peak   " + " · ".join(f"{side} {statistics.median(peaks[side]) / 1e6:.0f} MB" for side in SIDES))
    return "\n".join(lines)


def files_of(corpora: Path, name: str, python: str) -> Sequence[str]:
    corpus = CORPORA[name]
    table = language_table(python)
    suffixes = [suffix for suffix, row in table.items() if row["language"] in corpus.languages]
    paths = [str(path) for path in list_files(corpora / name, suffixes).paths]
    n = DRAWN.get(name)
    return paths if n is None or len(paths) <= n else sorted(random.Random(SEED).sample(sorted(paths), n))


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare our replacement's maps with aider's own: seconds and memory.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"none: {', '.join(NAMES)}")
    parser.add_argument("--aider-python", required=True, metavar="PYTHON", help="of an environment with aider and ours")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write all figures there")
    options = parser.parse_intermixed_args()
    pages = {}
    for name in options.names or NAMES:
        paths = files_of(options.corpora.absolute(), name, sys.executable)
        with tempfile.TemporaryDirectory() as folder:
            list_path = Path(folder, "list")
            list_path.write_text("\n".join([str(options.corpora.absolute() / name), *paths]), errors="surrogateescape")
            figures, peaks = measure(options.aider_python, list_path, options.rounds)
        print(f"{name}: {len(paths):,} files, {options.rounds} rounds; minimum / median / maximum")
        print(describe(figures, peaks), flush=True)
        pages[name] = {"files": len(paths), "seconds": figures, "peak_bytes": peaks}
    if options.json:
        page = {"machine": describe_machine(), "date": datetime.date.today().isoformat(), "corpora": pages}
        options.json.write_text(json.dumps(page, indent=1) + "\n")


if __name__ == "__main__":
    main()
