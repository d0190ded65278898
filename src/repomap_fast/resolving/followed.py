"""Follows chains of questions whose answers depend on each other: it remembers them, and cuts alike in any order.

Answers that a bound or a circle has cut are not remembered beyond the question that they belong to: so an answer never
depends on what was asked before.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import TypeAlias

Answer: TypeAlias = tuple[tuple[int, ...], ...]
"""Distinct values, in the order in which they are found."""

MAX_DEPTH = 40
"""Answers that depend on each other, one in another."""
MOST_VALUES = 12
"""Of an answer; more say nothing."""
MOST_CLASSES = 500
"""Of an answer that lists a class, its bases, and theirs."""
MOST_STEPS = 20_000
"""Answers to one question that take many shapes: types with arguments."""
_MOST_KNOWN = 100_000
"""Answers that are remembered; with more all are forgotten, and found again when they are needed."""
_MOST_CUT = 2_000
"""Cut answers of a question: then the rest of it is unknown."""


class Followed:
    """Remembers answers."""

    def __init__(self) -> None:
        self._known: dict[Hashable, tuple[Answer, int, int]] = {}
        """Whole answers, how deep each reaches, and the steps that it takes."""
        self._cut: dict[Hashable, Answer] = {}
        self._under_way: set[Hashable] = set()
        self._is_cut = False
        self._reach = 0
        self._steps = 0

    def begin(self) -> None:
        """Begin a question of its own."""
        self._cut.clear()
        self._steps = 0
        if len(self._known) > _MOST_KNOWN:
            self._known.clear()

    def forget(self) -> None:
        """Forget all answers."""
        self._known.clear()

    def answer(
        self, key: Hashable, depth: int, compute: Callable[[int], Answer], most: int = MOST_VALUES, n_steps: int = 0
    ) -> Answer:
        """Return the answer to the question ``key``, which is asked at ``depth``; ``compute`` asks at the next one.

        most     values that are kept of it.
        n_steps  that it counts for: a question may take ``MOST_STEPS``. With more values than ``most`` it has none.
        """
        known = self._known.get(key)
        if known is not None and depth + known[1] <= MAX_DEPTH and self._steps + known[2] <= MOST_STEPS:
            self._reach = max(self._reach, depth + known[1])
            self._steps += known[2]
            return known[0]
        if key in self._cut:
            self._is_cut = True
            return self._cut[key]
        is_too_long = self._steps + n_steps > MOST_STEPS
        if depth > MAX_DEPTH or is_too_long or key in self._under_way or len(self._cut) > _MOST_CUT:
            self._is_cut = True
            return ()
        outer_is_cut, outer_reach, outer_steps = self._is_cut, self._reach, self._steps
        self._steps += n_steps
        self._is_cut, self._reach = False, depth
        self._under_way.add(key)
        try:
            found = tuple(dict.fromkeys(compute(depth + 1)))
        finally:
            self._under_way.discard(key)
        # Some of the many shapes of a type are not it.
        found = () if n_steps and len(found) > most else found[:most]
        if self._is_cut:
            self._cut[key] = found
        else:
            self._known[key] = (found, self._reach - depth, self._steps - outer_steps)
        self._is_cut |= outer_is_cut
        self._reach = max(outer_reach, self._reach)
        return found
