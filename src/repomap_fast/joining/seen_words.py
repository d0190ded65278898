"""The terms of files of which most were only looked at for the terms of one query, without a parse."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from repomap_fast.arrays import offsets_from
from repomap_fast.joining.words import FileWords, WordColumns
from repomap_fast.store.paged_column import PagedColumn
from repomap_fast.tables import I64, U8, U32

_BYTES_A_TERM = 8
"""Of a source, about: only the lengths of files by their mean count."""


class SeenWords(FileWords):
    """How often the terms of one query are in each file, as far as files were looked at.

    It answers as FileWords does. Of a file that was not parsed it does not know which terms are in names.
    """

    def __init__(self, columns: WordColumns, n_seen: int) -> None:
        """Take columns with a row for each file; ``n_seen`` files were looked at."""
        super().__init__([(columns, np.arange(len(columns.name_lengths), dtype=np.int64))], len(columns.name_lengths))
        self._n_seen = n_seen

    @classmethod
    def count(
        cls, hashes: U32, counts: U8, is_seen: NDArray[np.bool_], sizes_bytes: I64, parsed: FileWords, rows: I64
    ) -> SeenWords:
        """Return the terms of files.

        hashes  (n_terms,) uint32, rising.
        counts  (n_files, n_terms) uint8: how often each is in a file, if ``is_seen``.
        parsed  all terms of the files in ``rows``, which were parsed.
        """
        in_names, in_rest = np.zeros_like(counts), counts.copy()
        for row in rows.tolist():
            in_names[row], in_rest[row] = (np.minimum(column, 255) for column in parsed.counts_in(row, hashes))
        files, terms = np.nonzero(in_names | in_rest)
        name_lengths = np.full(len(counts), _mean(parsed.name_lengths[rows]), np.uint32)
        name_lengths[rows] = parsed.name_lengths[rows]
        columns = WordColumns(
            offsets_from(np.bincount(files, minlength=len(counts))),
            name_lengths,
            (sizes_bytes // _BYTES_A_TERM + 1).astype(np.uint32),
            PagedColumn(hashes[terms]),
            PagedColumn(in_names[files, terms]),
            PagedColumn(in_rest[files, terms]),
        )
        is_known = is_seen.copy()
        is_known[rows] = True
        return cls(columns, int(is_known.sum()))

    def document_frequencies(self, hashes: U32) -> I64:
        """Return about how many files have each of these terms: (n,) int64, by the files that were looked at."""
        of_seen = super().document_frequencies(hashes)
        scaled: I64 = np.rint(of_seen * (len(self) / max(self._n_seen, 1))).astype(np.int64)
        return scaled


def _mean(lengths: U32) -> int:
    return round(float(lengths.mean())) if len(lengths) else 0
