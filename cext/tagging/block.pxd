# block.h: what is known of one file in one run of bytes.
from libc.stdint cimport uint8_t, uint32_t, uint64_t


cdef extern from "block.h" nogil:
    enum:
        BLOCK_HEADER_BYTES
        BLOCK_SEAL_BYTES
        BLOCK_KEY_BYTES
        BLOCK_REFERENCE
        BLOCK_MOST_COUNTED
        BLOCK_LENGTHS
        BLOCK_NAME_IDS
        BLOCK_ROWS
        BLOCK_COLUMNS
        BLOCK_SPANS
        BLOCK_SCOPES

    ctypedef struct Block:
        uint32_t n_tags
        uint32_t n_definitions
        uint32_t n_names
        uint32_t name_bytes
        uint8_t status
        uint8_t *widths          # (6,) bytes of an item, by the enum above
        uint32_t n_terms
        uint32_t name_length     # terms in the names of the definitions
        uint32_t rest_length     # terms in all the rest
        uint32_t import_bytes
        uint32_t use_bytes
        uint32_t fact_bytes
        uint32_t mark_bytes
        const uint8_t *lengths   # the pointers are into the block
        const uint8_t *names
        const uint8_t *name_ids
        const uint8_t *kinds
        const uint8_t *rows
        const uint8_t *columns
        const uint8_t *spans
        const uint8_t *scopes
        const uint8_t *term_hashes
        const uint8_t *rest_counts
        const uint8_t *name_counts
        const uint8_t *imports   # records, see import_records.h
        const uint8_t *uses      # records, see use_records.h
        const uint8_t *facts     # records, see fact_records.h
        const uint8_t *marks     # records, see mark_records.h

    uint32_t block_get(const uint8_t *column, size_t i, uint8_t width)
    void block_put(uint8_t *column, size_t i, uint8_t width, uint32_t value)
    uint8_t block_width(uint32_t largest)
    uint64_t block_size(const Block *block)
    void block_lay_out(Block *block, const uint8_t *data)
    void block_write_header(const Block *block, uint8_t *data)
    void block_seal(const uint8_t *key, const uint8_t *block, size_t size, uint8_t *seal)
    bint block_open(const uint8_t *data, size_t size, Block *block)
    bint block_is_sound(const Block *block, uint32_t n_kinds)
