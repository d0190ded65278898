"""Scopes and ids of tags as bytes of UTF-8, for tables."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining import _tag_texts
from repomap_fast.tables import StringTable

if TYPE_CHECKING:
    from numpy.typing import NDArray


def as_utf8(names: StringTable) -> tuple[StringTable, NDArray[np.intp] | None]:
    """Return names as UTF-8, and which of them each is; None where they are UTF-8 as they stand.

    Other bytes become U+FFFD, and names may become equal by that.
    """
    if _tag_texts.are_utf8(names.offsets, names.data):
        return names, None
    found: dict[bytes, int] = {}
    numbers = [found.setdefault(utf8_bytes(name), len(found)) for name in names]
    return StringTable.from_strings(list(found)), np.array(numbers, np.intp)


def utf8_bytes(text: bytes) -> bytes:
    """Return a text with U+FFFD in place of what is not UTF-8."""
    return text if text.isascii() else text.decode("utf-8", "replace").encode()


def have_dots(names: StringTable) -> NDArray[np.bool_]:
    """Return for each name whether it has a dot."""
    return _tag_texts.have_dots(names.offsets, names.data).view(np.bool_)


def tag_texts(names: StringTable) -> _tag_texts.TagTexts:
    """Return what writes the scopes and ids of tags with these names, which are UTF-8."""
    return _tag_texts.TagTexts(names.offsets, names.data, int.from_bytes(os.urandom(8)))
