"""Are the definitions those that the language's own parser sees?

    python -m benchmarks.recall.own_parsers LANGUAGE FOLDER [--files N] [-v]

A witness is a program of ``programs/``: it reads paths, and says of each file that it can read what that defines: name,
group, line. For each group of kinds, recall is the share of what it sees that we tag in that line, and precision the
share of our tags that it sees. WITNESSES says what each takes. Two groups are special:

set      a member that a method sets of its object: any definition of that name in the file will do, since one is
         enough, and ours of that name in that line is right.
unasked  what a library makes by a call: the language says nothing of it, nor is it asked.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

import repomap_fast

PROGRAMS = Path(__file__).parent / "programs"
N_FILES = 1000
_MOST_SHOWN = 100

WITNESSES: dict[str, tuple[str, ...]] = {
    "ejs": ("node", "ejs_calls.js"),
    "erb": ("ruby", "erb_calls.rb"),
    "go": ("go", "run", "go_parser.go"),
    "java": ("java", "--add-exports", "jdk.compiler/com.sun.tools.javac.tree=ALL-UNNAMED", "Javac.java"),
    "javascript": ("node", "typescript.js"),
    "php": ("php", "php_parser.php"),
    "python": (sys.executable, "python_ast.py"),
    "ruby": ("ruby", "ripper.rb"),
    "tsx": ("node", "typescript.js"),
    "typescript": ("node", "typescript.js"),
}
"""By our language the command, run in ``programs/``. Of TypeScript NODE_PATH says where the package ``typescript`` is
(5.9: 7 has no such interface); the one of PHP is ``php-parser`` of Debian."""

GROUPS = {
    **dict.fromkeys(("function", "method", "constructor"), "function"),
    **dict.fromkeys(("class", "struct", "interface", "enum", "record", "annotation", "trait", "type"), "type"),
    **dict.fromkeys(("namespace", "module"), "type"),
    **dict.fromkeys(("field", "property", "enumerator"), "field"),
    **dict.fromkeys(("variable", "constant"), "variable"),
}
"""The group of each of our kinds,"""
GROUPS_OF_LANGUAGE = {"java": {"constant": "field"}}
"""and where that of a language is another."""
TEMPLATES = ("ejs", "erb")
"""Languages of templates, which define little: of these calls are asked, too."""


class Seen(NamedTuple):
    """One definition of a file."""

    name: str
    group: str
    line: int


class Counts:
    """How many definitions of each group the witness sees, and we have; which of them the other has not."""

    def __init__(self) -> None:
        self.seen, self.ours = Counter[str](), Counter[str]()
        self.missing: list[tuple[str, Seen]] = []
        self.wrong: list[tuple[str, Seen]] = []

    def add(self, path: str, seen: set[Seen], ours: set[Seen]) -> None:
        """Compare the definitions of one file."""
        once = {one for one in seen if one.group == "set"}
        plain = {one for one in seen if one.group not in ("set", "unasked")}
        # A member that is declared, too, has been asked for by its declaration.
        names = {one.name for one in ours}
        missing = plain - ours
        missing |= {min(of for of in once if of.name == name) for name in {one.name for one in once} - names}
        allowed = {(one.name, one.line) for one in seen if one.group in ("set", "unasked")}
        wrong = {one for one in ours - plain if (one.name, one.line) not in allowed}
        self.seen.update(one.group for one in plain)
        self.seen["set"] += len({one.name for one in once})
        self.ours.update(one.group for one in ours)
        self.missing += ((path, one) for one in sorted(missing))
        self.wrong += ((path, one) for one in sorted(wrong))


def our_definitions(file: repomap_fast.FileResult) -> set[Seen]:
    """Return what we define in a file, in the groups that witnesses are asked for."""
    groups = GROUPS | GROUPS_OF_LANGUAGE.get(file.language or "", {})
    calls = {tag for tag in file.tags if tag.role == "reference" and tag.kind == "call" and file.language in TEMPLATES}
    return {Seen(tag.name, "call", tag.line) for tag in calls} | {
        Seen(tag.name, groups[tag.kind], tag.line)
        for tag in file.tags
        if tag.role == "definition" and tag.kind in groups
    }


def ask(language: str, folder: Path, paths: Iterable[str]) -> dict[str, set[Seen]]:
    """Return what the witness sees in each file that it can read."""
    text = "".join(f"{folder / path}\n" for path in paths)
    done = subprocess.run(
        WITNESSES[language],
        cwd=PROGRAMS,
        input=text.encode("utf-8", "surrogateescape"),
        stdout=subprocess.PIPE,
        check=True,
    )
    found: dict[str, set[Seen]] = defaultdict(set)
    of_file: set[Seen] = set()
    for line in done.stdout.decode("utf-8", "surrogateescape").split("\n"):
        if line.startswith("\t"):
            _, name, group, number = line.split("\t")
            of_file.add(Seen(name, group, int(number)))
        elif line:
            of_file = found[os.path.relpath(line, folder)]
    return found


def main() -> None:
    """Print recall and precision of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("language", choices=sorted(WITNESSES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=N_FILES, help="so many, drawn by chance")
    parser.add_argument("-v", dest="is_verbose", action="store_true", help="name what is missing and what is wrong")
    arguments = parser.parse_args()
    folder = arguments.folder.absolute()
    result = repomap_fast.scan(folder, cache=False, languages=(arguments.language,), timeout_per_file=60.0)
    files = {file.path: file for file in result.files if file.language == arguments.language}
    drawn = sorted(files)
    random.Random(1).shuffle(drawn)
    drawn = drawn[: arguments.files]
    counts = Counts()
    witnessed = ask(arguments.language, folder, drawn)
    for path, seen in sorted(witnessed.items()):
        counts.add(path, seen, our_definitions(files[path]))
    print(f"{arguments.language}: {len(witnessed):,} files; {len(drawn) - len(witnessed):,} that it cannot read")
    with_some = [path for path, seen in witnessed.items() if seen]
    n_tagged = sum(bool(our_definitions(files[path])) for path in with_some)
    print(f"of {len(with_some):,} files in which it sees something, {n_tagged:,} have one of ours")
    show(counts)
    if arguments.is_verbose:
        for what, which in (("missing", counts.missing), ("wrong", counts.wrong)):
            for path, one in random.Random(1).sample(which, min(_MOST_SHOWN, len(which))):
                print(f"{what} {path}:{one.line} {one.group} {one.name}")


def show(counts: Counts) -> None:
    """Print a row for each group, and one for all."""
    n_missing = Counter(one.group for _, one in counts.missing)
    n_wrong = Counter(one.group for _, one in counts.wrong)
    rows = [(group, counts.seen[group], n_missing[group], counts.ours[group], n_wrong[group]) for group in counts.seen]
    rows.append(("all", counts.seen.total(), n_missing.total(), counts.ours.total(), n_wrong.total()))
    for group, n_seen, n_not_ours, n_ours, n_not_seen in sorted(rows, key=lambda row: (row[0] == "all", row[0])):
        recall, precision = 1 - n_not_ours / max(1, n_seen), 1 - n_not_seen / max(1, n_ours)
        precision_text = f"{precision:.2%}" if n_ours else "-"
        print(f"| {group} | {n_seen:,} | {recall:.2%} | {n_ours:,} | {precision_text} |")


if __name__ == "__main__":
    main()
