"""Looks a name up among the uses of files, and reads those of one file.

In: records of files (use_records.h). Out: where they use a name, or any name.
Compiled because a large repository has millions.
"""
import numpy as np

from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcmp

from columns cimport reserve
from import_records cimport ImportText
from interrupts cimport count_steps
from libc.stdlib cimport calloc, free
from use_records cimport UseReader, UseRecord, use_next, use_next_name, use_reader

cdef enum:
    STEPS_A_RECORD = 8          # in steps of a nanosecond or so
    STEPS_AN_OBJECT = 64

cdef struct WantedName:
    const uint8_t *bytes        # NULL: the slot is free
    size_t size
    uint64_t hashed
    uint32_t number

cdef struct FoundUse:
    uint32_t file_id
    uint32_t row
    uint32_t column
    uint32_t kind


def find_uses(const uint8_t[::1] records not None, const uint64_t[::1] offsets not None, bytes name not None):
    """Return the uses of a name as four columns, in the order of the files and of their text.

    records  (n_bytes,) uint8: those of file f are records[offsets[f]:offsets[f + 1]].
    offsets  (n_files + 1,) uint64.

    file_ids, rows, columns  (n,) uint32: which of the files; zero-based; in bytes.
    kinds                    (n,) uint8: rows of ``uses.USE_KINDS``.

    Raises ValueError for what are no records, MemoryError.
    """
    cdef Py_ssize_t f, n_files = offsets.shape[0] - 1
    cdef const uint8_t *start = &records[0] if records.shape[0] else NULL
    cdef const uint8_t *wanted = name
    cdef size_t wanted_size = len(name), n = 0, capacity = 0
    cdef FoundUse *found = NULL
    cdef UseReader reader
    cdef ImportText text
    cdef UseRecord use
    cdef uint32_t number, place
    cdef uint64_t n_steps = 0
    cdef bint is_there, is_sound = True
    try:
        with nogil:
            for f in range(n_files):
                if offsets[f] > offsets[f + 1] or offsets[f + 1] > <uint64_t>records.shape[0]:
                    is_sound = False
                    break
                if offsets[f] == offsets[f + 1]:
                    continue
                reader = use_reader(start + offsets[f], offsets[f + 1] - offsets[f])
                is_there = False
                number = 0
                for place in range(reader.n_names):
                    if not use_next_name(&reader, &text):
                        is_sound = False
                        break
                    if text.size == wanted_size and memcmp(text.bytes, wanted, wanted_size) == 0:
                        is_there, number = True, place
                count_steps(&n_steps, <uint64_t>reader.n_names * STEPS_A_RECORD)
                if not is_sound:
                    break
                while is_there and use_next(&reader, &use):
                    count_steps(&n_steps, STEPS_A_RECORD)
                    if use.name != number:
                        continue
                    if not reserve(<void **>&found, &capacity, n + 1, sizeof(FoundUse)):
                        with gil:
                            raise MemoryError
                    found[n] = FoundUse(<uint32_t>f, use.row, use.column, use.kind)
                    n += 1
        if not is_sound:
            raise ValueError("the records of uses are damaged")
        file_ids, rows, columns = (np.empty(n, np.uint32) for _ in range(3))
        kinds = np.empty(n, np.uint8)
        fill(found, n, file_ids, rows, columns, kinds)
    finally:
        free(found)
    return file_ids, rows, columns, kinds


def find_files(const uint8_t[::1] records not None, const uint64_t[::1] offsets not None, list names not None):
    """Return which files use some names as two columns, in the order of the files.

    records, offsets  as for ``find_uses``.
    names             distinct bytes.

    file_ids, numbers  (n,) uint32: which of the files, and which of the names.

    Raises ValueError for what are no records, MemoryError.
    """
    cdef Py_ssize_t f, n_files = offsets.shape[0] - 1
    cdef const uint8_t *start = &records[0] if records.shape[0] else NULL
    cdef size_t n = 0, capacity = 0, n_slots = 16, slot
    cdef WantedName *wanted = NULL
    cdef FoundUse *found = NULL
    cdef UseReader reader
    cdef ImportText text
    cdef uint32_t place, _place
    cdef uint64_t hashed, n_steps = 0, sizes = 0
    cdef bint is_sound = True
    while n_slots < 2 * <size_t>len(names):
        n_slots *= 2
    try:
        wanted = <WantedName *>calloc(n_slots, sizeof(WantedName))
        if wanted == NULL:
            raise MemoryError
        for place in range(len(names)):
            put_name(wanted, n_slots, names[place], place)
            sizes |= size_bit(len(names[place]))
        with nogil:
            for f in range(n_files):
                if offsets[f] > offsets[f + 1] or offsets[f + 1] > <uint64_t>records.shape[0]:
                    is_sound = False
                    break
                reader = use_reader(start + offsets[f], offsets[f + 1] - offsets[f])
                for _place in range(reader.n_names):
                    if not use_next_name(&reader, &text):
                        is_sound = False
                        break
                    if not sizes & size_bit(text.size):
                        # Few names are looked for among millions: most are none of them by their size alone.
                        continue
                    hashed = hash_name(text.bytes, text.size)
                    slot = hashed & (n_slots - 1)
                    while wanted[slot].bytes != NULL and not is_name(&wanted[slot], hashed, &text):
                        slot = (slot + 1) & (n_slots - 1)
                    if wanted[slot].bytes == NULL:
                        continue
                    if not reserve(<void **>&found, &capacity, n + 1, sizeof(FoundUse)):
                        with gil:
                            raise MemoryError
                    found[n] = FoundUse(<uint32_t>f, wanted[slot].number, 0, 0)
                    n += 1
                count_steps(&n_steps, <uint64_t>reader.n_names * STEPS_A_RECORD)
                if not is_sound:
                    break
        if not is_sound:
            raise ValueError("the records of uses are damaged")
        file_ids, numbers = (np.empty(n, np.uint32) for _ in range(2))
        fill_files(found, n, file_ids, numbers)
    finally:
        free(found)
        free(wanted)
    return file_ids, numbers


cdef inline uint64_t size_bit(size_t size) noexcept nogil:
    """Return the bit of a set of sizes that stands for this one; all large sizes have one."""
    return <uint64_t>1 << (size if size < 63 else 63)


cdef uint64_t hash_name(const uint8_t *name, size_t size) noexcept nogil:
    """FNV-1a (G. Fowler, L. Noll, P. Vo); the names are those of the caller, so nobody else can make them collide."""
    cdef uint64_t hashed = 0xCBF29CE484222325
    cdef size_t i
    for i in range(size):
        hashed = (hashed ^ name[i]) * <uint64_t>0x100000001B3
    return hashed ^ hashed >> 32


cdef bint is_name(const WantedName *wanted, uint64_t hashed, const ImportText *text) noexcept nogil:
    if wanted.hashed != hashed or wanted.size != text.size:
        return False
    return memcmp(wanted.bytes, text.bytes, text.size) == 0


cdef void put_name(WantedName *wanted, size_t n_slots, bytes name, uint32_t number):
    cdef const uint8_t *start = name
    cdef uint64_t hashed = hash_name(start, len(name))
    cdef size_t slot = hashed & (n_slots - 1)
    while wanted[slot].bytes != NULL:
        slot = (slot + 1) & (n_slots - 1)
    wanted[slot] = WantedName(start, len(name), hashed, number)


cdef void fill_files(const FoundUse *found, size_t n, uint32_t[::1] file_ids, uint32_t[::1] numbers) noexcept:
    cdef size_t i
    for i in range(n):
        file_ids[i], numbers[i] = found[i].file_id, found[i].row


def read_uses(const uint8_t[::1] records not None):
    """Return all uses of one file: its names as a list of bytes, and four columns, in the order of the text.

    records  (n_bytes,) uint8.

    name_numbers, rows, columns  (n,) uint32: which of the names; zero-based; in bytes.
    kinds                        (n,) uint8: rows of ``uses.USE_KINDS``.

    Raises ValueError for what are no records.
    """
    cdef size_t n = 0, i = 0
    cdef uint64_t n_steps = 0
    cdef UseReader reader, again
    cdef ImportText text
    cdef UseRecord use
    cdef uint32_t _place
    names = []
    reader = use_reader(&records[0] if records.shape[0] else NULL, records.shape[0])
    for _place in range(reader.n_names):
        count_steps(&n_steps, STEPS_AN_OBJECT)
        if not use_next_name(&reader, &text):
            raise ValueError("the records of uses are damaged")
        names.append((<const char *>text.bytes)[:text.size])
    again = reader
    while use_next(&again, &use):
        count_steps(&n_steps, STEPS_A_RECORD)
        n += 1
    name_numbers, rows, columns = (np.empty(n, np.uint32) for _ in range(3))
    kinds = np.empty(n, np.uint8)
    cdef uint32_t[::1] names_out = name_numbers, rows_out = rows, columns_out = columns
    cdef uint8_t[::1] kinds_out = kinds
    while i < n and use_next(&reader, &use):
        count_steps(&n_steps, STEPS_A_RECORD)
        names_out[i], rows_out[i], columns_out[i], kinds_out[i] = use.name, use.row, use.column, use.kind
        i += 1
    return names, name_numbers, rows, columns, kinds


cdef void fill(
    const FoundUse *found, size_t n, uint32_t[::1] file_ids, uint32_t[::1] rows, uint32_t[::1] columns,
    uint8_t[::1] kinds,
) noexcept:
    cdef size_t i
    for i in range(n):
        file_ids[i], rows[i], columns[i] = found[i].file_id, found[i].row, found[i].column
        kinds[i] = <uint8_t>found[i].kind
