"""Does a grammar's own package read files as tree-sitter-language-pack's grammar does, or better?

    python -m benchmarks.parity.grammars CORPORA [LANGUAGE…] [--files N]

For each language with a package of its own (``languages/grammars.py``) that is installed, files below CORPORA are drawn
by chance and parsed by the stock binding with either grammar, each in a process of its own. Shown are files with
errors, bytes in error nodes, names that our tags query finds, and megabytes parsed in a second of processor time.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from pathlib import Path

from tree_sitter import Language, Node, Parser, Query, QueryCursor

from benchmarks.parity.tags import draw, find_files
from repomap_fast.languages.grammars import (
    BETTER_PACKAGES,
    OTHER_PACKAGES,
    grammar_release,
    is_installed,
    load_grammar,
)
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.languages.tags_query import read_tags_query


def bytes_in_errors(root: Node) -> int:
    """Return the bytes of the outermost ERROR nodes, at least 1 where a token is missing."""
    n_bytes, todo = 0, [root]
    while todo:
        node = todo.pop()
        if node.type == "ERROR":
            n_bytes += node.end_byte - node.start_byte
        elif node.has_error:
            todo += node.children
    return max(n_bytes, 1)


def measure(language_id: int, package: str, paths: list[Path]) -> str:
    """Return what one grammar makes of some files, in words."""
    row = LANGUAGES[language_id]
    language = Language(load_grammar(row.grammar, package))
    query = Query(language, read_tags_query(language_id, None).source.decode())
    parser = Parser(language)
    n_with_errors = n_in_errors = n_names = n_bytes = 0
    seconds = 0.0
    for path in paths:
        source = path.read_bytes()
        started = time.process_time()
        root = parser.parse(source).root_node
        seconds += time.process_time() - started
        n_bytes += len(source)
        if root.has_error:
            n_with_errors += 1
            n_in_errors += bytes_in_errors(root)
        n_names += sum(len(nodes) for _, found in QueryCursor(query).matches(root) for nodes in found.values())
    return (
        f"{100 * n_with_errors / len(paths):5.1f} % of files, {100 * n_in_errors / n_bytes:6.2f} % of bytes in errors; "
        f"{n_names:7,} names; {n_bytes / 1e6 / seconds:5.1f} MB/s; ABI {language.abi_version}"
    )


def own_packages() -> dict[str, str]:
    """Return the package of each grammar that is installed beside the pack."""
    packages = {**BETTER_PACKAGES, **OTHER_PACKAGES}
    return {name: package for name, package in packages.items() if is_installed(package.partition(":")[0])}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpora", type=Path)
    parser.add_argument("languages", nargs="*")
    parser.add_argument("--files", type=int, default=150)
    parser.add_argument("--side", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.side is not None:
        print(measure(find_language(arguments.languages[0]), arguments.side, [*map(Path, json.load(sys.stdin))]))
        return 0
    packages = own_packages()
    wanted = {LANGUAGES[find_language(name)].name for name in arguments.languages}
    for name, below in sorted(find_files(arguments.corpora).items()):
        package = packages.get(LANGUAGES[find_language(name)].grammar)
        if package is None or (wanted and name not in wanted):
            continue
        paths = json.dumps([str(arguments.corpora / path) for path in draw(below, arguments.files)])
        grammar = LANGUAGES[find_language(name)].grammar
        for side in ("", package):
            command = [sys.executable, "-m", __spec__.name, str(arguments.corpora), name, "--side", side]
            done = subprocess.run(command, input=paths, capture_output=True, text=True)
            found = done.stdout.strip() or done.stderr.strip().splitlines()[-1]
            release = (grammar_release(grammar, side) or "").removesuffix(".dist-info")
            print(f"{name:12} {len(json.loads(paths)):4} files  {release:34} {found}", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
