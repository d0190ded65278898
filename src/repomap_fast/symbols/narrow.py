"""Narrows a scan to the files that a symbol is defined or used in.

The tags of a large repository take hundreds of megabytes. Which files define a name, and which refer to it, is in the
graph; the tags of these files alone are read from the index.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from repomap_fast.arrays import distinct
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import sparse_tags
from repomap_fast.joining.file_traits import classify_files
from repomap_fast.languages.table import LANGUAGES, RULES_OF_LANGUAGE
from repomap_fast.paths import encoded
from repomap_fast.ranking.definition_order import (
    DEFINITION_KINDS,
    MODULE_KINDS,
    is_test_module,
    kind_ranks,
    ranks_of_files,
)
from repomap_fast.resolving.site_resolver import RESOLVED
from repomap_fast.symbols.families import are_texts, families_of_files
from repomap_fast.symbols.filters import files_matching
from repomap_fast.symbols.names import files_at, split_path, split_scopes
from repomap_fast.tables import ROLE_DEFINITION, ROLE_REFERENCE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.indexing.index import Index
    from repomap_fast.joining.graph import Graph
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.progress import CancelEvent
    from repomap_fast.ranking.search import SearchTotals
    from repomap_fast.ranking.similar_names import Likeness
    from repomap_fast.symbols.filters import TagFilter
    from repomap_fast.tables import I32, I64, U8

_MOST_FILES = 200
_MOST_FILES_ABOVE = 60
"""Files of a class and its bases that are read besides."""


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


def likely(
    index: Index, word: str, match: str, limit: int, wanted: TagFilter, cancel: CancelEvent | None
) -> tuple[ScanResult | None, SearchTotals | None]:
    """Return the tags of the files that have the best definitions of names like ``word``, and what there is in all.

    limit  so many definitions are wanted; 0 for all, which are not narrowed. Neither is what a scope is asked of.
    """
    # Only a search needs it: the other questions about symbols begin without it.
    from repomap_fast.ranking.search import likeness_called

    result, likeness = index.result, likeness_called(match)
    may_narrow = limit > 0 and not wanted.scope and DEFINITION_KINDS - {"method"} >= set(wanted.kinds)
    if result.n_tags < sparse_tags.FEW_TAGS or not may_narrow:
        return None, None
    try:
        chosen = _best_files(result, index.graph, word, likeness, limit, wanted)
    except IndexDamagedError:
        return None, None
    if chosen is None or not 0 < len(chosen[0]) <= _MOST_FILES:
        return None, None
    paths = result.file_table.paths
    return index.tag_files([paths[row] for row in chosen[0].tolist()], cancel=cancel), chosen[1]


def _best_files(
    result: ScanResult, graph: Graph, word: str, likeness: Likeness, limit: int, wanted: TagFilter
) -> tuple[NDArray[np.intp], SearchTotals] | None:
    """Return the rows of the files with the best definitions; None if there is none, or if there are very many."""
    from repomap_fast.ranking.search import SearchTotals

    found = _best_definitions(result, graph, word, likeness, limit, wanted)
    files, name_ids, n_found = found.files, found.name_ids, found.n_found
    if not len(files):
        return None
    of_graph = result.file_table.rows_with_language()
    # The first keys of a search. What they leave open, it decides with more: so all that is equal to the last is read.
    keys = (
        -found.n_references[name_ids].astype(np.int64),
        (kind_ranks(graph.kinds, found.kind_ids) + ranks_of_files(result.file_table, of_graph[files])).astype(np.int64),
        found.edits[name_ids].astype(np.int64),
        found.likenesses[name_ids].astype(np.int64),
    )
    order = np.lexsort(keys)
    last = order[min(limit, len(order)) - 1]
    is_before, is_equal = np.zeros(len(order), np.bool_), np.ones(len(order), np.bool_)
    for key in reversed(keys):
        is_before |= is_equal & (key < key[last])
        is_equal &= key == key[last]
    if len(distinct(files[is_equal])) > _MOST_FILES:
        is_equal = _first_of_name(result, graph, files, name_ids, is_equal, limit - int(np.count_nonzero(is_before)))
    is_best = is_before | is_equal
    # Names of others are in these files too. They come after the best ones, and need no count.
    numbers = distinct(name_ids[is_best])
    counts = found.n_references[numbers].tolist()
    totals = dict(zip(graph.tags.names_of(numbers.astype(np.uint32)), counts, strict=True))
    return of_graph[distinct(files[is_best])], SearchTotals(n_found, totals)


class _BestDefinitions(NamedTuple):
    """The definitions that a search may put first.

    files         (n,) int64: the file of the graph of each.
    name_ids      (n,) int64: its name.
    kind_ids      (n,) uint8: its kind.
    n_found       how many definitions are found in all.
    likenesses    (n_names,) uint8, of all names, as ``likenesses_of`` gives them, and
    edits         (n_names,) uint8.
    n_references  (n_names,) int32: references to each name of these definitions.
    """

    files: I64
    name_ids: I64
    kind_ids: U8
    n_found: int
    likenesses: U8
    edits: U8
    n_references: I32


def _best_definitions(
    result: ScanResult, graph: Graph, word: str, likeness: Likeness, limit: int, wanted: TagFilter
) -> _BestDefinitions:
    """Return the wanted definitions of names like ``word``: those of the closest likenesses that have ``limit``.

    A single letter is in most names of a repository: their tags are read a piece at a time, and few are kept.
    """
    from repomap_fast.ranking.similar_names import NO_LIKENESS, likenesses_of

    word_bytes = word.encode("utf-8", "surrogateescape")
    likenesses, edits = likenesses_of(graph.tags.tables_of_names, word_bytes, loosest=likeness)
    n_references = np.zeros(len(likenesses), np.int32)
    n_definitions = np.zeros(NO_LIKENESS + 1, np.int64)
    of_kinds = np.array([not wanted.kinds or kind in wanted.kinds for kind in graph.kinds], np.bool_)
    is_in_file = None
    if wanted.paths:
        is_in_file = files_matching(result, wanted.paths)[result.file_table.rows_with_language()]
    # Likeness is the first key of a search: what comes after the first that are enough is counted alone.
    needed = NO_LIKENESS
    parts: list[tuple[I64, I64, U8]] = [(np.empty(0, np.int64), np.empty(0, np.int64), np.empty(0, np.uint8))]
    for tags in graph.tags.pieces_with(likenesses != NO_LIKENESS):
        of_tags = likenesses[tags.name_ids]
        is_near = of_tags <= needed
        np.add.at(n_references, tags.name_ids[is_near & (tags.roles == ROLE_REFERENCE)], 1)
        is_kept = (tags.roles == ROLE_DEFINITION) & of_kinds[tags.kind_ids]
        if is_in_file is not None:
            is_kept &= is_in_file[tags.files]
        n_definitions += np.bincount(of_tags[is_kept], minlength=len(n_definitions))
        is_kept &= is_near
        parts.append((tags.files[is_kept], tags.name_ids[is_kept], tags.kind_ids[is_kept]))
        needed = min(needed, int(np.searchsorted(np.cumsum(n_definitions), limit)))
    files, name_ids, kind_ids = (np.concatenate(column) for column in zip(*parts, strict=True))
    is_near = likenesses[name_ids] <= needed
    return _BestDefinitions(
        files[is_near], name_ids[is_near], kind_ids[is_near], int(n_definitions.sum()), likenesses, edits, n_references
    )


def _first_of_name(
    result: ScanResult, graph: Graph, files: I64, name_ids: I64, is_equal: NDArray[np.bool_], n_wanted: int
) -> NDArray[np.bool_]:
    """Return which of equal definitions of one name a search may put first; all of them where several names are equal.

    files     (n,) int64: the file of the graph of each definition.
    name_ids  (n,) int64: its name.

    A name in so many files is counted by name. A search then goes by what is remote, and by place.
    """
    places = np.flatnonzero(is_equal)
    if np.any(name_ids[places] != name_ids[places[0]]):
        return is_equal
    of_graph = result.file_table.rows_with_language()
    is_remote = classify_files(result.file_table, of_graph[files[places]]) != 0
    places = places[np.lexsort((files[places], is_remote))]
    ordered = files[places]
    bounds = np.append(np.flatnonzero(np.diff(ordered, prepend=-1)), len(ordered)).tolist()
    n_found = n_read = 0
    for first, stop in pairwise(bounds[: _MOST_FILES + 2]):
        if n_found >= n_wanted:
            break
        n_read = stop
        # A definition in a module of tests comes later than its file says.
        if not _has_test_module(graph, int(ordered[first])):
            n_found += stop - first
    is_first = np.zeros(len(is_equal), np.bool_)
    is_first[places[:n_read]] = True
    return is_first


def _has_test_module(graph: Graph, file: int) -> bool:
    tags = graph.tags.of_file(file)
    is_module = np.array([kind in MODULE_KINDS for kind in graph.kinds], np.bool_)[tags.kind_ids]
    names = distinct(tags.name_ids[is_module & (tags.roles == ROLE_DEFINITION)]).tolist()
    return any(is_test_module(graph.tags.name(name_id)) for name_id in names)


def _narrowed(
    index: Index, symbol: str, n_references: int, cancel: CancelEvent | None
) -> tuple[ScanResult | None, Totals | None]:
    result = index.result
    if result.n_tags < sparse_tags.FEW_TAGS:
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
    of_graph = result.file_table.rows_with_language()
    if path is not None and not n_references:
        found = files_at(result, path)
        if len(found) and rest is not None:
            return distinct(np.concatenate((found, of_graph[_files_above(result, rest)]))), None
        if len(found) or rest is None:
            return found, None
    wanted = dict.fromkeys((symbol, *([rest] if rest else []), split_scopes(rest or symbol)[-1]))
    name_ids = graph.tags.find([name.encode("utf-8", "surrogatepass") for name in wanted])
    found_ids = distinct(name_ids[name_ids >= 0]).tolist()
    if not found_ids or (n_references and len(found_ids) != 1):
        return None
    files = [_definers(graph, name_id) for name_id in found_ids]
    if not any(map(len, files)):
        return None
    files.append(_files_above(result, rest or symbol))
    totals = None
    if n_references and not _are_resolved(result, of_graph[files[0]]):
        referring, counts = count_references(result, graph, found_ids[0])
        families = distinct(families_of_files(result, of_graph[files[0]]))
        if len(families) != 1 or are_texts(result, of_graph[files[0]]):
            # Which of them the symbol means, and whether what a document describes is code, is in the tags.
            return None
        is_meant = families_of_files(result, of_graph[referring]) == families[0]
        referring, counts = referring[is_meant], counts[is_meant]
        is_remote = classify_files(result.file_table, of_graph[referring]) != 0
        order = np.lexsort((referring, -counts, is_remote))
        n_needed = int(np.searchsorted(np.cumsum(counts[order]), n_references)) + 1
        files.append(referring[order[:n_needed]])
        totals = Totals(int(counts.sum()), len(referring))
    return of_graph[distinct(np.concatenate(files))], totals


def _are_resolved(result: ScanResult, files: NDArray[np.intp]) -> bool:
    """Return whether rules find what refers to all that these files define: then nobody asks who has its name."""
    language_ids = distinct(result.file_table.language_ids[files]).tolist()
    return all(RULES_OF_LANGUAGE[LANGUAGES[language].name] in RESOLVED for language in language_ids)


def _files_above(result: ScanResult, symbol: str) -> NDArray[np.intp]:
    """Return the files of the graph that define the class of a member, and its bases: one of them may have it."""
    outer = split_scopes(symbol)[:-1]
    if not outer:
        return np.empty(0, np.intp)
    from repomap_fast.ranking.inheritance import Inheritance

    return np.array(Inheritance(result).files_above(encoded(outer[-1]), _MOST_FILES_ABOVE), np.intp)


def _definers(graph: Graph, name_id: int) -> NDArray[np.intp]:
    """Return the files that define a name, rising."""
    number = _number(graph, name_id)
    if number is not None:
        return _at(graph.definer_offsets, np.flatnonzero(graph.definer_names == number))
    # The graph has shared names alone.
    return graph.tags.definers(np.array([name_id], np.int64))[0]


def count_references(result: ScanResult, graph: Graph, name_id: int) -> tuple[NDArray[np.intp], I64]:
    """Return the files that refer to a name or use it, rising, and how often each does."""
    number, counts = _number(graph, name_id), np.zeros(len(graph), np.int64)
    if number is not None:
        places = np.flatnonzero(graph.reference_names == number)
        counts[_at(graph.reference_offsets, places)] = graph.reference_counts[places]
    else:
        tags = graph.tags.named(np.array([name_id], np.int64))
        counts += np.bincount(tags.files[tags.roles == ROLE_REFERENCE], minlength=len(graph))
    uses = result.uses.of_name(graph.tags.name(name_id))
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
