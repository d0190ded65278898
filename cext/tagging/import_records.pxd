# import_records.h: what a file imports, as a block keeps it.
from libc.stdint cimport int64_t, uint8_t, uint32_t


cdef extern from "import_records.h" nogil:
    enum:
        IMPORT_PATH
        IMPORT_LOCAL_PATH
        IMPORT_KIND_MASK
        IMPORT_STATIC
        IMPORT_EXPORTED

    ctypedef struct ImportText:
        const uint8_t *bytes
        size_t size

    ctypedef struct ImportRecord:
        uint8_t kind
        uint32_t row
        ImportText module
        ImportText name
        ImportText alias

    ctypedef struct ImportReader:
        const uint8_t *next
        const uint8_t *end

    bint import_get_varint(ImportReader *reader, uint32_t *value_out)
    bint import_get_text(ImportReader *reader, ImportText *text_out)
    ImportReader import_reader(const uint8_t *records, size_t size)
    bint import_next(ImportReader *reader, ImportRecord *record)
    int64_t import_count(const uint8_t *records, size_t size)
    uint8_t *import_put_varint(uint8_t *out, uint32_t value)
