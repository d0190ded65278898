"""The definitions at the lines that a text names, and the lines that are in none."""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from repomap_fast.ranking.definitions import NO_PARENT, DefinitionTable
from repomap_fast.ranking.query_text import NamedPath


class LineOutside(NamedTuple):
    """A line of a file that a text names, and that is in no definition.

    line          from 1; the file may have fewer lines.
    nearest       name, first and last line of the definition that begins nearest; None where the file has none.
    is_mentioned  it was mentioned, not only written in a query.
    """

    path: bytes
    line: int
    nearest: tuple[bytes, int, int] | None
    is_mentioned: bool


@dataclass(frozen=True, slots=True, eq=False)
class DefinitionsAtLines:
    """The innermost definitions at lines.

    of_paths  by path and line: ids of the files that the path means, each with a row of the table or NO_PARENT.
    """

    table: DefinitionTable
    of_paths: dict[NamedPath, list[tuple[int, int]]]

    @classmethod
    def of(cls, table: DefinitionTable, paths: Mapping[NamedPath, Sequence[int]]) -> DefinitionsAtLines:
        """Find them.

        paths  with their lines: the ids of the files that each means.
        """
        return cls(table, {one: [(file, row_at(table, file, one.line)) for file in paths[one]] for one in paths})

    @property
    def rows(self) -> list[int]:
        """The definitions, as rows of the table."""
        return [row for places in self.of_paths.values() for _, row in places if row != NO_PARENT]

    def outside(self, mentioned: Container[NamedPath]) -> Iterator[LineOutside]:
        """Yield the lines that are in no definition of any file that their path means, each with the first file."""
        for named, places in self.of_paths.items():
            if places and all(row == NO_PARENT for _, row in places):
                file_id = places[0][0]
                path = self.table.graph.paths[file_id]
                yield LineOutside(path, named.line, self._nearest(file_id, named.line), named in mentioned)

    def _nearest(self, file_id: int, line: int) -> tuple[bytes, int, int] | None:
        table = self.table
        start, stop = _bounds(table, file_id)
        if start == stop:
            return None
        row = start + int(np.abs(table.rows[start:stop].astype(np.int64) - (line - 1)).argmin())
        return table.names[row], int(table.rows[row]) + 1, int(table.end_rows[row]) + 1


def row_at(table: DefinitionTable, file_id: int, line: int) -> int:
    """Return the innermost definition at a line of a file, from 1; NO_PARENT where there is none."""
    file = _place_in(table, file_id)
    return NO_PARENT if file is None else table.innermost_at(file, line - 1)


def _place_in(table: DefinitionTable, file_id: int) -> int | None:
    """Return the position of a file in the table; None where the table lacks it."""
    file = int(np.searchsorted(table.file_ids, file_id))
    return file if file < len(table.file_ids) and table.file_ids[file] == file_id else None


def _bounds(table: DefinitionTable, file_id: int) -> tuple[int, int]:
    file = _place_in(table, file_id)
    return (0, 0) if file is None else (int(table.bounds[file]), int(table.bounds[file + 1]))
