"""Weights: every factor that ranking goes by, with its default, in one place."""

from __future__ import annotations

import math
from dataclasses import dataclass, fields
from typing import Self

from repomap_fast.errors import OptionError


@dataclass(frozen=True, slots=True)
class Weights:
    """What ranking goes by.

    A reference weighs the square root of how often the file refers to the name, times the factors that fit:

    long_compound           the name is snake_case, kebab-case or camelCase and has eight characters or more.
    private                 the name starts with an underscore.
    many_definers           more than ``many_definers_above`` files define the name.
    mentioned_name          the name was mentioned.
    focus_references        the file that refers is in focus.

    unreferenced            weight of an edge of a file to itself, for each name it defines that nobody refers to.

    damping, tolerance, max_iterations are PageRank's: with ``damping`` rank follows references, else it goes back to
    the files in focus; it has settled when all files together change by less than ``tolerance`` for each.
    """

    long_compound: float = 10.0
    private: float = 0.1
    many_definers: float = 0.1
    many_definers_above: int = 5
    mentioned_name: float = 10.0
    focus_references: float = 50.0
    unreferenced: float = 0.1
    damping: float = 0.85
    tolerance: float = 1e-6
    max_iterations: int = 100

    def __post_init__(self) -> None:
        """Raises OptionError for a weight that nothing can be weighed by."""
        for field in fields(self):
            value = getattr(self, field.name)
            if not (isinstance(value, int | float) and math.isfinite(value) and 0 < value <= 1e9):
                raise OptionError(f"the weight {field.name} is {value!r}; expected a number above 0, at most 1e9")
        if self.damping >= 1:
            raise OptionError(f"the weight damping is {self.damping!r}; expected a number below 1")

    @classmethod
    def aider(cls) -> Self:
        """Return aider's weights, with the square root of a count taken once for all definers of a name."""
        return cls()
