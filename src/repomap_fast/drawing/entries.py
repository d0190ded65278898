"""Lists what a map could show, best first: important files, definitions, then paths of other files.

An entry is a file and a row of it. Here, files are rows of the scan's table of files. The graph has ids for the files
that have a language alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.drawing.choose import BARE, NO_ROW, SIGNED
from repomap_fast.tables import I64, U8, U32

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.joining.graph import Graph
    from repomap_fast.ranking.rank import Ranking
    from repomap_fast.tables import FileTable


_LEAST_TOKENS = 3
"""Fewest tokens of an entry: a path of one word, and its line end."""
_TOKENS_PER_IMPORTANT = 96
"""Tokens of the budget for each important file: their paths then take a twentieth of it."""


_MOST_SIGNED = 15
"""Definitions that are shown with their signatures: the others by their names alone, for which there is more room."""
_TOKENS_PER_SIGNED = 64
"""Tokens of the budget for each of these: a small map rather has more names."""


def most_entries(budget: int) -> int:
    """Return how many entries could fit into a token budget."""
    return budget // _LEAST_TOKENS + 1


@dataclass(frozen=True, slots=True, eq=False)
class Entries:
    """What a map could show.

    file_ids   (n,) uint32: rows of the table of files.
    rows       (n,) int64: the row of a definition, or ``choose.NO_ROW`` for a file's path alone.
    positions  (n,) int64: position of the definition in the ranking; -1 for a path, and for a definition that is not
               among the ranked ones.
    details    (n,) uint8: ``choose.BARE``, SIGNED or NOTED; None for ``details_by_position``.
    n_promised  so many of the first entries are shown before all others, however little there is room for.
    """

    file_ids: U32
    rows: I64
    positions: I64
    details: U8 | None = None
    n_promised: int = 0

    def __len__(self) -> int:
        return len(self.file_ids)


def list_entries(
    files: FileTable,
    graph: Graph,
    ranking: Ranking,
    *,
    important: Iterable[int],
    hidden: Collection[int],
    budget: int,
    promised: Iterable[tuple[int, int]] = (),
    terse: Collection[int] = (),
) -> Entries:
    """Return as many entries as could fit into a token budget.

    promised   rows of the table of files, each with the row of a definition or ``choose.NO_ROW``: they come first, in
               this order, but for those of hidden files.
    important  rows of the table of files that come next. A file that has a ranked definition comes with that.
    hidden     rows of files that are not shown.
    terse      rows of files of which, but for what is promised, the path alone is shown.

    Raises IndexDamagedError.
    """
    table_rows = files.rows_with_language()
    ranked_files = table_rows[ranking.file_ids]
    limit = most_entries(budget)
    hidden, terse = set(hidden), set(terse)
    first = [pair for pair in dict.fromkeys(promised) if pair[0] not in hidden]
    with_rows = {file for file, row in first if row != NO_ROW}
    shown = hidden | {file for file, _ in first}
    is_ranked = set(ranked_files.tolist())
    bare: list[tuple[int, int, int]] = []
    for row in important:
        if len(bare) * _TOKENS_PER_IMPORTANT >= budget:
            break
        if row not in shown and row not in is_ranked:
            shown.add(row)
            bare.append((row, NO_ROW, -1))
    ranked = _definitions(graph, ranking, ranked_files, limit)
    positions = {(file, row): position for file, row, position in reversed(ranked)}
    entries = [(file, row, positions.get((file, row), -1)) for file, row in first] + bare
    is_first = set(first)
    for file, row, position in ranked:
        if file not in terse:
            if (file, row) not in is_first:
                entries.append((file, row, position))
        elif file not in shown and file not in with_rows:
            shown.add(file)
            entries.append((file, NO_ROW, -1))
    shown |= is_ranked
    if len(entries) < limit:
        entries += [(row, NO_ROW, -1) for row in _best_files(table_rows, ranking, len(files)) if row not in shown]
    return replace(_as_columns(entries[: max(limit, len(first))]), n_promised=len(first))


def details_by_position(rows: I64, budget: int) -> U8:
    """Return the details of entries, of which the first definitions are shown with their signatures."""
    n_before = np.cumsum(rows != NO_ROW)
    is_signed = (rows != NO_ROW) & (n_before <= min(_MOST_SIGNED, budget // _TOKENS_PER_SIGNED))
    return np.where(is_signed, SIGNED, BARE).astype(np.uint8)


def list_definitions(files: FileTable, graph: Graph, ranking: Ranking) -> Entries:
    """Return an entry for each row of each ranked definition. Raises IndexDamagedError."""
    return _as_columns(_definitions(graph, ranking, files.rows_with_language()[ranking.file_ids], len(ranking)))


def _definitions(graph: Graph, ranking: Ranking, files: NDArray[np.intp], n: int) -> list[tuple[int, int, int]]:
    """Return file, row and position of the first ``n`` ranked definitions; ``files`` has the file of each."""
    rows_of_pairs = graph.definition_rows(ranking.file_ids[:n], ranking.name_ids[:n])
    pairs = enumerate(zip(files.tolist(), rows_of_pairs, strict=False))
    return [(file, row, position) for position, (file, rows) in pairs for row in rows]


def _as_columns(entries: list[tuple[int, int, int]]) -> Entries:
    columns = np.array(entries, np.int64).reshape(-1, 3)
    return Entries(columns[:, 0].astype(np.uint32), columns[:, 1].copy(), columns[:, 2].copy())


def _best_files(table_rows: NDArray[np.intp], ranking: Ranking, n_files: int) -> list[int]:
    """Return the rows of all files by value, the best first; files without a language last, by path."""
    scores = np.full(n_files, -1.0)
    scores[table_rows] = ranking.file_values
    best: list[int] = np.lexsort((np.arange(n_files), -scores)).tolist()
    return best
