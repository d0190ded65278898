"""Does the ranking find what an issue is about? Asked of issues, and of what their fixes changed.

    python benchmarks/localisation INSTANCES.jsonl --repositories FOLDER --results FOLDER

For each instance, at its base commit, from the text of the issue alone: where do the files and the functions that the
fix changed stand, and what of them does the map show? Our answer, and those of the baselines. Answers are added to
a file in the folder of results, and those that are there are passed over, so that a run that was ended goes on.
Instances whose repository or base commit is missing are passed over, counted, and named at the end.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.localisation.contenders import Answer, baselines, fusions, read_sources
from benchmarks.localisation.instances import Instance, read_instances
from benchmarks.localisation.marks import N_KEPT, Mark, comparison_table, mark, tables
from benchmarks.localisation.snapshots import CommitMissing, Snapshots, find_repository

BUDGETS = (1_024, 2_048, 4_096, 8_192)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("instances", type=Path, metavar="INSTANCES", help="JSON lines, see instances.py")
    parser.add_argument("--repositories", type=Path, required=True, metavar="FOLDER", help="of bare repositories")
    parser.add_argument("--results", type=Path, required=True, metavar="FOLDER")
    parser.add_argument("--alias", action="append", default=[], metavar="OWNER/NAME=FORK/NAME", help="a fork to take")
    parser.add_argument("--sets", nargs="+", default=[], metavar="SET", help="report these, each by itself (all)")
    parser.add_argument("--run", default="ours", metavar="NAME", help="what to call our answers, to compare versions")
    parser.add_argument("--tokenizer", default="estimate", metavar="NAME", help="estimate, tiktoken, tiktoken:ENCODING")
    parser.add_argument("--ours-alone", action="store_true", help="answer without the baselines, which take long")
    parser.add_argument("--compare", nargs=2, metavar="NAME", help="two contenders, pair by pair")
    parser.add_argument("--report", action="store_true", help="answer nothing, report what is there")
    arguments = parser.parse_args()
    instances = read_instances(arguments.instances, arguments.sets)
    results: Path = arguments.results.resolve()
    results.mkdir(parents=True, exist_ok=True)
    answers = results / "answers.jsonl"
    if not arguments.report:
        _answer_all(instances, answers, arguments)
    marks = _marks(instances, answers)
    for name in arguments.sets or ["all"]:
        of_set = [instance for instance in instances if name in instance.sets or not arguments.sets]
        sys.stdout.write(f"## {name}\n\n{tables(of_set, marks)}\n")
        if arguments.compare:
            first, second = arguments.compare
            sys.stdout.write(comparison_table(of_set, marks[first], marks[second], (first, second)) + "\n")


def _answer_all(instances: list[Instance], answers: Path, arguments: argparse.Namespace) -> None:
    aliases = dict(one.split("=", 1) for one in arguments.alias)
    done = {(record["instance_id"], record["contender"]) for record in _records(answers)}
    left_out: Counter[str] = Counter()
    with answers.open("a", encoding="utf-8") as out:
        for instance in instances:
            if (instance.instance_id, arguments.run) in done:
                continue
            repository = find_repository(arguments.repositories, instance.repo, aliases)
            if repository is None:
                left_out[f"{arguments.repositories} has no bare repository {instance.repo}: --alias names a fork"] += 1
                continue
            try:
                found = _answers(instance, repository, answers.parent, arguments)
            except CommitMissing:
                left_out[f"the repository {instance.repo} lacks their base commits"] += 1
                continue
            for name, answer in found.items():
                if (instance.instance_id, name) not in done:
                    out.write(json.dumps(_record(instance, name, answer)) + "\n")
            out.flush()
    for why, n in sorted(left_out.items()):
        sys.stderr.write(f"left out {n} of {len(instances)} instances: {why}\n")


def _answers(instance: Instance, repository: Path, results: Path, arguments: argparse.Namespace) -> dict[str, Answer]:
    from benchmarks.localisation.ours import our_answers
    from repomap_fast.drawing.tokens import counter_for
    from repomap_fast.weights import Weights

    snapshots = Snapshots(repository, results / "trees" / instance.repo.replace("/", "+"))
    snapshots.visit(instance.base_commit)
    sources = read_sources(snapshots.tree)
    found = {} if arguments.ours_alone else baselines(sources, instance.problem_statement)
    found |= our_answers(
        snapshots.tree,
        sources,
        instance.problem_statement,
        cache_dir=results / "index",
        budgets=BUDGETS,
        variants={"ours": Weights()},
        count=counter_for(arguments.tokenizer),
    )
    found |= fusions(found)
    return {_name(name, arguments.run): answer for name, answer in found.items()}


def _name(contender: str, run: str) -> str:
    """Return the name of a contender in the results: those that depend on our answers bear the name of the run."""
    return contender.replace("ours", run, 1) if contender.startswith("ours") else contender


def _record(instance: Instance, contender: str, answer: Answer) -> dict[str, Any]:
    record = asdict(answer)
    record["files"], record["functions"] = record["files"][:N_KEPT], record["functions"][:N_KEPT]
    return {"instance_id": instance.instance_id, "contender": contender, **record}


def _marks(instances: list[Instance], answers: Path) -> dict[str, dict[str, Mark]]:
    by_id = {instance.instance_id: instance for instance in instances}
    marks: dict[str, dict[str, Mark]] = {}
    for record in _records(answers):
        instance = by_id.get(record["instance_id"])
        if instance is not None:
            marks.setdefault(record["contender"], {})[instance.instance_id] = mark(instance, record)
    return marks


def _records(answers: Path) -> Iterator[dict[str, Any]]:
    """Yield what a file of answers holds; a last line that was not written to its end is passed over."""
    if answers.exists():
        with answers.open(encoding="utf-8") as lines:
            for line in lines:
                if line.endswith("\n"):
                    yield json.loads(line)


if __name__ == "__main__":
    main()
