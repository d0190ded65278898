"""Names of Python that are drawn by chance: do we and a language server say that they mean the same?

    python -m benchmarks.references.agreement "node …/pyright/langserver.index.js --stdio" N FOLDER…

N names are drawn from each folder, from all names that are no definitions. Where the server says nothing, or means a
module or a local, nothing is compared; but a local must not be linked to a definition. ``--print`` shows what differs.
"""

from __future__ import annotations

import ast
import io
import keyword
import os
import random
import shlex
import sys
import tokenize
from collections import Counter
from pathlib import Path

import repomap_fast
from benchmarks.references.language_server import LanguageServer, Place, Span
from repomap_fast.joining.facts import BIND_LOCAL, BIND_PARAMETER
from repomap_fast.resolving.site_resolver import SiteResolver

_SAME = ("same", "both outside")
_DIFFERENT = ("another", "not found", "linked, but outside", "linked, but local")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)


def names_of(root: Path, paths: list[str]) -> list[Place]:
    """Return the places of all names in files of Python, but for keywords."""
    found = []
    for path in paths:
        lines = (root / path).read_bytes().decode("utf-8", "replace").split("\n")
        try:
            for token in tokenize.generate_tokens(io.StringIO("\n".join(lines)).readline):
                if token.type == tokenize.NAME and not keyword.iskeyword(token.string):
                    row, column = token.start
                    found.append((path, row - 1, len(lines[row - 1][:column].encode())))
        except (tokenize.TokenError, SyntaxError):
            continue
    return found


def locals_of(root: Path, path: str) -> set[tuple[int, int]]:
    """Return where a file binds parameters and locals, by line and column; nothing for a file that is not valid."""
    try:
        source = (root / path).read_bytes()
        tree = ast.parse(source)
    except (OSError, SyntaxError, ValueError):
        return set()
    places = set()
    for scope in ast.walk(tree):
        if isinstance(scope, _FUNCTIONS):
            places |= {(one.lineno - 1, one.col_offset) for one in ast.walk(scope.args) if isinstance(one, ast.arg)}
        if isinstance(scope, (*_FUNCTIONS, *_COMPREHENSIONS)):
            places |= set(_stored_in(scope, source.split(b"\n")))
    return places


def _stored_in(scope: ast.AST, lines: list[bytes]) -> list[tuple[int, int]]:
    shared = {name for one in ast.walk(scope) if isinstance(one, ast.Global) for name in one.names}
    found = []
    waiting = list(ast.iter_child_nodes(scope))
    while waiting:
        one = waiting.pop()
        if isinstance(one, ast.ClassDef):
            continue
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store) and one.id not in shared:
            found.append((one.lineno - 1, one.col_offset))
        if isinstance(one, ast.ExceptHandler) and one.name:
            # The tree does not say where the name stands.
            found.append((one.lineno - 1, lines[one.lineno - 1].find(b" as ") + len(b" as ")))
        waiting += ast.iter_child_nodes(one)
    return found


class Ours:
    """What we say of places."""

    def __init__(self, root: Path) -> None:
        self._result = repomap_fast.scan(root, cache=False)
        self._resolver = SiteResolver(self._result)
        self.paths = [os.fsdecode(path) for path in self._result.file_table.paths]
        self._row_of = {path: row for row, path in enumerate(self.paths)}
        self._site_of: dict[str, dict[tuple[int, int], list[int]]] = {}

    def python_files(self) -> list[str]:
        """Return the files of Python."""
        language = self._resolver.sources.language
        return [path for row, path in enumerate(self.paths) if language(row) == "python" and path.endswith(".py")]

    def targets(self, place: Place) -> set[tuple[str, int]]:
        """Return the files and lines of the definitions that a place means."""
        path, row, column = place
        file = self._row_of[path]
        sources = self._resolver.sources
        here = sources.scopes(file)
        if path not in self._site_of:
            sites = self._site_of[path] = {}
            for site, at in enumerate(zip(here.site_rows, here.site_columns, strict=True)):
                sites.setdefault(at, []).append(site)
        found = set()
        for site in self._site_of[path].get((row, column), ()):
            for other, binding in self._resolver.resolve(file, site).targets:
                there = sources.scopes(other)
                if there.binding_kinds[binding] not in (BIND_PARAMETER, BIND_LOCAL):
                    found.add((self.paths[other], there.binding_rows[binding]))
        return found


def compare(server: LanguageServer, ours: Ours, root: Path, n_names: int, *, is_printed: bool) -> Counter[str]:
    """Return how often we and the server agree in each way."""
    names = names_of(root, ours.python_files())
    random.Random(1).shuffle(names)
    local: dict[str, set[tuple[int, int]]] = {}
    counts: Counter[str] = Counter()
    for place in names:
        meant = server.definitions(place)
        if any(one[:2] == place[:2] and one.column <= place[2] < one.behind for one in meant):
            continue
        inside = [one for one in meant if not Path(one.path).is_absolute()]
        for path in {one.path for one in inside} - local.keys():
            local[path] = locals_of(root, path)
        targets = ours.targets(place)
        said = _agreement(inside, meant, targets, local)
        counts[said] += 1
        if is_printed and said in _DIFFERENT:
            line = server.open(place[0])[place[1]].strip()[:100]
            print(f"{said}: {place[0]}:{place[1] + 1}:{place[2]} | {line} | {sorted(targets)[:3]} | {meant[:3]}")
        if sum(counts[one] for one in (*_SAME, *_DIFFERENT)) >= n_names:
            break
    return counts


def _agreement(
    inside: list[Span], meant: list[Span], targets: set[tuple[str, int]], local: dict[str, set[tuple[int, int]]]
) -> str:
    if not meant:
        return "silent, ours links" if targets else "silent"
    if not inside:
        return "linked, but outside" if targets else "both outside"
    if any(one.line == one.column == 0 for one in inside):
        return "a module"
    if all(any((one.line, column) in local[one.path] for column in range(one.column, one.behind)) for one in inside):
        return "linked, but local" if targets else "a local"
    if not targets:
        return "not found"
    return "same" if targets & {(one.path, one.line) for one in inside} else "another"


def main(arguments: list[str]) -> None:
    """Compare each folder and print the table."""
    is_printed = "--print" in arguments
    command, n_names, *folders = [one for one in arguments if one != "--print"]
    ways = (*_SAME, *_DIFFERENT, "silent", "silent, ours links", "a module", "a local")
    print("| repository | agree, % |", " | ".join(ways), "|")
    print("| --- |", " | ".join("---" for _ in range(len(ways) + 1)), "|")
    total: Counter[str] = Counter()
    for folder in folders:
        root = Path(folder)
        server = LanguageServer(shlex.split(command), root)
        try:
            counts = compare(server, Ours(root), root, int(n_names), is_printed=is_printed)
        finally:
            server.close()
        total += counts
        _print_row(root.name, counts, ways)
    if len(folders) > 1:
        _print_row("all", total, ways)


def _print_row(name: str, counts: Counter[str], ways: tuple[str, ...]) -> None:
    n_same, n_different = (sum(counts[one] for one in some) for some in (_SAME, _DIFFERENT))
    share = 100 * n_same / max(n_same + n_different, 1)
    print(f"| {name} | {share:.1f} |", " | ".join(f"{counts[way]:,}" for way in ways), "|", flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
