"""Adds to JSON documents, and takes out again, without touching what else is in them: comments, order, spaces.

It understands comments and trailing commas, as editors' settings have them. Every change is a list of edits of the
text, so that it can be undone to the byte.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from repomap_fast.errors import ConfigurationError

MAX_DEPTH = 200
_SPACE_OR_COMMENT = re.compile(r"(?:[ \t\r\n\ufeff]+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_STRING = re.compile(r'"(?:[^"\\\n]|\\.)*"')
_SCALAR = re.compile(r"[^\s,\]}/\"{\[:]+")
_INDENT = re.compile(r"^([ \t]+)\S", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Edit:
    """``removed`` at ``start`` becomes ``added``. Positions are those of the text before any edit."""

    start: int
    removed: str
    added: str


def apply(text: str, edits: Sequence[Edit]) -> str:
    """Return the text with these edits. Raises ConfigurationError where it does not have what they remove."""
    parts, at = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        if not text.startswith(edit.removed, edit.start):
            raise ConfigurationError(f"the text has changed at character {edit.start}")
        parts += [text[at : edit.start], edit.added]
        at = edit.start + len(edit.removed)
    return "".join((*parts, text[at:]))


def inverse(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits that undo these, for the text that they made."""
    undone, shift = [], 0
    for edit in sorted(edits, key=lambda edit: edit.start):
        undone.append(Edit(edit.start + shift, edit.added, edit.removed))
        shift += len(edit.added) - len(edit.removed)
    return undone


@dataclass(slots=True)
class _Node:
    """A value in a text, from ``start`` to ``end``.

    items      of an object or an array: the key (None in an array) and the value of each.
    key_starts  where each item begins: the key, or the value in an array.
    commas     where the comma after each item is; None after the last where there is none.
    """

    start: int
    end: int
    kind: str
    items: list[tuple[str | None, _Node]]
    key_starts: list[int]
    commas: list[int | None]


def read(text: str) -> Any:
    """Return the value of a document with comments. Raises ConfigurationError."""
    return _value(text, _parse(text))


def _value(text: str, node: _Node) -> Any:
    if node.kind == "{":
        return {key: _value(text, item) for key, item in node.items}
    if node.kind == "[":
        return [_value(text, item) for _, item in node.items]
    return json.loads(text[node.start : node.end])


def add(text: str, path: Sequence[str], value: Any, *, to_list: bool = False) -> list[Edit]:
    """Return the edits that put ``value`` at ``path``; none if it is there already.

    to_list  append it to the list at ``path``, which is made if there is none.

    Raises ConfigurationError where the document cannot be read, or has something else there.
    """
    if not text.strip("\ufeff \t\r\n"):
        made = _nested(path, [value] if to_list else value)
        return [Edit(len(text), "", _dumped(made, "", "  ", _newline(text)) + _newline(text))]
    node, rest = _parse(text), list(path)
    while rest and node.kind == "{":
        below = dict(node.items).get(rest[0])
        if below is None:
            return _insert(text, node, rest[0], _nested(rest[1:], [value] if to_list else value))
        node = below
        rest.pop(0)
    if rest or (to_list and node.kind != "["):
        raise ConfigurationError(
            f"{'.'.join(path)} is {text[node.start : node.end][:60]}; expected an object or a list"
        )
    there = _value(text, node)
    if to_list:
        return [] if value in there else _insert(text, node, None, value)
    if there != value:
        raise ConfigurationError(
            f"{'.'.join(path)} is there already, and other than what would be added; remove it first"
        )
    return []


def remove(text: str, path: Sequence[str], value: Any, *, from_list: bool = False) -> list[Edit]:
    """Return the edits that take ``value`` out again; none if it is not there. What it leaves empty stays."""
    if not text.strip("\ufeff \t\r\n"):
        return []
    node, parent, position = _parse(text), None, 0
    for key in path:
        keys = [name for name, _ in node.items] if node.kind == "{" else []
        if key not in keys:
            return []
        parent, position = node, keys.index(key)
        node = node.items[position][1]
    if from_list:
        values = [_value(text, item) for _, item in node.items] if node.kind == "[" else []
        if value not in values:
            return []
        parent, position = node, values.index(value)
    elif _value(text, node) != value:
        return []
    return [] if parent is None else _cut(text, parent, position)


def _cut(text: str, parent: _Node, position: int) -> list[Edit]:
    """Return the edits that take an item out, with the comma that belongs to it."""
    start, end = parent.key_starts[position], parent.items[position][1].end
    comma = parent.commas[position]
    if comma is not None:
        end = comma + 1
        edits = []
    else:
        before = parent.commas[position - 1] if position else None
        edits = [] if before is None else [Edit(before, ",", "")]
    while start > 0 and text[start - 1] in " \t\r\n" and start - 1 > parent.start:
        start -= 1
    return [*edits, Edit(start, text[start:end], "")]


def _insert(text: str, node: _Node, key: str | None, value: Any) -> list[Edit]:
    """Return the edits that add an item behind the last one of an object or a list."""
    newline, unit = _newline(text), _unit(text)
    is_on_one_line = "\n" not in text[node.start : node.end] and bool(node.items)
    outer = _indent_of(text, node.start)
    inner = outer + unit
    if node.items and not is_on_one_line:
        inner = _indent_of(text, node.key_starts[-1])
    label = "" if key is None else f"{json.dumps(key, ensure_ascii=False)}: "
    if is_on_one_line:
        at = node.items[-1][1].end if node.commas[-1] is None else node.commas[-1] + 1
        comma = "," if node.commas[-1] is None else ""
        return [Edit(at, "", f"{comma} {label}{json.dumps(value, ensure_ascii=False)}")]
    added = f"{newline}{inner}{label}{_dumped(value, inner, unit, newline)}"
    # Behind comments that follow the last item.
    end = len(text[: node.end - 1].rstrip(" \t\r\n"))
    if not node.items:
        has_line_end = "\n" in text[end : node.end - 1]
        return [Edit(end, "", added if has_line_end else added + newline + outer)]
    if node.commas[-1] is not None:
        return [Edit(end, "", added)]
    last = node.items[-1][1].end
    if last == end:
        return [Edit(end, "", f",{added}")]
    return [Edit(last, "", ","), Edit(end, "", added)]


def _nested(path: Sequence[str], value: Any) -> Any:
    for key in reversed(path):
        value = {key: value}
    return value


def _dumped(value: Any, indent: str, unit: str, newline: str) -> str:
    lines = json.dumps(value, indent=unit, ensure_ascii=False).split("\n")
    return newline.join([lines[0], *(indent + line for line in lines[1:])])


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"


def _unit(text: str) -> str:
    found = _INDENT.search(text)
    return found[1] if found else "  "


def _indent_of(text: str, position: int) -> str:
    line = text[text.rfind("\n", 0, position) + 1 : position]
    return line[: len(line) - len(line.lstrip(" \t"))]


# Reading


def _parse(text: str) -> _Node:
    reader = _Reader(text)
    node, at = reader.value(reader.skip(0), 0)
    if reader.skip(at) != len(text):
        raise reader.trouble(reader.skip(at), "the end")
    return node


class _Reader:
    """Finds values, and where they are."""

    def __init__(self, text: str) -> None:
        self._text = text

    def trouble(self, at: int, expected: str) -> ConfigurationError:
        line = self._text.count("\n", 0, at) + 1
        found = self._text[at : at + 20] or "the end"
        return ConfigurationError(f"line {line} has {found!r}; expected {expected}")

    def skip(self, at: int) -> int:
        """Return the position behind spaces and comments."""
        found = _SPACE_OR_COMMENT.match(self._text, at)
        return at if found is None else found.end()

    def value(self, at: int, depth: int) -> tuple[_Node, int]:
        """Return the value at a position, and the position behind it."""
        if depth > MAX_DEPTH:
            raise self.trouble(at, f"no more than {MAX_DEPTH} levels")
        kind = self._text[at : at + 1]
        if kind in ("{", "["):
            node = _Node(at, at, kind, [], [], [])
            node.end = self._fill(node, depth)
            return node, node.end
        found = (_STRING if kind == '"' else _SCALAR).match(self._text, at)
        if found is None:
            raise self.trouble(at, "a value")
        try:
            json.loads(found[0])
        except ValueError:
            raise self.trouble(at, "a value") from None
        return _Node(at, found.end(), "", [], [], []), found.end()

    def _fill(self, node: _Node, depth: int) -> int:
        """Read the items of an object or a list; return the position behind it."""
        closing = "}" if node.kind == "{" else "]"
        at = self.skip(node.start + 1)
        while self._text[at : at + 1] != closing:
            if node.commas and node.commas[-1] is None:
                raise self.trouble(at, f"a comma or {closing}")
            key, node_at = None, at
            if node.kind == "{":
                key, at = self._key(at)
            item, at = self.value(at, depth + 1)
            node.items.append((key, item))
            node.key_starts.append(node_at)
            at = self.skip(at)
            has_comma = self._text[at : at + 1] == ","
            node.commas.append(at if has_comma else None)
            at = self.skip(at + has_comma)
        return at + 1

    def _key(self, at: int) -> tuple[str, int]:
        found = _STRING.match(self._text, at)
        if found is None:
            raise self.trouble(at, "a name in quotes")
        try:
            name = str(json.loads(found[0]))
        except ValueError:
            raise self.trouble(at, "a name without control characters, and with escapes that JSON has") from None
        at = self.skip(found.end())
        if self._text[at : at + 1] != ":":
            raise self.trouble(at, "a colon")
        return name, self.skip(at + 1)
