"""Are the definitions those that the language's own parser sees?

    python -m benchmarks.recall.python_ast LANGUAGE FOLDER [--files N] [-v]

A witness reads a file by itself and says what it defines: (name, group, line). For each group of kinds, recall is the
share of what the witness sees that we tag in that line, and precision the share of our tags that it sees. Files
that the witness cannot read are left out and counted. A language has one line in WITNESSES.
"""

from __future__ import annotations

import argparse
import ast
import os
import sys
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

import repomap_fast

Seen = tuple[str, str, int]
"""(name, group, line), line one-based."""
Witness = Callable[[bytes], "set[Seen] | None"]
"""Takes the contents of a file; None where it cannot read them."""


def read_python(contents: bytes) -> set[Seen] | None:
    """Return what Python's own ``ast`` sees: functions, classes, fields, variables of the module."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(contents)
    except (SyntaxError, ValueError, RecursionError):
        return None
    seen: set[Seen] = set()
    read_body(tree.body, "variable", seen)
    return seen


def read_body(body: list[ast.stmt], group: str, seen: set[Seen]) -> None:
    """Note what the statements of a module or a class bind, also below ``if``, ``try``, ``with`` and loops."""
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef):
            seen.add((statement.name, "function", statement.lineno))
            read_inner(statement, seen)
        elif isinstance(statement, ast.ClassDef):
            seen.add((statement.name, "class", statement.lineno))
            read_body(statement.body, "field", seen)
            seen |= fields_set_in(statement)
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                seen |= {(name.id, group, name.lineno) for name in bound_names(target)}
        for blocks in ("body", "orelse", "finalbody"):
            if not isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
                read_body([one for one in getattr(statement, blocks, []) if isinstance(one, ast.stmt)], group, seen)
        for part in (*getattr(statement, "handlers", []), *getattr(statement, "cases", [])):
            read_body(part.body, group, seen)


def read_inner(function: ast.AST, seen: set[Seen]) -> None:
    """Note the functions and classes within a function."""
    for node in ast.iter_child_nodes(function):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            read_body([node], "none", seen)
        elif not isinstance(node, ast.expr):
            read_inner(node, seen)


def bound_names(target: ast.expr) -> Iterator[ast.Name]:
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from bound_names(one)
    elif isinstance(target, ast.Starred):
        yield from bound_names(target.value)


def fields_set_in(of_class: ast.ClassDef) -> set[Seen]:
    """Return the names that methods set of ``self``: the line of none of them is asked, since each is tagged once."""
    found: set[Seen] = set()
    stack: list[ast.AST] = list(of_class.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.ClassDef):
            continue
        is_set = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if is_set and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            found.add((node.attr, "field set", 0))
        stack += ast.iter_child_nodes(node)
    return found


WITNESSES: dict[str, Witness] = {
    "python": read_python,
}

GROUPS = {"function": "function", "method": "function", "class": "class", "variable": "variable", "field": "field"}
"""The group of each of our kinds."""


def our_definitions(root: Path, language: str, n_files: int) -> Iterator[tuple[Path, set[Seen]]]:
    result = repomap_fast.scan(root, cache=False, languages=[language], timeout_per_file=120.0)
    for file in sorted(result.files, key=lambda one: one.path)[:n_files]:
        found = result.file(file.path).tags
        tags = {(tag.name, GROUPS.get(tag.kind, tag.kind), tag.line) for tag in found if tag.role == "definition"}
        yield root / os.fsdecode(file.path), tags


def compare(root: Path, language: str, n_files: int, is_verbose: bool) -> None:
    """Print recall and precision by group."""
    n_seen, n_missing, n_ours, n_wrong = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    n_read = n_unread = 0
    for path, ours in our_definitions(root, language, n_files):
        seen = WITNESSES[language](path.read_bytes())
        if seen is None:
            n_unread += 1
            continue
        n_read += 1
        names_set = {name for name, group, _ in seen if group == "field set"}
        plain = {one for one in seen if one[1] != "field set"}
        names = {(name, group) for name, group, _ in ours}
        missing = {one for one in plain if one not in ours}
        unset = {name for name in names_set if not any((name, group) in names for group in GROUPS.values())}
        missing |= {(name, "field set", 0) for name in unset}
        wrong = {one for one in ours if one not in plain and not (one[1] == "field" and one[0] in names_set)}
        n_seen.update(group for _, group, _ in seen)
        n_missing.update(group for _, group, _ in missing)
        n_ours.update(group for _, group, _ in ours)
        n_wrong.update(group for _, group, _ in wrong)
        if is_verbose:
            print("".join(f"{path}:{line}: missing {group} {name}\n" for name, group, line in sorted(missing)), end="")
            print("".join(f"{path}:{line}: wrong {group} {name}\n" for name, group, line in sorted(wrong)), end="")
    print(f"{language}: {n_read:,} files; {n_unread:,} that the witness cannot read")
    for group in sorted(n_seen | n_ours):
        recall = 1 - n_missing[group] / n_seen[group] if n_seen[group] else 1.0
        precision = 1 - n_wrong[group] / n_ours[group] if n_ours[group] else 1.0
        seen_text = f"{n_seen[group]:8,} seen, recall {recall:8.3%}"
        print(f"  {group:10} {seen_text}; {n_ours[group]:8,} ours, precision {precision:8.3%}")


def main() -> int:
    parser = argparse.ArgumentParser(description="Compare our definitions with those of the language's own parser.")
    parser.add_argument("language", choices=sorted(WITNESSES))
    parser.add_argument("folder", type=Path)
    parser.add_argument("--files", type=int, default=sys.maxsize, metavar="N", help="the first N files by path")
    parser.add_argument("-v", "--verbose", action="store_true", help="name each difference")
    options = parser.parse_args()
    compare(options.folder.absolute(), options.language, options.files, options.verbose)
    return 0


if __name__ == "__main__":
    sys.exit(main())
