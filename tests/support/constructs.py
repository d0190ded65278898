"""Texts with any number of something.

Each construct is (start, item, separator, end), ``§`` in an item being its number; or, where ``NEST`` is the separator,
(opening, inner, closing) of something within itself.
"""

from __future__ import annotations

NEST = "\x00nest"

Construct = tuple[str, str, str, str]


def build(construct: Construct, n: int) -> bytes:
    """Return the text with ``n`` items."""
    start, item, separator, end = construct
    if separator == NEST:
        return (start * n + item + end * n).encode()
    return (start + separator.join(item.replace("§", str(i)) for i in range(n)) + end).encode()


def nest(opening: str, inner: str, closing: str) -> Construct:
    """Return the construct of something within itself."""
    return opening, inner, NEST, closing
