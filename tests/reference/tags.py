"""The slow twin of the tagger: the rules for tags, as plainly as they can be written, on the stock tree-sitter binding.

As a program it rewrites the expected tags of cases: ``python tests/reference/tags.py tests/tags/c/header ...``.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Container
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from tree_sitter import Language, Parser, Query, QueryCursor

from repomap_fast.languages.grammars import best_package, load_grammar
from repomap_fast.tagging.rules import FUNCTION_KINDS as FUNCTIONS
from repomap_fast.tagging.rules import TYPE_KINDS as TYPES
from repomap_fast.tagging.source_text import source_text

if TYPE_CHECKING:
    from tree_sitter import Node

_ROLES = ("definition", "reference")
_RULES = (
    *("not-in", "once-in", "kind-in-type", "member-of", "of", "unless", "trim", "after", "after-word", "until"),
    *("close", "suffix"),
)
_PLACE_RULES = _RULES[:4]


class _Any:
    """Holds every kind."""

    def __contains__(self, kind: object) -> bool:
        return True


_ANY = _Any()


@dataclass(frozen=True, slots=True)
class _Tag:
    """A tag while its scope is not known: the node of the name, and the extent, the node of the whole."""

    name: Node
    extent: Node
    role: str
    kind: str
    rules: tuple[tuple[str, str], ...] = ()
    owner: Node | None = None

    @property
    def n_trimmed(self) -> int:
        """Bytes of the node before the name."""
        text, rules = self.name.text or b"", dict(self.rules)
        trimmed = rules.get("trim", "").encode()
        n_trimmed = len(text) - len(text.lstrip(trimmed)) if trimmed else 0
        return n_trimmed + len(_before_name(text[n_trimmed:].decode(errors="replace"), rules))

    @property
    def order(self) -> tuple[int, int, str, int, int, int]:
        # The whole of a reference is of no interest to anyone.
        whole = self.extent if self.role == "definition" else self.name
        start, role = self.name.start_byte + self.n_trimmed, _ROLES.index(self.role)
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


def grammar_of_tags(name: str) -> Language:
    """Return the grammar that the package reads tags with."""
    return Language(load_grammar(name, best_package(name)))


def tag_source(source: bytes, *, grammar: str, query: str) -> list[dict[str, Any]]:
    """Return the tags of a source text, as the rows of an ``expected.jsonl`` without path and language."""
    language = grammar_of_tags(grammar)
    tags = settle(sorted(_tags(source, language, query), key=lambda tag: tag.order))
    scopes = own(tags, [around[-1] if (around := _around(tag, tags)) else None for tag in tags])
    return [_row(tag, tags, scopes) for tag in tags]


def _tags(source: bytes, language: Language, query: str) -> list[_Tag]:
    """Return what the stock binding finds: no rule has been asked."""
    tree = Parser(language).parse(_text_of(source))
    tags = []
    compiled = Query(language, query)
    for pattern, captures in QueryCursor(compiled).matches(tree.root_node):
        extents = {capture: nodes[0] for capture, nodes in captures.items()}
        settings = compiled.pattern_settings(pattern)
        rules = tuple((key, value or "") for key, value in settings.items() if key in _RULES)
        owners = captures.get("owner", [])
        for capture, nodes in captures.items():
            for role, kind in _kinds(capture, extents):
                extent = extents.get(f"{role}.{kind}")
                # A node that the parser made up to go on after an error (MISSING) has no bytes: it names nothing.
                made = [_Tag(name, extent or name, role, kind, rules, _last_before(owners, name)) for name in nodes]
                tags += [tag for tag in made if tag.name.end_byte > tag.name.start_byte and _text(tag)]
    return tags


def _text_of(source: bytes) -> bytes:
    """Return a source as it is parsed: as it is, unless it is no UTF-8 or has no rows."""
    try:
        source.decode()
    except UnicodeDecodeError:
        return source_text(source)
    return source if b"\n" in source else source.replace(b"\r", b"\n")


def _last_before(owners: list[Node], name: Node) -> Node | None:
    before = [owner for owner in owners if owner.start_byte < name.start_byte]
    return max(before, key=lambda owner: owner.start_byte, default=None)


def _kinds(capture: str, captures: dict[str, Node]) -> list[tuple[str, str]]:
    """Return the (role, kind) pairs that a capture makes its nodes the names of, in either style of capture."""
    if capture == "name":
        return [(role, kind) for role, _, kind in (other.partition(".") for other in captures) if role in _ROLES]
    first, _, rest = capture.partition(".")
    role, _, kind = rest.partition(".")
    return [(role, kind)] if first == "name" and role in _ROLES else []


def settle(tags: list[_Tag]) -> list[_Tag]:
    """Return the tags, sorted, that the rules of their patterns leave, of the kinds that the rules say."""
    kept, extents = [], _extents(tags)
    definitions = [tag for tag in tags if tag.role == "definition"]
    defined = {
        "definition": {tag.name.start_byte for tag in definitions if "unless" not in dict(tag.rules)},
        "reference": {tag.name.start_byte for tag in definitions},
    }
    for tag in tags:
        if "unless" in dict(tag.rules) and tag.name.start_byte in defined[tag.role]:
            continue
        rules = {key: value for key, value in tag.rules if key in _PLACE_RULES}
        around = _place_around(tag, extents, TYPES | FUNCTIONS) if rules else None
        if rules.get("once-in") == "type" and _place_around(tag, extents, TYPES) is None:
            continue
        if "not-in" in rules and around is not None and around.kind in FUNCTIONS:
            continue
        in_type = around is not None and around.kind in TYPES
        kept.append(replace(tag, kind=rules["kind-in-type"]) if "kind-in-type" in rules and in_type else tag)
    return _without_repeated(kept)


def _without_repeated(tags: list[_Tag]) -> list[_Tag]:
    """Return the tags without those whose name a type has already, where it is to be there once."""
    if not any("once-in" in dict(tag.rules) for tag in tags):
        return tags
    extents = _extents(tags)
    names = set()
    for tag in tags:
        # A rule of places has put it into what is around it, past what is none.
        kinds = TYPES | FUNCTIONS if any(key in _PLACE_RULES for key, _ in tag.rules) else _ANY
        if "member-of" in dict(tag.rules):
            kinds = TYPES
        around = _place_around(tag, extents, kinds) if tag.role == "definition" else None
        if around is not None and "once-in" not in dict(tag.rules) and around.kind in TYPES:
            names.add((around.order, _text(tag)))
    # What gives way at its place does so in the file, too.
    dropped = set()
    for tag in sorted(tags, key=lambda tag: "unless" in dict(tag.rules)):
        once_in = dict(tag.rules).get("once-in") if tag.role == "definition" else None
        if once_in:
            around = _place_around(tag, extents, TYPES) if once_in == "type" else None
            member = (tag.kind if around is None else around.order), _text(tag)
            if member in names:
                dropped.add(tag)
            names.add(member)
    return [tag for tag in tags if tag not in dropped]


def own(tags: list[_Tag], scopes: list[_Tag | None]) -> dict[_Tag, _Tag | None]:
    """Return what each tag is in, where rules and owners are taken into account."""
    found, extents = dict(zip(tags, scopes, strict=True)), _extents(tags)
    for tag in tags:
        rules = {key: value for key, value in tag.rules if key in _PLACE_RULES}
        if rules.get("once-in") == "file":
            del rules["once-in"]
        if rules:
            around = _place_around(tag, extents, TYPES if "once-in" in rules else TYPES | FUNCTIONS)
            if "member-of" in rules:
                around = _place_around(tag, extents, TYPES) or found[tag]
            found[tag] = around
        if "of" in dict(tag.rules):
            found[tag] = None
    owners = [other for other in tags if other.role == "definition" and _may_own(other, found)]
    owners.sort(key=lambda other: other.kind not in TYPES)
    for tag in tags:
        if tag.owner is None:
            continue
        named = next((other for other in tags if other.name.start_byte == tag.owner.start_byte), None)
        if named is tag:
            continue
        if named and tag.role == "definition" and not _contains(tag.extent, named.name):
            if named.role == "definition" and named.kind in TYPES and tag.kind not in TYPES | FUNCTIONS:
                found[tag] = named
            continue
        name = _text(named) if named else (tag.owner.text or b"").decode()
        types = [other for other in owners if _text(other) == name]
        if named is None:
            if types and types[0] is not tag:
                found[tag] = types[0]
            continue
        step: _Tag | None = None if types or tag.role != "definition" else named
        while step is not None and found[step] is not tag:
            step = found[step]
        if step is not None:
            found[step] = found[tag]
        found[tag] = types[0] if types else named
    return found


def _may_own(tag: _Tag, scopes: dict[_Tag, _Tag | None]) -> bool:
    """Whether a definition may have members that name it from elsewhere."""
    return _is_in_types(tag, scopes) if tag.kind in TYPES else scopes[tag] is None and tag.owner is None


def _is_in_types(tag: _Tag, scopes: dict[_Tag, _Tag | None]) -> bool:
    around = scopes[tag]
    return around is None or (around.kind in TYPES and _is_in_types(around, scopes))


def _extents(tags: list[_Tag]) -> dict[tuple[int, int], _Tag]:
    """Return the definitions by their bytes; of several with the same the first in order."""
    found: dict[tuple[int, int], _Tag] = {}
    for tag in tags:
        if tag.role == "definition":
            found.setdefault((tag.extent.start_byte, tag.extent.end_byte), tag)
    return found


def _place_around(tag: _Tag, extents: dict[tuple[int, int], _Tag], kinds: Container[str]) -> _Tag | None:
    """Return the innermost definition around a tag that is of one of these kinds."""
    node: Node | None = tag.extent if tag.role == "definition" else tag.name
    while node is not None:
        other = extents.get((node.start_byte, node.end_byte))
        if other is not None and other.kind in kinds and other.encloses(tag):
            return other
        node = node.parent
    return None


def _row(tag: _Tag, tags: list[_Tag], scopes: dict[_Tag, _Tag | None]) -> dict[str, Any]:
    row: dict[str, Any] = {
        "name": _text(tag),
        "role": tag.role,
        "kind": tag.kind,
        "line": tag.name.start_point.row + 1,
        "column": tag.name.start_point.column + tag.n_trimmed,
    }
    if tag.role == "definition":
        row["end_line"] = tag.extent.end_point.row + 1
    names: list[str] = []
    around = scopes[tag]
    while around is not None:
        names.append(_text(around))
        around = scopes[around]
    if names:
        row["scope"] = ".".join(reversed(names))
    return row


def _around(tag: _Tag, tags: list[_Tag]) -> list[_Tag]:
    """Return the definitions around a tag, outermost first; of several with one extent the first in order counts."""
    around: dict[tuple[int, int], _Tag] = {}
    for other in tags:
        if other.encloses(tag):
            around.setdefault((other.extent.start_byte, -other.extent.end_byte), other)
    return [around[extent] for extent in sorted(around)]


def _text(tag: _Tag) -> str:
    rules = dict(tag.rules)
    assert tag.name.text is not None
    text = tag.name.text.decode(errors="replace")
    # An empty text would strip blanks.
    text = text.partition(rules["until"])[0] if "until" in rules else text
    text = text.strip(rules["trim"]) if "trim" in rules else text
    if "close" in rules:
        text = re.sub(rf"(^|[ \t]+){re.escape(rules['close'])}+$", "", text.rstrip(" \t"))
    before = _before_name(text, rules)
    if "after-word" in rules and before[:-1].lower() not in rules["after-word"].split():
        return ""
    return text.removeprefix(before) + rules.get("suffix", "")


def _before_name(text: str, rules: dict[str, str]) -> str:
    """Return the word before the character that a name begins behind, with it; of ASCII alone."""
    found = re.match(rf"[A-Za-z]+{re.escape(rules['after'])}(?=\w)", text) if "after" in rules else None
    return found[0] if found else ""


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
