"""The slow twin of the tagger: the rules for tags, as plainly as they can be written, on the stock tree-sitter binding.

As a program it rewrites the expected tags of cases: ``python tests/reference/tags.py tests/tags/c/header ...``.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import tree_sitter_language_pack
from tree_sitter import Language, Parser, Query, QueryCursor

if TYPE_CHECKING:
    from tree_sitter import Node

_ROLES = ("definition", "reference")


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag while its scope is not known: the node of the name, and the extent, the node of the whole."""

    name: Node
    extent: Node
    role: str
    kind: str

    @property
    def order(self) -> tuple[int, int, str, int, int, int]:
        # The whole of a reference is of no interest to anyone.
        whole = self.extent if self.role == "definition" else self.name
        start, role = self.name.start_byte, _ROLES.index(self.role)
        return (start, role, self.kind, whole.end_byte, self.name.end_byte, whole.start_byte)

    def encloses(self, other: _Tag) -> bool:
        """Whether this is a definition around ``other``: around its name and, if that is a definition too, around the
        whole of it and more.
        """
        mine = self.extent
        if self.role != "definition" or not _contains(mine, other.name):
            return False
        if other.role == "reference":
            return True
        theirs = other.extent
        return _contains(mine, theirs) and (mine.start_byte, mine.end_byte) != (theirs.start_byte, theirs.end_byte)


def _contains(outer: Node, inner: Node) -> bool:
    return outer.start_byte <= inner.start_byte and inner.end_byte <= outer.end_byte


def tag_source(source: bytes, *, grammar: str, query: str) -> list[dict[str, Any]]:
    """Return the tags of a source text, as the rows of an ``expected.jsonl`` without path and language."""
    language = tree_sitter_language_pack.get_language(grammar)  # type: ignore[arg-type]
    tags = sorted(_tags(source, language, query), key=lambda tag: tag.order)
    return [_row(tag, tags) for tag in tags]


def _tags(source: bytes, language: Language, query: str) -> list[_Tag]:
    tree = Parser(language).parse(source)
    tags = []
    for _, captures in QueryCursor(Query(language, query)).matches(tree.root_node):
        extents = {capture: nodes[0] for capture, nodes in captures.items()}
        for capture, nodes in captures.items():
            for role, kind in _kinds(capture, extents):
                extent = extents.get(f"{role}.{kind}")
                # A node that the parser made up to go on after an error (MISSING) has no bytes: it names nothing.
                tags += [_Tag(name, extent or name, role, kind) for name in nodes if name.end_byte > name.start_byte]
    return tags


def _kinds(capture: str, captures: dict[str, Node]) -> list[tuple[str, str]]:
    """Return the (role, kind) pairs that a capture makes its nodes the names of, in either style of capture."""
    if capture == "name":
        return [(role, kind) for role, _, kind in (other.partition(".") for other in captures) if role in _ROLES]
    first, _, rest = capture.partition(".")
    role, _, kind = rest.partition(".")
    return [(role, kind)] if first == "name" and role in _ROLES else []


def _row(tag: _Tag, tags: list[_Tag]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": _text(tag),
        "role": tag.role,
        "kind": tag.kind,
        "line": tag.name.start_point.row + 1,
        "column": tag.name.start_point.column,
    }
    if tag.role == "definition":
        row["end_line"] = tag.extent.end_point.row + 1
    if scope := _scope(tag, tags):
        row["scope"] = ".".join(_text(around) for around in scope)
    return row


def _scope(tag: _Tag, tags: list[_Tag]) -> list[_Tag]:
    """Return the definitions around a tag, outermost first; of several with one extent the first in order counts."""
    around: dict[tuple[int, int], _Tag] = {}
    for other in tags:
        if other.encloses(tag):
            around.setdefault((other.extent.start_byte, -other.extent.end_byte), other)
    return [around[extent] for extent in sorted(around)]


def _text(tag: _Tag) -> str:
    text = tag.name.text
    assert text is not None
    return text.decode(errors="replace")


def tag_case(case: Path) -> list[dict[str, Any]]:
    """Return the tags of the case in folder ``tests/tags/LANGUAGE/CASE``, as its ``expected.jsonl`` has them."""
    from repomap_fast.languages.table import LANGUAGES, find_language
    from repomap_fast.languages.tags_query import OUR_QUERIES, read_query

    language = LANGUAGES[find_language(case.parent.name)]
    source = next(case.glob("input.*"))
    query = read_query(OUR_QUERIES / f"{language.name}.scm").decode()
    rows = tag_source(source.read_bytes(), grammar=language.grammar, query=query)
    return [{"path": source.name, "language": language.name, **row} for row in rows]


def main() -> None:
    for case in map(Path, sys.argv[1:]):
        lines = [json.dumps(row, ensure_ascii=False) + "\n" for row in tag_case(case)]
        (case / "expected.jsonl").write_text("".join(lines), "utf-8")


if __name__ == "__main__":
    main()
