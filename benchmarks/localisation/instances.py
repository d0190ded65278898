"""Issues of real projects, and the files and functions that their fixes changed.

The data is a file of JSON lines, one instance a line, with the fields of ``Instance``. What is ranked for an instance
is fixed by the rules here, the same for every contender.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

_SEPARATORS = re.compile(r"[/_ ]")


@dataclass(frozen=True, slots=True)
class Instance:
    """One question, and its answer.

    base_commit        the commit before the fix: the tree that is searched.
    sets               the names of the data sets that hold the instance.
    gold_files         paths of the files that the fix changed, without tests.
    gold_functions     ``path:Class.method``, ``path:function`` or ``path:Class`` of what it changed in them.
    problem_statement  the text of the issue; it is the query, as it is.
    """

    instance_id: str
    repo: str
    base_commit: str
    sets: tuple[str, ...]
    gold_files: tuple[str, ...]
    gold_functions: tuple[str, ...]
    problem_statement: str


@dataclass(frozen=True, slots=True)
class Function:
    """A function, a method or a class.

    name       dotted from the top of the file: ``Class.method``.
    line       of ``def`` or ``class``, from 1.
    first, last  of all its lines, decorators included, from 1.
    is_class   whether it is a class.
    """

    name: str
    line: int
    first: int
    last: int
    is_class: bool


def read_instances(path: Path, sets: Sequence[str] = ()) -> list[Instance]:
    """Return the instances of a file that are in one of ``sets``, or all; those of a repository stand together."""
    instances = []
    for line in path.read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        if not sets or not set(sets).isdisjoint(record["sets"]):
            lists = {name: tuple(record[name]) for name in ("sets", "gold_files", "gold_functions")}
            others = {name: record[name] for name in ("instance_id", "repo", "base_commit", "problem_statement")}
            instances.append(Instance(**others, **lists))
    return sorted(instances, key=lambda instance: instance.repo)


def is_ranked(path: str) -> bool:
    """Tell whether a file takes part: Python, and no part of its path begins with "test"."""
    return path.endswith(".py") and not any(part.startswith("test") for part in _SEPARATORS.split(path.lower()))


def functions_of(source: bytes) -> list[Function]:
    """Return the functions, methods and classes of a Python file; none if it does not parse.

    A function within a function belongs to the outer one.
    """
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return []
    return list(_functions(tree.body, ""))


def _functions(body: Sequence[ast.stmt], prefix: str) -> Iterator[Function]:
    for node in body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            first = min([node.lineno, *(decorator.lineno for decorator in node.decorator_list)])
            is_class = isinstance(node, ast.ClassDef)
            name = prefix + node.name
            yield Function(name, node.lineno, first, node.end_lineno or node.lineno, is_class)
            if is_class:
                yield from _functions(node.body, f"{name}.")
        else:
            for field in ("body", "handlers", "orelse", "finalbody"):
                yield from _functions(getattr(node, field, ()), prefix)
