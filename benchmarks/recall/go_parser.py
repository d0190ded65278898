"""Are the definitions of Go those that go/parser sees?

    python -m benchmarks.recall.go_parser FOLDER [--files N] [-v]

It takes a Go toolchain. For each group, recall is the share of what go/parser sees that we tag in that line, precision
the share of our tags at the top of a file, or in a type, that it sees. Files that it cannot read are left out.
"""

from __future__ import annotations

import argparse
import os
import subprocess
from collections import Counter
from pathlib import Path

import repomap_fast

GROUPS = {
    "function": "function",
    "method": "method",
    "variable": "variable",
    "constant": "variable",
    "field": "field",
    **dict.fromkeys(("type", "struct", "interface", "class"), "type"),
}
"""Groups by our kinds."""
_MOST_SHOWN = 40


def main() -> None:
    """Print recall and precision of each group."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=0, help="most files; 0: all")
    parser.add_argument("-v", dest="is_verbose", action="store_true", help="name what is missing and what is wrong")
    arguments = parser.parse_args()
    result = repomap_fast.scan(arguments.folder, cache=False, languages=("go",))
    paths = [file.path for file in result.files if file.language == "go"]
    if arguments.files:
        paths = paths[:: max(1, len(paths) // arguments.files)][: arguments.files]
    witnessed = read_by_go(arguments.folder, paths)
    seen, tagged = set(), set()
    for path, definitions in witnessed.items():
        seen |= {(path, *one) for one in definitions}
        for tag in result.file(path).tags:
            # A method may stand in another file than its type.
            is_outer = tag.kind == "method" or is_in_type(tag.scope, definitions)
            if tag.role == "definition" and tag.kind in GROUPS and is_outer:
                tagged.add((path, tag.name, GROUPS[tag.kind], tag.line))
    print(f"{len(witnessed)} of {len(paths)} files")
    n_seen, n_tagged = (Counter(one[2] for one in which) for which in (seen, tagged))
    n_both = Counter(one[2] for one in seen & tagged)
    for group in sorted(n_seen):
        recall, precision = n_both[group] / n_seen[group], n_both[group] / max(1, n_tagged[group])
        print(f"{group:10} seen {n_seen[group]:7,} recall {recall:8.3%} precision {precision:8.3%}")
    if arguments.is_verbose:
        for what, which in (("missing", seen - tagged), ("wrong", tagged - seen)):
            for one in sorted(which)[:_MOST_SHOWN]:
                print(what, *one)


def is_in_type(scope: str | None, definitions: set[tuple[str, str, int]]) -> bool:
    """Return whether a tag stands at the top of its file or in a type of it."""
    types = {name for name, group, _ in definitions if group == "type"}
    return scope is None or scope in types or scope.rpartition(".")[2] in types


def read_by_go(folder: Path, paths: list[str]) -> dict[str, set[tuple[str, str, int]]]:
    """Return what go/parser sees in each file that it can read: name, group, line."""
    program = Path(__file__).with_suffix(".go")
    text = "".join(f"{folder.absolute() / path}\n" for path in paths)
    done = subprocess.run(
        ["go", "run", str(program)], input=text.encode("utf-8", "surrogateescape"), stdout=subprocess.PIPE, check=True
    )
    found: dict[str, set[tuple[str, str, int]]] = {}
    path = ""
    for line in done.stdout.decode("utf-8", "surrogateescape").splitlines():
        if line.startswith("\t"):
            _, name, group, number = line.split("\t")
            found[path].add((name, group, int(number)))
        else:
            path = os.path.relpath(line, folder.absolute())
            found[path] = set()
    return found


if __name__ == "__main__":
    main()
