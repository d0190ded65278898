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
from repomap_fast.tagging.words import count_terms, hash_terms

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
"""Definitions times terms, at most: counts of these are held at once."""


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
    n, n_terms = len(table), max(len(query), 1)
    if not n or not len(query):
        return np.zeros(n)
    names = count_terms(table.names.data, table.names.offsets, query.terms)
    rest, rest_lengths = _count_sources(query, table, result)
    of_names = names.texts.astype(np.int64) * n_terms + names.terms
    in_names = np.bincount(of_names, minlength=n * n_terms)
    in_classes = np.bincount(_of_classes(table, names.texts, names.terms, n_terms), minlength=n * n_terms)
    in_rest = np.maximum(np.bincount(rest, minlength=n * n_terms) - in_names, 0)
    places = np.flatnonzero(in_names + in_classes + in_rest)
    owners, terms = np.divmod(places, n_terms)
    counted = table.are_functions | table.are_classes
    k1, b = weights.text_k1, weights.text_b
    by_name = _length_factors(names.lengths, counted, b)
    by_rest = _length_factors(np.maximum(rest_lengths - names.lengths.astype(np.int64), 0), counted, b)
    frequencies = (
        weights.text_name * in_names[places] / by_name[owners]
        + weights.text_class * in_classes[places] / (1 - b)
        + in_rest[places] / by_rest[owners]
    )
    shares = query.values[terms] * (k1 + 1) * frequencies / (k1 + frequencies)
    return np.bincount(owners, shares, minlength=n).astype(np.float64)


def _length_factors(lengths: NDArray[np.integer], counted: NDArray[np.bool_], b: float) -> F64:
    """Return 1 - b + b * length / mean, the mean over the definitions that are counted."""
    mean = float(lengths[counted].mean()) if counted.any() else float(lengths.mean())
    factors: F64 = 1 - b + b * lengths.astype(np.float64) / max(mean, 1e-6)
    return factors


def _of_classes(table: DefinitionTable, owners: U32, terms: U32, n_terms: int) -> I64:
    """Return pairs of a definition and a term in the name of the class around it, as one number."""
    members = np.flatnonzero(table.parents != NO_PARENT)
    members = members[table.are_classes[table.parents[members]]]
    parents = table.parents[members]
    starts, stops = (np.searchsorted(owners, parents, side) for side in ("left", "right"))
    counts = stops - starts
    bounds = offsets_from(counts).astype(np.int64)
    hits = np.arange(int(bounds[-1])) + np.repeat(starts - bounds[:-1], counts)
    return np.repeat(members, counts) * n_terms + terms[hits]


def _count_sources(query: TextQuery, table: DefinitionTable, result: ScanResult) -> tuple[I64, I64]:
    """Return a pair of definition and term for each word in its text, and how many terms each text has.

    The text of a definition is its rows, those of definitions within it included; of a class, its rows without its
    methods and inner classes. Comments right above a definition belong to it.
    """
    n, n_terms = len(table), max(len(query), 1)
    text, bounds, owners = _owned_texts(table, result)
    found = count_terms(text, bounds, query.terms)
    outer = _outer(table)
    pairs, lengths = [np.empty(0, np.int64)], np.zeros(n, np.int64)
    of_words, terms, of_runs, run_lengths = owners[found.texts], found.terms.astype(np.int64), owners, found.lengths
    while (is_owned := of_runs >= 0).any():
        of_runs, run_lengths = of_runs[is_owned], run_lengths[is_owned]
        has_owner = of_words >= 0
        of_words, terms = of_words[has_owner], terms[has_owner]
        lengths += np.bincount(of_runs, run_lengths, minlength=n).astype(np.int64)
        pairs.append(of_words * n_terms + terms)
        of_words, of_runs = outer[of_words], outer[of_runs]
    return np.concatenate(pairs), lengths


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
