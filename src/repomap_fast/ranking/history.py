"""What the last commits say of the files of a scan: how long ago each changed, how often, and in which commits whose
messages have the words of a query.

A commit of many files says little of each. All sums are made in one order: the same commits give the same floats.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from repomap_fast.tagging.words import count_terms

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from repomap_fast.discovery.git_history import History
    from repomap_fast.tables import I64, StringTable

    F64 = NDArray[np.float64]

_MAX_FILES = 30
"""A commit that changed more files of the scan does not count as their last change."""
_MAX_FILES_OF_MESSAGE = 10
"""The message of a commit that changed more describes none of them."""
_N_BEST = 50
"""Messages that give their files a score."""
_HALF_LIFE = 1500.0
"""Of a message's score, in messages that are newer."""
_K1, _B = 1.2, 0.75
"""Of BM25: how soon repeating a term stops to count, and how much the length of a message counts."""


class FileHistory(NamedTuple):
    """Which commits of a history changed which files of a scan.

    n_files      how many files the scan has.
    history      its commits are numbered from the newest, 0.
    file_counts  (n_commits,) int64: how many files of the scan each commit changed; 0 where that is not known.
    commits      (n_changes,) int64, rising: number of the commit of each change.
    files        (n_changes,) int64: file of each change.
    """

    n_files: int
    history: History
    file_counts: I64
    commits: I64
    files: I64

    @classmethod
    def of(cls, history: History, paths: StringTable) -> Self:
        """Find the files of a scan, which has these paths, in the history of its root."""
        rows = _rows_of(history.paths, paths)[history.path_ids]
        n_commits = len(history)
        commits = np.repeat(np.arange(n_commits, dtype=np.int64), np.diff(history.path_offsets).astype(np.int64))
        is_in_scan = rows >= 0
        commits, files = commits[is_in_scan], rows[is_in_scan]
        return cls(len(paths), history, np.bincount(commits, minlength=n_commits), commits, files)

    def ages(self) -> F64:
        """Return (n_files,) float64: how many commits are newer than the last change of each file.

        A file that no commit of at most 30 files changed is as old as the history is long.
        """
        ages = np.full(self.n_files, len(self.history), np.int64)
        counts = self.file_counts[self.commits] <= _MAX_FILES
        np.minimum.at(ages, self.files[counts], self.commits[counts])
        return ages.astype(np.float64)

    def often(self, half_life: float = 200.0) -> F64:
        """Return (n_files,) float64: how often each file was changed.

        A change counts half as much for every ``half_life`` commits that are newer; one of more than 30 files is none.
        """
        worth = np.array([0.5 ** (age / half_life) for age in range(len(self.history))], np.float64)
        counts = self.file_counts[self.commits] <= _MAX_FILES
        often: F64 = np.bincount(self.files[counts], worth[self.commits[counts]], self.n_files).astype(np.float64)
        return often

    def n_changes(self, start_s: int = 0) -> I64:
        """Return (n_files,) int64: how many commits changed each file.

        start_s  count commits from then on, in seconds since 1970. A commit of more than 30 files does not count.
        """
        counts = (self.file_counts[self.commits] <= _MAX_FILES) & (self.history.times_s[self.commits] >= start_s)
        n_changes: I64 = np.bincount(self.files[counts], minlength=self.n_files)
        return n_changes

    def message_scores(self, terms: Sequence[bytes], weights: F64, *, common: Sequence[bytes] = ()) -> F64:
        """Return (n_files,) float64: how well the messages of the commits that changed each file fit a query.

        terms    the terms of the query, each once, as ``words.terms_in`` gives them.
        weights  (n_terms,) float64: what each counts before its rarity among the messages.
        common   others, each once, that do not make a message longer.

        The best fifty messages by BM25, of commits that changed at most ten files, give a score to these files.
        """
        scores = np.zeros(self.n_files, np.float64)
        documents = np.flatnonzero((self.file_counts > 0) & (self.file_counts <= _MAX_FILES_OF_MESSAGE))
        if not len(documents) or not terms:
            return scores
        fits = self._fits(documents, terms, weights, common)
        starts = np.searchsorted(self.commits, documents)
        best = np.argsort(-fits, kind="stable")[:_N_BEST].tolist()
        largest = float(fits[best[0]])
        for number in best:
            if fits[number] <= 0:
                break
            n_files, start = int(self.file_counts[documents[number]]), int(starts[number])
            vote = (float(fits[number]) / largest) ** 2 / math.sqrt(n_files) * 0.5 ** (number / _HALF_LIFE)
            # A commit names a file once.
            scores[self.files[start : start + n_files]] += vote
        return scores

    def _fits(self, documents: NDArray[np.intp], terms: Sequence[bytes], weights: F64, common: Sequence[bytes]) -> F64:
        """Return (n_documents,) float64: BM25 of the messages of these commits."""
        messages = self.history.messages
        hits = count_terms(messages.data, messages.offsets, [*terms, *common])
        n, n_terms = len(documents), len(terms)
        rows = np.full(len(messages), -1, np.int64)
        rows[documents] = np.arange(n)
        texts = rows[hits.texts]
        is_wanted = hits.terms < n_terms
        n_common = np.bincount(hits.texts[~is_wanted], minlength=len(messages))
        keys = (texts * n_terms + hits.terms)[is_wanted & (texts >= 0)]
        counts = np.bincount(keys, minlength=n * n_terms)
        places = np.flatnonzero(counts)
        found, of_terms = np.divmod(places, n_terms)
        frequencies = np.bincount(of_terms, minlength=n_terms).tolist()
        rarities = np.array([math.log(1 + (n - count + 0.5) / (count + 0.5)) for count in frequencies], np.float64)
        lengths = (hits.lengths[documents] - n_common[documents]).astype(np.float64)
        mean = float(lengths.mean()) or 1.0
        tf = counts[places].astype(np.float64)
        tf *= (_K1 + 1) / (tf + _K1 * (1 - _B + _B / mean * lengths[found]))
        fits: F64 = np.bincount(found, (weights * rarities)[of_terms] * tf, n).astype(np.float64)
        return fits


def _rows_of(wanted: StringTable, paths: Iterable[bytes]) -> I64:
    """Return (n_wanted,) int64: where each string stands among ``paths``, or -1."""
    numbers = {path: number for number, path in enumerate(wanted)}
    # One that stands there twice, as in no history of git, has its number once.
    rows = np.full(len(wanted), -1, np.int64)
    for row, path in enumerate(paths):
        number = numbers.get(path)
        if number is not None:
            rows[number] = row
    return rows
