"""Are the tags of ``repomap_fast.compat.aider`` those of aider itself?

    AIDER/bin/python -m benchmarks.parity.aider_tags CORPORA [NAME…] [--files N] [--pygments]

Runs in an environment where both aider-chat 0.86.2 and repomap-fast are installed. For each corpus, each file that
aider takes for one of a language with a query is tagged by aider's own ``get_tags_raw`` and by ours, all of ours in one
pass. The sets of (name, kind, line) must be equal; files that differ are named, with the first differences.

Where aider asks pygments for the references, because its query found none, ours takes the identifiers of the syntax
tree. There the definitions must be equal, and of the references two shares are given: how many of the (file, name)
pairs of aider's are ours too, and of ours aider's, for names that the corpus defines somewhere, since no other is ever
looked at. With ``--pygments`` ours asks pygments too, and all must be equal.

What is known to differ: aider's older core of tree-sitter (0.25.2; ours is 0.26.1) builds other trees of some broken or
macro-ridden files; and a node that the parser puts in for one that is missing has no text, which makes a tag without a
name in aider, counted apart, and none in ours.
"""

from __future__ import annotations

import argparse
import functools
import os
import random
import sys
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aider.repomap
import tree_sitter

from repomap_fast.compat.aider.languages import find_language, language_of_file
from repomap_fast.compat.aider.lexing import names_of_lexer
from repomap_fast.compat.aider.sources import read_text, text_reader
from repomap_fast.compat.aider.tag import columns_of_blocks
from repomap_fast.compat.aider.tagging import Tagger
from repomap_fast.store.store import MemoryStore

SEED = 26
CORPORA = ("django", "pylib", "c4000", "tsjs", "go", "cpp", "rust", "java")
SHOWN_FILES = 5
SHOWN_TAGS = 3

PlainTag = tuple[str, str, int]
"""(name, kind, line), the line zero-based or -1."""


class QuietIO:
    """The part of aider's InputOutput that tags take, with the same answer for text that is not UTF-8: None."""

    def read_text(self, fname: str) -> str | None:
        return read_text(fname)

    def tool_output(self, *messages: str) -> None:
        pass

    tool_warning = tool_error = tool_output


@dataclass(slots=True)
class Report:
    """What came out for one corpus."""

    n_files: int = 0
    n_tags: int = 0
    n_lexed: int = 0
    n_nameless: int = 0
    differing: list[str] = field(default_factory=list)
    theirs: dict[str, set[str]] = field(default_factory=dict)
    ours: dict[str, set[str]] = field(default_factory=dict)
    defined: set[str] = field(default_factory=set)

    def agreement(self) -> tuple[float, float]:
        """Return the shares of aider's pairs that are ours, and of ours that are aider's."""
        n_theirs = n_ours = n_both = 0
        for fname, theirs in self.theirs.items():
            theirs, ours = theirs & self.defined, self.ours[fname] & self.defined
            n_theirs, n_ours, n_both = n_theirs + len(theirs), n_ours + len(ours), n_both + len(theirs & ours)
        return n_both / max(1, n_theirs), n_both / max(1, n_ours)


def find_files(corpus: Path, n_files: int | None) -> list[str]:
    paths = []
    for folder, folders, names in os.walk(corpus):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        paths += [Path(folder, name) for name in sorted(names)]
    wanted = [
        str(path)
        for path in paths
        if path.is_file()
        and not path.is_symlink()
        and (language := language_of_file(str(path))) is not None
        and find_language(language, wants_identifiers=False) is not None
    ]
    if n_files is None or len(wanted) <= n_files:
        return wanted
    return sorted(random.Random(SEED).sample(wanted, n_files))


def our_tags(paths: Sequence[str], io: Any, *, pygments: bool) -> dict[str, set[PlainTag]]:
    read, is_plain = text_reader(io)
    tagger = Tagger(MemoryStore())
    found = tagger.tag(paths, read, is_plain=is_plain, wants_identifiers=not pygments)
    columns = columns_of_blocks([found.get(path, []) for path in paths], tagger.kinds)
    by_path = {}
    for row, path in enumerate(paths):
        tags = {(tag.name, tag.kind, tag.line) for tag in columns.tags_of(row, path, path)}
        if pygments and tags and all(kind == "def" for _, kind, _ in tags):
            tags |= {(name, "ref", -1) for name in names_of_lexer(path, read(path) or "")}
        by_path[path] = tags
    for language, reason in tagger.refused.items():
        print(f"    {language}: {reason}")
    return by_path


def compare(corpus: Path, paths: Sequence[str], *, pygments: bool) -> Report:
    report = Report()
    io = QuietIO()
    repo_map = aider.repomap.RepoMap.__new__(aider.repomap.RepoMap)
    repo_map.io = io
    ours_by_path = our_tags(paths, io, pygments=pygments)
    for path in paths:
        ours = ours_by_path[path]
        try:
            theirs = {(tag.name, tag.kind, tag.line) for tag in repo_map.get_tags_raw(path, path)}
            n_named = len(theirs)
            theirs = {tag for tag in theirs if tag[0]}
            report.n_nameless += n_named - len(theirs)
        except tree_sitter.QueryError:
            theirs = set()
        report.n_files += 1
        report.n_tags += len(theirs)
        report.defined |= {name for name, kind, _ in theirs if kind == "def"}
        is_lexed = any(line == -1 for _, _, line in theirs) or any(line == -1 for _, _, line in ours)
        if is_lexed and not pygments:
            report.n_lexed += 1
            report.theirs[path], report.ours[path] = (
                {name for name, kind, _ in tags if kind == "ref"} for tags in (theirs, ours)
            )
            theirs, ours = ({tag for tag in tags if tag[1] == "def"} for tags in (theirs, ours))
        if theirs != ours:
            name = os.path.relpath(path, corpus)
            report.differing.append(name)
            if len(report.differing) <= SHOWN_FILES:
                show(name, "only aider's", theirs - ours)
                show(name, "only ours", ours - theirs)
    return report


def show(path: str, whose: str, tags: Iterable[PlainTag]) -> None:
    for name, kind, line in sorted(tags, key=lambda tag: (tag[2], tag))[:SHOWN_TAGS]:
        print(f"    {path}:{line + 1}: {whose}: {kind} {name!r}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our replacement's tags with aider's own, file by file.")
    parser.add_argument("corpora", type=Path, metavar="CORPORA", help="the folder that benchmarks.corpora filled")
    parser.add_argument("names", nargs="*", metavar="NAME", help="folders in it; none: those of the comparison")
    parser.add_argument("--files", type=int, metavar="N", help="draw this many files of each corpus")
    parser.add_argument("--pygments", action="store_true", help="ask pygments for references too")
    options = parser.parse_intermixed_args()
    # It compiles the query again for every file, which takes longer than all the rest; a Query has no state.
    aider.repomap.Query = functools.cache(aider.repomap.Query)
    n_differing = 0
    for name in options.names or CORPORA:
        corpus = (options.corpora / name).absolute()
        if not corpus.is_dir():
            print(f"{name:10} is not there")
            continue
        paths = find_files(corpus, options.files)
        languages = Counter(language_of_file(path) for path in paths)
        report = compare(corpus, paths, pygments=options.pygments)
        verdict = "equal" if not report.differing else f"{len(report.differing)} FILES DIFFER: {report.differing[:20]}"
        print(
            f"{name:10} {report.n_files:6,} files ({', '.join(f'{n} {lang}' for lang, n in languages.most_common(3))}) "
            f"{report.n_tags:10,} tags: {verdict}"
        )
        if report.n_nameless:
            print(f"{'':10} {report.n_nameless:6,} more tags of aider's have no name: of nodes that the parser put in")
        if report.n_lexed:
            theirs, ours = report.agreement()
            print(
                f"{'':10} {report.n_lexed:6,} files whose references aider asks of pygments: {theirs:.1%} of aider's "
                f"(file, name) pairs are ours, {ours:.1%} of ours are aider's",
                flush=True,
            )
        n_differing += len(report.differing)
    return 1 if n_differing else 0


if __name__ == "__main__":
    sys.exit(main())
