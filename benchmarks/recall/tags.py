"""Do we find the functions, classes and types that another tool finds?

    python -m benchmarks.recall.tags LANGUAGE FOLDER [--files N] [--misses N] [--draw N]

The witness is Universal Ctags, a reader of another project, or patterns of declarations at the start of lines. One
line a language: files, definitions of the witness, how many of these we have with that name in that line (recall), and
of the files in which it has one, how many have one of ours. ``--draw`` shows tags drawn by chance with their lines, to
be read by a person: that is how precision is known.
"""

from __future__ import annotations

import argparse
import os
import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import repomap_fast
from benchmarks.recall.ctags import CTAGS, ctags_definitions
from benchmarks.recall.declared_lines import DECLARATIONS, declared_lines
from benchmarks.recall.readers import READERS, read_definitions
from repomap_fast.languages.table import find_language
from repomap_fast.languages.tags_query import read_tags_query

_NEAR = 1
"""Lines that a name may stand from where the witness sees it: some name the line of the first word."""
_ROWS_OF_NAME = {"objc": 8}
"""Lines that a name may have: ctags says of a selector the last."""


def main() -> None:
    """Print the line of a language, and what was asked for below it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted({*CTAGS, *READERS, *DECLARATIONS}))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=300, help="most files")
    parser.add_argument("--misses", type=int, default=0, help="show so many definitions that we have not")
    parser.add_argument("--draw", type=int, default=0, help="show so many of our definitions, drawn by chance")
    options = parser.parse_args()
    language, folder = options.language, options.folder.absolute()
    result = repomap_fast.scan(folder, cache=False, languages=(language,), timeout_per_file=60.0)
    paths = [file.path for file in result.files if file.language == language]
    random.Random(1).shuffle(paths)
    paths = paths[: options.files]
    ours: dict[Path, list[tuple[str, int, str]]] = {}
    for path in paths:
        tags = result.file(path).tags
        ours[folder / os.fsdecode(path)] = [(tag.name, tag.line, tag.kind) for tag in tags if tag.role == "definition"]
    name_of_witness, witness = witness_of(language)
    theirs = defaultdict(set)
    for path, name, line, kind in witness(language, list(ours)):
        theirs[path].add((name, line, kind))
    missed, asked, found = [], Counter[str](), Counter[str]()
    is_once = b"once-in file" in read_tags_query(find_language(language), None).source
    for path, definitions in theirs.items():
        if is_once:
            definitions = first_of_each_name(definitions)
        lines = defaultdict(set)
        for name, line, _ in ours[path]:
            for near in range(line - _NEAR, line + _ROWS_OF_NAME.get(language, _NEAR) + 1):
                lines[near].add(plain(name))
        names = {plain(name) for name, _, _ in ours[path]}
        for name, line, kind in sorted(definitions):
            asked[kind] += 1
            if plain(name) in names if is_once or not line else plain(name) in lines[line]:
                found[kind] += 1
            else:
                missed.append(f"{path.relative_to(folder)}:{line} {kind} {name}")
    n_with = sum(bool(ours[path]) for path in theirs)
    recall, files = found.total() / max(1, asked.total()), n_with / max(1, len(theirs))
    print(
        f"| {language} | {name_of_witness} | {len(paths)} | {asked.total():,} | {recall:.1%} "
        f"| {files:.1%} | {sum(map(len, ours.values())):,} |"
    )
    if options.misses:
        print({kind: f"{found[kind]}/{n}" for kind, n in asked.items()})
        for line in random.Random(2).sample(missed, min(options.misses, len(missed))):
            print("  missed", line)
    if options.draw:
        draw(ours, folder, options.draw)


def witness_of(language: str) -> tuple[str, Callable[[str, Sequence[Path]], Iterator[tuple[Path, str, int, str]]]]:
    """Return who is asked about a language: what the table calls it, and what yields its definitions."""
    if language in CTAGS:
        return "ctags", ctags_definitions
    return ("reader", read_definitions) if language in READERS else ("lines", declared_lines)


def plain(name: str) -> str:
    """Return a name as names are compared: without what qualifies or marks it, in lower case."""
    if name.endswith(":"):
        name = name.partition(":")[0]  # a selector of Objective-C begins with the name of the method
    for mark in ("::", ".", ":"):
        name = name.strip(mark).rpartition(mark)[2]
    return name.strip("()\"'<>% ").lower()


def first_of_each_name(definitions: set[tuple[str, int, str]]) -> set[tuple[str, int, str]]:
    """Return the first of the definitions that share a name: clauses of a function, assignments of a variable.

    Our queries tag these once a file where they say so.
    """
    first: dict[str, tuple[str, int, str]] = {}
    for one in sorted(definitions, key=lambda definition: definition[1]):
        first.setdefault(plain(one[0]), one)
    return set(first.values())


def draw(ours: dict[Path, list[tuple[str, int, str]]], folder: Path, n: int) -> None:
    """Show definitions drawn by chance with their lines."""
    every = sorted((path, *tag) for path, tags in ours.items() for tag in tags)
    for path, name, line, kind in sorted(random.Random(3).sample(every, min(n, len(every)))):
        text = path.read_text("utf-8", "replace").split("\n")[line - 1].strip()
        print(f"{kind:12}{name:32} {path.name}:{line}: {text[:110]}")


if __name__ == "__main__":
    main()
