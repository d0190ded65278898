"""Does the map show what is about to be changed? Asked of the history of any git repository.

    python -m benchmarks.map_quality NAME=REPOSITORY… --results FOLDER --aider-python AIDER/bin/python
    python -m benchmarks.map_quality NAME=REPOSITORY… --results FOLDER --question first-map
    python -m benchmarks.map_quality NAME=REPOSITORY… --results FOLDER --question mentions

Of commits: for each of some hundred commits, at its parent, from its message alone: which of the files and definitions
that it changed does the map show? Ours, aider's and three baselines' answer. Every step adds lines to files in FOLDER
and passes over what is there, so that a run that was ended goes on; FOLDER also gets a work tree of each repository.

Of the first map: at moments of the history (``moments.py``), without a message, does the map show what the next 50
commits change? Of mentions (``mentions.py``): does a map show what was mentioned?
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.map_quality.commits import Commit, choose_commits
from benchmarks.map_quality.figures import as_record, mark_repository, one_line, tables
from benchmarks.map_quality.moments import choose_moments
from benchmarks.map_quality.tree import make_tree, read_commits

HERE = Path(__file__).parent
STEPS = ("choose", "aider", "baselines", "ours", "variants", "report")
QUESTIONS = ("commits", "first-map", "mentions")
N_COMMITS = 150
N_MOMENTS = 20
_FIND_VOCABULARY = (
    "import importlib.util, pathlib;"
    "print(pathlib.Path(importlib.util.find_spec('litellm').origin).parent / 'litellm_core_utils' / 'tokenizers')"
)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("repositories", nargs="+", metavar="NAME=REPOSITORY", help="what to call it, and where it is")
    parser.add_argument("--results", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--aider-python", metavar="PYTHON", help="of an environment with aider-chat 0.86.2")
    parser.add_argument("--question", choices=QUESTIONS, default=QUESTIONS[0], help="what is asked (commits)")
    parser.add_argument("--run", default="ours", metavar="NAME", help="what to call our maps (ours), as in the tables")
    parser.add_argument(
        "--commits", type=int, metavar="N", help="or moments, of each repository (150; 20 where no message is asked)"
    )
    parser.add_argument("--tokens", type=int, nargs="+", default=[1024, 4096], metavar="N")
    parser.add_argument("--save", type=Path, metavar="FILE", help="write the figures to this file, as JSON")
    parser.add_argument("--steps", nargs="+", choices=STEPS, default=STEPS)
    arguments = parser.parse_args()
    results: Path = arguments.results.resolve()
    results.mkdir(parents=True, exist_ok=True)
    (results / "trees").mkdir(exist_ok=True)
    repositories = {
        name: Path(path).resolve() for name, _, path in (one.partition("=") for one in arguments.repositories)
    }
    if arguments.question == "mentions":
        _ask_mentions(repositories, results, arguments)
        return
    if arguments.question == "first-map":
        (results / "first").mkdir(exist_ok=True)
    for name, repository in repositories.items():
        _ask(name, repository, results, arguments)
        if "report" in arguments.steps and len(repositories) > 1:
            print(one_line(name, mark_repository(repository, _folder(results, arguments), name)), flush=True)
    results = _folder(results, arguments)
    if "report" in arguments.steps:
        marks = [
            mark for name, repository in repositories.items() for mark in mark_repository(repository, results, name)
        ]
        sys.stdout.write(tables(marks))
        if arguments.save:
            arguments.save.write_text(json.dumps(as_record(marks, repositories), indent=1) + "\n")


def _folder(results: Path, arguments: argparse.Namespace) -> Path:
    """Return the folder for the answers to a question; all questions share work trees and index."""
    return results / "first" if arguments.question == "first-map" else results


def _ask_mentions(repositories: dict[str, Path], results: Path, arguments: argparse.Namespace) -> None:
    from benchmarks.map_quality.mentions import ask_mentions, one_line_of_mentions

    count = _counter(arguments.aider_python)
    marks = []
    for name, repository in repositories.items():
        tree = results / "trees" / name
        make_tree(repository, tree)
        of_repository = ask_mentions(
            repository, name, tree, results / "index", count, arguments.commits or N_MOMENTS, arguments.tokens
        )
        print(one_line_of_mentions(name, of_repository), flush=True)
        marks += of_repository
    print(one_line_of_mentions("all", marks))
    if arguments.save:
        arguments.save.write_text(json.dumps([asdict(mark) for mark in marks], indent=0) + "\n")


def _ask(name: str, repository: Path, results: Path, arguments: argparse.Namespace) -> None:
    """Choose a repository's commits and get everybody's maps of them."""
    is_first = arguments.question == "first-map"
    folder, tree = _folder(results, arguments), results / "trees" / name
    commits_path = folder / f"{name}.commits.jsonl"
    if "choose" in arguments.steps and not commits_path.exists():
        commits = (
            choose_moments(repository, name, arguments.commits or N_MOMENTS)
            if is_first
            else choose_commits(repository, name, arguments.commits or N_COMMITS)
        )
        commits_path.write_text("".join(json.dumps(commit.as_record()) + "\n" for commit in commits))
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
            folder / f"{name}.aider.jsonl",
        ]
        subprocess.run([*command, *budgets], check=True, env={**os.environ, "PYTHONHASHSEED": "0"})
    if not {"baselines", "ours", "variants"}.isdisjoint(arguments.steps):
        from benchmarks.map_quality.our_maps import baseline_maps, our_maps, write_maps

        count = _counter(arguments.aider_python)
        index = results / "index"
        # Without a message the variants are our map itself, or one that nobody asks for.
        steps = set(arguments.steps) - ({"variants"} if is_first else set())
        makers: dict[str, Callable[[], Callable[[Commit], Any]]] = {
            "baselines": lambda: baseline_maps(tree, arguments.tokens, index, count),
            "ours": lambda: our_maps(tree, arguments.tokens, index, count, run=arguments.run),
            "variants": lambda: our_maps(tree, arguments.tokens, index, count, variants=True),
        }
        for step, make in makers.items():
            if step in steps:
                path = folder / f"{name}.{arguments.run if step == 'ours' else step}.jsonl"
                write_maps(tree, read_commits(commits_path), path, make(), count)


def _counter(aider_python: str | None) -> Callable[[str], int]:
    """Return what counts tokens for all: tiktoken's cl100k_base, by the vocabulary that aider's environment has."""
    if aider_python and "TIKTOKEN_CACHE_DIR" not in os.environ:
        found = subprocess.run([aider_python, "-c", _FIND_VOCABULARY], check=True, capture_output=True, text=True)
        os.environ["TIKTOKEN_CACHE_DIR"] = found.stdout.strip()
    from repomap_fast.drawing.tokens import tiktoken_counter

    return tiktoken_counter("cl100k_base")


if __name__ == "__main__":
    main()
