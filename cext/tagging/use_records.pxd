# use_records.h: where a file uses names as values, as a block keeps it.
from libc.stdint cimport uint8_t, uint32_t

from import_records cimport ImportReader, ImportText


cdef extern from "use_records.h" nogil:
    enum:
        USE_LARGEST_RECORD

    ctypedef struct UseRecord:
        uint32_t name
        uint32_t row
        uint32_t column
        uint8_t kind

    ctypedef struct UseReader:
        ImportReader reader
        uint32_t n_names

    UseReader use_reader(const uint8_t *records, size_t size)
    bint use_next_name(UseReader *reader, ImportText *name)
    bint use_next(UseReader *reader, UseRecord *use)
    uint8_t *import_put_varint(uint8_t *out, uint32_t value)
    uint8_t *import_put_text(uint8_t *out, ImportText text)
