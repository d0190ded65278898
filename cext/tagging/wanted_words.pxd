# wanted_words.h: how often some wanted terms are in a text.
from libc.stdint cimport uint8_t, uint32_t


cdef extern from "wanted_words.h" nogil:
    ctypedef struct WantedWords:
        uint32_t n

    ctypedef struct FoundWords:
        uint32_t n_terms
        uint32_t n_found
        const uint8_t **words
        uint8_t *sizes

    void wanted_start(WantedWords *wanted, const uint32_t *hashes, uint32_t n)
    void wanted_add(WantedWords *wanted, const uint8_t *term, size_t size)
    void wanted_count(const WantedWords *wanted, const uint8_t *text, size_t size, uint8_t *counts)
    size_t wanted_read(
        const WantedWords *wanted, const uint8_t *text, size_t size, size_t n_readable, size_t position,
        FoundWords *found
    )
