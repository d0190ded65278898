"""From the maps of a run to figures: what each one shows of what its commit changed, and the tables of that."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean
from typing import Any

from benchmarks.map_quality.commits import Commit, git
from benchmarks.map_quality.shown import judge, paths_outside_tests
from benchmarks.map_quality.tree import read_commits, read_lines, unpack

CONTENDERS = ("ours", "aider", "ours-no-query", "ours-aider-weights", "referred", "size", "alphabet")
"""In the order of the tables; others that the results hold come after."""


@dataclass(frozen=True, slots=True)
class Mark:
    """What one map shows of one commit's changes.

    n_outside_tests_shown, n_outside_tests  of the changed definitions those that are outside tests, vendored, generated
                            and example code.
    n_shown_known, n_known  the same of those changed definitions that aider's tagger knows too; -1 where it was not
                            asked.
    """

    repository: str
    sha: str
    contender: str
    budget: int
    tokens: int
    n_files: int
    n_files_shown: int
    n_definitions: int
    n_definitions_shown: int
    n_outside_tests: int
    n_outside_tests_shown: int
    n_known: int
    n_known_shown: int
    n_files_in_map: int
    missed: tuple[str, ...]
    failure: str | None


def mark_repository(repository: Path, results: Path, name: str) -> list[Mark]:
    """Judge all maps of a repository, and keep the marks beside them, one line of JSON each."""
    commits = {commit.sha: commit for commit in read_commits(results / f"{name}.commits.jsonl")}
    aider_rows: dict[str, Mapping[str, Sequence[int]]] = {}
    records: list[dict[str, Any]] = []
    for record in read_lines(results / f"{name}.aider.jsonl"):
        aider_rows[record["sha"]] = record["definition_rows"]
        records.append({"contender": "aider", **record})
    for path in sorted(results.glob(f"{name}.*.jsonl")):
        if path.name.split(".")[-2] not in ("commits", "aider", "marks"):
            records += read_lines(path)
    by_sha: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for record in records:
        if record["sha"] in commits:
            by_sha[record["sha"]].append(record)
    marks: list[Mark] = []
    for sha, commit in commits.items():
        sources = {file.path: _lines(repository, commit.parent, file.path) for file in commit.files}
        for record in by_sha[sha]:
            marks += _marks(commit, record, sources, aider_rows.get(sha))
    with (results / f"{name}.marks.jsonl").open("w") as out:
        out.writelines(json.dumps(asdict(mark)) + "\n" for mark in marks)
    return marks


def _lines(repository: Path, revision: str, path: str) -> list[str]:
    text = git(repository, "show", f"{revision}:{path}").decode("utf-8", "replace")
    return text.replace("\r\n", "\n").replace("\r", "\n").split("\n")


def _marks(
    commit: Commit,
    record: Mapping[str, Any],
    sources: Mapping[str, Sequence[str]],
    aider_rows: Mapping[str, Sequence[int]] | None,
) -> Iterable[Mark]:
    outside_tests = paths_outside_tests(commit.files)
    for budget, packed in record["texts"].items():
        shown = judge(unpack(packed), commit.files, sources, aider_rows or {})
        yield Mark(
            repository=commit.repository,
            sha=commit.sha,
            contender=record["contender"],
            budget=int(budget),
            tokens=record["tokens"][budget],
            n_files=len(commit.files),
            n_files_shown=shown.n_files,
            n_definitions=sum(len(file.changed) for file in commit.files),
            n_definitions_shown=shown.n_definitions,
            n_outside_tests=sum(len(file.changed) for file in commit.files if file.path in outside_tests),
            n_outside_tests_shown=shown.n_outside_tests,
            n_known=-1 if aider_rows is None else shown.n_known,
            n_known_shown=-1 if aider_rows is None else shown.n_known_shown,
            n_files_in_map=shown.n_files_in_map,
            missed=shown.missed,
            failure=record.get("failure"),
        )


@dataclass(frozen=True, slots=True)
class Summary:
    """The means of a group of marks: of shares over commits, each commit alike."""

    n_commits: int
    files: float
    definitions: float
    outside_tests: float
    known: float
    tokens: float
    files_in_map: float
    n_failures: int


def summarize(marks: Sequence[Mark]) -> Summary:
    """Return the means of ``marks``, which are of one contender and budget; commits without a changed definition are
    left out of the shares of definitions.
    """

    def share(pairs: list[tuple[int, int]]) -> float:
        return mean(shown / n for shown, n in pairs) if pairs else float("nan")

    return Summary(
        n_commits=len(marks),
        files=share([(mark.n_files_shown, mark.n_files) for mark in marks]),
        definitions=share([(mark.n_definitions_shown, mark.n_definitions) for mark in marks if mark.n_definitions]),
        outside_tests=share(
            [(mark.n_outside_tests_shown, mark.n_outside_tests) for mark in marks if mark.n_outside_tests]
        ),
        known=share([(mark.n_known_shown, mark.n_known) for mark in marks if mark.n_known > 0]),
        tokens=mean(mark.tokens for mark in marks),
        files_in_map=mean(mark.n_files_in_map for mark in marks),
        n_failures=sum(mark.failure is not None for mark in marks),
    )


def same_commits(marks: Iterable[Mark]) -> list[Mark]:
    """Keep, budget by budget, the commits for which every contender that has any at that budget has a map."""
    of_budget: dict[tuple[str, int], dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    marks = list(marks)
    for mark in marks:
        of_budget[mark.repository, mark.budget][mark.contender].add(mark.sha)
    kept = {key: set.intersection(*of_contender.values()) for key, of_contender in of_budget.items()}
    return [mark for mark in marks if mark.sha in kept[mark.repository, mark.budget]]


def as_record(marks: Sequence[Mark], repositories: Mapping[str, Path]) -> dict[str, Any]:
    """Return all figures, each repository by itself, for a file of JSON."""
    groups: dict[str, dict[str, dict[int, list[Mark]]]] = defaultdict(lambda: defaultdict(lambda: defaultdict(list)))
    for mark in same_commits(marks):
        groups[mark.repository][mark.contender][mark.budget].append(mark)
    return {
        name: {
            "revision": git(repositories[name], "rev-parse", "HEAD").decode().strip(),
            "contenders": {
                contender: {budget: asdict(summarize(group)) for budget, group in sorted(of_budget.items())}
                for contender, of_budget in groups[name].items()
            },
        }
        for name in sorted(groups)
    }


def one_line(name: str, marks: Sequence[Mark]) -> str:
    """Return one line on a repository: of each contender and budget the files and the definitions shown."""
    groups: dict[tuple[str, int], list[Mark]] = defaultdict(list)
    for mark in same_commits(marks):
        groups[mark.contender, mark.budget].append(mark)
    cells = []
    for (contender, budget), group in sorted(groups.items()):
        means = summarize(group)
        cells.append(f"{contender}@{budget} {means.files:.2f}/{means.definitions:.2f}/{means.outside_tests:.2f}")
    return f"{name}: {' '.join(cells)} (files/definitions/outside tests)"


def tables(marks: Sequence[Mark]) -> str:
    """Return the tables of a set of repositories in Markdown: all together, then one by one."""
    marks = same_commits(marks)
    groups: dict[tuple[str, str, int], list[Mark]] = defaultdict(list)
    for mark in marks:
        groups[mark.repository, mark.contender, mark.budget].append(mark)
    summaries = {key: summarize(group) for key, group in groups.items()}
    repositories = sorted({mark.repository for mark in marks})
    budgets = sorted({mark.budget for mark in marks})
    present = {mark.contender for mark in marks}
    contenders = [name for name in CONTENDERS if name in present] + sorted(present - set(CONTENDERS))
    lines = []
    for budget in budgets:
        beside = "aider" if (repositories[0], "aider", budget) in summaries else contenders[0]
        having = [name for name in repositories if (name, beside, budget) in summaries]
        n_commits = sum(summaries[name, beside, budget].n_commits for name in having)
        lines += [
            f"**{budget} tokens**: {n_commits} commits of {len(having)} repositories",
            "",
            f"| contender | files shown | ÷ {beside} | definitions shown | outside tests | of aider's own | tokens "
            "| files in the map |",
            "|---|---|---|---|---|---|---|---|",
        ]
        files = mean(summaries[name, beside, budget].files for name in having)
        for contender in contenders:
            found = [summaries[name, contender, budget] for name in having if (name, contender, budget) in summaries]
            if len(found) == len(having):
                means = {field: mean(getattr(one, field) for one in found) for field in Summary.__slots__}
                lines.append(
                    f"| {contender} | {means['files']:.3f} | {means['files'] / files:.2f} | {means['definitions']:.3f} "
                    f"| {means['outside_tests']:.3f} "
                    f"| {means['known']:.3f} | {means['tokens']:,.0f} | {means['files_in_map']:.0f} |"
                )
        lines.append("")
    if "aider" not in present or "ours" not in present:
        return "\n".join(lines) + "\n"
    lines += ["| repository | commits | " + " | ".join(f"{b}: ours / aider / ratio" for b in budgets) + " |"]
    lines += ["|---|---|" + "---|" * len(budgets)]
    for name in repositories:
        cells = []
        for budget in budgets:
            ours, aider_one = summaries.get((name, "ours", budget)), summaries.get((name, "aider", budget))
            cells.append(
                f"{ours.files:.2f} / {aider_one.files:.2f} / {ours.files / aider_one.files:.2f}"
                if ours and aider_one
                else ""
            )
        n_commits = max(summary.n_commits for key, summary in summaries.items() if key[0] == name)
        lines.append(f"| {name} | {n_commits} | " + " | ".join(cells) + " |")
    return "\n".join(lines) + "\n"
