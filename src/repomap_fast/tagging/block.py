"""What can be read from a block without decoding its columns: see ``cext/tagging/block.h``.

It never loads the tree-sitter core, which a scan that finds nothing changed does not need.
"""

from __future__ import annotations

from repomap_fast.tagging import _block

KINDS_OF_QUERY = 128
"""Most kinds that one tags query may have: a block keeps kind and role of a tag in one byte."""
_SEAL_BYTES = 8


def check_block(key: bytes, block: bytes, n_kinds: int) -> tuple[int, int, int] | None:
    """Return (n_tags, n_definitions, status) of a block; None if it is not a block, is damaged, or has another key."""
    return _block.check_block(key, block, n_kinds)


def read_counts(block: bytes) -> tuple[int, int, int]:
    """Return status, number of tags and number of definitions of a sound block."""
    return block[16], int.from_bytes(block[0:4], "little"), int.from_bytes(block[4:8], "little")


def read_marks(block: bytes) -> int:
    """Return the marks of a sound block: bits of ``tables.FileMark`` that its contents say."""
    n_bytes = int.from_bytes(block[48:52], "little")
    return block[-_SEAL_BYTES - n_bytes] if n_bytes else 0


def read_definition_kinds(block: bytes) -> dict[int, int]:
    """Return how many definitions of a sound block are of each kind, by the kind's number in the tags query."""
    return _block.read_definition_kinds(block)


def read_names(block: bytes) -> list[bytes]:
    """Return the distinct names of a sound block, in the order of their first use."""
    return _block.read_names(block)


def component_key(query_key: bytes, path: bytes) -> bytes:
    """Return the key of a query for a file that is a component: its block has the name of it, which the path says."""
    return _block.component_key(query_key, path)
