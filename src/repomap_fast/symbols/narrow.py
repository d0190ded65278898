"""Narrows a scan to the files that a symbol is defined or used in.

The tags of a large repository take hundreds of megabytes. Which files define a name, and which refer to it, is in the
graph; the tags of these files alone are read from the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import IndexDamagedError
from repomap_fast.ranking.path_kinds import classify_paths
from repomap_fast.symbols.families import families_of_files
from repomap_fast.symbols.names import files_at, split_path, split_scopes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.index import Index
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import CancelEvent
    from repomap_fast.tables import I64

_FEW_TAGS = 1_000_000
"""Of a scan that is not narrowed: all of its tags are read in less time."""
_MOST_FILES = 200


@dataclass(frozen=True, slots=True)
class Totals:
    """What there is of a name in all files, where only some of them were read."""

    n_references: int
    n_files: int


def definers(index: Index, symbol: str, cancel: CancelEvent | None) -> ScanResult | None:
    """Return the tags of the files that may define ``symbol``; None where all tags are to be read."""
    return _narrowed(index, symbol, 0, cancel)[0]


def users(index: Index, symbol: str, limit: int, cancel: CancelEvent | None) -> tuple[ScanResult | None, Totals | None]:
    """Return the tags of the files that define ``symbol`` and of the best that refer to it, and how many there are.

    limit  so many references are wanted; 0 for all, which are not narrowed.
    """
    return _narrowed(index, symbol, limit, cancel) if limit else (None, None)


def _narrowed(
    index: Index, symbol: str, n_references: int, cancel: CancelEvent | None
) -> tuple[ScanResult | None, Totals | None]:
    result = index.result
    if result.n_tags < _FEW_TAGS:
        return None, None
    try:
        chosen = _files_of(result, index.graph, symbol.strip(), n_references)
    except IndexDamagedError:
        # Reading all tags repairs the index.
        return None, None
    if chosen is None:
        return None, None
    rows, totals = chosen
    if not 0 < len(rows) <= _MOST_FILES:
        return None, None
    paths = result.file_table.paths
    return index.tag_files([paths[row] for row in rows.tolist()], cancel=cancel), totals


def _files_of(
    result: ScanResult, graph: Graph, symbol: str, n_references: int
) -> tuple[NDArray[np.intp], Totals | None] | None:
    """Return the rows of the files to read; None where the graph does not tell."""
    path, rest = split_path(symbol)
    if path is not None and not n_references:
        found = files_at(result, path)
        if len(found) or rest is None:
            return found, None
    of_graph = result.file_table.rows_with_language()
    wanted = dict.fromkeys((symbol, *([rest] if rest else []), split_scopes(rest or symbol)[-1]))
    name_ids = graph.tags.find([name.encode("utf-8", "surrogatepass") for name in wanted])
    numbers = [_number(graph, int(name_id)) for name_id in name_ids if name_id >= 0]
    known = [number for number in numbers if number is not None]
    if not known or len(known) < len(numbers) or (n_references and len(known) != 1):
        return None
    files = [_at(graph.definer_offsets, np.flatnonzero(graph.definer_names == number)) for number in known]
    totals = None
    if n_references:
        referring, counts = _counts_of(result, graph, known[0])
        families = distinct(families_of_files(result, of_graph[files[0]]))
        if len(families) != 1:
            # Which of them the symbol means is in the tags.
            return None
        is_meant = families_of_files(result, of_graph[referring]) == families[0]
        referring, counts = referring[is_meant], counts[is_meant]
        is_remote = classify_paths(graph.paths.rows(referring)) != 0
        order = np.lexsort((referring, -counts, is_remote))
        n_needed = int(np.searchsorted(np.cumsum(counts[order]), n_references)) + 1
        files.append(referring[order[:n_needed]])
        totals = Totals(int(counts.sum()), len(referring))
    return of_graph[distinct(np.concatenate(files))], totals


def _counts_of(result: ScanResult, graph: Graph, number: int) -> tuple[NDArray[np.intp], I64]:
    """Return the files that refer to a name or use it, rising, and how often each does."""
    places = np.flatnonzero(graph.reference_names == number)
    counts: I64 = np.zeros(len(graph), np.int64)
    counts[_at(graph.reference_offsets, places)] = graph.reference_counts[places]
    uses = result.uses.of_name(graph.name(number))
    counts += np.bincount(uses.file_ids, minlength=len(graph))
    files = np.flatnonzero(counts)
    return files, counts[files]


def _number(graph: Graph, name_id: int) -> int | None:
    """Return the number of a shared name; None for a name that is not both defined and referred to."""
    number = int(np.searchsorted(graph.name_ids, name_id))
    return number if number < graph.n_shared and int(graph.name_ids[number]) == name_id else None


def _at(offsets: NDArray[np.uint64], places: NDArray[np.intp]) -> NDArray[np.intp]:
    """Return the files that the places of a column belong to."""
    return np.searchsorted(offsets.astype(np.int64), places, side="right") - 1
