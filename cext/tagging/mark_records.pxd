# file_marks.h, mark_records.h: what is to be said of a file as a whole.
from libc.stdint cimport uint8_t, uint32_t


cdef extern from "mark_records.h" nogil:
    enum:
        MARK_UNREAD
        MARK_LARGEST_RANGE

    ctypedef struct MarkRange:
        uint32_t row
        uint32_t end_row

    ctypedef struct MarkReader:
        uint8_t marks

    uint8_t marks_of(const uint8_t *text, size_t size)
    MarkReader mark_reader(const uint8_t *records, size_t size)
    bint mark_next(MarkReader *reader, MarkRange *range)
    bint marks_are_sound(const uint8_t *records, size_t size)
