"""Terms of files: out of their blocks, and looked up for a query.

In: blocks (block.h), whose terms become columns; and those columns, some at a time. Out: the pairs of a file and a term
that is wanted, and sums over these. Compiled because each query reads every pair of a file and a term once.
"""
import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.string cimport memcpy

cimport cython
from block cimport Block, block_get, block_open
from interrupts cimport check_signals, count_steps

cdef enum:
    N_SLOTS = 1 << 16
    FILTER_WORDS = N_SLOTS // 64
    MOST_WANTED = 1 << 15
    PAIRS_AT_A_TIME = 1 << 12
    STEPS_A_HIT = 8             # of a nanosecond or so


def read_terms(list blocks not None):
    """Return the columns of terms of some blocks.

    n_terms, name_lengths, rest_lengths  (n_files,) uint32.
    hashes, name_counts, rest_counts     (n_pairs,) uint32, uint8, uint8: those of file f after those before.

    Raises ValueError for what is no block.
    """
    cdef Py_ssize_t i, n_files = len(blocks)
    cdef uint64_t n_pairs = 0, first = 0, n_steps = 0
    cdef uint32_t j
    cdef Block block
    cdef const uint8_t[::1] data
    n_terms, name_lengths, rest_lengths = (np.zeros(n_files, np.uint32) for _ in range(3))
    cdef uint32_t[::1] n_terms_out = n_terms, name_lengths_out = name_lengths, rest_lengths_out = rest_lengths
    for i in range(n_files):
        data = blocks[i]
        if data.shape[0] == 0:
            continue
        if not block_open(&data[0], data.shape[0], &block):
            raise ValueError(f"block {i} of {n_files} is none")
        n_terms_out[i] = block.n_terms
        name_lengths_out[i], rest_lengths_out[i] = block.name_length, block.rest_length
        n_pairs += block.n_terms
    hashes, name_counts, rest_counts = (np.empty(n_pairs, dtype) for dtype in (np.uint32, np.uint8, np.uint8))
    cdef uint32_t[::1] hashes_out = hashes
    cdef uint8_t[::1] name_counts_out = name_counts, rest_counts_out = rest_counts
    for i in range(n_files):
        data = blocks[i]
        if n_terms_out[i] == 0 or not block_open(&data[0], data.shape[0], &block):
            continue
        with nogil:
            count_steps(&n_steps, block.n_terms)
            for j in range(block.n_terms):
                hashes_out[first + j] = block_get(block.term_hashes, j, 4)
            memcpy(&name_counts_out[first], block.name_counts, block.n_terms)
            memcpy(&rest_counts_out[first], block.rest_counts, block.n_terms)
        first += block.n_terms
    return n_terms, name_lengths, rest_lengths, hashes, name_counts, rest_counts


@cython.final
cdef class WantedTerms:
    """Terms that are looked for, by their hashes."""

    cdef const uint32_t[::1] hashes
    cdef uint64_t[FILTER_WORDS] filter      # a bit for the lowest bits of each hash: most others are passed by it
    cdef uint16_t[N_SLOTS] slots            # a row of hashes + 1; 0: free

    def __cinit__(self, const uint32_t[::1] hashes not None):
        """Take hashes, (n,) uint32, each once. Raises ValueError for more than 32,768."""
        cdef Py_ssize_t i
        cdef uint32_t slot
        if hashes.shape[0] > MOST_WANTED:
            raise ValueError(f"{hashes.shape[0]} terms; expected at most {MOST_WANTED}")
        self.hashes = hashes
        for i in range(hashes.shape[0]):
            slot = hashes[i] % N_SLOTS
            self.filter[slot >> 6] |= <uint64_t>1 << (slot & 63)
            while self.slots[slot]:
                slot = (slot + 1) % N_SLOTS
            self.slots[slot] = <uint16_t>(i + 1)

    cdef inline int64_t find(self, uint32_t hash) noexcept nogil:
        """Return the row of a hash, or -1; most hashes that the filter lets pass are there."""
        cdef uint32_t slot = hash % N_SLOTS
        while self.slots[slot]:
            if self.hashes[self.slots[slot] - 1] == hash:
                return self.slots[slot] - 1
            slot = (slot + 1) % N_SLOTS
        return -1

    def find_pairs(
        self, const uint32_t[::1] hashes not None, const uint8_t[::1] name_counts not None,
        const uint8_t[::1] rest_counts not None, uint64_t first, const uint64_t[::1] offsets not None,
        const int64_t[::1] files not None,
    ):
        """Return those of some pairs whose term is wanted: files, terms (n,) uint32, name and rest counts (n,) uint8.

        hashes, name_counts, rest_counts  (n_pairs,) of the pairs from ``first`` on.
        offsets                           (n_rows + 1,) uint64: row r has the pairs ``offsets[r]:offsets[r + 1]``.
        files                             (n_rows,) int64: the file of each row; -1 leaves its pairs out.

        ``terms`` are rows of the wanted ones. Raises ValueError for columns that do not fit. Releases the GIL.
        """
        cdef Py_ssize_t n = hashes.shape[0], start = 0, end, i, k, n_passed, n_hits = 0, row
        cdef uint16_t[PAIRS_AT_A_TIME] passed
        cdef uint32_t hash
        cdef int64_t term
        cdef uint64_t n_steps = 0
        if name_counts.shape[0] != n or rest_counts.shape[0] != n or offsets.shape[0] != files.shape[0] + 1:
            raise ValueError("columns of terms that do not fit each other")
        row = int(np.searchsorted(offsets, first, "right")) - 1
        check_signals()
        file_column, term_column = np.empty(n, np.uint32), np.empty(n, np.uint32)
        names, rest = np.empty(n, np.uint8), np.empty(n, np.uint8)
        cdef uint32_t[::1] files_out = file_column, terms_out = term_column
        cdef uint8_t[::1] names_out = names, rest_out = rest
        with nogil:
            while start < n:
                end = min(n, start + PAIRS_AT_A_TIME)
                count_steps(&n_steps, end - start)
                n_passed = 0
                # No branch: which pairs pass is hard to predict.
                for i in range(start, end):
                    hash = hashes[i]
                    passed[n_passed] = <uint16_t>(i - start)
                    n_passed += self.filter[(hash % N_SLOTS) >> 6] >> (hash & 63) & 1
                for k in range(n_passed):
                    i = start + passed[k]
                    term = self.find(hashes[i])
                    if term < 0:
                        continue
                    while row + 1 < files.shape[0] and offsets[row + 1] <= first + i:
                        row += 1
                    if 0 <= row < files.shape[0] and files[row] >= 0:
                        files_out[n_hits] = <uint32_t>files[row]
                        terms_out[n_hits] = <uint32_t>term
                        names_out[n_hits] = name_counts[i]
                        rest_out[n_hits] = rest_counts[i]
                        n_hits += 1
                start = end
        return tuple(column[:n_hits].copy() for column in (file_column, term_column, names, rest))


def add_bm25(
    double[::1] scores not None, const uint32_t[::1] files not None, const uint32_t[::1] terms not None,
    const uint8_t[::1] name_counts not None, const uint8_t[::1] rest_counts not None,
    const double[::1] name_factors not None, const double[::1] rest_factors not None,
    const double[::1] weights not None, double k1,
):
    """Add to the scores of files what some of their pairs give: ``weight (k1 + 1) tf / (k1 + tf)``.

    scores                      (n_files,) float64, changed.
    files, terms, ..._counts    as ``find_pairs`` gives them.
    name_factors, rest_factors  (n_files,) float64: what a term in the names, and in the rest, counts.
    weights                     (n_terms,) float64; terms of weight 0 are passed over.

    Raises ValueError for columns that do not fit. Releases the GIL.
    """
    cdef Py_ssize_t i, n = files.shape[0]
    cdef uint64_t n_steps = 0
    cdef uint32_t file
    cdef double tf, weight
    if terms.shape[0] != n or name_counts.shape[0] != n or rest_counts.shape[0] != n:
        raise ValueError("columns of pairs that do not fit each other")
    if name_factors.shape[0] != scores.shape[0] or rest_factors.shape[0] != scores.shape[0]:
        raise ValueError("columns of files that do not fit each other")
    with nogil:
        for i in range(n):
            count_steps(&n_steps, STEPS_A_HIT)
            file = files[i]
            if file >= scores.shape[0] or terms[i] >= weights.shape[0]:
                continue
            weight = weights[terms[i]]
            if weight != 0:
                tf = name_counts[i] * name_factors[file] + rest_counts[i] * rest_factors[file]
                scores[file] += weight * ((k1 + 1) * tf / (k1 + tf))
