"""Small functions on arrays: distinct values, which are among others, runs and their bounds.

``numpy.unique`` and ``numpy.isin`` do the first two too, but load more of numpy than a whole map needs.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

_MOST_PLACES_AT_ONCE = 1 << 17
_DENSE = 4
"""Up to so many times as many numbers as rows a place for each number is less work than sorting the rows."""


def distinct(values: NDArray[Any]) -> NDArray[Any]:
    """Return each value once, rising."""
    ordered = np.sort(values)
    return ordered[_is_first(ordered)]


def distinct_places(values: NDArray[Any]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return where each distinct value first stands, the values rising, and for each value which of these it is."""
    if _are_dense(values):
        firsts = np.full(int(values.max()) + 1, -1, np.intp)
        # Of several rows for one place the last is kept.
        firsts[values[::-1]] = np.arange(len(values) - 1, -1, -1)
        is_used = firsts >= 0
        return firsts[is_used], (np.cumsum(is_used) - 1)[values]
    order = np.argsort(values, kind="stable")
    is_first = _is_first(values[order])
    which = np.empty(len(values), np.intp)
    which[order] = np.cumsum(is_first) - 1
    return order[is_first], which


def are_among(values: NDArray[Any], some: NDArray[Any]) -> NDArray[np.bool_]:
    """Return which of the values are among some others, of the same type or one that both fit in."""
    if not len(some):
        return np.zeros(len(values), np.bool_)
    ordered = np.sort(some)
    places = np.minimum(np.searchsorted(ordered, values), len(ordered) - 1)
    found: NDArray[np.bool_] = ordered[places] == values
    return found


def _are_dense(values: NDArray[Any]) -> bool:
    """Return whether these are numbers from 0 and not much greater than there are rows: then none need be sorted."""
    return values.dtype.kind == "u" and len(values) > 0 and int(values.max()) < _DENSE * len(values)


def offsets_from(lengths: NDArray[Any]) -> NDArray[np.uint64]:
    """Return where each item starts and where the last ends: (n + 1,) uint64, if items of these lengths follow."""
    offsets = np.zeros(len(lengths) + 1, np.uint64)
    lengths.cumsum(out=offsets[1:])
    return offsets


def runs_of(items: NDArray[Any], starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[Any]:
    """Return runs of an array, one behind the other: ``items[starts[i]:starts[i] + lengths[i]]`` for each i.

    Places of items take eight times the memory of bytes: no more than some at a time are computed.
    """
    offsets = offsets_from(lengths).astype(np.int64)
    runs = np.empty(int(offsets[-1]), items.dtype)
    first = 0
    while first < len(lengths):
        most = int(offsets[first]) + _MOST_PLACES_AT_ONCE
        stop = max(first + 1, int(np.searchsorted(offsets, most, "right")) - 1)
        here = slice(int(offsets[first]), int(offsets[stop]))
        if stop == first + 1:
            runs[here] = items[int(starts[first]) : int(starts[first] + lengths[first])]
        else:
            shifts = np.repeat(starts[first:stop] - offsets[first:stop], lengths[first:stop])
            runs[here] = items[np.arange(here.start, here.stop) + shifts]
        first = stop
    return runs


def _is_first(ordered: NDArray[Any]) -> NDArray[np.bool_]:
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return is_first
