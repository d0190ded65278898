"""From tags to the definitions that matter most for a chat, in aider's words over our graph."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias

import numpy as np

from repomap_fast.compat.aider.tag import KINDS, Tag, TagColumns
from repomap_fast.joining.graph import Graph
from repomap_fast.ranking.rank import Boosts, Ranking, rank
from repomap_fast.tables import ROLE_DEFINITION, U32, U64
from repomap_fast.weights import Weights

if TYPE_CHECKING:
    from numpy.typing import NDArray

RankedTag: TypeAlias = Any
"""A definition, which is a tag, or the path of a file that is to be named alone, in a tuple."""

_WEIGHTS = Weights.aider()
_LIMITS = (512, 8192, None)
"""Definitions that are put in order at first, and when there is room for more."""
_PAIRS_OF_CHUNK = 128
"""Definitions of which tags are made at a time."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a map is for: files of the chat, and files and names that it mentions."""

    chat_fnames: frozenset[str]
    other_rel_fnames: frozenset[str]
    fnames: frozenset[str]
    idents: frozenset[str]


@dataclass(frozen=True, eq=False)
class Table:
    """The tags of the files of a map, and the graph of references.

    mtimes      by file name, of the state that the tags are of.
    fnames      the same files, sorted by their paths from the root on.
    rel_fnames  these paths.
    columns     their tags, in this order.
    """

    root: str
    mtimes: Mapping[str, float]
    fnames: Sequence[str]
    rel_fnames: Sequence[str]
    columns: TagColumns

    def is_for(self, root: str, mtimes: Mapping[str, float]) -> bool:
        """Return whether these are the table's files, none changed since."""
        return self.root == root and self.mtimes == mtimes

    @cached_property
    def graph(self) -> Graph:
        """The graph of all files of the table."""
        columns = self.columns
        paths = [os.fsencode(rel_fname) for rel_fname in self.rel_fnames]
        return Graph.from_tags(paths, columns.offsets, columns.name_ids, columns.roles, columns.rows, columns.names)

    @cached_property
    def definitions(self) -> tuple[U64, NDArray[np.intp]]:
        """All definitions by file and name: (file << 32 | row of the name), rising, and the tag of each."""
        columns = self.columns
        here = np.flatnonzero(columns.roles == ROLE_DEFINITION)
        file_ids = np.searchsorted(columns.offsets, here.astype(np.uint64), "right").astype(np.uint64) - np.uint64(1)
        keys = file_ids << np.uint64(32) | columns.name_ids[here]
        order = np.argsort(keys, kind="stable")
        return keys[order], here[order]

    def definitions_of(self, file_ids: U32, name_ids: U32) -> list[list[int]]:
        """Return the tags of the definitions of each pair of a file and a name, by row; one of those on a row."""
        keys, tags = self.definitions
        pairs = file_ids.astype(np.uint64) << np.uint64(32) | name_ids.astype(np.uint64)
        firsts, ends = np.searchsorted(keys, pairs, "left").tolist(), np.searchsorted(keys, pairs, "right").tolist()
        found = []
        for first, end in zip(firsts, ends, strict=True):
            here = tags[first:end]
            _, chosen = np.unique(self.columns.rows[here], return_index=True)
            found.append(here[chosen].tolist())
        return found

    def rows_meant_by(self, words: Iterable[str]) -> set[int]:
        """Return the rows of the files that these words mean: a folder's name, a file's, or that without its suffix."""
        by_folder, by_name = self._rows_by_word
        return {row for word in words for rows in (by_folder, by_name) for row in rows.get(word, ())}

    @cached_property
    def _rows_by_word(self) -> tuple[dict[str, list[int]], dict[str, list[int]]]:
        """Rows of files by the name of each folder that they are in; and by their own, with and without its suffix."""
        rows_of_folder: dict[str, list[int]] = {}
        by_name: dict[str, list[int]] = {}
        for row, rel_fname in enumerate(self.rel_fnames):
            folder, _, name = rel_fname.rpartition(os.sep)
            rows_of_folder.setdefault(folder, []).append(row)
            by_name.setdefault(name, []).append(row)
            stem = os.path.splitext(name)[0]
            if stem != name:
                by_name.setdefault(stem, []).append(row)
        by_folder: dict[str, list[int]] = {}
        for folder, rows in rows_of_folder.items():
            for part in folder.split(os.sep):
                by_folder.setdefault(part, []).extend(rows)
        return by_folder, by_name

    @cached_property
    def rows_by_rel_fname(self) -> dict[str, int]:
        """The row of each file."""
        return {rel_fname: row for row, rel_fname in enumerate(self.rel_fnames)}

    @cached_property
    def rows_by_fname(self) -> dict[str, int]:
        """The row of each file, as it was asked for."""
        return {fname: row for row, fname in enumerate(self.fnames)}


class RankedTags:
    """Definitions, best first, then bare files; made as far as they are read."""

    def __init__(self, chunks: Iterable[Sequence[RankedTag]]) -> None:
        self._tags: list[RankedTag] = []
        self._chunks = iter(chunks)

    def first(self, n: int) -> list[RankedTag]:
        """Return the first ``n``, or all if there are fewer."""
        while len(self._tags) < n:
            chunk = next(self._chunks, None)
            if chunk is None:
                break
            self._tags += chunk
        return self._tags[:n]

    def __iter__(self) -> Iterator[RankedTag]:
        n_given = 0
        while n_given < len(self.first(n_given + 1)):
            yield self._tags[n_given]
            n_given += 1

    def all(self) -> list[RankedTag]:
        """Return all."""
        for chunk in self._chunks:
            self._tags += chunk
        return self._tags


def rank_tags(table: Table, mentions: Mentions) -> RankedTags:
    """Rank the definitions of a table's files for a chat."""
    return RankedTags(_ranked_chunks(table, mentions))


def _ranked_chunks(table: Table, mentions: Mentions) -> Iterator[list[RankedTag]]:
    if not len(table.rel_fnames):
        yield _bare_files(table, np.zeros(0), mentions)
        return
    boosts = _boosts(table, mentions)
    n_done = 0
    for limit in _LIMITS:
        ranking = rank(table.graph, boosts, _WEIGHTS, limit=limit)
        for start in range(n_done, len(ranking), _PAIRS_OF_CHUNK):
            yield _definitions(table, ranking, start, start + _PAIRS_OF_CHUNK)
        n_done = len(ranking)
        if limit is None or n_done < limit:
            break
    yield _bare_files(table, ranking.file_scores, mentions)


def _boosts(table: Table, mentions: Mentions) -> Boosts:
    """Return what aider emphasises: rank comes back to files of the chat and to files that are mentioned."""
    n_files, graph = len(table.rel_fnames), table.graph
    chat = [table.rows_by_fname[fname] for fname in mentions.chat_fnames if fname in table.rows_by_fname]
    named = [table.rows_by_rel_fname[name] for name in mentions.fnames if name in table.rows_by_rel_fname]
    meant = list(table.rows_meant_by(mentions.idents))
    personalization = np.zeros(n_files)
    personalization[[*chat, *named]] = 1.0
    personalization[meant] += 1.0
    reference_factors, hidden = np.ones(n_files), np.zeros(n_files, np.bool_)
    reference_factors[chat] = _WEIGHTS.focus_references
    hidden[chat] = True
    found = (table.columns.find(ident) for ident in mentions.idents)
    mentioned = np.array(sorted(name_id for name_id in found if name_id is not None), np.uint32)
    name_factors = np.ones(graph.n_shared)
    name_factors[np.isin(graph.name_ids, mentioned)] = _WEIGHTS.mentioned_name
    return Boosts(
        personalization=personalization,
        reference_factors=reference_factors,
        name_factors=name_factors,
        hidden=hidden,
    )


def _definitions(table: Table, ranking: Ranking, start: int, stop: int) -> list[RankedTag]:
    """Return the tags of some of the ranked definitions, those of one name and file by line."""
    graph, columns = table.graph, table.columns
    file_ids, name_ids = ranking.file_ids[start:stop], ranking.name_ids[start:stop]
    is_shared = name_ids < graph.n_shared
    # The graph numbers shared names anew, and the others behind them.
    of_columns = np.where(is_shared, 0, name_ids.astype(np.int64) - graph.n_shared)
    of_columns[is_shared] = graph.name_ids[name_ids[is_shared]]
    tags: list[RankedTag] = []
    of_pairs = table.definitions_of(file_ids, of_columns.astype(np.uint32))
    for file_id, name_id, here in zip(file_ids.tolist(), of_columns.tolist(), of_pairs, strict=True):
        name, rel_fname, fname = columns.name(name_id), table.rel_fnames[file_id], table.fnames[file_id]
        tags += [Tag(rel_fname, fname, row, name, KINDS[ROLE_DEFINITION]) for row in columns.rows[here].tolist()]
    return tags


def _bare_files(table: Table, file_scores: NDArray[np.float64], mentions: Mentions) -> list[RankedTag]:
    """Return the files of which no definition is listed: those with an edge by rank, then all that are left."""
    if not len(table.rel_fnames):
        return bare_files(table, file_scores, np.zeros(0, np.bool_), np.zeros(0, np.bool_), mentions)
    graph = table.graph
    defines = (np.diff(graph.definer_offsets.astype(np.int64)) > 0) | (graph.unreferenced_counts > 0)
    is_node = defines | (np.diff(graph.reference_offsets.astype(np.int64)) > 0)
    return bare_files(table, file_scores, is_node, defines, mentions)


def bare_files(
    table: Table,
    file_scores: NDArray[np.float64],
    is_node: NDArray[np.bool_],
    defines: NDArray[np.bool_],
    mentions: Mentions,
) -> list[RankedTag]:
    """Return the files to name alone: the nodes of a graph by their rank, then all other files of the map.

    Those that define something are left out, but for files of the chat.
    """
    defines = defines.copy()
    defines[[table.rows_by_fname[fname] for fname in mentions.chat_fnames if fname in table.rows_by_fname]] = False
    nodes = np.flatnonzero(is_node & ~defines)
    bare = [table.rel_fnames[row] for row in nodes[np.lexsort((nodes, -file_scores[nodes]))].tolist()]
    listed = {table.rel_fnames[row] for row in np.flatnonzero(defines).tolist()}
    return [(rel_fname,) for rel_fname in (*bare, *sorted(mentions.other_rel_fnames - listed - set(bare)))]
