# interner.h: numbering distinct byte strings.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from core cimport RepomapBytes


cdef extern from "interner.h" nogil:
    uint32_t INTERNER_FULL

    ctypedef struct Interner:
        uint64_t *offsets    # (count + 1,) bounds in bytes; NULL while count is 0
        RepomapBytes bytes   # the strings, one after another
        uint32_t count

    uint32_t interner_intern(Interner *interner, const uint8_t *string, size_t size)
    void interner_free(Interner *interner)
