"""Scopes of tags as text, bounded: what a hostile file nests has scopes that add up to the square of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from repomap_fast.tables import NO_SCOPE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from repomap_fast.joining.sparse_tags import SparseColumn
    from repomap_fast.tables import I32, I64, U32

MAX_SCOPE_NAMES = 100
"""Names in a scope, innermost last."""
MAX_SCOPE_CHARACTERS = 4_096
"""Of these names together; of a single name that is longer, so much of its beginning."""


def scope_text(
    tag_id: int,
    name_ids: U32 | NDArray[np.intp] | SparseColumn,
    scope_ids: I32 | I64 | SparseColumn,
    name_of: Callable[[int], str],
) -> str:
    """Return the names of a tag and of those around it, outermost first, joined by dots; the outermost are left out.

    tag_id     row of the innermost definition, or NO_SCOPE: an empty text.
    name_ids   (n_tags,) of the tag table, as scope_ids.
    name_of    the text of a name's number.
    """
    inside_out: list[str] = []
    n_left = MAX_SCOPE_CHARACTERS
    while tag_id != NO_SCOPE and len(inside_out) < MAX_SCOPE_NAMES:
        name = name_of(name_ids.item(tag_id))
        if len(name) > n_left and inside_out:
            break
        inside_out.append(name[:n_left])
        n_left -= len(name) + 1
        tag_id = scope_ids.item(tag_id)
    return ".".join(reversed(inside_out))
