"""C, C++: the macros that files define before they include another, which knows them then.

Hundreds of files may set a macro and include a header that asks for it. So the way goes from the files that define a
macro: few do before they include anything, and what includes a header is found once for all of them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from repomap_fast.resolving.include_graph import IncludeGraph

if TYPE_CHECKING:
    from collections.abc import Callable, Hashable, Iterable

    from repomap_fast.resolving.meanings import Sources

MOST_GIVEN = 1_000
"""Macros of one name that are looked at, the first by path."""
_MOST_FILES = 100_000
"""Files of a repository; in one with more, no macro is given to a file."""
_MOST_KEPT = 100_000
"""Macros that are remembered."""

_Given = tuple[tuple[int, int], frozenset[int]]
"""A file and a binding in it, and the files that are included below it."""


class GivenMacros:
    """Finds the macros that files give to those that they include."""

    def __init__(self, sources: Sources, included: Callable[[int], tuple[int, ...]]) -> None:
        """Begin without macros.

        included  returns the files that a file includes itself, each once.
        """
        self._sources = sources
        self._graph = IncludeGraph(included, _MOST_FILES)
        self._given: dict[Hashable, list[_Given]] = {}
        self._n_kept = 0
        self._seeing: tuple[tuple[int, int], set[int]] = ((-1, 0), set())
        """The file that was asked for last and the size of the graph then, and the files that see this file."""

    def given_to(
        self, file: int, key: Hashable, macros: Callable[[], Iterable[tuple[int, int]]]
    ) -> list[tuple[int, int]]:
        """Return those of some macros that are defined before their file includes another, directly or through others.

        key     is equal for equal macros.
        macros  returns files and bindings in them, by file.
        """
        given = self._given.get(key)
        if given is None:
            given = self._remember(key, macros())
        if not given:
            return []
        seeing = self._files_seeing(file)
        # What nobody includes is given nothing, and may be asked as often as there are macros.
        if len(seeing) == 1:
            return []
        return [one for one, below in given if one[0] != file and not seeing.isdisjoint(below)]

    def _remember(self, key: Hashable, macros: Iterable[tuple[int, int]]) -> list[_Given]:
        given: list[_Given] = []
        if len(self._sources.tree.paths) <= _MOST_FILES:
            for file, binding in macros:
                row = self._sources.scopes(file).binding_rows[binding]
                below = frozenset(other for at, other in self._sources.included_at(file) if at > row)
                if below:
                    given.append(((file, binding), below))
                if len(given) == MOST_GIVEN:
                    break
        self._graph.go_through(one[0] for one, _ in given)
        # Of most names there is none, which takes room, too.
        self._n_kept += 1 + len(given)
        if self._n_kept > _MOST_KEPT:
            self._given.clear()
            self._n_kept = 1 + len(given)
        self._given[key] = given
        return given

    def _files_seeing(self, file: int) -> set[int]:
        asked = file, len(self._graph)
        if self._seeing[0] != asked:
            self._seeing = asked, self._graph.seeing(file)
        return self._seeing[1]
