"""Compare whole processes over the same files: repomap-fast beside the stock binding, ast-grep, ctags and aider.

    python -m benchmarks.speed.compare CORPORA [NAME…] [--rounds N | --quick]

CORPORA is the folder that benchmarks.corpora filled. The contenders take turns, A B C A B C …, so that a machine that
slows down slows all of them. Processor time, wall time and peak memory are those of the whole process, as the kernel
counts them. The start of each program is measured with no files, and taken off for the ratios. Results go to
``results/DATE-MACHINE/NAME.json``, and as a table to the README.md beside it.
"""

from __future__ import annotations

import argparse
import contextlib
import dataclasses
import datetime
import json
import statistics
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine, machine_slug
from benchmarks.measure import Run, RunFailed, run_measured
from benchmarks.speed.contenders import (
    CORPORA,
    FLOOR,
    Contender,
    Corpus,
    Job,
    Programs,
    language_table,
    list_files,
    select_contenders,
)
from benchmarks.speed.tables import write_readme

START_RUNS = 5
SHORTEST_RUN_S = 0.005
"""Below it, the clock and the start of the process are all that is measured."""
OUTLIER = 1.5
"""A slowest run this many times the median says that the machine was not quiet."""


class Comparison:
    """All the runs over one corpus."""

    def __init__(
        self, corpus: Corpus, folder: Path, contenders: Sequence[Contender], options: argparse.Namespace
    ) -> None:
        self.corpus = corpus
        self.root = folder / corpus.name
        self.contenders = contenders
        self.options = options
        self.programs = Programs.find(aider_python=options.aider_python, ast_grep=options.ast_grep, ctags=options.ctags)
        self.starts: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
        self.runs: dict[str, list[Run]] = {contender.name: [] for contender in contenders}
        self.commands: dict[str, str] = {}
        self.left_out: dict[str, str] = {}
        self.n_files = self.n_bytes = 0

    def measure(self) -> None:
        with tempfile.TemporaryDirectory() as temporary:
            scratch = Path(temporary)
            table = language_table(self.programs.python)
            suffixes = [suffix for suffix, row in table.items() if row["language"] in self.corpus.languages]
            listed = list_files(self.root, suffixes)
            self.n_files, self.n_bytes = len(listed.paths), listed.n_bytes
            (scratch / "table.json").write_text(json.dumps(table))
            (scratch / "list.txt").write_text("".join(f"{path}\n" for path in listed.paths), errors="surrogateescape")
            (scratch / "no-list.txt").write_text("")
            (scratch / "no-files").mkdir()
            full = Job(
                corpus=self.corpus,
                root=self.root,
                list_path=scratch / "list.txt",
                table_path=scratch / "table.json",
                scratch=scratch / "empty",
                workers=self.options.workers,
                programs=self.programs,
            )
            none = dataclasses.replace(full, root=scratch / "no-files", list_path=scratch / "no-list.txt")
            self._take_turns(none, self.starts, 1 if self.options.quick else START_RUNS, what="start", warm_up=False)
            self._take_turns(full, self.runs, self.options.rounds, what="run", warm_up=not self.options.quick)

    def _take_turns(self, job: Job, runs: dict[str, list[Run]], n_rounds: int, *, what: str, warm_up: bool) -> None:
        for turn in range(-1 if warm_up else 0, n_rounds):
            for contender in self.contenders:
                limit = contender.max_rounds
                if contender.name in self.left_out or (limit is not None and not 0 <= turn < limit):
                    continue
                run = self._run(contender, job)
                if run is None:
                    continue
                label = f"{what} {turn + 1}" if turn >= 0 else "warm-up"
                seconds = f"{run.cpu_s:9.3f} s cpu {run.wall_s:9.3f} s wall"
                print(f"{self.corpus.name:8} {contender.name:14} {label:8} {seconds}", flush=True)
                if turn >= 0:
                    runs[contender.name].append(run)

    def _run(self, contender: Contender, job: Job) -> Run | None:
        argv = contender.argv(job)
        if argv is None:
            self.left_out[contender.name] = "not installed"
            return None
        self.commands[contender.name] = show_command(argv, job)
        if self.options.cold:
            drop_file_cache()
        with tempfile.TemporaryDirectory() as empty:
            # aider's cache: emptied between runs. Its place must not change the command line that is recorded.
            job.scratch.unlink(missing_ok=True)
            job.scratch.symlink_to(empty)
            try:
                return run_measured(argv, fine_exit_codes=contender.exit_codes)
            except RunFailed as failure:
                self.left_out[contender.name] = f"failed: {str(failure).splitlines()[-1]}"
                print(f"{self.corpus.name:8} {contender.name:14} {self.left_out[contender.name]}")
                return None

    def results(self) -> dict[str, Any]:
        manifest_path = self.root.parent / "corpora.json"
        manifest = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
        measured = [contender for contender in self.contenders if self.runs[contender.name]]
        floor = self.runs[FLOOR], start_of(self.starts[FLOOR])
        return {
            "corpus": {
                "name": self.corpus.name,
                "packages": manifest.get(self.corpus.name, {}).get("packages", []),
                "languages": self.corpus.languages,
                "files": self.n_files,
                "bytes": self.n_bytes,
            },
            "machine": describe_machine(),
            "date": datetime.date.today().isoformat(),
            "rounds": self.options.rounds,
            "workers": self.options.workers,
            "file_cache": file_cache_in_words(self.options),
            "left_out": self.left_out,
            "contenders": [
                {
                    "name": contender.name,
                    "does": contender.does,
                    "fair": contender.fair,
                    "command": self.commands[contender.name],
                    "versions": contender.versions(self.programs),
                    "summary": summarise(contender, self.runs[contender.name], self.starts[contender.name], *floor),
                    "runs": [run_as_json(run) for run in self.runs[contender.name]],
                }
                for contender in measured
            ],
        }


def show_command(argv: list[str], job: Job) -> str:
    """Return a command line with the names of things in place of the paths of this machine."""
    names = {
        str(job.list_path): "LIST",
        str(job.table_path): "TABLE",
        str(job.scratch): "EMPTY",
        str(job.root): "ROOT",
        str(Path(__file__).parents[1]): "benchmarks",
    }
    shown = [Path(argv[0]).name, *argv[1:]]
    for path, name in names.items():
        shown = [word.replace(path, name) for word in shown]
    return " ".join(shown)


def drop_file_cache() -> None:
    """Let the kernel forget every file that it holds in memory; only root may, and only on Linux."""
    subprocess.run(["sync"], check=True)
    Path("/proc/sys/vm/drop_caches").write_text("3\n")


def file_cache_in_words(options: argparse.Namespace) -> str:
    if options.cold:
        return "cold: the kernel's file cache was dropped before each run"
    return "as it was" if options.quick else "warm: one round before the first that counts"


def start_of(runs: Sequence[Run]) -> tuple[float, float]:
    """Return the median processor and wall seconds of a program that has nothing to do; zeros if that fails."""
    if not runs:
        return 0.0, 0.0
    return statistics.median(run.cpu_s for run in runs), statistics.median(run.wall_s for run in runs)


def spread(values: Sequence[float]) -> dict[str, float]:
    shown = {"min": min(values), "median": statistics.median(values), "max": max(values)}
    return {name: round(value, 4) for name, value in shown.items()}


def ratios(values: Sequence[float], floor: Sequence[float]) -> dict[str, float]:
    """Return values ÷ floor: of the medians, and the median of the ratios round by round."""
    pairs = [value / below for value, below in zip(values, floor, strict=False)]
    of_medians = statistics.median(values) / statistics.median(floor)
    return {"of_medians": round(of_medians, 3), "of_pairs": round(statistics.median(pairs), 3)}


def summarise(
    contender: Contender,
    runs: Sequence[Run],
    starts: Sequence[Run],
    floor_runs: Sequence[Run],
    floor_start: tuple[float, float],
) -> dict[str, Any]:
    start_cpu, start_wall = start_of(starts)
    tags = runs[-1].n_lines if contender.lines else runs[-1].report.get("tags")
    summary: dict[str, Any] = {
        "cpu_s": spread([run.cpu_s for run in runs]),
        "wall_s": spread([run.wall_s for run in runs]),
        "peak_bytes": spread([run.peak_bytes for run in runs]),
        "start_cpu_s": round(start_cpu, 4),
        "start_wall_s": round(start_wall, 4),
        "files": runs[-1].report.get("files"),
        "tags": tags,
        "notes": warnings(runs),
    }
    if floor_runs:
        # Whole processes first; then without the start of both, which is what grows with the files.
        floor_cpu, floor_wall = [run.cpu_s for run in floor_runs], [run.wall_s for run in floor_runs]
        cpu, wall = [run.cpu_s for run in runs], [run.wall_s for run in runs]
        summary["cpu_ratio_whole"] = ratios(cpu, floor_cpu)
        summary["wall_ratio_whole"] = ratios(wall, floor_wall)
        cpu_start, wall_start = floor_start
        summary["cpu_ratio"] = ratios([t - start_cpu for t in cpu], [t - cpu_start for t in floor_cpu])
        summary["wall_ratio"] = ratios([t - start_wall for t in wall], [t - wall_start for t in floor_wall])
    return summary


def warnings(runs: Sequence[Run]) -> list[str]:
    walls = [run.wall_s for run in runs]
    notes = []
    if min(walls) < SHORTEST_RUN_S:
        notes.append(f"a run took under {SHORTEST_RUN_S * 1000:.0f} ms")
    if max(walls) > OUTLIER * statistics.median(walls):
        notes.append(f"the slowest run took {max(walls) / statistics.median(walls):.1f} times the median")
    return notes


def run_as_json(run: Run) -> dict[str, Any]:
    row = {name: round(getattr(run, name), 4) for name in ("user_s", "system_s", "wall_s")}
    return {**row, "peak_bytes": run.peak_bytes, "exit_code": run.exit_code, "inside": dict(run.report)}


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare whole processes over the same files.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(CORPORA)}; none: all but kernel")
    parser.add_argument("--rounds", type=int, default=7, metavar="N")
    parser.add_argument("--quick", action="store_true", help="one round, no warm-up: does everything still work?")
    parser.add_argument("--cold", action="store_true", help="drop the file cache before each run (root, Linux)")
    parser.add_argument("--workers", type=int, default=2, metavar="N", help="threads of those that have a choice")
    parser.add_argument("--contenders", default="", metavar="A,B", help="only these, and the floor")
    parser.add_argument("--aider-python", metavar="PATH", help="python of an environment with aider-chat")
    parser.add_argument("--ast-grep", metavar="PATH")
    parser.add_argument("--ctags", metavar="PATH")
    parser.add_argument("--output", type=Path, default=Path(__file__).parents[1] / "results", metavar="DIR")
    options = parser.parse_intermixed_args()
    if options.quick:
        options.rounds = 1
    if unknown := set(options.names) - CORPORA.keys():
        parser.error(f"no such corpus: {', '.join(sorted(unknown))}")
    names = options.names or [name for name in CORPORA if name != "kernel"]
    wanted = [name for name in options.contenders.split(",") if name]
    contenders = select_contenders(wanted)
    folder = options.output / f"{datetime.date.today().isoformat()}-{machine_slug()}"
    folder.mkdir(parents=True, exist_ok=True)
    for name in names:
        # aider takes half an hour over the kernel: only when asked for by name.
        chosen = [c for c in contenders if c.name != "aider" or name != "kernel" or "aider" in wanted]
        comparison = Comparison(CORPORA[name], options.corpora.absolute(), chosen, options)
        with contextlib.suppress(KeyboardInterrupt):
            comparison.measure()
        if not comparison.runs[FLOOR]:
            raise SystemExit(f"{name}: the floor was not measured: {comparison.left_out.get(FLOOR, 'interrupted')}")
        (folder / f"{name}.json").write_text(json.dumps(comparison.results(), indent=1) + "\n")
        write_readme(folder)
    print(folder.relative_to(options.output.parent) / "README.md")


if __name__ == "__main__":
    main()
