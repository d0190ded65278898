"""Does the map show what is about to be changed? Asked of the history of any git repository.

    python -m benchmarks.map_quality NAME=REPOSITORY… --results FOLDER --aider-python AIDER/bin/python

For each of some hundred commits, at its parent, from its message alone: which of the files and definitions that it
changed does the map show? Ours, aider's and three baselines' answer. Every step adds lines to files in FOLDER and
passes over what is there, so that a run that was ended goes on; FOLDER also gets a work tree of each repository.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from benchmarks.map_quality.commits import Commit, choose_commits
from benchmarks.map_quality.figures import as_record, mark_repository, tables
from benchmarks.map_quality.tree import make_tree, read_commits

HERE = Path(__file__).parent
STEPS = ("choose", "aider", "baselines", "ours", "variants", "report")
_FIND_VOCABULARY = (
    "import importlib.util, pathlib;"
    "print(pathlib.Path(importlib.util.find_spec('litellm').origin).parent / 'litellm_core_utils' / 'tokenizers')"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", metavar="NAME=REPOSITORY", help="what to call it, and where it is")
    parser.add_argument("--results", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--aider-python", metavar="PYTHON", help="of an environment with aider-chat 0.86.2")
    parser.add_argument("--commits", type=int, default=150, metavar="N", help="of each repository (150)")
    parser.add_argument("--tokens", type=int, nargs="+", default=[1024, 2048, 4096, 8192], metavar="N")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to this file, as JSON")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    arguments = parser.parse_args()
    results: Path = arguments.results.resolve()
    results.mkdir(parents=True, exist_ok=True)
    repositories = {
        name: Path(path).resolve() for name, _, path in (one.partition("=") for one in arguments.repositories)
    }
    for name, repository in repositories.items():
        _ask(name, repository, results, arguments)
    if "report" in arguments.steps:
        marks = [
            mark for name, repository in repositories.items() for mark in mark_repository(repository, results, name)
        ]
        sys.stdout.write(tables(marks))
        if arguments.save:
            arguments.save.write_text(json.dumps(as_record(marks, repositories), indent=1) + "\n")


def _ask(name: str, repository: Path, results: Path, arguments: argparse.Namespace) -> None:
    """Choose a repository's commits and get everybody's maps of them."""
    commits_path = results / f"{name}.commits.jsonl"
    tree = results / "trees" / name
    if "choose" in arguments.steps and not commits_path.exists():
        commits = choose_commits(repository, name, arguments.commits)
        commits_path.write_text("".join(json.dumps(commit.as_record()) + "\n" for commit in commits))
    tree.parent.mkdir(exist_ok=True)
    make_tree(repository, tree)
    if "aider" in arguments.steps and arguments.aider_python:
        budgets = [str(budget) for budget in arguments.tokens]
        own_tree = tree.with_name(f"{name}.aider")
        make_tree(repository, own_tree)
        command = [
            arguments.aider_python,
            HERE / "aider_maps.py",
            own_tree,
            commits_path,
            results / f"{name}.aider.jsonl",
        ]
        subprocess.run([*command, *budgets], check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    if not {"baselines", "ours", "variants"}.isdisjoint(arguments.steps):
        from benchmarks.map_quality.our_maps import baseline_maps, our_maps, write_maps

        count = _counter(arguments.aider_python)
        index = results / "index"
        makers: dict[str, Callable[[], Callable[[Commit], Any]]] = {
            "baselines": lambda: baseline_maps(tree, arguments.tokens, index, count),
            "ours": lambda: our_maps(tree, arguments.tokens, index, count),
            "variants": lambda: our_maps(tree, arguments.tokens, index, count, variants=True),
        }
        for step, make in makers.items():
            if step in arguments.steps:
                write_maps(tree, read_commits(commits_path), results / f"{name}.{step}.jsonl", make(), count)


def _counter(aider_python: str | None) -> Callable[[str], int]:
    """Return what counts tokens for all: tiktoken's cl100k_base, by the vocabulary that aider's environment has."""
    if aider_python and "TIKTOKEN_CACHE_DIR" not in os.environ:
        found = subprocess.run([aider_python, "-c", _FIND_VOCABULARY], check=True, capture_output=True, text=True)
        os.environ["TIKTOKEN_CACHE_DIR"] = found.stdout.strip()
    from repomap_fast.drawing.tokens import tiktoken_counter

    return tiktoken_counter("cl100k_base")


if __name__ == "__main__":
    main()
