"""Moments of a history, and what was changed next: the question that a map without a query answers.

A moment is a commit of the first-parent chain whose tree has at least MIN_TREE_FILES source files. The answer is what
the next N_NEXT commits (merges not counted) modify: source files that are there at the moment, and of each the
functions, methods and classes that most closely surround a changed row. A commit that modifies more than MOST_FILES
source files, or MOST_DEFINITIONS definitions, is a sweep and says nothing about what matters. A definition of a later
tree is found at the moment by its path, its name, and the names around it.

A moment has the form of a ``Commit`` without a message, so that maps of both are made and judged by the same code.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import repomap_fast
from benchmarks.map_quality.commits import (
    MIN_TREE_FILES,
    SEED,
    SOURCE_SUFFIXES,
    ChangedFile,
    Commit,
    Definition,
    Hunk,
    git,
    surrounding,
)

N_NEXT = 50
MOST_FILES = 30
MOST_DEFINITIONS = 60
CODE_KINDS = frozenset(
    [
        *("class", "concept", "constructor", "enum", "extension", "function", "implementation", "interface", "macro"),
        *("method", "module", "object", "operator", "protocol", "record", "struct", "trait", "type", "union"),
        *("resource", "table", "trigger", "view"),
    ]
)
"""Kinds of definitions that have rows of code of their own: no fields, variables, or prototypes."""
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+")
_Key = tuple[str, int]


def choose_moments(repository: Path, name: str, n_moments: int, *, revision: str = "HEAD") -> list[Commit]:
    """Return ``n_moments`` moments by the rule above, oldest first; fewer where the history has no more."""
    chain, counts = _first_parents(repository, revision)
    order = list(range(len(chain)))
    random.Random(f"{SEED} {name} moments").shuffle(order)
    chosen: dict[int, Commit] = {}
    for place in order:
        if len(chosen) == n_moments:
            break
        end = next((i for i in range(place, len(chain)) if counts[i] - counts[place] >= N_NEXT), None)
        if end is not None and (moment := _moment(repository, name, chain[place], chain[end])) is not None:
            chosen[place] = moment
    return [chosen[place] for place in sorted(chosen)]


def _first_parents(repository: Path, revision: str) -> tuple[list[str], list[int]]:
    """Return the first-parent chain, oldest first, and how many commits that are no merges each of it has behind it."""
    lines = git(repository, "rev-list", "--topo-order", "--parents", revision).decode().split("\n")
    parents = {sha: rest for sha, *rest in (line.split() for line in lines if line)}
    chain = []
    at: str | None = next(iter(parents))
    while at in parents:
        chain.append(at)
        at = next(iter(parents[at]), None)
    seen: set[str] = set()
    counts: list[int] = []
    n = 0
    for sha in reversed(chain):
        waiting = [sha]
        while waiting:
            one = waiting.pop()
            if one not in seen and one in parents:
                seen.add(one)
                n += len(parents[one]) < 2
                waiting += parents[one]
        counts.append(n)
    return chain[::-1], counts


def _moment(repository: Path, name: str, sha: str, end: str) -> Commit | None:
    tree = git(repository, "ls-tree", "-r", "--name-only", "-z", sha).decode("utf-8", "surrogateescape").split("\0")
    sources = {path for path in tree if Path(path).suffix in SOURCE_SUFFIXES}
    if len(sources) < MIN_TREE_FILES:
        return None
    hunks = _hunks_of_next(repository, sha, end, sources)
    paths = sorted({path for _, path in hunks})
    blobs = _contents(repository, [*((sha, path) for path in paths), *hunks])
    definitions = _definitions(blobs)
    of_commit: dict[str, set[tuple[str, _Key]]] = defaultdict(set)
    for (parent, path), of_file in hunks.items():
        there = definitions.get((parent, path), [])
        keys = _keys(there)
        of_commit[parent].update((path, keys[place]) for place in surrounding(there, of_file))
    touched = set().union(*(found for found in of_commit.values() if len(found) <= MOST_DEFINITIONS))
    files = []
    for path in paths:
        here = definitions.get((sha, path), [])
        changed = [place for place, key in enumerate(_keys(here)) if (path, key) in touched]
        if here:
            files.append(ChangedFile(path, here, changed))
    return Commit(name, sha, sha, "", files) if any(file.changed for file in files) else None


def _hunks_of_next(repository: Path, sha: str, end: str, sources: set[str]) -> dict[tuple[str, str], list[Hunk]]:
    """Return by (parent, path) the rows that the commits after ``sha`` up to ``end`` replace."""
    text = git(
        repository,
        *("-c", "core.quotePath=off", "log", "-p", "-U0", "--no-merges", "--no-renames", "--no-ext-diff", "--text"),
        *("--diff-filter=M", "--src-prefix=a/", "--dst-prefix=b/", "--format=%x01%P", f"{sha}..{end}"),
    ).decode("utf-8", "replace")
    hunks: dict[tuple[str, str], list[Hunk]] = {}
    for entry in text.split("\x01")[1:]:
        head, _, diff = entry.partition("\n")
        parents = head.split()
        found: dict[str, list[Hunk]] = {}
        path = ""
        for line in diff.split("\n"):
            if line.startswith("diff --git "):
                path = ""
            elif line.startswith("--- a/") and not path:
                path = line[len("--- a/") :].rstrip("\t")
            elif (match := _HUNK.match(line)) and path in sources:
                found.setdefault(path, []).append(Hunk.of(int(match[1]), int(match[2] or 1)))
        if len(parents) == 1 and len(found) <= MOST_FILES:
            hunks |= {(parents[0], path): of_file for path, of_file in found.items()}
    return hunks


def _contents(repository: Path, wanted: Iterable[tuple[str, str]]) -> dict[tuple[str, str], bytes]:
    """Return the contents of files at revisions; those that are not there are left out."""
    pairs = list(dict.fromkeys(wanted))
    names = "".join(f"{revision}:{path}\n" for revision, path in pairs).encode("utf-8", "surrogateescape")
    command = ["git", "-C", str(repository), "cat-file", "--batch"]
    output = subprocess.run(command, input=names, check=True, capture_output=True).stdout
    found = {}
    at = 0
    for pair in pairs:
        line_end = output.index(b"\n", at)
        head = output[at:line_end]
        at = line_end + 1
        if not head.endswith(b"missing"):
            size = int(head.rsplit(b" ", 1)[1])
            found[pair] = output[at : at + size]
            at += size + 1
    return found


def _definitions(blobs: Mapping[tuple[str, str], bytes]) -> dict[tuple[str, str], list[Definition]]:
    """Return the functions, methods and classes of files, in their order."""
    with tempfile.TemporaryDirectory() as folder:
        places = {}
        for i, ((revision, path), contents) in enumerate(blobs.items()):
            place = Path(str(i), Path(path).name)
            Path(folder, place).parent.mkdir()
            Path(folder, place).write_bytes(contents)
            places[revision, path] = place.as_posix()
        result = repomap_fast.scan(folder, cache=False, no_ignore=True, workers=1)
        return {
            pair: [
                (tag.name, tag.line - 1, (tag.end_line or tag.line) - 1, tag.kind)
                for tag in result.file(place).tags
                if tag.role == "definition" and tag.kind in CODE_KINDS
            ]
            for pair, place in places.items()
        }


def _keys(definitions: Sequence[Definition]) -> list[_Key]:
    """Return what tells each definition of a file from the others: names from the top, and which of that name it is."""
    around: list[tuple[str, int]] = []
    keys = []
    n_before: dict[str, int] = defaultdict(int)
    for name, row, end_row, _ in definitions:
        while around and around[-1][1] < row:
            around.pop()
        around.append((name, max(end_row, row)))
        qualified = ".".join(one for one, _ in around)
        keys.append((qualified, n_before[qualified]))
        n_before[qualified] += 1
    return keys
