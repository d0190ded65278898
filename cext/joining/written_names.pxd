# written_names.h: numbering distinct byte strings that may lie in files.
from libc.stdint cimport uint8_t, uint32_t, uint64_t

from interner cimport Interner


cdef extern from "written_names.h" nogil:
    ctypedef struct WrittenNames:
        Interner unwritten      # their own offsets, bytes and count; the slots of all
        uint32_t n_written
        uint64_t bytes_written
        int error               # errno of the read that failed, or 0

    size_t written_names_count(const WrittenNames *names)
    uint32_t written_names_intern(WrittenNames *names, const uint8_t *string, size_t size)
    bint written_names_forget(WrittenNames *names, int offsets_descriptor, int bytes_descriptor)
    void written_names_free(WrittenNames *names)
