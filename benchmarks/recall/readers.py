"""What readers of other projects find in data, schemas and notebooks: witnesses for ``recall.tags``.

They need tomlkit, PyYAML, graphql-core and python-hcl2, each for its language; JSON and notebooks are read by Python's
own modules. A reader that has no lines gives line 0: its names are asked anywhere in the file.
"""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

Found = Iterator[tuple[str, int, str]]


def _toml(text: str) -> Found:
    import tomlkit
    from tomlkit.items import AoT, Table

    def walk(container: Any, path: str) -> Found:
        for key, item in container.body:
            if not isinstance(item, (AoT, Table)) or key is None:
                continue
            name = f"{path}.{key.as_string().strip()}" if path else key.as_string().strip()
            tables = item.body if isinstance(item, AoT) else [item]
            for table in tables:
                if not table.is_super_table():
                    yield name, 0, "table"
                yield from walk(table.value, name)

    yield from walk(tomlkit.parse(text), "")


def _graphql(text: str) -> Found:
    from graphql import parse

    for one in parse(text).definitions:
        name, is_extension = getattr(one, "name", None), "extension" in one.kind
        if name is not None and name.loc is not None and not is_extension:
            yield name.value, name.loc.start_token.line, one.kind


def _hcl(text: str) -> Found:
    import hcl2

    def walk(value: Any, labels: tuple[str, ...]) -> Found:
        if isinstance(value, list):
            for one in value:
                yield from walk(one, labels)
        elif isinstance(value, dict):
            is_body = "__start_line__" in value or "__is_block__" in value
            if is_body and len(labels) > 1:
                yield labels[-1].strip('"'), 0, labels[0]
            for key, one in value.items():
                if isinstance(one, (dict, list)) and not key.startswith("__"):
                    yield from walk(one, (key,) if is_body or not labels else (*labels, key))

    yield from walk(hcl2.loads(text), ())


def _json(text: str) -> Found:
    groups = {"scripts": "script", "tasks": "script", "bin": "command", "paths": "path", "$defs": "schema"}
    groups |= dict.fromkeys(("definitions", "schemas"), "schema")

    def walk(value: Any) -> Found:
        for key, one in value.items() if isinstance(value, dict) else enumerate(value):
            if key in groups and isinstance(one, dict):
                yield from ((name, 0, groups[str(key)]) for name in one)
            if isinstance(one, (dict, list)):
                yield from walk(one)

    yield from walk(json.loads(text))


def _yaml(text: str) -> Found:
    import yaml

    for root in yaml.compose_all(text, Loader=yaml.SafeLoader):
        for key, value in root.value if isinstance(root, yaml.MappingNode) else ():
            if key.value in ("jobs", "services") and isinstance(value, yaml.MappingNode):
                for name, _ in value.value:
                    yield name.value, name.start_mark.line + 1, key.value


def _notebook(text: str) -> Found:
    for cell in json.loads(text)["cells"]:
        source = "".join(cell["source"]) if cell["cell_type"] == "code" else ""
        if source.lstrip().startswith("%%") and not source.lstrip().startswith(("%%time", "%%capture", "%%prun")):
            continue  # in another language, or for another file
        lines = ["" if re.match(r"\s*[%!?]", line) else line for line in source.split("\n")]
        try:
            tree = ast.parse("\n".join(lines))
        except SyntaxError:
            continue
        for node in ast.walk(tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                yield node.name, 0, "class" if isinstance(node, ast.ClassDef) else "function"


READERS: dict[str, Callable[[str], Found]] = {
    "graphql": _graphql,
    "hcl": _hcl,
    "json": _json,
    "jupyter": _notebook,
    "toml": _toml,
    "yaml": _yaml,
}
"""By the names of our languages: (name, line, kind) of what a text defines."""


def read_definitions(language: str, paths: Sequence[Path]) -> Iterator[tuple[Path, str, int, str]]:
    """Yield (path, name, line, kind) of each definition; files that the reader refuses have none."""
    for path in paths:
        try:
            found = list(READERS[language](path.read_text("utf-8")))
        except Exception as error:  # each reader has exceptions of its own
            print(f"{path}: {type(error).__name__}: {str(error)[:80]}")
            continue
        yield from ((path, *one) for one in found)
