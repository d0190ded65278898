"""A validator of the part of JSON Schema that our schemas use. It also finds fields that a schema does not describe."""

from __future__ import annotations

import json
from collections.abc import Iterator
from importlib import resources
from typing import Any

_TYPES: dict[str, type | tuple[type, ...]] = {
    "object": dict,
    "array": list,
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "null": type(None),
}
_KNOWN = {
    "$schema", "$defs", "$ref", "title", "description", "type", "const", "enum", "anyOf", "items", "properties",
    "required", "additionalProperties", "minimum", "maximum", "contentEncoding",
}  # fmt: skip


def read_schema(name: str) -> dict[str, Any]:
    """Return the schema of that name from the package."""
    file = resources.files("repomap_fast.cli.formats") / "schemas" / f"{name}.json"
    schema: dict[str, Any] = json.loads(file.read_text("utf-8"))
    return schema


def find_violations(value: object, schema: dict[str, Any]) -> list[str]:
    """Return what in ``value`` the schema does not allow or does not describe, a sentence each."""
    return list(_violations(value, schema, schema, "$"))


def _violations(value: Any, schema: dict[str, Any], whole: dict[str, Any], at: str) -> Iterator[str]:
    assert set(schema) <= _KNOWN, set(schema) - _KNOWN
    if "$ref" in schema:
        yield from _violations(value, whole["$defs"][schema["$ref"].removeprefix("#/$defs/")], whole, at)
    if "anyOf" in schema:
        choices = [list(_violations(value, choice, whole, at)) for choice in schema["anyOf"]]
        if all(choices):
            yield from choices[0]
    if "const" in schema and value != schema["const"]:
        yield f"{at} is {value!r}; expected {schema['const']!r}"
    if "enum" in schema and value not in schema["enum"]:
        yield f"{at} is {value!r}; expected one of {schema['enum']}"
    if "type" in schema and not _is_of_type(value, schema["type"]):
        yield f"{at} is {value!r}; expected {schema['type']}"
    elif isinstance(value, int) and value < schema.get("minimum", value):
        yield f"{at} is {value!r}; expected at least {schema['minimum']}"
    elif isinstance(value, int) and value > schema.get("maximum", value):
        yield f"{at} is {value!r}; expected at most {schema['maximum']}"
    elif isinstance(value, list) and "items" in schema:
        for i, item in enumerate(value):
            yield from _violations(item, schema["items"], whole, f"{at}[{i}]")
    elif isinstance(value, dict) and ("properties" in schema or "additionalProperties" in schema):
        yield from (f"{at} has no {name}" for name in schema.get("required", ()) if name not in value)
        for name, member in value.items():
            described = schema.get("properties", {}).get(name, schema.get("additionalProperties"))
            if described is None:
                yield f"{at}.{name} is not described"
            else:
                yield from _violations(member, described, whole, f"{at}.{name}")


def _is_of_type(value: object, names: str | list[str]) -> bool:
    of_types = [_TYPES[name] for name in ([names] if isinstance(names, str) else names)]
    # True is an int for Python only.
    return any(isinstance(value, one) and (one is bool or not isinstance(value, bool)) for one in of_types)
