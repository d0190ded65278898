"""Which commits are asked about, and what each one changed: from a repository's history, by a fixed rule.

A commit is taken when

- it has one parent, and the parent's tree has at least MIN_TREE_FILES source files;
- it changes 1 to MAX_CHANGED source files that were there before, each with a definition in it;
- its message, without trailers, has at least MIN_WORDS words of three letters or more, and does not begin with
  "Merge".

The commits of the history are shuffled with a fixed seed and taken in that order until there are enough; then they
are put in the order of the history, so that a work tree that visits their parents changes little at a time.
"""

from __future__ import annotations

import random
import re
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import repomap_fast

SEED = 26
MIN_TREE_FILES = 50
MAX_CHANGED = 8
MIN_WORDS = 3
_CODE = "py js mjs cjs jsx ts tsx go rs java rb c h cc cpp cxx hpp hh php kt cs swift scala lua vue tf sql dart ex exs"
SOURCE_SUFFIXES = frozenset(f".{suffix}" for suffix in _CODE.split())
_TRAILER = re.compile(r"[A-Z][A-Za-z]*(-[A-Za-z]+)+: .*|\(cherry picked from .*\)|git-svn-id: .*")
_WORD = re.compile(r"[A-Za-z]{3,}")
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+")

Definition = tuple[str, int, int, str]
"""Name, row of the name, last row, kind; rows from zero."""


@dataclass(frozen=True, slots=True)
class ChangedFile:
    """A file that a commit changed, as it was at the parent.

    definitions  (name, row of the name, last row, kind), rows from zero, in the order of the file.
    changed      which of them the commit changed: those that most closely surround a changed line.
    """

    path: str
    definitions: list[Definition]
    changed: list[int]


@dataclass(frozen=True, slots=True)
class Commit:
    """One question: the parent's tree and the message; and its answer: what was changed."""

    repository: str
    sha: str
    parent: str
    message: str
    files: list[ChangedFile]

    def as_record(self) -> dict[str, Any]:
        """The commit as a line of JSON holds it."""
        return asdict(self)


def git(repository: Path, *arguments: str) -> bytes:
    """Run git in ``repository`` and return what it prints."""
    return subprocess.run(["git", "-C", str(repository), *arguments], check=True, capture_output=True).stdout


def choose_commits(repository: Path, name: str, n_commits: int, *, revision: str = "HEAD") -> list[Commit]:
    """Return ``n_commits`` commits by the rule above, oldest first; fewer where the history has no more."""
    history = list(_history(repository, revision))
    order = list(range(len(history)))
    random.Random(f"{SEED} {name}").shuffle(order)
    chosen: dict[int, Commit] = {}
    for place in order:
        if len(chosen) == n_commits:
            break
        sha, parent, paths = history[place]
        commit = _question(repository, name, sha, parent, paths)
        if commit is not None:
            chosen[place] = commit
    return [chosen[place] for place in sorted(chosen, reverse=True)]


def _history(repository: Path, revision: str) -> Iterator[tuple[str, str, list[str]]]:
    """Yield (commit, parent, its modified source files) of the commits that modify 1 to MAX_CHANGED, newest first."""
    text = git(
        repository,
        "-c",
        "core.quotePath=off",
        "log",
        "--topo-order",
        "--no-merges",
        "--no-renames",
        "--name-status",
        "-z",
        "--format=%x01%H %P",
        revision,
    ).decode("utf-8", "surrogateescape")
    for entry in text.split("\x01")[1:]:
        head, _, rest = entry.partition("\0")
        sha, *parents = head.split()
        fields = rest.strip("\n\0").split("\0")
        changes = zip((field.strip() for field in fields[::2]), fields[1::2], strict=False)
        paths = [path for status, path in changes if status == "M" and Path(path).suffix in SOURCE_SUFFIXES]
        if len(parents) == 1 and 1 <= len(paths) <= MAX_CHANGED:
            yield sha, parents[0], paths


def _question(repository: Path, name: str, sha: str, parent: str, paths: list[str]) -> Commit | None:
    message = _message(repository, sha)
    if message.startswith("Merge") or len(_WORD.findall(message)) < MIN_WORDS:
        return None
    tree = git(repository, "ls-tree", "-r", "--name-only", "-z", parent).decode("utf-8", "surrogateescape")
    if sum(Path(path).suffix in SOURCE_SUFFIXES for path in tree.split("\0")) < MIN_TREE_FILES:
        return None
    files = _changed_files(repository, sha, parent, paths)
    if not all(file.definitions for file in files):
        return None
    return Commit(name, sha, parent, message, files)


def _message(repository: Path, sha: str) -> str:
    text = git(repository, "log", "-1", "--format=%B", sha).decode("utf-8", "replace")
    return "\n".join(line for line in text.splitlines() if not _TRAILER.fullmatch(line)).strip()


def _changed_files(repository: Path, sha: str, parent: str, paths: list[str]) -> list[ChangedFile]:
    with tempfile.TemporaryDirectory() as folder:
        for path in paths:
            copy = Path(folder, path)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(git(repository, "show", f"{parent}:{path}"))
        result = repomap_fast.scan(folder, cache=False, no_ignore=True, workers=1)
        files = []
        for path in paths:
            tags = [tag for tag in result.file(path).tags if tag.role == "definition"]
            definitions = [(tag.name, tag.line - 1, (tag.end_line or tag.line) - 1, tag.kind) for tag in tags]
            hunks = _hunks(repository, sha, parent, path)
            files.append(ChangedFile(path, definitions, surrounding(definitions, hunks)))
    return files


@dataclass(frozen=True, slots=True)
class Hunk:
    """Rows of the parent that a commit replaces, from zero; of an insertion, the rows before and after it."""

    first: int
    last: int
    is_insertion: bool

    @classmethod
    def of(cls, line: int, count: int) -> Self:
        """Return the hunk of the numbers that a diff without context gives for the side before."""
        return cls(line - 1, line + count - 2, False) if count else cls(line - 1, line, True)


def _hunks(repository: Path, sha: str, parent: str, path: str) -> list[Hunk]:
    text = git(repository, "diff", "--no-renames", "--no-ext-diff", "--text", "-U0", parent, sha, "--", path)
    hunks = []
    for line in text.decode("utf-8", "replace").split("\n"):
        found = _HUNK.match(line)
        if found:
            hunks.append(Hunk.of(int(found[1]), int(found[2] or 1)))
    return hunks


def surrounding(definitions: Sequence[Definition], hunks: Sequence[Hunk]) -> list[int]:
    """Return the definitions that most closely surround what is changed; an insertion is in what has both its ends."""
    found: set[int] = set()
    for hunk in hunks:
        spans = (
            [(hunk.first, hunk.last)] if hunk.is_insertion else [(row, row) for row in range(hunk.first, hunk.last + 1)]
        )
        for first, last in spans:
            inside = [
                (end - start, place)
                for place, (_, start, end, _) in enumerate(definitions)
                if start <= first and last <= end
            ]
            if inside:
                found.add(min(inside)[1])
    return sorted(found)
