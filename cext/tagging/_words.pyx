"""Terms of texts that are in memory: which there are, and where those that are wanted occur.

In: bytes. Out: terms, their hashes, and the occurrences of wanted ones. The words of files are counted by ``_tagger``,
by the same rules (words.h). Compiled because it reads every byte of the texts of a query's best files.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memset

from checks cimport are_bounds
from columns cimport reserve
from interrupts cimport check_signals, count_steps
from wanted_words cimport FoundWords, WantedWords, wanted_add, wanted_read, wanted_start
from words cimport WordTerms, word_cut, word_hash, word_next

cdef enum:
    STEPS_A_TERM = 32           # of making it, in steps of a nanosecond or so


def terms_in(const uint8_t[::1] text not None):
    """Return the terms of a text as a list of bytes, in order."""
    cdef size_t position = 0, start, size = text.shape[0]
    cdef uint64_t n_steps = 0
    cdef uint32_t i
    cdef WordTerms terms
    found = []
    if size == 0:
        return found
    while word_next(&text[0], size, &position, &start):
        word_cut(&text[start], position - start, &terms)
        count_steps(&n_steps, STEPS_A_TERM * (terms.n + 1))
        for i in range(terms.n):
            found.append((<const char *>terms.text + terms.starts[i])[:terms.sizes[i]])
    return found


def hash_terms(list terms not None):
    """Return the hashes of terms (bytes): (n,) uint32."""
    cdef Py_ssize_t i
    cdef bytes term
    hashes = np.empty(len(terms), np.uint32)
    cdef uint32_t[::1] hashes_out = hashes
    for i in range(len(terms)):
        term = terms[i]
        hashes_out[i] = word_hash(<const uint8_t *><const char *>term, len(term))
    return hashes


cdef struct Hits:
    size_t n
    uint32_t *texts             # (n,) owned
    uint32_t *terms
    size_t texts_capacity
    size_t terms_capacity


cdef inline bint add_hit(Hits *hits, uint32_t text, uint32_t term) noexcept nogil:
    if not (
        reserve(<void **>&hits.texts, &hits.texts_capacity, hits.n + 1, 4)
        and reserve(<void **>&hits.terms, &hits.terms_capacity, hits.n + 1, 4)
    ):
        return False
    hits.texts[hits.n] = text
    hits.terms[hits.n] = term
    hits.n += 1
    return True


cdef inline Py_ssize_t find(const uint32_t[::1] rising, uint32_t hash) noexcept nogil:
    """Return where a hash is among hashes that rise, or -1."""
    cdef Py_ssize_t low = 0, high = rising.shape[0], middle
    while low < high:
        middle = (low + high) // 2
        if rising[middle] < hash:
            low = middle + 1
        else:
            high = middle
    return low if low < rising.shape[0] and rising[low] == hash else -1


cdef int count_text(
    Hits *hits, uint32_t number, const uint8_t *text, size_t size, size_t n_readable, const WantedWords *wanted,
    const uint32_t[::1] rising, uint32_t *length, uint64_t *n_steps,
) except -1 nogil:
    """Add the occurrences in one text; False when there is no memory for them.

    A word is cut if one of its terms begins like a wanted one: all others only count for the length.
    """
    cdef size_t position = 0, before
    cdef uint32_t i, j
    cdef Py_ssize_t place
    cdef FoundWords found
    cdef WordTerms terms
    length[0] = 0
    while position < size:
        before = position
        position = wanted_read(wanted, text, size, n_readable, position, &found)
        length[0] += found.n_terms
        count_steps(n_steps, position - before + STEPS_A_TERM * found.n_found)
        for i in range(found.n_found):
            word_cut(found.words[i], found.sizes[i], &terms)
            for j in range(terms.n):
                place = find(rising, terms.hashes[j])
                if place >= 0 and not add_hit(hits, number, <uint32_t>place):
                    return False
    return True


def count_terms(
    const uint8_t[::1] data not None, const uint64_t[::1] offsets not None, list terms not None,
    const uint32_t[::1] rising not None
):
    """Return where wanted terms occur: ``texts`` and ``terms`` (n_hits,) uint32, ``lengths`` (n_texts,) uint32.

    data, offsets  text t is ``data[offsets[t]:offsets[t + 1]]``.
    terms          (n_wanted,) bytes, as ``terms_in`` gives them, none twice.
    rising         (n_wanted,) uint32: their hashes, rising. The ``terms`` that are returned are rows of it.

    Raises ValueError for malformed offsets, MemoryError. Releases the GIL.
    """
    cdef Py_ssize_t i, n_texts = offsets.shape[0] - 1
    cdef uint64_t n_steps = 0
    cdef WantedWords wanted
    cdef Hits hits
    cdef bint has_memory = True
    cdef bytes term
    check_signals()
    if not are_bounds(offsets, n_texts, data.shape[0]):
        raise ValueError("offsets must never fall, and stay within the data")
    lengths = np.zeros(n_texts, np.uint32)
    cdef uint32_t[::1] lengths_out = lengths
    memset(&hits, 0, sizeof(Hits))
    wanted_start(&wanted, NULL, 0)
    for term in terms:
        wanted_add(&wanted, term, len(term))
    try:
        with nogil:
            for i in range(n_texts):
                if offsets[i] < offsets[i + 1]:
                    has_memory = count_text(
                        &hits, <uint32_t>i, &data[offsets[i]], offsets[i + 1] - offsets[i],
                        data.shape[0] - offsets[i], &wanted, rising, &lengths_out[i], &n_steps,
                    )
                    if not has_memory:
                        break
        if not has_memory:
            raise MemoryError(f"no memory for {hits.n} occurrences of terms")
        texts_found, terms_found = np.empty(hits.n, np.uint32), np.empty(hits.n, np.uint32)
        copy(texts_found, hits.texts)
        copy(terms_found, hits.terms)
    finally:
        free(hits.texts)
        free(hits.terms)
    return texts_found, terms_found, lengths


cdef int copy(uint32_t[::1] target, const uint32_t *source) except -1:
    cdef Py_ssize_t i
    for i in range(target.shape[0]):
        target[i] = source[i]
    return 0
