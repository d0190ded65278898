"""Sources that are made of a part many times."""

from __future__ import annotations

import random
from collections.abc import Callable

Source = Callable[[], bytes]

DEEP = 100_000
LONG = 1_000_000


def repeated(*parts: bytes, times: int = DEEP) -> Source:
    """A start (where two or more are given), a part many times, and an end (where three are)."""
    start, part, end = parts if len(parts) == 3 else (*parts, b"") if len(parts) == 2 else (b"", parts[0], b"")
    return lambda: start + part * times + end


def nested(opening: bytes, inner: bytes, closing: bytes, depth: int = DEEP) -> Source:
    return lambda: opening * depth + inner + closing * depth


def soup(words: list[bytes] | bytes, size: int, seed: int) -> Source:
    """Random words, or bytes: nothing that a grammar foresees."""

    def make() -> bytes:
        draw = random.Random(seed)
        if isinstance(words, bytes):
            return bytes(draw.choices(words, k=size))
        return b" ".join(draw.choices(words, k=size))

    return make


def indented(line: bytes, depth: int) -> Source:
    return lambda: b"".join(b" " * i + line for i in range(depth))
