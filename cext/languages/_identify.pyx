"""Paths taken apart without the GIL: which folder each is in, and what its name ends in, both as numbers.

In: the columns of a StringTable of paths. Out: two columns of ids, and the table of the endings. Compiled because a
large repository has a hundred thousand paths and a few hundred endings: Python then looks at the endings alone.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy, memset

from interner cimport INTERNER_FULL, Interner, interner_free, interner_intern
from interrupts cimport count_steps


cdef bint take_apart(
    Interner *folders, Interner *endings, const uint8_t *path, uint64_t size, uint32_t *folder_id, uint32_t *ending_id
) noexcept nogil:
    """Number the folder and the ending of one path; return False where there is no memory."""
    cdef uint64_t name = size, ending = size
    while name > 0 and path[name - 1] != c"/":
        name -= 1
        if ending == size and path[name] == c".":
            ending = name
    if ending == size:
        ending = name
    folder_id[0] = interner_intern(folders, path, name)
    ending_id[0] = interner_intern(endings, path + ending, size - ending)
    return folder_id[0] != INTERNER_FULL and ending_id[0] != INTERNER_FULL


cdef int copy_out(uint8_t[::1] column, const void *contents) except -1:
    """Fill the column, which may be empty, with as many bytes."""
    if column.shape[0]:
        memcpy(&column[0], contents, column.shape[0])
    return 0


def split_paths(const uint64_t[::1] offsets, const uint8_t[::1] data, uint64_t seed):
    """Return folder_ids, the number of folders, ending_ids, and the endings as offsets and data.

    offsets     (n + 1,) uint64: path i is data[offsets[i]:offsets[i + 1]].
    data        (n_bytes,) uint8.
    seed        of the hashes: chosen at random, nobody can name files so that they collide.

    folder_ids  (n,) uint32: files directly in one folder have one id.
    ending_ids  (n,) uint32: of what the name ends in: the last dot and what follows it, or a whole name without a dot.

    Releases the GIL for all of it. Raises ValueError for offsets that do not fit the data, MemoryError.
    """
    cdef Py_ssize_t n = offsets.shape[0] - 1, i
    cdef uint64_t n_bytes = data.shape[0], n_steps = 0
    if n < 0:
        raise ValueError("offsets are empty; expected one more than there are strings")
    folder_ids, ending_ids = np.empty(n, np.uint32), np.empty(n, np.uint32)
    cdef uint32_t[::1] folder_ids_out = folder_ids, ending_ids_out = ending_ids
    # Where there are no bytes, any pointer will do that is none to nowhere.
    cdef const uint8_t *paths = &data[0] if n_bytes else <const uint8_t *>&offsets[0]
    cdef bint is_well_formed = True, has_memory = True
    cdef Interner folders, endings
    memset(&folders, 0, sizeof(Interner))
    memset(&endings, 0, sizeof(Interner))
    folders.seed = endings.seed = seed
    try:
        with nogil:
            for i in range(n):
                if offsets[i] > offsets[i + 1] or offsets[i + 1] > n_bytes:
                    is_well_formed = False
                    break
                count_steps(&n_steps, 2 * (offsets[i + 1] - offsets[i]) + 32)
                has_memory = take_apart(
                    &folders,
                    &endings,
                    paths + offsets[i],
                    offsets[i + 1] - offsets[i],
                    &folder_ids_out[i],
                    &ending_ids_out[i],
                )
                if not has_memory:
                    break
        if not is_well_formed:
            raise ValueError("offsets must never fall and stay within the data")
        if not has_memory:
            raise MemoryError("no memory for the folders and endings of the paths")
        ending_offsets = np.zeros(endings.count + 1, np.uint64)
        ending_data = np.empty(endings.bytes.size, np.uint8)
        if endings.count:
            copy_out(ending_offsets.view(np.uint8), endings.offsets)
            copy_out(ending_data, endings.bytes.contents)
        return folder_ids, folders.count, ending_ids, ending_offsets, ending_data
    finally:
        interner_free(&folders)
        interner_free(&endings)
