# Function bodies, inlined into _tagger: the marks of the files of a batch, as records.
from libc.stdint cimport uint8_t, uint32_t

from core cimport ARENA_OUT_OF_MEMORY, ARENA_RUNNING, RepomapBytes, RepomapUnread, repomap_bytes_reserve
from import_records cimport import_put_varint
from mark_records cimport MARK_LARGEST_RANGE, MARK_UNREAD, marks_of


cdef inline int append_marks(
    RepomapBytes *records, const RepomapUnread *unread, const uint8_t *text, size_t size
) noexcept nogil:
    """Append the records of a file that has any; return an ArenaVerdict."""
    cdef uint8_t marks = marks_of(text, size) | (MARK_UNREAD if unread.n else 0)
    cdef size_t wanted = records.size + 1 + unread.n * MARK_LARGEST_RANGE
    cdef uint32_t i, row = 0
    cdef uint8_t *out
    if marks == 0:
        return ARENA_RUNNING
    if wanted > records.capacity and not repomap_bytes_reserve(records, wanted + wanted // 2):
        return ARENA_OUT_OF_MEMORY
    out = records.contents + records.size
    out[0] = marks
    out += 1
    for i in range(unread.n):
        out = import_put_varint(out, unread.ranges[i].row - row)
        out = import_put_varint(out, unread.ranges[i].end_row - unread.ranges[i].row)
        row = unread.ranges[i].end_row
    records.size = out - records.contents
    return ARENA_RUNNING
