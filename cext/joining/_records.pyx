"""The records that blocks have of the imports, uses, facts and marks of their files: copied as they are.

In: blocks (block.h). Out: the bytes of all records. Compiled because a join copies those of every file.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from block cimport Block, block_open


cdef enum:
    OF_IMPORTS                  # rows of records.KINDS
    OF_USES
    OF_FACTS
    OF_MARKS


cdef inline uint32_t records_of(const Block *block, int kind, const uint8_t **records) noexcept nogil:
    """Return how many bytes a block has of a kind, and where they are."""
    if kind == OF_IMPORTS:
        records[0] = block.imports
        return block.import_bytes
    if kind == OF_USES:
        records[0] = block.uses
        return block.use_bytes
    if kind == OF_FACTS:
        records[0] = block.facts
        return block.fact_bytes
    records[0] = block.marks
    return block.mark_bytes


def read_records(list blocks not None, int kind):
    """Return the records of some blocks: how many bytes each has (n_files,) uint32, and all of them, uint8.

    kind  a row of ``records.KINDS``.

    Raises ValueError for what is no block, and for another kind.
    """
    cdef Py_ssize_t i, n_files = len(blocks)
    cdef uint64_t n_bytes = 0, first = 0
    cdef Block block
    cdef const uint8_t[::1] data
    cdef const uint8_t *found
    if not OF_IMPORTS <= kind <= OF_MARKS:
        raise ValueError(f"records of kind {kind}; expected 0 to {<int>OF_MARKS}")
    sizes = np.zeros(n_files, np.uint32)
    cdef uint32_t[::1] sizes_out = sizes
    for i in range(n_files):
        data = blocks[i]
        if data.shape[0] == 0:
            continue
        if not block_open(&data[0], data.shape[0], &block):
            raise ValueError(f"block {i} of {n_files} is none")
        sizes_out[i] = records_of(&block, kind, &found)
        n_bytes += sizes_out[i]
    records = np.empty(n_bytes, np.uint8)
    cdef uint8_t[::1] records_out = records
    for i in range(n_files):
        data = blocks[i]
        if sizes_out[i] and block_open(&data[0], data.shape[0], &block):
            records_of(&block, kind, &found)
            memcpy(&records_out[first], found, sizes_out[i])
            first += sizes_out[i]
    return sizes, records
