"""The records that blocks have of the imports of their files, of their uses and of their facts: copied as they are.

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


cdef inline uint32_t n_bytes_of(const Block *block, int kind) noexcept nogil:
    return block.import_bytes if kind == OF_IMPORTS else block.use_bytes if kind == OF_USES else block.fact_bytes


cdef inline const uint8_t *records_of(const Block *block, int kind) noexcept nogil:
    return block.imports if kind == OF_IMPORTS else block.uses if kind == OF_USES else block.facts


def read_records(list blocks not None, int kind):
    """Return the records of some blocks: how many bytes each has (n_files,) uint32, and all of them, uint8.

    kind  0 for those of imports, 1 for uses, 2 for facts.

    Raises ValueError for what is no block.
    """
    cdef Py_ssize_t i, n_files = len(blocks)
    cdef uint64_t n_bytes = 0, first = 0
    cdef Block block
    cdef const uint8_t[::1] data
    sizes = np.zeros(n_files, np.uint32)
    cdef uint32_t[::1] sizes_out = sizes
    for i in range(n_files):
        data = blocks[i]
        if data.shape[0] == 0:
            continue
        if not block_open(&data[0], data.shape[0], &block):
            raise ValueError(f"block {i} of {n_files} is none")
        sizes_out[i] = n_bytes_of(&block, kind)
        n_bytes += sizes_out[i]
    records = np.empty(n_bytes, np.uint8)
    cdef uint8_t[::1] records_out = records
    for i in range(n_files):
        data = blocks[i]
        if sizes_out[i] and block_open(&data[0], data.shape[0], &block):
            memcpy(&records_out[first], records_of(&block, kind), sizes_out[i])
            first += sizes_out[i]
    return sizes, records
