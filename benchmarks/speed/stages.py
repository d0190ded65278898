"""Where a scan's wall time goes, stage by stage, by its own metrics.

    python -m benchmarks.speed.stages CORPORA [NAME…] [--workers 1 2] [--rounds N]

measures inside the process: what a stage costs, without the start of Python and without the end of the process. Each
corpus and number of workers has a process of its own, so that the peak memory is its own; the first scan in it warms
the file cache and is not counted. The figures also go to ``results/DATE-MACHINE/stages.json``.
"""

from __future__ import annotations

import argparse
import datetime
import json
import multiprocessing
import statistics
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine, machine_slug
from benchmarks.speed.contenders import CORPORA, Corpus


def time_stages(root: str, languages: tuple[str, ...], workers: int, rounds: int) -> dict[str, Any]:
    """Scan ``root`` rounds + 1 times; return the seconds of each stage in each counted round, and the sizes."""
    import repomap_fast

    figures: dict[str, Any] = {"stages_s": {}, "elapsed_s": []}
    for turn in range(-1, rounds):
        result = repomap_fast.scan(root, workers=workers, languages=languages, no_ignore=True, cache=False)
        metrics = result.metrics
        if turn < 0:
            # Of the first scan: later ones begin beside what the one before has not given back.
            figures["peak_bytes"] = metrics.peak_memory_bytes
            figures["files"], figures["tags"] = len(result.file_table), len(result.tag_table)
            figures["bytes"] = metrics.source_bytes
        else:
            figures["elapsed_s"].append(metrics.elapsed_s)
            for stage, seconds in metrics.stages_s.items():
                figures["stages_s"].setdefault(stage, []).append(seconds)
        del result
    return figures


def measure(corpus: Corpus, folder: Path, workers: int, rounds: int) -> dict[str, Any]:
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as executor:
        root = str(folder / corpus.name)
        return executor.submit(time_stages, root, corpus.languages, workers, rounds).result()


def print_stages(name: str, workers: int, figures: dict[str, Any]) -> None:
    total = statistics.median(figures["elapsed_s"])
    megabytes, peak = figures["bytes"] / 1e6, figures["peak_bytes"] / 1e6
    print(
        f"{name}, {workers} workers: {figures['files']:,} files, {megabytes:.1f} MB, {figures['tags']:,} tags, "
        f"{megabytes / total:.1f} MB/s, peak {peak:.0f} MB"
    )
    rows = {**figures["stages_s"], "the whole scan": figures["elapsed_s"]}
    for stage, seconds in rows.items():
        median = statistics.median(seconds)
        spread = f"{min(seconds):8.3f} {median:8.3f} {max(seconds):8.3f}"
        print(f"    {stage:16} {spread} s (min median max) {100 * median / total:5.1f} %", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description="Time the stages of a scan.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CORPORA)}; none: all but kernel")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2], metavar="N")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "results", metavar="DIR")
    options = parser.parse_intermixed_args()
    if unknown := set(options.names) - CORPORA.keys():
        parser.error(f"no such corpus: {', '.join(sorted(unknown))}")
    measured = []
    for name in options.names or [name for name in CORPORA if name != "kernel"]:
        for workers in options.workers:
            figures = measure(CORPORA[name], options.corpora.absolute(), workers, options.rounds)
            print_stages(name, workers, figures)
            measured.append({"corpus": name, "workers": workers, **figures})
    folder = options.output / f"{datetime.date.today().isoformat()}-{machine_slug()}"
    folder.mkdir(parents=True, exist_ok=True)
    page = {"machine": describe_machine(), "file_cache": "warm", "measured": measured}
    (folder / "stages.json").write_text(json.dumps(page, indent=1) + "\n")


if __name__ == "__main__":
    main()
