"""What can be read of a block without decoding its columns: see ``cext/tagging/block.h``."""

from __future__ import annotations

KINDS_OF_QUERY = 128
"""Kinds that one tags query may have at the most: a block keeps kind and role of a tag in one byte."""


def counts_of_block(block: bytes) -> tuple[int, int, int]:
    """Return status, number of tags and number of definitions of a sound block."""
    return block[16], int.from_bytes(block[0:4], "little"), int.from_bytes(block[4:8], "little")
