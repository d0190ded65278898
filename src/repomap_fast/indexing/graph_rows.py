"""The rows of a graph: for each file, the names that it refers to and the names that it defines.

An overlay gathers the rows of its graph from those of the base and of the changed files.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from repomap_fast.arrays import offsets_from
from repomap_fast.joining.graph import NOT_SHARED, Graph, link_files
from repomap_fast.tables import I64, U8, U32, U64

if TYPE_CHECKING:
    from numpy.typing import NDArray

_NOTHING = np.empty(0, np.uint32)


@dataclass(frozen=True, slots=True, eq=False)
class GraphRows:
    """The part of a graph that has a row for each file; columns as in ``Graph``."""

    reference_offsets: U64
    reference_names: U32
    reference_counts: U32
    definer_offsets: U64
    definer_names: U32
    unreferenced_counts: U32

    @classmethod
    def of_graph(cls, graph: Graph) -> Self:
        """Return the rows of all files of a graph."""
        return cls(*(getattr(graph, name) for name in cls.__slots__))

    def renumbered(self, numbers: U32) -> Self:
        """Return the rows with new numbers of their names. A name that gets NOT_SHARED is left out, or unreferenced."""
        references, definers = numbers[self.reference_names], numbers[self.definer_names]
        is_reference, is_definer = references != NOT_SHARED, definers != NOT_SHARED
        if is_reference.all() and is_definer.all():
            counts, offsets = self.reference_counts, (self.reference_offsets, self.definer_offsets)
            return type(self)(offsets[0], references, counts, offsets[1], definers, self.unreferenced_counts)
        definer_offsets = _kept_before(is_definer, self.definer_offsets)
        n_dropped = np.diff(self.definer_offsets) - np.diff(definer_offsets)
        return type(self)(
            _kept_before(is_reference, self.reference_offsets),
            references[is_reference],
            self.reference_counts[is_reference],
            definer_offsets,
            definers[is_definer],
            self.unreferenced_counts + n_dropped.astype(np.uint32),
        )


def _kept_before(is_kept: NDArray[np.bool_], offsets: U64) -> U64:
    """Return the offsets of the kept items of a column."""
    return offsets_from(is_kept)[offsets.astype(np.int64)]


class Linker:
    """Makes the rows of files out of their tags. All its calls number the names in the same way."""

    def __init__(self, name_ids: U32, n_names: int) -> None:
        n_shared = len(name_ids)
        self._graph_ids: U32 = np.full(n_names, NOT_SHARED, np.uint32)
        self._graph_ids[name_ids] = np.arange(n_shared, dtype=np.uint32)
        self._defined_in: U32 = np.zeros(n_names, np.uint32)
        self._used_in, self._positions = np.zeros(n_shared, np.uint32), np.zeros(n_shared, np.uint32)
        self._n_files = 0

    def link(self, tag_counts: U32, name_ids: U32, roles: U8) -> GraphRows:
        """Return the rows of some files."""
        scratch = (self._defined_in, self._used_in, self._positions)
        made = link_files(tag_counts, name_ids, roles, self._graph_ids, *scratch, self._n_files, False)
        self._n_files += len(tag_counts)
        return GraphRows(offsets_from(made[0]), made[1], made[2], offsets_from(made[3]), made[4], made[5])


def gather(parts: Sequence[GraphRows], part_of_file: I64, row_of_file: I64) -> GraphRows:
    """Return the rows of all files, copied run by run.

    part_of_file, row_of_file  (n_files,) int64: of each file, which of the parts has its row, and which row that is.
    """
    n_files = len(part_of_file)
    is_start = np.ones(n_files, np.bool_)
    is_start[1:] = (np.diff(part_of_file) != 0) | (np.diff(row_of_file) != 1)
    starts = np.flatnonzero(is_start)
    lengths = np.diff(np.append(starts, n_files)).tolist()
    runs = [
        (parts[part], row, row + length)
        for part, row, length in zip(part_of_file[starts].tolist(), row_of_file[starts].tolist(), lengths, strict=True)
    ]

    def files_column(column: str) -> NDArray[np.uint32]:
        return np.concatenate([getattr(part, column)[start:stop] for part, start, stop in runs] + [_NOTHING])

    def names_column(column: str, offsets: str) -> NDArray[np.uint32]:
        bounds = [(part, getattr(part, offsets)[[start, stop]].tolist()) for part, start, stop in runs]
        return np.concatenate([getattr(part, column)[start:stop] for part, (start, stop) in bounds] + [_NOTHING])

    def joined_offsets(offsets: str) -> U64:
        differences = [np.diff(getattr(part, offsets)[start : stop + 1]) for part, start, stop in runs]
        return offsets_from(np.concatenate([*differences, np.empty(0, np.uint64)]))

    return GraphRows(
        joined_offsets("reference_offsets"),
        names_column("reference_names", "reference_offsets"),
        names_column("reference_counts", "reference_offsets"),
        joined_offsets("definer_offsets"),
        names_column("definer_names", "definer_offsets"),
        files_column("unreferenced_counts"),
    )
