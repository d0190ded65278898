"""References, and definitions that are linked or unused, as batches of Arrow tables."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.stream import Column, numbers, table
from repomap_fast.joining.tag_rows import bytes_of_paths, of_texts
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.symbols.calls import Linked
    from repomap_fast.symbols.refs import Reference, RefersTo


def reference_batch(references: Sequence[Reference]) -> Column:
    """Return references as ``tables.REFERENCE_ROWS`` has them."""
    return table(
        [
            *_paths(references),
            numbers(np.array([one.line for one in references], np.uint32)),
            numbers(np.array([one.column for one in references], np.uint32)),
            of_texts([one.kind for one in references], np.int16),
            of_texts([one.scope for one in references], np.int32),
            of_texts([utf8_text(one.source) for one in references], np.int32),
            of_texts([one.how for one in references], np.int8),
        ]
    )


def linked_batch(linked: Sequence[Linked], tests: Sequence[Linked] = ()) -> Column:
    """Return linked definitions as ``tables.LINKED_ROWS`` has them; ``tests`` are behind the others."""
    every = [*linked, *tests]
    is_test = np.arange(len(every)) >= len(linked)
    return table(
        [
            *_definitions(every),
            numbers(np.array([one.depth for one in every], np.uint32)),
            of_texts([utf8_text(one.via) for one in every], np.int32),
            of_texts([one.how for one in every], np.int8),
            numbers(np.array([one.lines[0] for one in every], np.uint32)),
            numbers(np.array([one.n_sites for one in every], np.uint32)),
            numbers(is_test.astype(np.uint8)),
        ]
    )


def definition_batch(definitions: Sequence[RefersTo]) -> Column:
    """Return definitions as ``tables.DEFINITION_ROWS`` has them."""
    return table(_definitions(definitions))


def _definitions(definitions: Sequence[RefersTo | Linked]) -> list[Column]:
    return [
        *_paths(definitions),
        numbers(np.array([one.line for one in definitions], np.uint32)),
        numbers(np.array([one.end_line for one in definitions], np.uint32)),
        of_texts([one.kind for one in definitions], np.int16),
        of_texts([utf8_text(one.name) for one in definitions], np.int32),
        of_texts([one.scope for one in definitions], np.int32),
    ]


def _paths(rows: Sequence[Reference | RefersTo | Linked]) -> list[Column]:
    paths = [one.path.encode("utf-8", "surrogateescape") for one in rows]
    return [of_texts([utf8_text(one.path) for one in rows], np.int32), bytes_of_paths(paths, np.arange(len(paths)))]
