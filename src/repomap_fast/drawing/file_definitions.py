"""The definitions of one file, as a map needs them: by row, with the definitions around each."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Collection
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining.scopes import scope_text
from repomap_fast.tables import NO_SCOPE, ROLE_DEFINITION
from repomap_fast.tagging.rules import FUNCTION_KINDS

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.lazy_tags import FilePlaces, FileTags

MAX_NAME_BYTES = 1000
"""Of a definition's name: the scanned file chooses its length."""
MAX_AROUND = 8
"""Definitions around another that a map shows: what a hostile file nests has any number of them."""
MAX_IN_A_ROW = 20
"""Definitions of a row that are looked at: a minified file may have all in one."""


_FEW = 32
"""Tags that are compared one by one: numpy takes as long to begin."""


class FileDefinitions:
    """The tags of one file. A definition is a number of these columns, since a file may have millions of them."""

    def __init__(self, graph: Graph, tags: FileTags, places: FilePlaces) -> None:
        self.graph, self.tags, self.places = graph, tags, places
        # Single numbers are asked for, which a memoryview gives in half the time that an array does.
        self._name_ids: memoryview[int] = tags.name_ids.data
        self._roles: memoryview[int] = tags.roles.data
        self._kind_ids: memoryview[int] = tags.kind_ids.data
        self._rows: memoryview[int] = tags.rows.data
        self._end_rows: memoryview[int] = tags.end_rows.data
        self._scopes: memoryview[int] = places.scopes.data
        self._names: dict[int, bytes] = {}
        self._scope_texts: dict[int, str | None] = {NO_SCOPE: None}

    @classmethod
    def of(cls, graph: Graph, graph_id: int) -> Self:
        """Read the tags of a file. Raises IndexDamagedError."""
        return cls(graph, graph.tags.of_file(graph_id), graph.tags.places_of_file(graph_id))

    def in_row(self, row: int, name_ids: Collection[int] | None = None) -> list[int]:
        """Return the first definitions whose names start in this row.

        name_ids  numbers of names among those of the tags: definitions of other names are left out.
        """
        start, stop = self._bounds(row)
        are_wanted = self.tags.roles[start:stop] == ROLE_DEFINITION
        if name_ids is not None:
            are_wanted &= np.isin(self.tags.name_ids[start:stop], list(name_ids))
        here = are_wanted.nonzero()[0][:MAX_IN_A_ROW]
        found: list[int] = (here + start).tolist()
        return found

    def find(self, name_id: int, row: int) -> int | None:
        """Return the last definition of that name in this row; None if there is none.

        name_id  number among the names of the tags.
        """
        rows, roles, name_ids = self._rows, self._roles, self._name_ids
        start, found = bisect_left(rows, row), None
        for one in range(start, min(start + _FEW, len(rows))):
            if rows[one] != row:
                return found
            if name_ids[one] == name_id and roles[one] == ROLE_DEFINITION:
                found = one
        _, stop = self._bounds(row)
        is_one = (self.tags.roles[start:stop] == ROLE_DEFINITION) & (self.tags.name_ids[start:stop] == name_id)
        places = is_one.nonzero()[0]
        return start + int(places[-1]) if len(places) else None

    def around(self, definition: int) -> list[int]:
        """Return the definitions around one, outermost first: the innermost MAX_AROUND of them."""
        found: list[int] = []
        scopes = self._scopes
        scope = scopes[definition]
        for _ in range(2 * MAX_AROUND):
            if scope == NO_SCOPE or len(found) == MAX_AROUND:
                break
            if self._is_around(scope, definition):
                found.append(scope)
            scope = scopes[scope]
        return found[::-1]

    def _is_around(self, scope: int, definition: int) -> bool:
        """Return whether a scope is around a definition by its rows: a method in Go may be anywhere else."""
        row = self.row(definition)
        if self._roles[scope] != ROLE_DEFINITION or self.end_row(scope) < row:
            return False
        # A type in C may have its name after its members.
        return self.row(scope) <= row or self.kind(definition) not in FUNCTION_KINDS

    def name(self, definition: int) -> bytes:
        """Return the first MAX_NAME_BYTES of a name. Raises IndexDamagedError."""
        return self._name_of(self._name_ids[definition])[:MAX_NAME_BYTES]

    def kind(self, definition: int) -> str:
        """Return function, class … Raises IndexDamagedError."""
        kind_id = self._kind_ids[definition]
        if kind_id >= len(self.graph.kinds):
            raise IndexDamagedError(f"a definition is of kind {kind_id}, of {len(self.graph.kinds)} kinds")
        return self.graph.kinds[kind_id]

    def row(self, definition: int) -> int:
        """Return the row of the name."""
        return self._rows[definition]

    def end_row(self, definition: int) -> int:
        """Return the last row."""
        return self._end_rows[definition]

    def column(self, definition: int) -> int:
        """Return the bytes before the name in its row."""
        return int(self.places.columns[definition])

    def scope(self, definition: int) -> str | None:
        """Return the names of the definitions around one, as ``Tag.scope``; None at the top of a file.

        Raises IndexDamagedError.
        """
        scope = self._scopes[definition]
        if scope not in self._scope_texts:
            text = scope_text(scope, self.tags.name_ids, self.places.scopes, self._name_of_scope)
            self._scope_texts[scope] = text or None
        return self._scope_texts[scope]

    def owner(self, definition: int) -> str | None:
        """Return the type that a definition belongs to and does not stand in, as a method in Go; None for all others.

        Raises IndexDamagedError.
        """
        scope = self._scopes[definition]
        if scope == NO_SCOPE or self._is_around(scope, definition):
            return None
        return self.name(scope).decode(errors="replace")

    def _bounds(self, row: int) -> tuple[int, int]:
        start = bisect_left(self._rows, row)
        return start, bisect_right(self._rows, row, start)

    def _name_of_scope(self, name_id: int) -> str:
        return self._name_of(name_id).decode(errors="replace")

    def _name_of(self, name_id: int) -> bytes:
        name = self._names.get(name_id)
        if name is None:
            name = self._names[name_id] = self.graph.tags.name(name_id)
        return name
