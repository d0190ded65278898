"""Identifier classes: what the spelling of a name says of it."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.joining import _identifiers

if TYPE_CHECKING:
    from repomap_fast.tables import U8, StringTable

_N_CASED = 0x20000
"""No code point at or above this one has a case, in any version of Unicode so far."""


@cache
def _code_point_cases() -> U8:
    """Return the case of each code point below _N_CASED, as this Python's own str knows it."""
    cases = np.zeros(_N_CASED, np.uint8)
    for point in range(_N_CASED):
        character = chr(point)
        if character.islower():
            cases[point] = 1
        elif character.isupper():
            cases[point] = 2
        elif character.istitle():
            cases[point] = 3
    return cases


_ASCII_CASES = np.zeros(128, np.uint8)
_ASCII_CASES[ord("a") : ord("z") + 1] = 1
_ASCII_CASES[ord("A") : ord("Z") + 1] = 2


def classify_identifiers(names: StringTable) -> U8:
    """Return the identifier class of each name: (n,) uint8, positions in IDENTIFIER_CLASSES."""
    is_ascii = not len(names.data) or int(names.data.max()) < 128
    cases = _ASCII_CASES if is_ascii else _code_point_cases()
    return _identifiers.classify_identifiers(names.offsets, names.data, cases)
