"""Small functions on arrays: distinct values, and bounds of runs.

``numpy.unique`` does the first too, but loads more of numpy than a whole map needs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return each value once, rising."""
    ordered = np.sort(values)
    return ordered[_is_first(ordered)]


def distinct_places(values: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each distinct value first stands, the values rising, and for each value which of these it is."""
    order = np.argsort(values, kind="stable")
    is_first = _is_first(values[order])
    which = np.empty(len(values), np.intp)
    which[order] = np.cumsum(is_first) - 1
    return order[is_first], which


def offsets_from(lengths: NDArray[Any]) -> NDArray[np.uint64]:
    """Return where each item starts and where the last ends: (n + 1,) uint64, if items of these lengths follow."""
    offsets = np.zeros(len(lengths) + 1, np.uint64)
    np.cumsum(lengths, out=offsets[1:])
    return offsets


def _is_first(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return is_first
