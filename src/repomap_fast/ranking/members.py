"""Which definitions are members of others, by their rows and by what their tags stand in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable
from repomap_fast.ranking.qualified_names import is_called
from repomap_fast.tables import I64, NO_SCOPE, ROLE_DEFINITION, U32

if TYPE_CHECKING:
    from collections.abc import Mapping

    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.lazy_tags import FileTags

_MOST_LOOKED_AT = 2_000
"""Definitions of one name of which the tags are read, the first ones."""
_MOST_KEPT = 1_000
"""Files of which the tags are kept."""
_NAMESPACES = frozenset({"namespace", "module", "implementation", "package", "extension"})
"""Kinds of definitions that may have a dotted name, and may hold the methods of a class beside it."""


class ScopedTags:
    """The definitions of files by their tags, and what each stands in. The tags of the first files are kept."""

    def __init__(self, graph: Graph) -> None:
        self._graph = graph
        self._tags: dict[int, tuple[FileTags, I64]] = {}

    def has_member(self, file_id: int, owner: bytes, name: bytes) -> bool:
        """Return whether a file defines a name within a definition of another name."""
        tags, _ = self._of_file(file_id)
        (name_id,) = self._graph.tags.find([name]).tolist()
        return any(is_called(around, owner) for around in self._around(file_id, tags.name_ids == name_id))

    def owners(self, file_id: int, row: int, name_id: int) -> list[bytes]:
        """Return the names of what the definitions of a name on one row stand in; nothing at the top of a file.

        name_id  the number of the name, as the tags of a file number names.
        """
        tags, _ = self._of_file(file_id)
        return self._around(file_id, (tags.rows == row) & (tags.name_ids == name_id))

    def numbers_of_names(self, name_ids: U32) -> list[int]:
        """Return how the tags of files number names that the graph numbers otherwise."""
        return list(self._graph.rows_of_names(name_ids).tolist())

    def _around(self, file_id: int, are_wanted: NDArray[np.bool_]) -> list[bytes]:
        tags, scopes = self._of_file(file_id)
        of_wanted = scopes[are_wanted & (tags.roles == ROLE_DEFINITION)].tolist()
        names = self._graph.tags.name
        return [b"" if scope == NO_SCOPE else names(int(tags.name_ids[scope])) for scope in of_wanted]

    def _of_file(self, file_id: int) -> tuple[FileTags, I64]:
        if file_id in self._tags:
            return self._tags[file_id]
        tags = self._graph.tags
        of_file = tags.of_file(file_id), tags.places_of_file(file_id).scopes
        if len(self._tags) < _MOST_KEPT:
            self._tags[file_id] = of_file
        return of_file


class Members:
    """The definitions of a table, as members of one another."""

    def __init__(
        self,
        table: DefinitionTable,
        file_tags: ScopedTags,
        rows_of_names: Mapping[bytes, list[int]],
        main_rows_of_names: Mapping[bytes, list[int]],
    ) -> None:
        """Take the definitions.

        rows_of_names       the rows of the table that define each name.
        main_rows_of_names  those of them that are functions or classes; all of a name that has none of these.
        """
        self._table = table
        self._file_tags = file_tags
        self._kinds = table.graph.kinds
        self._rows_of_names = rows_of_names
        self._main_rows_of_names = main_rows_of_names
        self._owners_of_rows: dict[int, list[bytes]] = {}

    def of(self, scope: bytes, name: bytes) -> list[int]:
        """Return the definitions of a name that are members of one of another name, as rows of the table.

        They are right within it by their rows, or else by their tags: a row may hold a type and its members, a type of
        C may have its name after them, a method of Go or C++ may stand in another file than its type, and a field may
        have the name of a function elsewhere.
        """
        scopes, rows = (self._main_rows_of_names.get(one, []) for one in (scope, name))
        all_scopes, all_rows = (self._rows_of_names.get(one, []) for one in (scope, name))
        if within := self._within(scopes, rows) or self._within(all_scopes, all_rows):
            # A namespace of C++ also holds the rows of methods of its classes that stand outside them.
            return self._in_scope(within, scope) or within
        in_files = {self._file_id(row) for row in all_scopes}
        here = [row for row in all_rows if self._file_id(row) in in_files]
        elsewhere = [row for row in all_rows if self._may_be_elsewhere(row)]
        return self._in_scope(here, scope) or self._in_scope(elsewhere, scope)

    def _within(self, scopes: list[int], rows: list[int]) -> list[int]:
        around = set(scopes)
        return [row for row in rows if int(self._table.parents[row]) in around]

    def _may_be_elsewhere(self, row: int) -> bool:
        """Return whether a definition may be a member of what does not hold its rows, or of what has a dotted name."""
        table, parent = self._table, int(self._table.parents[row])
        return parent == NO_PARENT or self._kinds[table.kind_ids[parent]] in _NAMESPACES or b"." in table.names[parent]

    def _in_scope(self, rows: list[int], scope: bytes) -> list[int]:
        looked_at = rows[:_MOST_LOOKED_AT]
        return [row for row in looked_at if any(is_called(owner, scope) for owner in self._owners(row))]

    def _file_id(self, row: int) -> int:
        return int(self._table.file_ids[self._table.files[row]])

    def _owners(self, row: int) -> list[bytes]:
        if row not in self._owners_of_rows:
            table = self._table
            (name_id,) = self._file_tags.numbers_of_names(table.name_ids[row : row + 1])
            self._owners_of_rows[row] = self._file_tags.owners(self._file_id(row), int(table.rows[row]), name_id)
        return self._owners_of_rows[row]
