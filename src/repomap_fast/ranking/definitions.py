"""The definitions of some files, with what encloses each: what ranking knows of a definition besides its text.

A definition encloses another by its rows. So this needs the columns of a map alone, and no scopes of tags.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.errors import IndexDamagedError
from repomap_fast.ranking import _definitions

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.tables import I64, U8, U32, StringTable

NO_PARENT = -1
"""Parent of a definition that no other encloses."""

_CLASSES = frozenset(
    {
        *("class", "struct", "interface", "trait", "enum", "union", "record", "object", "protocol", "extension"),
        *("implementation", "module", "namespace", "annotation", "concept"),
    }
)
"""Kinds of definitions that hold others as members."""
_FUNCTIONS = frozenset({"function", "method", "constructor", "operator", "macro"})
"""Kinds of definitions with a body of statements."""
_MACROS = frozenset({"macro"})
_ROWS_OF_VALUE = 2
"""A macro of C ends with the line end after it, so that one row counts as two."""


@dataclass(frozen=True, eq=False)
class DefinitionTable:
    """Every definition of some files, file by file, each file's by their first row.

    file_ids  (n_files,) int64: ids of the files in the graph, rising.
    bounds    (n_files + 1,) int64: file f has the rows ``bounds[f]:bounds[f + 1]`` of the others.
    name_ids  (n,) uint32: numbers of names in the graph.
    rows      (n,) uint32: zero-based row on which the name starts.
    end_rows  (n,) uint32: zero-based last row; never less than ``rows``.
    kind_ids  (n,) uint8: rows of the graph's ``kinds``.
    parents   (n,) int64: row in this table of the innermost definition around each, or NO_PARENT.
    """

    graph: Graph
    file_ids: I64
    bounds: I64
    name_ids: U32
    rows: U32
    end_rows: U32
    kind_ids: U8
    parents: I64

    def __len__(self) -> int:
        return len(self.name_ids)

    @classmethod
    def of(cls, graph: Graph, file_ids: I64) -> Self:
        """Read the definitions of these files; ``file_ids`` rise. Raises IndexDamagedError."""
        bounds, found = graph.definitions_of(file_ids)
        if int(found.kind_ids.max(initial=0)) >= max(len(graph.kinds), 1):
            raise IndexDamagedError(f"a definition is of kind {found.kind_ids.max()}, of {len(graph.kinds)} kinds")
        end_rows = np.maximum(found.rows, found.end_rows)
        parents = _definitions.enclosing_rows(bounds, found.rows, end_rows)
        return cls(
            graph, file_ids, bounds.astype(np.int64), found.name_ids, found.rows, end_rows, found.kind_ids, parents
        )

    @classmethod
    def of_first(cls, graph: Graph, file_ids: I64, most: int) -> Self:
        """Read the definitions of the first of these files: of as many as have ``most`` names, and at least of one.

        file_ids  (n,) int64, each once, in any order. Raises IndexDamagedError.
        """
        counts = (np.diff(graph.definer_offsets.astype(np.int64)) + graph.unreferenced_counts)[file_ids]
        is_read = np.cumsum(counts) <= max(most, int(counts[0]) if len(counts) else 0)
        return cls.of(graph, np.sort(file_ids[is_read]).astype(np.int64))

    @cached_property
    def files(self) -> I64:
        """The file of each definition: (n,) int64, positions in ``file_ids``."""
        return np.repeat(np.arange(len(self.file_ids)), np.diff(self.bounds))

    @cached_property
    def names(self) -> StringTable:
        """The name of each definition."""
        return self.read_names()

    def read_names(self) -> StringTable:
        """Return the name of each definition, and keep none. Raises IndexDamagedError."""
        return self.graph.tags.names_of(self.graph.rows_of_names(self.name_ids))

    @cached_property
    def are_classes(self) -> NDArray[np.bool_]:
        """Whether each holds others as members: (n,) bool."""
        return self.are_of(_CLASSES)

    @cached_property
    def are_functions(self) -> NDArray[np.bool_]:
        """Whether each has a body of statements: (n,) bool. A macro of one row is a value, or hardly more."""
        return self.are_of(_FUNCTIONS) & ~(self.are_of(_MACROS) & (self.n_rows <= _ROWS_OF_VALUE))

    @cached_property
    def are_constructors(self) -> NDArray[np.bool_]:
        """Whether each is of a kind of its own for what makes an object: (n,) bool."""
        return self.are_of(frozenset({"constructor"}))

    def are_of(self, kinds: frozenset[str]) -> NDArray[np.bool_]:
        """Return whether each is of one of these kinds: (n,) bool."""
        is_one: NDArray[np.bool_] = np.array([kind in kinds for kind in self.graph.kinds], np.bool_)
        return is_one[self.kind_ids]

    def are_named(self, name: bytes) -> NDArray[np.bool_]:
        """Return whether each has this name: (n,) bool. Raises IndexDamagedError."""
        found = self.graph.tags.find([name])
        if found[0] < 0:
            return np.zeros(len(self), np.bool_)
        is_named: NDArray[np.bool_] = self.name_ids == self.graph.numbers_of(found.astype(np.uint32))[0]
        return is_named

    @property
    def n_rows(self) -> I64:
        """How many rows each has: (n,) int64. They are computed anew each time."""
        return self.rows_of(slice(None))

    def rows_of(self, places: I64 | slice | int) -> I64:
        """Return how many rows some have, by their rows in this table."""
        return self.end_rows[places].astype(np.int64) - self.rows[places] + 1

    def innermost_at(self, file: int, row: int) -> int:
        """Return the innermost definition with a row of a file; NO_PARENT if there is none.

        One whose name is in the row comes before those around it: some grammars end a definition in the row after it.

        file  position in ``file_ids``.
        """
        start, stop = self.bounds[file : file + 2].tolist()
        holds = (self.rows[start:stop] <= row) & (row <= self.end_rows[start:stop])
        found = np.flatnonzero(holds) + start
        if not len(found):
            return NO_PARENT
        return int(found[np.lexsort((self.rows_of(found), self.rows[found] != row))[0]])
