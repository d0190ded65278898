"""Carries out the ``within`` lines of a tags query, which repeat patterns in several places.

    ; within: (program ...)
    ; within: (export_statement declaration: ...)
    (lexical_declaration (variable_declarator name: (identifier) @name) @definition.variable)

The patterns below such lines, up to an empty line or a comment, are written once for each of the lines, in place of its
dots. One pattern with alternatives for the places would take the cursor longer.

It imports nothing of the package: the build reads queries with it, too.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

_WITHIN = b"; within: "
_DOTS = b"..."
_KEPT_TEXTS = 64
"""Texts whose repetition is kept: those of a repository's languages are wanted at each look at its files."""


@lru_cache(maxsize=_KEPT_TEXTS)
def repeat_within(source: bytes, max_bytes: int) -> bytes:
    """Return the text of a query with its ``within`` lines carried out.

    Raises ValueError if that is more than ``max_bytes``.
    """
    if _WITHIN not in source:
        return source
    texts: list[bytes] = []
    n_left = max_bytes
    for text, _ in _pieces(source):
        texts.append(text)
        n_left -= len(text)
        if n_left < 0:
            raise ValueError(f"more than {max_bytes:,} bytes, with its patterns repeated")
    return b"".join(texts)


def source_offset(source: bytes, offset: int) -> int:
    """Return the byte of ``source`` that byte ``offset`` of its text from ``repeat_within`` comes from."""
    n_before = 0
    for text, start in _pieces(source):
        if offset < n_before + len(text):
            return start + offset - n_before
        n_before += len(text)
    return len(source)


def _pieces(source: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield the text piece by piece, each with its first byte in ``source``."""
    places: list[tuple[bytes, int]] = []
    start = first = 0
    for line in [*source.splitlines(keepends=True), b""]:
        is_place = line.startswith(_WITHIN)
        is_pattern = bool(line.strip()) and not line.startswith(b";")
        if places and first and not is_pattern:
            for place, of_place in places:
                yield from _copy(place, of_place, source[first:start].rstrip(), first)
            places, first = [], 0
        if is_place:
            places.append((line[len(_WITHIN) :].strip(), start + len(_WITHIN)))
        elif places and is_pattern:
            first = first or start
        else:
            places = []
            yield line, start
        start += len(line)


def _copy(place: bytes, of_place: int, patterns: bytes, first: int) -> Iterator[tuple[bytes, int]]:
    before, dots, after = place.partition(_DOTS)
    yield before, of_place
    if dots:
        yield patterns, first
        yield after, of_place + len(before) + len(dots)
    yield b"\n", first
