"""Does a map show what was mentioned? Each mention is asked for by itself, at moments of a history.

Of each moment's tree, definitions are drawn by a fixed seed: functions, methods and classes. Each is mentioned in every
form that it has: its name, ``Class.method``, its file's path, and ``path:line`` with a line within it. What must be
shown is the row of a definition of that name; of the method of that class; the path; the row of the innermost
definition around the line.
"""

from __future__ import annotations

import random
import re
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean

import repomap_fast
from benchmarks.map_quality.commits import SEED
from benchmarks.map_quality.moments import CODE_KINDS, choose_moments
from benchmarks.map_quality.shown import numbered_rows_by_path, runs_by_path, shown_rows
from benchmarks.map_quality.tree import visit
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult

FORMS = ("name", "method", "path", "line")
N_DRAWN = 5
"""Definitions that are drawn at each moment."""
_CLASS_KINDS = frozenset({"class", "interface", "struct", "trait", "enum", "module", "object", "record", "protocol"})


@dataclass(frozen=True, slots=True)
class Mention:
    """What is mentioned, and the places (path, row) of which one must be shown; row -1 for the path itself."""

    form: str
    text: str
    places: frozenset[tuple[str, int]]


@dataclass(frozen=True, slots=True)
class MentionMark:
    """Whether a map showed a mention."""

    repository: str
    sha: str
    form: str
    text: str
    budget: int
    is_shown: bool


def ask_mentions(
    repository: Path,
    name: str,
    tree: Path,
    cache_dir: Path,
    count: Callable[[str], int],
    n_moments: int,
    budgets: Sequence[int],
) -> list[MentionMark]:
    """Ask for the mentions of a repository's moments, and judge the maps."""
    marks = []
    for moment in choose_moments(repository, name, n_moments):
        visit(tree, moment.sha)
        with Index.open(tree, cache_dir=cache_dir) as index:
            index.refresh()
            for mention in draw_mentions(index.result, f"{SEED} {moment.sha}"):
                for budget in budgets:
                    text = repomap_fast.map(index, mention=[mention.text], tokens=budget, tokenizer=count).text
                    is_shown = shows(text, mention, tree)
                    marks.append(MentionMark(name, moment.sha, mention.form, mention.text, budget, is_shown))
    return marks


def draw_mentions(result: ScanResult, seed: str) -> Iterator[Mention]:
    """Yield the mentions of some definitions of a scan."""
    found: list[tuple[str, str, int, int, str]] = []
    by_name: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for file in result.files:
        around: list[tuple[str, int, str]] = []
        for tag in file.tags:
            if tag.role != "definition":
                continue
            by_name[tag.name].add((file.path, tag.line - 1))
            if tag.kind not in CODE_KINDS:
                continue
            last = (tag.end_line or tag.line) - 1
            while around and around[-1][1] < tag.line - 1:
                around.pop()
            owner = around[-1][0] if around and around[-1][2] in _CLASS_KINDS else ""
            found.append((file.path, tag.name, tag.line - 1, last, owner))
            around.append((tag.name, last, tag.kind))
    methods: dict[str, set[tuple[str, int]]] = defaultdict(set)
    for path, name, row, _, owner in found:
        methods[f"{owner}.{name}"].add((path, row))
    for path, name, row, last, owner in random.Random(seed).sample(found, min(N_DRAWN, len(found))):
        yield Mention("name", name, frozenset(by_name[name]))
        if owner:
            yield Mention("method", f"{owner}.{name}", frozenset(methods[f"{owner}.{name}"]))
        yield Mention("path", path, frozenset({(path, -1)}))
        line = (row + last) // 2
        inside = [(end - start, start) for there, _, start, end, _ in found if there == path and start <= line <= end]
        yield Mention("line", f"{path}:{line + 1}", frozenset({(path, min(inside)[1])}))


def shows(text: str, mention: Mention, tree: Path) -> bool:
    """Return whether a map shows one of the places of a mention."""
    numbered, runs = numbered_rows_by_path(text), runs_by_path(text)
    for path in sorted({path for path, _ in mention.places}):
        wanted = {row for there, row in mention.places if there == path}
        if -1 in wanted:
            return re.search(rf"(?m)(?:^|[\s,]){re.escape(path)}(?=[:,\s]|$)", text) is not None
        rows = set(numbered.get(path, ()))
        if path in runs:
            rows |= shown_rows(runs[path], (tree / path).read_text(errors="replace").splitlines())
        if rows & wanted:
            return True
    return False


def one_line_of_mentions(name: str, marks: Sequence[MentionMark]) -> str:
    """Return one line on a repository: of each budget and form the share of mentions that are shown."""
    cells = []
    for budget in sorted({mark.budget for mark in marks}):
        for form in FORMS:
            shown = [mark.is_shown for mark in marks if (mark.budget, mark.form) == (budget, form)]
            if shown:
                cells.append(f"{form}@{budget} {mean(shown):.2f}")
    return f"{name}: {' '.join(cells)} ({len(marks)} mentions)"
