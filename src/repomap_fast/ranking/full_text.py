"""Full text: how well the words of files and definitions fit the words of a query.

Scores are BM25 with weighted fields (Robertson, Zaragoza, Taylor: Simple BM25 extension to multiple weighted fields,
2004). Files are scored by the words that the scan has counted. Definitions are scored by their source text, which is
read again: only a hundred files or so need it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import distinct, offsets_from
from repomap_fast.ranking import _definitions
from repomap_fast.ranking.definitions import NO_PARENT
from repomap_fast.tables import I64, U8, U32, U64
from repomap_fast.tagging.source_text import source_text
from repomap_fast.tagging.words import TermHits, count_terms, hash_terms

if TYPE_CHECKING:
    from repomap_fast.joining.result import ScanResult
    from repomap_fast.joining.words import FileWords
    from repomap_fast.ranking.definitions import DefinitionTable
    from repomap_fast.tables import StringTable
    from repomap_fast.weights import Weights

F64: TypeAlias = NDArray[np.float64]

MOST_TERMS = 128
"""Terms of a query that count, the best by weight and rarity: an issue may hold a log of a megabyte."""
_MOST_ASKED = 4_096
"""Terms of a query that are looked up, the ones with the largest weights."""
_MOST_TEXT_BYTES = 16 << 20
"""Source that is read again for one query."""
_MOST_CELLS = 8 << 20
"""Definitions times terms, at most, but that those of one file all count."""
_CELLS_AT_ONCE = 1 << 20
"""Definitions times terms whose counts are held at once, some hundred bytes each; one term of all of them at least."""


@dataclass(frozen=True, slots=True, eq=False)
class TextQuery:
    """The terms of a query that count, in the order of the query.

    terms    as ``tagging.words.terms_in`` makes them.
    hashes   (n,) uint32.
    weights  (n,) float64: what each counts in the query.
    rarity   (n,) float64: ln(1 + (N - df + 1/2) / (df + 1/2)), where df of the N files have the term.
    paths    (n_files,) float64: the sum of weight times rarity among paths, of the terms in each file's path.
    """

    terms: tuple[bytes, ...]
    hashes: U32
    weights: F64
    rarity: F64
    paths: F64

    @classmethod
    def of(cls, term_weights: Mapping[bytes, float], words: FileWords, paths: StringTable) -> Self:
        """Choose the terms of a query by their weights and their rarity in a repository. Raises IndexDamagedError."""
        terms = np.array(list(term_weights), object)
        weights = np.array(list(term_weights.values()), np.float64)
        if len(terms) > _MOST_ASKED:
            kept = np.sort(np.argsort(-weights, kind="stable")[:_MOST_ASKED])
            terms, weights = terms[kept], weights[kept]
        hashes = hash_terms(terms.tolist())
        n_files, counts = len(words), words.document_frequencies(hashes)
        files, in_paths = _terms_in_paths(paths, terms.tolist())
        path_counts = np.bincount(in_paths, minlength=len(hashes))
        rarity = _rarity(counts, n_files)
        kept = np.flatnonzero((counts > 0) | (path_counts > 0))
        if len(kept) > MOST_TERMS:
            values = (weights * rarity)[kept]
            kept = np.sort(kept[np.argsort(-values, kind="stable")[:MOST_TERMS]])
        is_kept = np.zeros(len(hashes), np.bool_)
        is_kept[kept] = True
        worth = np.where(is_kept, weights * _rarity(path_counts, n_files), 0.0)
        of_paths = np.bincount(files, worth[in_paths], minlength=n_files).astype(np.float64)
        return cls(tuple(terms[kept].tolist()), hashes[kept], weights[kept], rarity[kept], of_paths)

    def __len__(self) -> int:
        return len(self.terms)

    @property
    def values(self) -> F64:
        """What each term counts: its weight times its rarity."""
        return self.weights * self.rarity


def _rarity(counts: I64, n: int) -> F64:
    rarity: F64 = np.log(1 + (n - counts + 0.5) / (counts + 0.5))
    return rarity


def _terms_in_paths(paths: StringTable, terms: list[bytes]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return file and term for each term that a path has, each pair once."""
    found = count_terms(paths.data, paths.offsets, terms)
    pairs = distinct(found.texts.astype(np.int64) * max(len(terms), 1) + found.terms)
    return np.divmod(pairs, max(len(terms), 1))


def file_texts(query: TextQuery, words: FileWords, weights: Weights) -> F64:
    """Return how well the words of each file fit: (n_files,) float64. Raises IndexDamagedError."""
    return words.bm25(query.hashes, query.values, k1=weights.text_k1, b=weights.text_b, name_weight=weights.text_name)


def definition_texts(query: TextQuery, table: DefinitionTable, result: ScanResult, weights: Weights) -> F64:
    """Return how well the text of each definition of a table fits the words of a query: (n,) float64.

    The source of the table's files is read again. A file that is gone, or has changed its size a lot, counts by its
    names alone.
    """
    n, n_terms = len(table), len(query)
    if not n or not n_terms:
        return np.zeros(n)
    names = count_terms(table.names.data, table.names.offsets, query.terms)
    owners, rest = _count_sources(query, table, result)
    outer, members = _outer(table), _members_of_classes(table)
    lengths = np.bincount(owners, rest.lengths, minlength=n + 1)[:n].astype(np.int64)
    _definitions.add_to_outer(lengths, outer)
    counted = table.are_functions | table.are_classes
    k1, b = weights.text_k1, weights.text_b
    by_name = _length_factors(names.lengths, counted, b)
    by_rest = _length_factors(np.maximum(lengths - names.lengths.astype(np.int64), 0), counted, b)
    scores, width = np.zeros(n), max(_CELLS_AT_ONCE // n, 1)
    for first in range(0, n_terms, width):
        stop = min(first + width, n_terms)
        in_names = _counts(names.texts, names.terms, first, stop, n)
        in_classes = np.zeros_like(in_names)
        in_classes[members] = in_names[table.parents[members]]
        in_rest = _counts(rest.texts, rest.terms, first, stop, n, owners)
        _definitions.add_to_outer(in_rest.reshape(-1), outer)
        in_rest = np.maximum(in_rest - in_names, 0)
        found = np.nonzero(in_names + in_classes + in_rest)
        rows, terms = found
        frequencies = (
            weights.text_name * in_names[found] / by_name[rows]
            + weights.text_class * in_classes[found] / (1 - b)
            + in_rest[found] / by_rest[rows]
        )
        # One after another, in the order of the terms: the sums are the same for every width.
        np.add.at(scores, rows, query.values[first:stop][terms] * (k1 + 1) * frequencies / (k1 + frequencies))
    return scores


def _length_factors(lengths: NDArray[np.integer], counted: NDArray[np.bool_], b: float) -> F64:
    """Return 1 - b + b * length / mean, the mean over the definitions that are counted."""
    mean = float(lengths[counted].mean()) if counted.any() else float(lengths.mean())
    factors: F64 = 1 - b + b * lengths.astype(np.float64) / max(mean, 1e-6)
    return factors


def _members_of_classes(table: DefinitionTable) -> NDArray[np.intp]:
    """Return the definitions that stand in a class."""
    members = np.flatnonzero(table.parents != NO_PARENT)
    return members[table.are_classes[table.parents[members]]]


def _counts(texts: U32, terms: U32, first: int, stop: int, n: int, owners: I64 | None = None) -> I64:
    """Return how often each of ``n`` definitions has each of the terms ``first:stop``: (n, stop - first) int64.

    texts, terms  (n_hits,) of each occurrence, as ``TermHits`` has them.
    owners        (n_texts,) the definition that each text is of, ``n`` for none; None where they are the definitions.
    """
    here = (terms >= first) & (terms < stop)
    rows = texts[here].astype(np.int64) if owners is None else owners[texts[here]]
    width = stop - first
    counts = np.bincount(rows * width + (terms[here] - np.uint32(first)), minlength=(n + 1) * width)
    return counts[: n * width].reshape(n, width)


def _count_sources(query: TextQuery, table: DefinitionTable, result: ScanResult) -> tuple[I64, TermHits]:
    """Return runs of the table's sources: the definition that owns each, the table's length for none, and its terms.

    The text of a definition is its runs, and those of definitions within it; of a class, its runs without those of its
    methods and inner classes. Comments right above a definition belong to it.
    """
    text, bounds, owners = _owned_texts(table, result)
    return np.where(owners < 0, len(table), owners), count_terms(text, bounds, query.terms)


def _owned_texts(table: DefinitionTable, result: ScanResult) -> tuple[U8, U64, I64]:
    """Return the sources of a table's files, one behind the other, the bounds of runs of them, and the owner of each.

    The owners are (n_runs,) definitions of the table; -1 for none.
    """
    table_rows = result.file_table.rows_with_language()[table.file_ids]
    has_any = np.diff(table.bounds) > 0
    paths = map(result.file_table.paths.__getitem__, table_rows[has_any].tolist())
    read = (source_text(text or b"") for text in result.contents.read_each(paths, _MOST_TEXT_BYTES))
    texts = [next(read) if is_read else b"" for is_read in has_any.tolist()]
    data = np.frombuffer(b"".join(texts), np.uint8)
    text_offsets = offsets_from(np.array([len(text) for text in texts], np.int64))
    return data, *_definitions.owned_runs(data, text_offsets, table.bounds, table.rows, table.end_rows, table.parents)


def _outer(table: DefinitionTable) -> I64:
    """Return of each definition the one around it whose text includes its own; -1 for none."""
    parents = table.parents
    of_class = (parents >= 0) & table.are_classes[parents]
    return np.where(of_class & (table.are_functions | table.are_classes), -1, parents)


def most_definitions(query: TextQuery) -> int:
    """Return how many definitions ``definition_texts`` may be asked for."""
    return _MOST_CELLS // max(len(query), 1)


def best_of_files(scores: F64, files: I64, n_files: int) -> F64:
    """Return for each file its three best scores, the best first; 0 for what it does not have: (n_files, 3) float64.

    files  (n,) of each score, rising.
    """
    order = np.lexsort((-scores, files))
    slots = np.arange(len(scores)) - np.searchsorted(files, np.arange(n_files))[files]
    is_best = slots < 3
    best = np.zeros((n_files, 3))
    best[files[is_best], slots[is_best]] = scores[order[is_best]]
    return best
