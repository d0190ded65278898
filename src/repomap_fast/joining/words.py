"""The terms of files: which files have the terms of a query, how often, and how well each file fits by that.

Each query reads the columns of terms once, a megabyte at a time, and never holds those of a large repository whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Self, TypeAlias

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import distinct, distinct_places, offsets_from
from repomap_fast.errors import IndexDamagedError
from repomap_fast.joining import _words
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import I64, U8, U32, U64

if TYPE_CHECKING:
    from repomap_fast.store.columns import Columns, ColumnWriter

F64: TypeAlias = NDArray[np.float64]

_OF_FILES: dict[str, type[np.generic]] = {
    "word_offsets": np.uint64,
    "word_name_lengths": np.uint32,
    "word_rest_lengths": np.uint32,
}
_OF_PAIRS: dict[str, type[np.generic]] = {
    "word_hashes": np.uint32,
    "word_name_counts": np.uint8,
    "word_rest_counts": np.uint8,
}
_PAIRS_AT_A_TIME = 1 << 18
_MOST_HELD_PAIRS = 1_000_000
"""Pairs of columns that stay in memory once they are read, of 6 bytes each: those of about 10,000 files."""
_MOST_KEPT_PAIRS = 4_000_000
"""Pairs of the last query that stay in memory, of 10 bytes each."""


class WordColumns(NamedTuple):
    """The columns of terms that one join wrote.

    offsets       (n_rows + 1,) uint64: the file in row r has the pairs ``offsets[r]:offsets[r + 1]``.
    name_lengths  (n_rows,) uint32: terms in the names of its definitions, each as often as it is there.
    rest_lengths  (n_rows,) uint32: terms in all the rest.
    hashes        (n_pairs,) uint32: the terms of a file, rising.
    name_counts   (n_pairs,) uint8: how often the term is in these names; 255 for more.
    rest_counts   (n_pairs,) uint8: how often it is in the rest.
    """

    offsets: U64
    name_lengths: U32
    rest_lengths: U32
    hashes: PagedColumn
    name_counts: PagedColumn
    rest_counts: PagedColumn

    @classmethod
    def of(cls, columns: Columns) -> Self:
        """Take the columns that a join wrote. Raises IndexDamagedError."""
        offsets, name_lengths, rest_lengths = (columns.array(name, dtype) for name, dtype in _OF_FILES.items())
        hashes, name_counts, rest_counts = (columns.paged(name, dtype) for name, dtype in _OF_PAIRS.items())
        taken = cls(offsets, name_lengths, rest_lengths, hashes, name_counts, rest_counts)
        n_rows = len(taken.name_lengths)
        if (
            len(taken.offsets) != n_rows + 1
            or len(taken.rest_lengths) != n_rows
            or taken.offsets[0] != 0
            or (taken.offsets[1:] < taken.offsets[:-1]).any()
            or any(len(column) != taken.offsets[-1] for column in (hashes, name_counts, rest_counts))
        ):
            raise IndexDamagedError("the columns of terms do not fit each other")
        return taken

    @classmethod
    def empty(cls, n_rows: int) -> Self:
        """Return the columns of files without any term."""
        none = PagedColumn(np.empty(0, np.uint32)), *(PagedColumn(np.empty(0, np.uint8)) for _ in range(2))
        lengths = np.zeros(n_rows, np.uint32)
        return cls(np.zeros(n_rows + 1, np.uint64), lengths, lengths, *none)


class WordWriter:
    """Writes the columns of terms, some blocks at a time."""

    def __init__(self, out: ColumnWriter) -> None:
        self._out = out
        self._n_pairs = 0
        out.append("word_offsets", np.zeros(1, np.uint64))

    def add(self, blocks: list[bytes]) -> None:
        """Write the rows of the next files; an empty block stands for a file without. Raises OSError of ``out``."""
        n_terms, name_lengths, rest_lengths, hashes, name_counts, rest_counts = _words.read_terms(blocks)
        self._out.append("word_offsets", offsets_from(n_terms)[1:] + np.uint64(self._n_pairs))
        self._n_pairs += int(n_terms.sum())
        self._out.append("word_name_lengths", name_lengths)
        self._out.append("word_rest_lengths", rest_lengths)
        self._out.append("word_hashes", hashes)
        self._out.append("word_name_counts", name_counts)
        self._out.append("word_rest_counts", rest_counts)


class _Pairs(NamedTuple):
    """Some pairs of a file and a wanted term: columns as ``WantedTerms.find_pairs`` returns them."""

    files: U32
    terms: U32
    name_counts: U8
    rest_counts: U8


class _Found(NamedTuple):
    """The pairs of some terms, whose hashes rise."""

    hashes: U32
    pairs: list[_Pairs]


class FileWords:
    """How often each term is in each file: in the names of its definitions, and in all the rest.

    Files are those that have a language, in the order of their paths; those of a graph. Terms are asked for by their
    hashes, see ``hash_terms``. All columns are read when they are asked for; every call raises IndexDamagedError.

    name_lengths  (n_files,) uint32: terms in the names of the definitions, each as often as it is there.
    rest_lengths  (n_files,) uint32: terms in all the rest.
    """

    def __init__(self, parts: Sequence[tuple[WordColumns, I64]], n_files: int) -> None:
        """Take columns, each with the file of each of its rows: (n_rows,) int64, -1 for a file that is gone.

        Every file has one row in one of them.
        """
        self._parts = list(parts)
        self._n_files = n_files
        self._found: _Found | None = None
        self.name_lengths = self._gather([columns.name_lengths for columns, _ in self._parts])
        self.rest_lengths = self._gather([columns.rest_lengths for columns, _ in self._parts])

    @classmethod
    def of(cls, columns: WordColumns) -> Self:
        """Return the terms of the files whose rows these are, one after another."""
        n_files = len(columns.name_lengths)
        return cls([(columns, np.arange(n_files, dtype=np.int64))], n_files)

    def __len__(self) -> int:
        return self._n_files

    def __getstate__(self) -> dict[str, Any]:
        return {**self.__dict__, "_found": None}

    def document_frequencies(self, hashes: U32) -> I64:
        """Return how many files have each of these terms: (n,) int64."""
        firsts, which = distinct_places(hashes)
        rising = hashes[firsts]
        counts: I64 = np.zeros(len(rising), np.int64)
        for pairs in self._find(rising):
            counts += np.bincount(pairs.terms, minlength=len(rising))
        return counts[which]

    def bm25(self, hashes: U32, weights: F64, *, k1: float, b: float, name_weight: float) -> F64:
        """Return how well each file fits some terms by BM25 of two fields: (n_files,) float64.

        A field with the length ``l`` counts its terms ``1 / (1 - b + b l / mean)`` times, those of names
        ``name_weight`` times as much. A term that counts ``tf`` in all gives ``weight (k1 + 1) tf / (k1 + tf)``.
        Weights, (n_terms,), are with the rarity of the term; those of equal terms add up.
        """
        firsts, which = distinct_places(hashes)
        rising = hashes[firsts]
        summed: F64 = np.zeros(len(rising))
        np.add.at(summed, which, weights)
        scores: F64 = np.zeros(self._n_files)
        name_factors = name_weight * _field_factors(self.name_lengths, b)
        rest_factors = _field_factors(self.rest_lengths, b)
        found = self._found
        if found is not None and _is_within(rising, found.hashes):
            # Those of the others weigh nothing.
            of_found: F64 = np.zeros(len(found.hashes))
            of_found[np.searchsorted(found.hashes, rising)] = summed
            all_pairs, summed = iter(found.pairs), of_found
        else:
            all_pairs = self._find(rising)
        for pairs in all_pairs:
            _words.add_bm25(scores, *pairs, name_factors, rest_factors, summed, k1)
        return scores

    def counts_in(self, file_id: int, hashes: U32) -> tuple[U32, U32]:
        """Return how often a file has these terms, in its names and in the rest: two of (n,) uint32; 255 for more."""
        for columns, files in self._parts:
            for row in np.flatnonzero(files == file_id).tolist():
                start, stop = columns.offsets[row : row + 2].tolist()
                of_file = columns.hashes.read(start, stop)
                places = np.minimum(np.searchsorted(of_file, hashes), max(len(of_file), 1) - 1)
                is_there = of_file[places] == hashes if len(of_file) else np.zeros(len(hashes), np.bool_)
                counts = [column.read(start, stop) for column in (columns.name_counts, columns.rest_counts)]
                in_names, in_rest = (np.zeros(len(hashes), np.uint32) for _ in counts)
                in_names[is_there], in_rest[is_there] = (column[places[is_there]] for column in counts)
                return in_names, in_rest
        raise IndexError(f"file {file_id} of {self._n_files}")

    def files_with(self, hashes: U32) -> tuple[I64, I64]:
        """Return the pairs of a file and one of these terms that it has: two of (n,) int64.

        The terms are numbered by their rising hashes.
        """
        found = list(self._find(distinct(hashes)))
        files, terms = (
            np.concatenate([np.empty(0, np.int64), *columns])
            for columns in ([pairs.files for pairs in found], [pairs.terms for pairs in found])
        )
        return files, terms

    def has_all(self, hashes: U32) -> NDArray[np.bool_]:
        """Return whether each file has all of these terms: (n_files,) bool. Raises IndexDamagedError."""
        rising = distinct(hashes)
        n_found: I64 = np.zeros(self._n_files, np.int64)
        for pairs in self._find(rising):
            n_found += np.bincount(pairs.files, minlength=self._n_files)
        is_there: NDArray[np.bool_] = n_found == len(rising)
        return is_there

    def _find(self, rising: U32) -> Iterator[_Pairs]:
        """Yield the pairs of these terms, and keep them for the next call if they are few."""
        if self._found is not None and np.array_equal(self._found.hashes, rising):
            yield from self._found.pairs
            return
        self._found = None
        kept: list[_Pairs] = []
        n_kept = 0
        for pairs in self._scan(_words.WantedTerms(rising)):
            n_kept += len(pairs.files)
            if n_kept <= _MOST_KEPT_PAIRS:
                kept.append(pairs)
            else:
                kept.clear()
            yield pairs
        if n_kept <= _MOST_KEPT_PAIRS:
            self._found = _Found(rising, kept)

    def _scan(self, wanted: _words.WantedTerms) -> Iterator[_Pairs]:
        for columns, files in self._parts:
            n_pairs = int(columns.offsets[-1])
            of_pairs = columns.hashes, columns.name_counts, columns.rest_counts
            read = [column.rows if n_pairs <= _MOST_HELD_PAIRS else column.read for column in of_pairs]
            for start in range(0, n_pairs, _PAIRS_AT_A_TIME):
                stop = min(start + _PAIRS_AT_A_TIME, n_pairs)
                hashes, names, rest = (read_column(start, stop) for read_column in read)
                yield _Pairs(*wanted.find_pairs(hashes, names, rest, start, columns.offsets, files))

    def _gather(self, of_parts: list[U32]) -> U32:
        gathered: U32 = np.zeros(self._n_files, np.uint32)
        for (_, files), column in zip(self._parts, of_parts, strict=True):
            gathered[files[files >= 0]] = column[files >= 0]
        return gathered


def _field_factors(lengths: U32, b: float) -> F64:
    """Return what one term of a field counts in each file; 1 where no file has any."""
    mean = float(lengths.mean()) if len(lengths) else 0.0
    relative = lengths / mean if mean else np.ones(len(lengths))
    norms = 1 - b + b * relative
    # Only a field without any term has a norm of 0.
    factors: F64 = 1 / np.where(norms > 0, norms, 1)
    return factors


def _is_within(rising: U32, others: U32) -> bool:
    places = np.searchsorted(others, rising)
    return bool((places < len(others)).all()) and np.array_equal(others[places], rising)
