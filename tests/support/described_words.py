"""All that the terms of a scan say, to compare two scans."""

from __future__ import annotations

import numpy as np

from repomap_fast.joining.words import FileWords


def describe_words(words: FileWords) -> dict[str, object]:
    """Return lengths, all pairs, and what is asked of some terms."""
    pairs: list[object] = [None] * len(words)
    hashes: set[int] = set()
    for columns, files in words._parts:
        of_pairs = [
            column.read(0, len(column)) for column in (columns.hashes, columns.name_counts, columns.rest_counts)
        ]
        for row, file_id in enumerate(files.tolist()):
            start, stop = columns.offsets[row : row + 2].tolist()
            if file_id >= 0:
                pairs[file_id] = [column[start:stop].tolist() for column in of_pairs]
                hashes |= set(of_pairs[0][start:stop].tolist())
    wanted = np.array([*sorted(hashes)[::3], 1, 2], np.uint32)
    weights = 1 + np.arange(len(wanted)) % 7.0
    return {
        "name lengths": words.name_lengths.tolist(),
        "rest lengths": words.rest_lengths.tolist(),
        "pairs": pairs,
        "frequencies": words.document_frequencies(wanted).tolist(),
        "scores": words.bm25(wanted, weights, k1=1.5, b=0.4, name_weight=8).tobytes(),
        "counts": [[column.tolist() for column in words.counts_in(file_id, wanted)] for file_id in range(len(words))],
    }
