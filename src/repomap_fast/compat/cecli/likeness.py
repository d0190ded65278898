"""Whether two lists of names are alike: then one map may serve for both."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Collection

_LEAST, _START, _MOST, _STEP = 0.5, 0.8, 0.9, 0.025


class LikeNames:
    """The names of the last question that was unlike the one before it.

    Names are alike if the cosine of the counts of their pairs of letters is at least a threshold, which rises with
    each pair of questions that are alike, and falls with each that are not.
    """

    def __init__(self) -> None:
        self._names: tuple[str, ...] | None = None
        self._pairs: Counter[str] = Counter()
        self._threshold = _START

    def represent(self, names: Collection[str]) -> tuple[str, ...] | None:
        """Return these names, sorted, or those that they are like; None for none."""
        if not names:
            self._names = None
            return None
        pairs = letter_pairs(names)
        if self._names is not None and cosine(self._pairs, pairs) >= self._threshold:
            self._threshold = min(_MOST, self._threshold + _STEP)
            return self._names
        if self._names is not None:
            self._threshold = max(_LEAST, self._threshold - _STEP)
        self._names, self._pairs = tuple(sorted(names)), pairs
        return self._names


def letter_pairs(names: Collection[str]) -> Counter[str]:
    """Count the pairs of neighbouring letters from a to z, in any case."""
    lower = [name.lower() for name in names]
    pairs = (name[i : i + 2] for name in lower for i in range(len(name) - 1))
    return Counter(pair for pair in pairs if pair.isascii() and pair.isalpha())


def cosine(a: Counter[str], b: Counter[str]) -> float:
    """Return the cosine of the angle between two counts; 0 if one of them is empty."""
    lengths = _length(a) * _length(b)
    return sum(a[pair] * b[pair] for pair in a) / lengths if lengths else 0.0


def _length(counts: Counter[str]) -> float:
    return math.sqrt(sum(count * count for count in counts.values()))
