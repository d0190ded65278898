"""Imports as a batch of an Arrow table."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrow.stream import Column, numbers, table
from repomap_fast.joining.tag_rows import bytes_of_paths, of_texts
from repomap_fast.utf8 import utf8_text

if TYPE_CHECKING:
    from repomap_fast.resolving.imports import Import


def import_batch(imports: Sequence[Import], importers: Sequence[Import]) -> Column:
    """Return imports as ``tables.IMPORT_ROWS`` has them; ``importers`` are behind the others."""
    every = [*imports, *importers]
    paths = [one.path.encode("utf-8", "surrogateescape") for one in every]
    is_of_importer = np.arange(len(every)) >= len(imports)
    return table(
        [
            of_texts([utf8_text(one.path) for one in every], np.int32),
            bytes_of_paths(paths, np.arange(len(paths))),
            numbers(np.array([one.line for one in every], np.uint32)),
            of_texts([utf8_text(one.module) for one in every], np.int32),
            of_texts([_text(one.name) for one in every], np.int32),
            of_texts([_text(one.alias) for one in every], np.int32),
            of_texts([one.leads for one in every], np.int8),
            of_texts([_text(one.targets[0]) if one.targets else None for one in every], np.int32),
            numbers(np.array([one.n_targets for one in every], np.uint32)),
            numbers(is_of_importer.astype(np.uint8)),
        ]
    )


def _text(text: str | None) -> str | None:
    return None if text is None else utf8_text(text)
