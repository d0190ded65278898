"""References as a batch of an Arrow table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.stream import Column, numbers, table
from repomap_fast.joining.tag_rows import bytes_of_paths, of_texts
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.symbols.refs import Reference


def reference_batch(references: Sequence[Reference]) -> Column:
    """Return references as ``tables.REFERENCE_ROWS`` has them."""
    paths = [one.path.encode("utf-8", "surrogateescape") for one in references]
    return table(
        [
            of_texts([utf8_text(one.path) for one in references], np.int32),
            bytes_of_paths(paths, np.arange(len(paths))),
            numbers(np.array([one.line for one in references], np.uint32)),
            numbers(np.array([one.column for one in references], np.uint32)),
            of_texts([one.kind for one in references], np.int16),
            of_texts([one.scope for one in references], np.int32),
            of_texts([utf8_text(one.source) for one in references], np.int32),
            of_texts([one.how for one in references], np.int8),
        ]
    )
