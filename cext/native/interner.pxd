# interner.h: numbering distinct byte strings.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from core cimport RepomapBytes


cdef extern from "interner.h" nogil:
    uint32_t INTERNER_FULL

    ctypedef struct Interner:
        uint32_t *slots      # (n_slots,) a string's id + 1, or 0
        size_t n_slots
        uint64_t *offsets    # (count + 1,) bounds in bytes; NULL before the first string
        RepomapBytes bytes   # the strings, one after another
        uint64_t seed
        uint32_t count

    uint32_t interner_intern(Interner *interner, const uint8_t *string, size_t size)
    uint64_t interner_hash(uint64_t seed, const uint8_t *string, size_t size)
    size_t interner_first_slot(uint64_t hash, size_t n_slots)
    void interner_clear(Interner *interner)
    void interner_free(Interner *interner)
