"""The records that blocks have of the imports of their files, and of their uses: copied as they are.

In: blocks (block.h). Out: the bytes of all records. Compiled because a join copies those of every file.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from block cimport Block, block_open


def read_records(list blocks not None, bint is_of_uses):
    """Return the records of some blocks: how many bytes each has (n_files,) uint32, and all of them, uint8.

    is_of_uses  those of uses, else those of imports.

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
        sizes_out[i] = block.use_bytes if is_of_uses else block.import_bytes
        n_bytes += sizes_out[i]
    records = np.empty(n_bytes, np.uint8)
    cdef uint8_t[::1] records_out = records
    for i in range(n_files):
        data = blocks[i]
        if sizes_out[i] and block_open(&data[0], data.shape[0], &block):
            memcpy(&records_out[first], block.uses if is_of_uses else block.imports, sizes_out[i])
            first += sizes_out[i]
    return sizes, records
