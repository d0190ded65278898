# wanted_words.h: how often some wanted terms are in a text.
from libc.stdint cimport uint8_t, uint32_t


cdef extern from "wanted_words.h" nogil:
    ctypedef struct WantedWords:
        uint32_t n

    void wanted_start(WantedWords *wanted, const uint32_t *hashes, uint32_t n)
    void wanted_add(WantedWords *wanted, const uint8_t *term, size_t size)
    void wanted_count(const WantedWords *wanted, const uint8_t *text, size_t size, uint8_t *counts)
    uint32_t wanted_n_terms(
        const WantedWords *wanted, const uint8_t *word, size_t size, uint8_t common, const uint8_t *text_end,
        uint8_t *may_have
    )
