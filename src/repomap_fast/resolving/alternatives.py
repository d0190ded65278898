"""Values of which one is meant that is not known: a type that is computed may be one of several."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from repomap_fast.resolving.meanings import NOTHING, SEVERAL

if TYPE_CHECKING:
    from collections.abc import Iterable

    from repomap_fast.resolving.meanings import Meaning, Meanings

_MOST = 16
"""Values of which one is meant; of more nothing is said."""
_MOST_KNOWN = 100_000


class OneOf(NamedTuple):
    """Values of which one is meant.

    first   the one that a type says itself, if it says one alone.
    others  the rest: those that other declarations of the type add, or all of them.
    """

    first: Meanings
    others: Meanings


class Alternatives:
    """Gives each set of values a number, so that a meaning stays a small tuple."""

    def __init__(self) -> None:
        self._numbers: dict[OneOf, int] = {}
        self._sets: list[OneOf] = []

    @property
    def are_too_many(self) -> bool:
        """Whether it is time to forget them, and all answers that have their numbers."""
        return len(self._sets) > _MOST_KNOWN

    def clear(self) -> None:
        """Forget all sets."""
        self._numbers.clear()
        self._sets.clear()

    def of(self, value: Meaning) -> OneOf:
        """Return the values that a meaning stands for; itself where it stands for no other."""
        return self._sets[value[1]] if value[0] == SEVERAL else OneOf((value,), NOTHING)

    def either(self, first: Meanings, others: Meanings) -> Meanings:
        """Return what is one of these: the only one, or a meaning that stands for all of them."""
        every = tuple(dict.fromkeys((*self._spread(first), *self._spread(others))))
        if len(every) <= 1:
            return every
        if len(every) > _MOST:
            return NOTHING
        single = self.of(first[0]).first if len(first) == 1 else NOTHING
        one_of = OneOf(single, tuple(one for one in every if one not in single))
        number = self._numbers.setdefault(one_of, len(self._sets))
        if number == len(self._sets):
            self._sets.append(one_of)
        return ((SEVERAL, number),)

    def _spread(self, values: Iterable[Meaning]) -> list[Meaning]:
        return [one for value in values for part in self.of(value) for one in part]
