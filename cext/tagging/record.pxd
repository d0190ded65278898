# What became of one file of a batch.
from libc.stdint cimport uint8_t, uint32_t, uint64_t


cdef struct FileRecord:
    uint64_t first_tag      # row of Columns
    uint64_t name_room      # bytes that its distinct names may have together
    uint64_t first_term     # row of FileTerms
    uint64_t first_import   # byte of ImportFinder.records
    uint32_t n_terms
    uint64_t first_use      # byte of TagWorker.uses
    uint64_t first_fact     # byte of TagWorker.facts
    uint32_t n_import_bytes
    uint32_t n_use_bytes
    uint32_t n_fact_bytes
    uint64_t first_mark     # byte of TagWorker.marks
    uint32_t n_mark_bytes
    uint32_t n_tags
    uint32_t file_id
    int error               # errno of an unreadable file, or 0
    uint8_t status          # tables.FileStatus
    uint8_t[16] digest      # BLAKE2b of the contents
