"""Breaking real sources where their nodes begin and end, which gives the parser more to do than breaking them anywhere.

A node is replaced by another of its kind, nested into itself, repeated, swapped, or cut; most of what comes out still
is nearly a program. ``mutation`` breaks sources as texts.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from random import Random
from typing import NamedTuple

from mutation import LARGEST, Corpus, grammar_of, mutate, words_of

_LARGEST_ORIGINAL = 40_000
"""Bytes of a source that is broken: a longer one takes seconds under sanitizers, whatever is done to it."""
_MOST_SPANS = 3000
_MOST_OF_A_KIND = 40
_SOURCES_OF_POOL = 12
_EDGES = (
    b"\0",
    b"\xff",
    b"\xed\xa0\x80",
    b"\r",
    b"\r\n",
    b"\\\n",
    b"'",
    b'"""',
    b"`",
    b"${",
    b"#{",
    b"{{",
    b"/*",
    b"#",
)
_EDGES += (b"<<A\n", b"#if A\n", b"#endif\n", b"end\n", b"?>", b"[==[", "\u2028".encode(), "\U0001d4b3".encode())
_LENGTHS = (1, 255, 256, 257, 1023, 1025, 4096, 65535, 65536, 66000)
"""Around widths of integers and sizes of buffers."""


class Span(NamedTuple):
    """Where a node is in its source, its kind, and whether it has no children."""

    start: int
    end: int
    kind: str
    is_leaf: bool


class Pair(NamedTuple):
    """A kind of node that has a child of another kind; ``field`` is empty where the child has none."""

    parent: str
    field: str
    child: str
    is_named: bool


class Nodes(NamedTuple):
    """The nodes of a source."""

    spans: tuple[Span, ...]
    pairs: tuple[Pair, ...]


@cache
def nodes_of(language: str, source: bytes) -> Nodes:
    """Parse a source and return its nodes, those of a large one only in part."""
    from tree_sitter import Parser

    cursor = Parser(grammar_of(language)).parse(source).walk()
    spans: list[Span] = []
    pairs: dict[Pair, None] = {}
    parents: list[str] = []
    while True:
        node = cursor.node
        spans.append(Span(node.start_byte, node.end_byte, node.type, node.child_count == 0))
        if parents:
            pairs[Pair(parents[-1], cursor.field_name or "", node.type, node.is_named)] = None
        if cursor.goto_first_child():
            parents.append(node.type)
            continue
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                step = max(1, len(spans) // _MOST_SPANS)
                return Nodes(tuple(spans[::step]), tuple(pairs))
            parents.pop()


def real_sources(language: str, corpus: Corpus) -> list[bytes]:
    """Return the sources of the corpus that are neither empty nor too long."""
    return [source for source in corpus[language] if 20 < len(source) < _LARGEST_ORIGINAL]


def mutate_nodes(draw: Random, language: str, corpus: Corpus) -> bytes:
    """Return a real source that is broken in one to five ways, mostly at its nodes."""
    sources = real_sources(language, corpus)
    if not sources:
        return b"f()"
    original = draw.choice(sources)
    spans = nodes_of(language, original).spans
    pool = _pool(language, tuple(sources[:_SOURCES_OF_POOL]))
    source = original
    for _ in range(draw.choice((1, 1, 1, 2, 3, 5))):
        # The spans are those of the original: after the first way they are near the edges of nodes, mostly.
        if draw.random() < 0.1:
            source = mutate(draw, source, sources, words_of(language))[:LARGEST]
        else:
            source = draw.choice(_WAYS)(draw, source, spans, pool)[:LARGEST]
    return _as_utf16(draw, source) if draw.random() < 0.03 else source


Pool = Mapping[str, list[bytes]]
"""By a kind of node: texts of such nodes."""


@cache
def _pool(language: str, sources: tuple[bytes, ...]) -> Pool:
    pool: dict[str, list[bytes]] = {}
    for source in sources:
        for span in nodes_of(language, source).spans:
            texts = pool.setdefault(span.kind, [])
            if 0 < span.end - span.start < 3000 and len(texts) < _MOST_OF_A_KIND:
                texts.append(source[span.start : span.end])
    return pool


def _replace(draw: Random, source: bytes, spans: tuple[Span, ...], pool: Pool) -> bytes:
    start, end, kind, _ = draw.choice(spans)
    texts = pool.get(kind if draw.random() < 0.6 else draw.choice(list(pool)))
    return source[:start] + (draw.choice(texts) if texts else b"") + source[end:]


def _delete(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    start, end, *_ = draw.choice(spans)
    return source[:start] + source[end:]


def _repeat(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    start, end, *_ = draw.choice(spans)
    n = min(draw.choice((2, 3, 9, 70, 400, 4000)), LARGEST // max(1, end - start))
    between = draw.choice((b"", b" ", b"\n", b",", b";"))
    return source[:end] + between.join([source[start:end]] * n) + source[end:]


def _recurse(draw: Random, source: bytes, spans: tuple[Span, ...], pool: Pool) -> bytes:
    """Nest a node into itself: what is around a node of its own kind within it is repeated."""
    start, end, kind, _ = outer = draw.choice(spans)
    inner = [span for span in _within(outer, spans) if span.kind == kind]
    if not inner:
        return _repeat(draw, source, spans, pool)
    chosen = draw.choice(inner)
    head, tail = source[start : chosen.start], source[chosen.end : end]
    depth = min(draw.choice((2, 10, 100, 1000, 6000)), LARGEST // max(1, len(head) + len(tail)))
    n_closed = draw.choice((depth, depth, depth // 2, 0))
    middle = head * depth + source[chosen.start : chosen.end] + tail * n_closed
    return source[:start] + middle + source[end:]


def _within(outer: Span, spans: tuple[Span, ...]) -> Iterator[Span]:
    return (
        span
        for span in spans
        if outer.start <= span.start and span.end <= outer.end and span[:2] != outer[:2] and span.start < span.end
    )


def _swap(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    first, second = sorted((draw.choice(spans), draw.choice(spans)))
    between = source[first.end : second.start]
    one, other = source[first.start : first.end], source[second.start : second.end]
    return source[: first.start] + other + between + one + source[second.end :]


def _edge(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    for _ in range(draw.choice((1, 1, 4, 40))):
        place = draw.choice(draw.choice(spans)[:2])
        source = source[:place] + draw.choice(_EDGES) * draw.choice((1, 1, 1, 3, 1025)) + source[place:]
    return source


def _cut(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    place = draw.choice(draw.choice(spans)[:2])
    return source[:place] if draw.random() < 0.7 else source[place:]


def _lengthen(draw: Random, source: bytes, spans: tuple[Span, ...], _pool: Pool) -> bytes:
    start, end, *_ = draw.choice([span for span in spans if span.is_leaf] or spans)
    letter = draw.choice((b"a", b"0", b"_", "é".encode(), source[start:end]))
    return source[:start] + letter * draw.choice(_LENGTHS) + source[end:]


def _lines(draw: Random, source: bytes, _spans: tuple[Span, ...], _pool: Pool) -> bytes:
    return source.replace(b"\n", draw.choice((b"\r\n", b"\r", b" ", b"\\\n", b"\n" * 50, b"\n" + b" " * 200)))


def _as_utf16(draw: Random, source: bytes) -> bytes:
    text = source.decode("utf-8", "replace")
    mark, encoding = draw.choice(((b"\xff\xfe", "utf-16-le"), (b"\xfe\xff", "utf-16-be")))
    encoded = mark + text.encode(encoding, "surrogatepass")
    return encoded[: draw.choice((len(encoded), len(encoded) - 1, len(encoded) // 2 | 1))]


_WAYS = (_replace, _replace, _replace, _delete, _repeat, _recurse, _recurse, _swap, _edge, _cut, _lengthen, _lines)
