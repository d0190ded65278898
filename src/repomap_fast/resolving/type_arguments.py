"""What type parameters stand for: the arguments that a generic class, alias or function is used with."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, TypeAlias

from repomap_fast.resolving.meanings import (
    ABOVE,
    BOUND,
    CLASS,
    CLASS_AS_VALUE,
    FUNCTION,
    GENERIC_OUT,
    OF_CLASS,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.resolving.meanings import Meaning, Meanings

Parameter: TypeAlias = tuple[int, int]
"""File and binding of a type parameter."""

_MOST_LEVELS = 4
"""Arguments that have arguments themselves; what is deeper is taken without its arguments."""
_MOST_KNOWN = 100_000
"""Sets of arguments that are remembered."""
_BARE = {BOUND: 3, CLASS: 3, OF_CLASS: 3, FUNCTION: 3, ABOVE: 3, CLASS_AS_VALUE: 3, GENERIC_OUT: 4}
"""How many numbers a meaning has without its arguments, where it may have some."""


class Place(NamedTuple):
    """Where a chain stands, and the number of the arguments that type parameters have there."""

    file: int
    scope: int
    arguments: int = 0


def arguments_of(one: Meaning) -> int:
    """Return the number of the arguments that a meaning has."""
    length = _BARE.get(one[0], len(one))
    return one[length] if len(one) > length else 0


def with_arguments(one: Meaning, number: int) -> Meaning:
    """Return a meaning with other arguments."""
    length = _BARE.get(one[0])
    if length is None:
        return one
    return (*one[:length], number) if number else one[:length]


class TypeArguments:
    """Gives each set of arguments a number, so that meanings stay small tuples. 0 is the empty set."""

    def __init__(self) -> None:
        self._numbers: dict[tuple[tuple[Parameter, Meanings], ...], int] = {}
        self._sets: list[Mapping[Parameter, Meanings]] = [{}]
        self._levels = [0]

    @property
    def are_too_many(self) -> bool:
        """Whether it is time to forget them, and all answers that have their numbers."""
        return len(self._sets) > _MOST_KNOWN

    def clear(self) -> None:
        """Forget all sets."""
        self._numbers.clear()
        del self._sets[1:]
        del self._levels[1:]

    def number(self, arguments: Mapping[Parameter, Meanings]) -> int:
        """Return the number of a set of arguments."""
        if not arguments:
            return 0
        kept = {parameter: tuple(map(self._not_too_deep, means)) for parameter, means in arguments.items()}
        key = tuple(sorted(kept.items()))
        known = self._numbers.get(key)
        if known is None:
            known = self._numbers[key] = len(self._sets)
            self._sets.append(kept)
            levels = (self._levels[arguments_of(one)] for means in kept.values() for one in means)
            self._levels.append(1 + max(levels, default=0))
        return known

    def given(self, number: int) -> Mapping[Parameter, Meanings]:
        """Return the set of arguments that has a number."""
        return self._sets[number]

    def _not_too_deep(self, one: Meaning) -> Meaning:
        return one if self._levels[arguments_of(one)] < _MOST_LEVELS else with_arguments(one, 0)
