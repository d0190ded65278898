"""How many steps lead from a file to another that it includes: found once for all files that ask for the same one.

In a large repository most files see the same thousands of headers. To go through these for each file takes as long as
all else; here each is gone through once, and a file adds what is new in it.
"""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from itertools import chain
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

_MOST_TARGETS = 64
"""Files of which it is remembered how many steps lead to them."""


class IncludeGraph:
    """Files, what they include, and what these include, to the end.

    n_visits  files that were looked at, to count what answers take.
    """

    def __init__(self, included: Callable[[int], tuple[int, ...]], most_files: int) -> None:
        """Begin without files.

        included    returns the files that a file includes itself, each once.
        most_files  files that are gone through; with more nothing is known.
        """
        self._included = included
        self._most_files = most_files
        self._files: list[int] = []
        """Those gone through. None includes one that comes after it, but for those that came with it."""
        self._including: dict[int, list[int]] = {}
        self._steps: OrderedDict[int, tuple[dict[int, int], int]] = OrderedDict()
        """To each target the steps from files, and how many of the files were asked."""
        self.n_visits = 0

    def __len__(self) -> int:
        """Return how many files were gone through."""
        return len(self._files)

    def go_through(self, files: Iterable[int]) -> None:
        """Add files and all that they see, as far as there is room."""
        for file in files:
            self._go_through(file)

    def seeing(self, target: int) -> set[int]:
        """Return a file and those that see it, of all that were gone through."""
        found, edge = {target}, {target}
        while edge:
            # A set: what is seen by many ways would be gone through once for each of them.
            edge = set(chain.from_iterable(self._including.get(one, ()) for one in edge)) - found
            found |= edge
        return found

    def steps_between(self, file: int, targets: list[int]) -> dict[int, int] | None:
        """Return the steps to those of some files that a file sees; None where there are too many files to tell."""
        if not self._go_through(file):
            return None
        found = {target: self._steps_to(target).get(file) for target in targets}
        return {target: steps for target, steps in found.items() if steps is not None}

    def _go_through(self, file: int) -> bool:
        """Add a file and all that it sees. Return whether there are not too many."""
        including = self._including
        if len(including) < self._most_files and file not in including:
            including[file] = []
            edge = [file]
            while edge and len(including) < self._most_files:
                one = edge.pop()
                self._files.append(one)
                for other in self._included(one):
                    if other not in including:
                        including[other] = []
                        edge.append(other)
                    including[other].append(one)
        return len(including) < self._most_files

    def _steps_to(self, target: int) -> dict[int, int]:
        """Return the steps to a file from each that sees it."""
        if target not in self._including:
            return {}
        steps, n_asked = self._steps.pop(target, ({}, 0))
        if n_asked < len(self._files):
            self._take_in(steps, target, self._files[n_asked:])
        self._steps[target] = steps, len(self._files)
        if len(self._steps) > _MOST_TARGETS:
            self._steps.popitem(last=False)
        return steps

    def _take_in(self, steps: dict[int, int], target: int, new: list[int]) -> None:
        """Add the steps from new files. What these include is new as well, or its steps are known."""
        levels: defaultdict[int, list[int]] = defaultdict(list)
        self.n_visits += len(new)
        for one in new:
            known = [0] if one == target else [steps[other] + 1 for other in self._included(one) if other in steps]
            if known:
                levels[min(known)].append(one)
        while levels:
            n_steps = min(levels)
            for one in levels.pop(n_steps):
                if one not in steps:
                    steps[one] = n_steps
                    self.n_visits += 1
                    levels[n_steps + 1] += (other for other in self._including[one] if other not in steps)
            if not levels[n_steps + 1]:
                del levels[n_steps + 1]
