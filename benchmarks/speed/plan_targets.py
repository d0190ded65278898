"""The plan's targets, measured on projects of 500 and of 5,000 files that this makes: a table, and JSON.

    python -m benchmarks.speed.plan_targets [--files 500 5000] [--rounds 3] [--json FILE]

The projects are the same on every machine. Each figure is that of a process of its own, and the median of the rounds:

one by one   the plan's "current state": each file read, parsed and queried after the other, through the stock binding
             (``tools/stock_tags.py``); the work alone, without the start of Python.
cold         ``scan()`` with an empty index, which it makes.
1 worker     the same with one worker.
warm         the same with the index that was left.
changed      the same after one file in ten has changed.
80 %         cold, with ``max_cpu=80``.
100 MB       cold, with ``max_memory=100_000_000``.

Ends with 1 where a target is missed.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import statistics
import sys
import tempfile
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.machine import describe_machine
from benchmarks.measure import run_measured
from benchmarks.speed.contenders import language_table

TOOLS = Path(__file__).parents[1] / "tools"
MEBIBYTE = 1 << 20
SEED = 20

VOCABULARY = """
account action batch buffer cache channel client clock column config counter cursor device entry event field filter
graph group handle index item job key layer level line list lock log map mark model node offset option order owner
packet page parent part path peer phase point pool port queue range record region request result root route row rule
scope score seed shape shard signal size slot source stage state step store stream table tag target task token tree
unit update user value view watch window word worker zone
"""
WORDS = VOCABULARY.split()


def name(rng: random.Random, n_words: int, joint: str = "_") -> str:
    return joint.join(rng.choices(WORDS, k=n_words))


def camel(rng: random.Random, n_words: int) -> str:
    return "".join(word.title() for word in rng.choices(WORDS, k=n_words))


def python(rng: random.Random) -> str:
    parts = [f"from lib.{name(rng, 1)} import {name(rng, 2)}\n\nMAX_{name(rng, 2).upper()} = {rng.randrange(99)}\n"]
    for _ in range(rng.randrange(2, 6)):
        parts.append(f"\n\nclass {camel(rng, 2)}({camel(rng, 2)}):\n")
        for _ in range(rng.randrange(2, 7)):
            parts.append(f"    def {name(rng, 2)}(self, {name(rng, 1)}):\n")
            for _ in range(rng.randrange(2, 9)):
                argument = f"self.{name(rng, 1)}[{rng.randrange(9)}], '{name(rng, 3, ' ')}'"
                parts.append(f"        {name(rng, 1)} = {name(rng, 2)}({argument})\n")
            parts.append(f"        return self.{name(rng, 2)}()\n\n")
    return "".join(parts)


def braces(head: str, function: str, statement: str) -> Callable[[random.Random], str]:
    """Return what writes a file of a language with braces; the capitals in the forms are replaced by names."""

    def fill(form: str, rng: random.Random) -> str:
        for mark, make in (
            ("TYPE", lambda: camel(rng, 2)),
            ("NAME", lambda: name(rng, 2)),
            ("WORD", lambda: name(rng, 1)),
        ):
            while mark in form:
                form = form.replace(mark, make(), 1)
        return form

    def write(rng: random.Random) -> str:
        functions = []
        for _ in range(rng.randrange(5, 20)):
            body = "".join(fill(statement, rng) for _ in range(rng.randrange(3, 12)))
            functions.append(fill(function, rng).replace("BODY", body))
        return fill(head, rng).replace("ALL", "\n".join(functions))

    return write


WRITERS: tuple[tuple[str, int, Callable[[random.Random], str]], ...] = (
    ("py", 30, python),
    (
        "c",
        15,
        braces(
            '#include "WORD.h"\n\nALL',
            "static int NAME(struct NAME *WORD, int WORD)\n{\nBODY\treturn 0;\n}\n",
            "\tif (WORD->WORD > 3)\n\t\tWORD = NAME(&WORD, WORD[2]);\n",
        ),
    ),
    (
        "js",
        15,
        braces(
            "import { NAME } from './WORD.js';\n\nALL",
            "export function NAME(WORD, WORD) {\nBODY}\n",
            "  const WORD = NAME(WORD.WORD, [1, 2], 'WORD');\n",
        ),
    ),
    (
        "ts",
        15,
        braces(
            "import { TYPE } from './WORD';\n\nexport class TYPE extends TYPE {\nALL}\n",
            "  NAME(WORD: TYPE, WORD: number): TYPE {\nBODY  }\n",
            "    this.WORD = NAME<TYPE>(WORD.WORD);\n",
        ),
    ),
    (
        "go",
        10,
        braces(
            "package WORD\n\nALL",
            "func (WORD *TYPE) NAME(WORD int) (TYPE, error) {\nBODY}\n",
            "\tWORD, err := NAME(WORD.WORD)\n",
        ),
    ),
    (
        "java",
        10,
        braces(
            "package WORD;\n\npublic class TYPE {\nALL}\n",
            "    public TYPE NAME(TYPE WORD) {\nBODY    }\n",
            "        TYPE WORD = NAME(WORD.WORD(), 7);\n",
        ),
    ),
    (
        "rs",
        5,
        braces(
            "use crate::WORD::TYPE;\n\nALL",
            "pub fn NAME(WORD: &TYPE) -> TYPE {\nBODY}\n",
            "    let WORD = NAME(WORD.WORD(), 3);\n",
        ),
    ),
)
"""Ending, share in hundredths, and what writes a file of a language."""


def make_project(folder: Path, n_files: int) -> list[Path]:
    """Write a project and return its files."""
    rng = random.Random(SEED)
    files = []
    for number in range(n_files):
        suffix, _, write = rng.choices(WRITERS, [share for _, share, _ in WRITERS])[0]
        path = folder / name(rng, 1) / name(rng, 1) / f"{name(rng, 2)}_{number}.{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write(rng), "utf-8")
        files.append(path)
    return sorted(files)


@dataclass(frozen=True, slots=True)
class Target:
    """One target of the plan; ``is_met`` is what the figure says of it."""

    text: str
    figure: str
    is_met: bool


class Project:
    """A made project, and what measures it."""

    def __init__(self, n_files: int, scratch: Path) -> None:
        self.root = scratch / "project"
        self.files = make_project(self.root, n_files)
        self.n_bytes = sum(path.stat().st_size for path in self.files)
        self.cache = scratch / "cache"
        self.list_path, self.table_path = scratch / "list.txt", scratch / "table.json"
        self.list_path.write_text("".join(f"{path}\n" for path in self.files))
        self.table_path.write_text(json.dumps(language_table(sys.executable)))

    def one_by_one(self) -> Mapping[str, float]:
        argv = [sys.executable, str(TOOLS / "stock_tags.py"), str(self.list_path), str(self.table_path)]
        return run_measured(argv).report

    def scan(self, *, is_cold: bool = True, **options: Any) -> Mapping[str, float]:
        if is_cold:
            shutil.rmtree(self.cache, ignore_errors=True)
        options = {"cache_dir": str(self.cache), **options}
        argv = [sys.executable, str(TOOLS / "plan_run.py"), str(self.root), json.dumps(options)]
        return run_measured(argv).report

    def change(self, round_number: int) -> None:
        for path in self.files[::10]:
            with path.open("a") as file:
                file.write(f"\n\n\n{'#' if path.suffix == '.py' else '//'} round {round_number}\n")

    def measure(self, n_rounds: int) -> dict[str, dict[str, float]]:
        """Return the medians of each way's figures; the ways take turns."""
        rounds: dict[str, list[Mapping[str, float]]] = {}
        for number in range(n_rounds):
            taken = {
                "one by one": self.one_by_one(),
                "1 worker": self.scan(workers=1),
                "cold": self.scan(),
                "warm": self.scan(is_cold=False),
            }
            self.change(number)
            taken["changed"] = self.scan(is_cold=False)
            taken["80 %"] = self.scan(max_cpu=80)
            taken["100 MB"] = self.scan(max_memory=100_000_000)
            for way, report in taken.items():
                rounds.setdefault(way, []).append(report)
        return {
            way: {figure: statistics.median(report[figure] for report in reports) for figure in reports[0]}
            for way, reports in rounds.items()
        }


def targets_of(figures: Mapping[str, Mapping[str, float]]) -> Iterable[Target]:
    """Yield the plan's targets with what was measured."""
    sequential_s = figures["one by one"]["wall_s"]
    for way in ("cold", "warm"):
        percent = 100 * figures[way]["wall_s"] / sequential_s
        yield Target(f"time at most 50 % of one by one: {way}", f"{percent:.0f} %", percent <= 50)
    for way in ("cold", "100 MB"):
        peak_mb = figures[way]["peak_bytes"] / MEBIBYTE
        yield Target(f"memory below 100 MB: {way}", f"{peak_mb:.0f} MB", peak_mb < 100)
    for way in ("warm", "changed"):
        percent = 100 * figures[way]["hit_rate"]
        yield Target(f"hit rate above 70 %: {way}", f"{percent:.0f} %", percent > 70)
    percent = 100 * figures["80 %"]["cpu_s"] / figures["80 %"]["wall_s"]
    yield Target("processor share below 80 % when it is limited", f"{percent:.0f} %", percent < 80)
    for way in ("cold", "warm"):
        per_second = figures[way]["files"] / figures[way]["wall_s"]
        yield Target(f"files a second: {way}", f"{per_second:,.0f}", per_second > 0)


def print_table(project: Project, figures: Mapping[str, Mapping[str, float]], targets: Iterable[Target]) -> None:
    print(f"\n{len(project.files):,} files, {project.n_bytes / 1e6:.1f} MB\n")
    print("| way | seconds | of the processor | share | files a second | hit rate | peak MB |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for way, of_way in figures.items():
        wall_s, cpu_s = of_way["wall_s"], of_way["cpu_s"]
        hit_rate = f"{100 * of_way['hit_rate']:.0f} %" if "hit_rate" in of_way else ""
        print(
            f"| {way} | {wall_s:.3f} | {cpu_s:.3f} | {100 * cpu_s / wall_s:.0f} % | {of_way['files'] / wall_s:,.0f} "
            f"| {hit_rate} | {of_way['peak_bytes'] / MEBIBYTE:.0f} |"
        )
    print("\n| target | measured | met |\n| --- | ---: | --- |")
    for target in targets:
        print(f"| {target.text} | {target.figure} | {'yes' if target.is_met else 'no'} |")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--files", type=int, nargs="+", default=[500, 5000], metavar="N")
    parser.add_argument("--rounds", type=int, default=3, metavar="N")
    parser.add_argument("--json", type=Path, metavar="FILE", help="where to write the figures too")
    arguments = parser.parse_args()
    pages = []
    for n_files in arguments.files:
        with tempfile.TemporaryDirectory() as scratch:
            project = Project(n_files, Path(scratch))
            figures = project.measure(arguments.rounds)
            targets = list(targets_of(figures))
            print_table(project, figures, targets)
            pages.append(
                {
                    "files": n_files,
                    "bytes": project.n_bytes,
                    "figures": figures,
                    "targets": {target.text: [target.figure, target.is_met] for target in targets},
                }
            )
    if arguments.json is not None:
        page = {"machine": describe_machine(), "rounds": arguments.rounds, "projects": pages}
        arguments.json.write_text(json.dumps(page, indent=1) + "\n")
    sys.exit(not all(is_met for page in pages for _, is_met in page["targets"].values()))


if __name__ == "__main__":
    main()
