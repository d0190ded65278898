# words.h: the words of a text, and the terms that a word is cut into.
from libc.stdint cimport uint8_t, uint32_t


cdef extern from "words.h" nogil:
    enum:
        WORD_MAX_BYTES
        WORD_MAX_TERMS

    ctypedef struct WordTerms:
        uint32_t n
        uint32_t *hashes
        uint8_t *starts     # term t is the sizes[t] bytes at text + starts[t]
        uint8_t *sizes
        uint8_t *text

    uint32_t word_hash(const uint8_t *term, size_t size)
    bint word_next(const uint8_t *text, size_t size, size_t *position, size_t *start_out)
    void word_cut(const uint8_t *word, size_t size, WordTerms *terms)
