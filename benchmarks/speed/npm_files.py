"""Does any real file of JavaScript or TypeScript cost much more than its bare parse?

    python -m benchmarks.speed.npm_files FOLDER [--files N] [--rounds N] [--results FOLDER]

FOLDER holds unpacked packages of npm (``npm pack NAME``), one folder each. The largest files named .js, .mjs, .cjs or
.ts are measured, equal ones once. On one side repomap-fast reads, parses and queries the file, and makes its block. On
the other the stock binding reads and parses it, and drops the tree: the floor. Both run in one thread of one process,
turn by turn, in processor time of the thread; the best of the rounds counts. Exit code 1 if a ratio is above 1.6.
"""

from __future__ import annotations

import argparse
import gc
import hashlib
import json
import os
import sys
import time
from dataclasses import asdict, dataclass
from importlib import metadata
from pathlib import Path

import numpy as np
import tree_sitter_language_pack
from tree_sitter import Parser

from benchmarks.machine import describe_machine
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query
from repomap_fast.tables import FileStatus
from repomap_fast.tagging import _tagger
from repomap_fast.tagging.tagger import compile_queries

LANGUAGE_BY_SUFFIX = {".js": "javascript", ".mjs": "javascript", ".cjs": "javascript", ".ts": "typescript"}
LIMIT = 1.6
N_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Cost:
    """What one file costs: best of the rounds."""

    path: str
    n_bytes: int
    n_tags: int
    status: str
    seconds: float
    stock_parse_seconds: float
    n_steps: int

    @property
    def ratio(self) -> float:
        return self.seconds / self.stock_parse_seconds


def find_largest(folder: Path, n_files: int) -> list[Path]:
    """Return the largest files, largest first; of those with the same bytes one."""
    found = [
        path
        for path in folder.rglob("*")
        if path.suffix in LANGUAGE_BY_SUFFIX and path.is_file() and not path.is_symlink()
    ]
    found.sort(key=lambda path: (-path.stat().st_size, path))
    largest: dict[bytes, Path] = {}
    for path in found:
        if len(largest) == n_files:
            break
        largest.setdefault(hashlib.sha256(path.read_bytes()).digest(), path)
    return list(largest.values())


class Bench:
    """Both sides, ready to tag one file after the other."""

    def __init__(self, folder: Path, paths: list[Path]) -> None:
        names = [os.fsencode(path.relative_to(folder)) for path in paths]
        languages = [LANGUAGE_BY_SUFFIX[path.suffix] for path in paths]
        ids = {name: find_language(name) for name in set(languages)}
        queries = compile_queries([read_tags_query(language_id, None) for language_id in ids.values()])
        files = _tagger.FileList(
            os.fsencode(folder),
            np.cumsum([0, *map(len, names)], dtype=np.uint64),
            np.frombuffer(b"".join(names), np.uint8),
            np.array([ids[name] for name in languages], np.uint16),
            queries.by_language,
            queries.keys,
            max_file_bytes=1 << 30,
            max_file_memory_bytes=1 << 34,
            file_timeout_s=120.0,
        )
        self.paths = paths
        self.languages = languages
        self.worker = _tagger.TagWorker(files)
        self.parsers = {
            name: Parser(tree_sitter_language_pack.get_language(LANGUAGES[language_id].grammar))  # type: ignore[arg-type]
            for name, language_id in ids.items()
        }

    def tag(self, file_id: int) -> tuple[float, int, int, int]:
        """Tag one file; return seconds, status, tags and steps of the query's cursor."""
        steps, start = self.worker.n_steps, time.thread_time()
        self.worker.tag_files(np.array([file_id], np.uint32))
        n_tags = self.worker.n_tags
        _, statuses, *_ = self.worker.take_blocks()
        return time.thread_time() - start, int(statuses[0]), n_tags, self.worker.n_steps - steps

    def parse(self, file_id: int) -> float:
        start = time.thread_time()
        tree = self.parsers[self.languages[file_id]].parse(self.paths[file_id].read_bytes())
        del tree
        return time.thread_time() - start

    def measure(self, file_id: int, folder: Path, n_rounds: int) -> Cost:
        ours, theirs = [], []
        for _ in range(n_rounds):
            ours.append(self.tag(file_id))
            theirs.append(self.parse(file_id))
        seconds, status, n_tags, n_steps = min(ours)
        path = self.paths[file_id]
        return Cost(
            path.relative_to(folder).as_posix(),
            path.stat().st_size,
            n_tags,
            FileStatus(status).name.lower(),
            seconds,
            min(theirs),
            n_steps,
        )


def table(costs: list[Cost]) -> str:
    """Return the worst files as a Markdown table, and all of them together."""
    ours, floor = sum(cost.seconds for cost in costs), sum(cost.stock_parse_seconds for cost in costs)
    lines = [
        f"{len(costs)} files, {sum(cost.n_bytes for cost in costs) / 1e6:.0f} MB: {ours:.1f} s, "
        f"{ours / floor:.2f} x the bare parse ({floor:.1f} s). Above {LIMIT}: "
        f"{sum(cost.ratio > LIMIT for cost in costs)}.",
        "",
        "| file | MB | tags | steps a byte | s | bare parse s | ratio |",
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
    ]
    lines += [
        f"| {cost.path} | {cost.n_bytes / 1e6:.2f} | {cost.n_tags:,} | {cost.n_steps / cost.n_bytes:.2f} | "
        f"{cost.seconds:.3f} | {cost.stock_parse_seconds:.3f} | {cost.ratio:.2f} |"
        for cost in costs[:N_SHOWN]
    ]
    return "\n".join(lines)


def versions(folder: Path) -> dict[str, str]:
    """Return the version of each package that has a package.json of its own."""
    found = {}
    for manifest in sorted(folder.glob("*/package.json")) + sorted(folder.glob("*/package/package.json")):
        read = json.loads(manifest.read_text("utf-8"))
        found[read["name"]] = read["version"]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--results", type=Path, help="a folder to write npm_files.md and npm_files.json into")
    arguments = parser.parse_args()
    folder = arguments.folder.resolve()
    bench = Bench(folder, find_largest(folder, arguments.files))
    gc.disable()
    costs = [bench.measure(file_id, folder, arguments.rounds) for file_id in range(len(bench.paths))]
    costs.sort(key=lambda cost: -cost.ratio)
    print(table(costs))
    if arguments.results:
        arguments.results.mkdir(parents=True, exist_ok=True)
        packages = versions(folder)
        about = {
            "machine": describe_machine(),
            "versions": {name: metadata.version(name) for name in ("repomap-fast", "tree-sitter")},
            "packages": packages,
            "files": [asdict(cost) for cost in costs],
        }
        (arguments.results / "npm_files.json").write_text(json.dumps(about, indent=1) + "\n", "utf-8")
        named = ", ".join(f"{name} {version}" for name, version in packages.items())
        text = f"# The largest files of {len(packages)} packages of npm\n\n{table(costs)}\n\nPackages: {named}.\n"
        (arguments.results / "npm_files.md").write_text(text, "utf-8")
    return int(any(cost.ratio > LIMIT for cost in costs))


if __name__ == "__main__":
    sys.exit(main())
