"""Blocks are read and checked without the tree-sitter core."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable

import pytest

from reference.blocks import FORMAT
from repomap_fast.tagging import _block
from repomap_fast.tagging.block import check_block, read_counts, read_definition_kinds

EMPTY = bytes(23) + b"\1" + bytes(24)
"""The header of a block without tags."""


def test_a_block_is_checked_without_the_core() -> None:
    code = (
        "import sys; from repomap_fast.tagging.block import check_block; assert check_block(bytes(32), b'', 1) is None;"
        "sys.exit(any(name.endswith(('_tagger', '_join')) for name in sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_counts_are_those_of_the_header() -> None:
    header = (7).to_bytes(4, "little") + (3).to_bytes(4, "little") + bytes(8) + b"\x01" + bytes(7)
    assert read_counts(header) == (1, 7, 3)


@pytest.mark.parametrize("data", [b"", b"x", EMPTY, EMPTY + bytes(8), b"\xff" * 64])
def test_what_is_not_sealed_is_refused(data: bytes) -> None:
    assert check_block(bytes(32), data, 1) is None


@pytest.mark.parametrize("read", [_block.read_names, _block.read_definition_kinds])
def test_what_is_no_block_is_not_read(read: Callable[[bytes], object]) -> None:
    with pytest.raises(ValueError, match="not a block"):
        read(b"no block")


def test_definitions_are_counted_by_their_kind() -> None:
    kinds = bytes([3, 3, 0, 3 + 128, 127])
    header = len(kinds).to_bytes(4, "little") + (4).to_bytes(4, "little") + bytes(15) + bytes([FORMAT]) + bytes(28)
    assert read_definition_kinds(header + kinds + bytes(8)) == {0: 1, 3: 2, 127: 1}
