"""A query made of nodes that are within each other in real sources, so that it matches: tables keep their promises."""

from __future__ import annotations

from random import Random

from fuzz_query import join_input, run
from mutation import Corpus
from node_mutation import Pair, mutate_nodes, nodes_of, real_sources

from support.installed import INSTALLED_PARSED

__all__ = ["make", "run"]

_LONGEST = 6000
_CAPTURES = ("name", "name", "definition.function", "reference.call", "name.definition.class", "name.reference.x", "y")
_QUANTIFIERS = ("", "", "", "", "?", "*", "+")
_PREDICATES = (
    '(#eq? @{0} "x")',
    "(#eq? @{0} @{1})",
    "(#not-eq? @{0} @{1})",
    '(#any-of? @{0} "a" "b" "")',
    '(#not-any-of? @{0} "a")',
    '(#match? @{0} "^[a-z]")',
    '(#not-match? @{0} "x")',
    '(#any-match? @{0} ".")',
    "(#any-not-eq? @{0} @{1})",
    "(#is? local)",
    "(#select-adjacent! @{0} @{1})",
)


def make(draw: Random, corpus: Corpus) -> tuple[bytes, str]:
    """Return some patterns and a source, real or broken, as one file, and their language."""
    language = draw.choice([row.name for row in INSTALLED_PARSED])
    sources = real_sources(language, corpus)
    if not sources:
        return join_input(b"(_) @name.definition.x", b"f()"), language
    pairs = nodes_of(language, draw.choice(sources)).pairs
    query = "\n".join(_Pattern(draw, pairs).text() for _ in range(draw.choice((1, 1, 2, 5, 12))))
    source = mutate_nodes(draw, language, corpus) if draw.random() < 0.5 else draw.choice(sources)
    return join_input(query.encode()[:_LONGEST], source[:20_000]), language


class _Pattern:
    """One pattern of a query, of kinds of nodes that have each other as children."""

    def __init__(self, draw: Random, pairs: tuple[Pair, ...]) -> None:
        self._draw = draw
        self._pairs = pairs
        self._captures: list[str] = []

    def text(self) -> str:
        """Return the pattern, with predicates on what it captures."""
        body = self._node(self._draw.choice(self._pairs).parent, depth=0)
        if not self._captures:
            body += self._capture("name.definition.z")
        predicates = [
            self._draw.choice(_PREDICATES).format(self._draw.choice(self._captures), self._draw.choice(self._captures))
            for _ in range(self._draw.choice((0, 0, 0, 1, 2)))
        ]
        return f"({body} {' '.join(predicates)})" if predicates else body

    def _node(self, kind: str, *, depth: int) -> str:
        children = [pair for pair in self._pairs if pair.parent == kind]
        head = kind if self._draw.random() < 0.85 else self._draw.choice(("_", "ERROR", "MISSING"))
        parts = [head]
        if children and depth < self._draw.choice((1, 2, 3, 5)):
            for _ in range(self._draw.choice((1, 1, 2, 3))):
                parts += self._child(self._draw.choice(children), depth=depth + 1)
        capture = self._capture() if self._draw.random() < 0.5 else ""
        return f"({' '.join(parts)}){capture}"

    def _child(self, pair: Pair, *, depth: int) -> list[str]:
        body = self._node(pair.child, depth=depth) if pair.is_named else _quoted(pair.child)
        if self._draw.random() < 0.15:
            others = [self._node(self._draw.choice(self._pairs).parent, depth=9) for _ in range(2)]
            body = f"[{' '.join((body, *others))}]"
        if self._draw.random() < 0.15:
            body = f"({body} {self._node(self._draw.choice(self._pairs).parent, depth=9)})"
        field = f"{pair.field}: " if pair.field and self._draw.random() < 0.8 else ""
        capture = self._capture() if self._draw.random() < 0.3 else ""
        anchor = ["."] if self._draw.random() < 0.12 else []
        return [*anchor, field + body + self._draw.choice(_QUANTIFIERS) + capture]

    def _capture(self, name: str = "") -> str:
        self._captures.append(name or self._draw.choice(_CAPTURES))
        return f" @{self._captures[-1]}"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'
