"""Breaking sources: what is cut, copied, repeated, nested, spliced and flipped, and with what words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from repomap_fast.contents import FolderContents
from repomap_fast.languages.identify import identify_languages
from repomap_fast.languages.table import LANGUAGES, find_language
from repomap_fast.tables import NO_LANGUAGE, StringTable
from support import hostile
from support.installed import INSTALLED
from support.made_scans import our_query
from support.writable_data import library_of

if TYPE_CHECKING:
    from tree_sitter import Language

CASES = Path(__file__).parent.parent / "tags"
LARGEST = 200_000
"""Bytes of an input: more makes fewer of them."""
_FROM_ELSEWHERE = 40
"""Sources of each language that are taken from the given folder."""
_PAIRS = [(b"(", b")"), (b"[", b"]"), (b"{", b"}"), (b"<", b">"), (b'"${', b'}"'), (b"`${", b"}`"), (b"f'{", b"}'")]
_PAIRS += [
    (b"/*", b"*/"),
    (b'"\\(', b')"'),
    (b'"#{', b'}"'),
    (b"#if A\n", b"\n#endif\n"),
    (b"$(", b")"),
    (b"<a>", b"</a>"),
]
_ODD = [
    b"\0",
    b"\xff",
    b"\xc3",
    b"\xed\xa0\x80",
    b"\xef\xbb\xbf",
    "\U0010ffff".encode(),
    b"\r",
    b"\r\n",
    b"\n\n",
    b"\t",
]
_ODD += [
    b"<<A\n",
    b"<<~'A B'\n",
    b'R"a(',
    b"[==[",
    b'r##"',
    b"%q{",
    b"@a",
    b"\\\n",
    b"?>",
    b"<?php ",
    "\u3000".encode(),
]

Corpus = dict[str, list[bytes]]


def languages_to_fuzz(names: Sequence[str]) -> list[str]:
    """Return the languages of these names; without names those that C of their own reads.

    That is the scanner of a grammar, or our search for the parts that are in other languages. Raises LanguageError.
    """
    if names:
        return [LANGUAGES[find_language(name)].name for name in names]
    scan = b"_external_scanner_scan"  # a symbol of the library, which is not stripped of it
    return [
        row.name for row in INSTALLED if row.regions or (row.grammar and scan in library_of(row.grammar).read_bytes())
    ]


def read_corpus(folder: Path | None, language: str | None = None) -> Corpus:
    """Return the sources of each language, or of one: the tests' own, and some of a folder of repositories."""
    corpus: Corpus = {row.name: [] for row in INSTALLED if language in (None, row.name)}
    for path in sorted(CASES.glob("*/*/input*")):
        if path.parent.parent.name not in corpus:
            continue
        corpus[path.parent.parent.name].append(path.read_bytes())
    if folder is not None:
        paths = sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix)
        names = [path.relative_to(folder).as_posix().encode() for path in paths]
        rows = identify_languages(FolderContents(folder), StringTable.from_strings(names))
        of_language: dict[int, list[Path]] = {}
        for path, row in zip(paths, rows.tolist(), strict=True):
            of_language.setdefault(row, []).append(path)
        for row, found in of_language.items():
            if row != NO_LANGUAGE and LANGUAGES[row].name in corpus:
                step = max(1, len(found) // _FROM_ELSEWHERE)
                corpus[LANGUAGES[row].name] += [path.read_bytes()[:LARGEST] for path in found[::step]]
    return corpus


@cache
def grammar_of(language: str) -> Language:
    """Return the grammar of a language, or of the first that parts of its files are in."""
    from tree_sitter import Language

    from repomap_fast.languages.grammars import load_grammar

    row = LANGUAGES[find_language(language)]
    return Language(load_grammar(row.grammar)) if row.grammar else grammar_of(row.guests[0])


@cache
def words_of(language: str) -> Sequence[bytes]:
    """Return the grammar's keywords and punctuation, and what the tags query looks for."""
    grammar = grammar_of(language)
    kinds = {grammar.node_kind_for_id(i) for i in range(grammar.node_kind_count) if not grammar.node_kind_is_named(i)}
    return sorted(kind.encode() for kind in kinds if kind and kind != "end")


@cache
def kinds_of(language: str) -> Sequence[bytes]:
    """Return what a query for the grammar may name: kinds of nodes, fields, and the words of our own queries."""
    grammar = grammar_of(language)
    kinds = {grammar.node_kind_for_id(i) for i in range(grammar.node_kind_count) if grammar.node_kind_is_named(i)}
    fields = {grammar.field_name_for_id(i) for i in range(1, grammar.field_count + 1)}
    found = {f"({kind}) " for kind in kinds if kind} | {f"{field}: " for field in fields if field}
    found |= set(re.findall(r"\S+", our_query(language)))
    return sorted(word.encode() for word in found)


def mutate(draw: Random, source: bytes, others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    """Break a source in one to six ways."""
    for _ in range(draw.choice((1, 1, 2, 3, 6))):
        source = draw.choice(_WAYS)(draw, source, others, words)[:LARGEST]
    return source


def make_source(draw: Random, language: str, corpus: Corpus) -> bytes:
    """Return a broken source: of a real one, or of one that was hostile to begin with."""
    others = corpus[language]
    if not others or draw.random() < 0.1:
        return mutate(
            draw, draw.choice([make for _, make in hostile.sources(language)])()[:20_000], others, words_of(language)
        )
    return mutate(draw, draw.choice(others), others, words_of(language))


def _range(draw: Random, source: bytes, longest: int = 2000) -> tuple[int, int]:
    start = draw.randint(0, len(source))
    return start, min(len(source), start + draw.choice((1, 2, 5, 20, 100, draw.randint(1, longest))))


def _cut(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _range(draw, source)
    return source[:start] + source[end:]


def _truncate(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, _ = _range(draw, source)
    return source[start:] if draw.random() < 0.3 else source[:start]


def _repeat(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _range(draw, source, 300)
    return source[:start] + source[start:end] * draw.choice((2, 3, 10, 300, 3000)) + source[end:]


def _move(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _range(draw, source)
    rest = source[:start] + source[end:]
    place = draw.randint(0, len(rest))
    return rest[:place] + source[start:end] + rest[place:]


def _splice(draw: Random, source: bytes, others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    other = draw.choice(others) if others else source
    start, end = _range(draw, other, 20_000)
    place, until = _range(draw, source)
    return source[:place] + other[start:end] + source[draw.choice((place, until)) :]


def _flip(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    flipped = bytearray(source)
    for _ in range(draw.choice((1, 3, 30)) if flipped else 0):
        flipped[draw.randrange(len(flipped))] ^= 1 << draw.randrange(8)
    return bytes(flipped)


def _insert(draw: Random, source: bytes, _others: Sequence[bytes], words: Sequence[bytes]) -> bytes:
    for _ in range(draw.choice((1, 3, 30))):
        word = draw.choice(words) if words and draw.random() < 0.7 else draw.choice(_ODD)
        place = draw.randint(0, len(source))
        source = source[:place] + word * draw.choice((1, 1, 1, 2, 200)) + source[place:]
    return source


def _nest(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    start, end = _range(draw, source)
    opening, closing = draw.choice(_PAIRS)
    depth = draw.choice((1, 3, 100, 1100, 10_000))
    return source[:start] + opening * depth + source[start:end] + closing * draw.choice((depth, 0)) + source[end:]


def _indent(draw: Random, source: bytes, _others: Sequence[bytes], _words: Sequence[bytes]) -> bytes:
    lines = source.splitlines(keepends=True)
    if lines and draw.random() < 0.5:
        lines = [draw.choice((b"", b" " * draw.randint(0, 40), b"\t" * draw.randint(0, 9))) + line for line in lines]
    elif lines:
        lines = [b" " * (i % 700) + line for i, line in enumerate(lines)]
    return b"".join(lines)


_WAYS = (_cut, _truncate, _repeat, _move, _splice, _flip, _insert, _insert, _nest, _indent)
