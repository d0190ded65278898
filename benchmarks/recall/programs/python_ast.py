"""Reads paths of Python files, one a line, and prints for each what Python's own ``ast`` sees: PATH, then NAME GROUP
LINE, tabs between."""

from __future__ import annotations

import ast
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path

Seen = tuple[str, str, int]
"""(name, group, line), line one-based."""


def read_file(path: str) -> set[Seen] | None:
    """Return the functions, classes, fields and variables of the module; None for a file that Python cannot read."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(Path(path).read_bytes())
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
            seen.add((statement.name, "type", statement.lineno))
            read_body(statement.body, "field", seen)
            seen.update(fields_set_in(statement))
        elif isinstance(statement, ast.Assign | ast.AnnAssign):
            for target in statement.targets if isinstance(statement, ast.Assign) else [statement.target]:
                seen |= {(name.id, group, name.lineno) for name in bound_names(target)}
        else:
            seen |= {(name, group, line) for name, line in bound_by(statement)}
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


def bound_by(statement: ast.stmt) -> Iterator[tuple[str, int]]:
    """Yield the names, with their lines, that a loop, ``with`` or ``match`` binds."""
    targets: list[ast.expr] = []
    if isinstance(statement, ast.For | ast.AsyncFor):
        targets = [statement.target]
    elif isinstance(statement, ast.With | ast.AsyncWith):
        targets = [item.optional_vars for item in statement.items if item.optional_vars]
    elif isinstance(statement, ast.Match):
        for node in (node for case in statement.cases for node in ast.walk(case.pattern)):
            name = node.rest if isinstance(node, ast.MatchMapping) else getattr(node, "name", None)
            if name:
                yield name, node.end_lineno or node.lineno
    yield from ((name.id, name.lineno) for target in targets for name in bound_names(target))


def bound_names(target: ast.expr) -> Iterator[ast.Name]:
    if isinstance(target, ast.Name):
        yield target
    elif isinstance(target, ast.Tuple | ast.List):
        for one in target.elts:
            yield from bound_names(one)
    elif isinstance(target, ast.Starred):
        yield from bound_names(target.value)


def fields_set_in(of_class: ast.ClassDef) -> Iterator[Seen]:
    """Yield the members that methods set of ``self``; those of a class within belong to that one."""
    stack: list[ast.AST] = list(of_class.body)
    while stack:
        node = stack.pop()
        if isinstance(node, ast.ClassDef):
            continue
        is_set = isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store)
        if is_set and isinstance(node.value, ast.Name) and node.value.id in ("self", "cls"):
            yield (node.attr, "set", node.lineno)
        stack += ast.iter_child_nodes(node)


def main() -> None:
    for line in sys.stdin:
        path = line.rstrip("\n")
        seen = read_file(path)
        if seen is not None:
            print(path, *(f"\t{name}\t{group}\t{number}" for name, group, number in sorted(seen)), sep="\n")


if __name__ == "__main__":
    main()
