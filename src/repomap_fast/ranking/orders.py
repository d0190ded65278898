"""The order of files and definitions in a map, for an explanation: by the graph, or by a text.

Each order reads what the ranking computed, and computes none of it again.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple, Protocol, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import distinct_places

if TYPE_CHECKING:
    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.fuse import Fused, Marked
    from repomap_fast.ranking.rank import Boosts, Ranking
    from repomap_fast.tables import I64, U32

F64: TypeAlias = NDArray[np.float64]


class Position(NamedTuple):
    """Where a definition comes, or the best of several of one name in a file.

    slot     among the distinct names of the file, from 0.
    score    definitions are ordered by it.
    place    among all definitions, from 1; None where they are not listed.
    factors  the score is their product, but for a constant; empty where the score has other reasons.
    """

    slot: int
    score: float
    place: int | None
    factors: dict[str, float]


class Order(Protocol):
    """The positions of files and definitions, and why they have these."""

    @property
    def file_values(self) -> F64:
        """The value of each file: (n_files,) float64; the sum is 1."""
        ...

    def file_factors(self, file_id: int) -> dict[str, float]:
        """Return what the value of a file is the product of, by the names of the weights."""
        ...

    def names(self, file_id: int) -> U32:
        """Return the distinct names that a file defines, the best first."""
        ...

    def position(self, file_id: int, name_id: int, rows: Collection[int] = ()) -> Position:
        """Return where the definitions of a name in a file come; of those that begin in ``rows``, if there are any."""
        ...


class GraphOrder:
    """The order by rank alone."""

    def __init__(self, graph: Graph, ranking: Ranking, boosts: Boosts) -> None:
        self._graph, self._ranking = graph, ranking
        self.file_values = ranking.file_values
        self._is_listed = np.ones(len(graph), np.bool_) if boosts.hidden is None else ~boosts.hidden

    def file_factors(self, file_id: int) -> dict[str, float]:
        """Return what the value of a file is the product of: nothing, since the value is PageRank."""
        return {}

    def names(self, file_id: int) -> U32:
        """Return the distinct names that a file defines, the best first; of a hidden file in their own order."""
        ranking = self._ranking
        if self._is_listed[file_id]:
            own: U32 = ranking.name_ids[ranking.file_ids == file_id]
            return own
        return _distinct_names(self._graph.definitions(file_id).name_ids)

    def position(self, file_id: int, name_id: int, rows: Collection[int] = ()) -> Position:
        """Return where the definitions of a name in a file come; it is the same for all of them."""
        slot = int(np.flatnonzero(self.names(file_id) == name_id)[0])
        place = None
        if self._is_listed[file_id]:
            ranking = self._ranking
            place = int(np.flatnonzero((ranking.name_ids == name_id) & (ranking.file_ids == file_id))[0]) + 1
        return Position(slot, self.brought(file_id, name_id), place, {})

    def brought(self, file_id: int, name_id: int) -> float:
        """Return the rank that references bring to each definer of a name."""
        ranking, is_shared = self._ranking, name_id < self._graph.n_shared
        return float(ranking.name_scores[name_id] if is_shared else ranking.unreferenced_scores[file_id])


class TextOrder:
    """The order by the text of a task."""

    def __init__(self, graph: Graph, ranking: Ranking, is_listed: NDArray[np.bool_]) -> None:
        assert ranking.fused is not None
        self._graph, self._fused = graph, ranking.fused
        self.file_values = ranking.file_values
        self._is_listed = is_listed

    @property
    def fused(self) -> Fused:
        """The sums of signals."""
        return self._fused

    def file_factors(self, file_id: int) -> dict[str, float]:
        """Return what the value of a file is the product of, by the names of the weights."""
        return _factors_of(self._fused.file_parts, file_id)

    def names(self, file_id: int) -> U32:
        """Return the distinct names that a file defines, the best first; in their own order if they have no score."""
        rows = self._rows(file_id)
        if rows is None:
            names = self._graph.definitions(file_id).name_ids
        else:
            names = self._fused.table.name_ids[rows[np.argsort(-self._fused.definitions[rows], kind="stable")]]
        return _distinct_names(names)

    def position(self, file_id: int, name_id: int, rows: Collection[int] = ()) -> Position:
        """Return where the best definition of a name in a file comes; of those in ``rows``, if there are any."""
        of_file = self._rows(file_id)
        if of_file is None:
            return Position(int(np.flatnonzero(self.names(file_id) == name_id)[0]), 0.0, None, {})
        table = self._fused.table
        in_order = of_file[np.argsort(-self._fused.definitions[of_file], kind="stable")]
        are_own = table.name_ids[in_order] == name_id
        are_meant = are_own & np.isin(table.rows[in_order], np.array(list(rows), np.int64))
        first = int(np.flatnonzero(are_meant if are_meant.any() else are_own)[0])
        row, before = int(in_order[first]), in_order[:first][~are_own[:first]]
        place = int(self._places[row]) + 1 if self._is_listed[file_id] else None
        slot = len(np.unique(table.name_ids[before]))
        return Position(slot, float(self._shares[row]), place, _factors_of(self._fused.definition_parts, row))

    def _rows(self, file_id: int) -> I64 | None:
        """Return the rows of a file's definitions in the table; None if it is not among the best files."""
        table = self._fused.table
        file = int(np.searchsorted(table.file_ids, file_id))
        if file == len(table.file_ids) or table.file_ids[file] != file_id:
            return None
        return np.arange(int(table.bounds[file]), int(table.bounds[file + 1]))

    @cached_property
    def _places(self) -> I64:
        table, scores = self._fused.table, self._fused.definitions
        order = np.lexsort((np.arange(len(table)), -scores))
        order = order[self._is_listed[table.file_ids[table.files[order]]]]
        places: I64 = np.zeros(len(table), np.int64)
        places[order] = np.arange(len(order))
        return places

    @cached_property
    def _shares(self) -> F64:
        from repomap_fast.ranking.fuse import log_shares

        shares: F64 = np.exp(log_shares(self._fused.definitions))
        return shares


def _distinct_names(names: U32) -> U32:
    """Return each name once, in the order of the first ones."""
    first, _ = distinct_places(names)
    kept: U32 = names[np.sort(first)]
    return kept


def _factors_of(parts: Mapping[str, F64 | Marked], row: int) -> dict[str, float]:
    return {name: float(np.exp(column[row])) for name, column in parts.items() if column[row] != 0}


def at_row(columns: Mapping[str, F64], row: int, *, always: str = "") -> dict[str, float]:
    """Return the factors of one row that are not 1; the one named ``always`` in any case."""
    factors = {name: float(column[row]) for name, column in columns.items()}
    return {name: factor for name, factor in factors.items() if factor != 1 or name == always}
