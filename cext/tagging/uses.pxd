# Function bodies, inlined into _tagger: the uses of the files of a batch, as records.
from libc.stdint cimport uint8_t, uint32_t
from libc.string cimport memset

from budget cimport reserve_within
from candidates cimport Candidates
from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, Arena, RepomapBytes, arena_take, repomap_bytes_reserve
from import_records cimport ImportText
from use_finder cimport UseFinder
from use_records cimport USE_LARGEST_RECORD, import_put_text, import_put_varint


cdef enum:
    RECORD_COPIES = 2           # in the block, and where the block is taken from


cdef inline void drop_tagged(UseFinder *finder, const Candidates *candidates) noexcept nogil:
    """Leave out what a tag says already; candidates are sorted by where the name starts."""
    cdef size_t i, j = 0, n_kept = 0
    for i in range(finder.n):
        while j < candidates.n and candidates.items[j].name_start < finder.uses[i].start:
            j += 1
        if j == candidates.n or candidates.items[j].name_start != finder.uses[i].start:
            finder.uses[n_kept] = finder.uses[i]
            n_kept += 1
    finder.n = n_kept


cdef inline ImportText text_of(const UseFinder *finder, uint32_t name) noexcept nogil:
    cdef ImportText text
    text.bytes = finder.names.bytes.contents + finder.names.offsets[name]
    text.size = finder.names.offsets[name + 1] - finder.names.offsets[name]
    return text


cdef inline int append_uses(
    UseFinder *finder, const Candidates *candidates, Arena *arena, RepomapBytes *records
) noexcept nogil:
    """Append the records of the uses that no tag is at; return an ArenaVerdict. Unless all went well, append none."""
    cdef size_t i, size, wanted
    cdef uint32_t n_names = 0, row = 0
    cdef uint8_t *out
    drop_tagged(finder, candidates)
    if finder.n == 0:
        return ARENA_RUNNING
    if not reserve_within(
        arena, <void **>&finder.local_ids, &finder.local_ids_capacity, finder.names.count + 1, sizeof(uint32_t)
    ):
        return ARENA_OUT_OF_MEMORY
    memset(finder.local_ids, 0, finder.names.count * sizeof(uint32_t))
    size = 5 + finder.n * USE_LARGEST_RECORD
    for i in range(finder.n):
        if finder.local_ids[finder.uses[i].name] == 0:
            n_names += 1
            finder.local_ids[finder.uses[i].name] = n_names
            size += 5 + text_of(finder, finder.uses[i].name).size
    wanted = records.size + size
    if not arena_take(arena, RECORD_COPIES * size) or (
        wanted > records.capacity and not repomap_bytes_reserve(records, wanted + wanted // 2)
    ):
        return ARENA_OUT_OF_MEMORY
    out = import_put_varint(records.contents + records.size, n_names)
    n_names = 0
    # Names come in the order of their first use, as they were numbered.
    for i in range(finder.n):
        if finder.local_ids[finder.uses[i].name] == n_names + 1:
            n_names += 1
            out = import_put_text(out, text_of(finder, finder.uses[i].name))
    for i in range(finder.n):
        out = import_put_varint(out, (finder.local_ids[finder.uses[i].name] - 1) << 2 | finder.uses[i].kind)
        out = import_put_varint(out, finder.uses[i].row - row)
        out = import_put_varint(out, finder.uses[i].column)
        row = finder.uses[i].row
    records.size = out - records.contents
    return ARENA_RUNNING
