"""What hypothesis draws from: sources of the languages, whole and broken, and tags queries."""

from __future__ import annotations

import os
import platform
import re
from functools import cache
from pathlib import Path

from hypothesis import strategies as st
from tree_sitter import Language, Node, Parser

from repomap_fast.languages.grammars import best_package, load_grammar
from repomap_fast.languages.table import LANGUAGES, find_language
from support.installed import INSTALLED_PARSED

CASES = Path(__file__).parents[1] / "tags"

OPEN_AND_CLOSE = (b"(", b")", b"[", b"]", b"{", b"}", b'"', b"'", b"`", b"/*", b"*/", b"<", b">", b"\n", b"\t", b"\\")
"""Bytes that most grammars stumble over where they do not belong."""


@cache
def case_sources(language: str) -> tuple[bytes, ...]:
    """Return the inputs of the folder cases of one language."""
    return tuple(path.read_bytes() for path in sorted(CASES.glob(f"{language}/*/input.*")))


LANGUAGES_WITH_CASES = tuple(row.name for row in INSTALLED_PARSED if case_sources(row.name))

_CLEARS_MEMORY = platform.libc_ver()[0] == "glibc" and "libasan" not in os.environ.get("LD_PRELOAD", "")
LANGUAGES_WITH_TWIN = tuple(
    row.name
    for row in INSTALLED_PARSED
    if case_sources(row.name) and row.name != "cmake" and (_CLEARS_MEMORY or not row.reset_scanner)
)
"""Languages of which the stock binding makes the same tree of any source each time: Swift's scanner begins with what
lies in memory, which only GNU's allocator has cleared; CMake's with what nothing has cleared."""


@st.composite
def broken_sources(draw: st.DrawFn, language: str) -> bytes:
    """Draw a source of the language with pieces cut out, turned round and thrown in."""
    source = draw(st.sampled_from(case_sources(language)))
    for _ in range(draw(st.integers(0, 4))):
        start, end = sorted(draw(st.tuples(*(st.integers(0, len(source)),) * 2)))
        thrown_in = draw(
            st.sampled_from(OPEN_AND_CLOSE) | st.binary(max_size=3).map(lambda text: text.replace(b"\0", b""))
        )
        action = draw(st.sampled_from(("cut", "truncate", "insert", "double", "line ends")))
        if action == "cut":
            source = source[:start] + source[min(end, start + 40) :]
        elif action == "truncate":
            source = source[:end]
        elif action == "insert":
            source = source[:start] + thrown_in + source[start:]
        elif action == "double":
            source = source[:end] + source[start:]
        else:
            source = source.replace(b"\n", draw(st.sampled_from((b"\r\n", b"\r", b"\n\n"))))
    return source


@cache
def node_kinds(language: str) -> tuple[tuple[str, ...], tuple[tuple[str, str | None, str], ...]]:
    """Return the kinds of named nodes in the cases of the language, and what stands in what: (parent, field, child)."""
    kinds: set[str] = set()
    pairs: set[tuple[str, str | None, str]] = set()

    def look_at(node: Node) -> None:
        if node.is_error or node.is_missing:
            return
        kinds.add(node.type)
        for i, child in enumerate(node.children):
            if child.is_named and not child.is_error and not child.is_missing:
                pairs.add((node.type, node.field_name_for_child(i), child.type))
            look_at(child)

    grammar = LANGUAGES[find_language(language)].grammar
    parser = Parser(Language(load_grammar(grammar, best_package(grammar))))
    for source in case_sources(language):
        look_at(parser.parse(source).root_node)
    named = sorted(kind for kind in kinds if re.fullmatch(r"\w+", kind) and kind not in ("end",))
    named_set = {kind for parent, _, child in pairs for kind in (parent, child)}
    order = sorted(pairs, key=lambda pair: tuple(map(str, pair)))
    return tuple(kind for kind in named if kind in named_set), tuple(order)


_KINDS = st.sampled_from(("function", "class", "call", "type"))
_ROLES = st.sampled_from(("definition", "definition", "reference"))

PATTERN_FORMS = (
    "({parent} {field}({child}) @name) @{role}.{kind}",
    "({parent} {field}({child}) @name.{role}.{kind})",
    "({parent} {field}({child}) @name.{role}.{kind}) @{role}.{kind}",
    "(({child}) @name @{role}.{kind})",
    "(({parent}) @name @{role}.{kind})",
    "({child}) @name.{role}.{kind}",
    "({parent} {field}(_) @name) @{role}.{kind}",
    "({parent} . (_) @name) @{role}.{kind}",
    "({parent} (_) @name .) @{role}.{kind}",
    "({parent} (_) @name . (_)) @{role}.{kind}",
    "({parent} (_) . ({child}) @name) @{role}.{kind}",
    "({parent} ({child})+ @name) @{role}.{kind}",
    "({parent} {field}({child})? @name) @{role}.{kind}",
    "[({parent}) ({child})] @name @{role}.{kind}",
    "(ERROR ({child}) @name) @{role}.{kind}",
    "(ERROR) @name.{role}.{kind}",
)
"""Patterns that the walk takes on: each begins at a node of a known kind."""

CURSOR_FORMS = (
    "(_ {field}({child}) @name) @{role}.{kind}",
    "(_ {field}({child}) @name.{role}.{kind})",
    "{field}({child}) @name.{role}.{kind}",
    "((_) . ({child}) @name @{role}.{kind})",
    "(({child}) @name.{role}.{kind} . (_) @_next)",
    "(({child}) @_first ({child}) @name.{role}.{kind})",
    "(MISSING) @name.{role}.{kind}",
)
"""Patterns that are left to the core's own cursor."""


@st.composite
def queries(draw: st.DrawFn, language: str, *, forms: tuple[str, ...] = PATTERN_FORMS) -> str:
    """Draw a tags query of a few patterns over node kinds that the cases of the language have."""
    _, pairs = node_kinds(language)
    patterns = []
    for _ in range(draw(st.integers(1, 4))):
        parent, field, child = draw(st.sampled_from(pairs))
        form = draw(st.sampled_from(forms))
        patterns.append(
            form.format(
                parent=parent, child=child, field=f"{field}: " if field else "", role=draw(_ROLES), kind=draw(_KINDS)
            )
        )
    return "\n".join(patterns)
