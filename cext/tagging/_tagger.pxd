# What one worker owns and what all workers share; see _tagger.pyx.
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint32_t, uint64_t

from block cimport BlockWriter
from columns cimport Columns
from core cimport Arena, RepomapBytes, RepomapOutline, RepomapWalk
from matching cimport Matcher
from proof cimport ProofWatch
from query cimport QuerySpec


cdef struct FileRecord:
    uint64_t first_tag      # row of Columns
    uint64_t name_room      # bytes that its distinct names may have together
    uint32_t n_tags
    uint32_t file_id
    int error               # errno of an unreadable file, or 0
    uint8_t status          # tables.FileStatus
    uint8_t[16] digest      # BLAKE2b of the contents


cdef class TagsQuery:
    cdef QuerySpec spec
    cdef object capsule     # keeps the grammar's module loaded
    cdef bytes text         # what spec.strings are slices of
    cdef Arena arena        # of a user's query: holds it, so that reading it can be given up
    cdef ProofWatch watch
    cdef int is_stopped     # never; for the arena


cdef class FileList:
    cdef const uint8_t[::1] path_bytes
    cdef const uint64_t[::1] path_offsets  # (n + 1,)
    cdef const uint16_t[::1] language_ids  # (n,)
    cdef bytes root
    cdef const char *root_bytes            # borrowed from root
    cdef size_t root_size
    cdef list queries                      # by language id; None for a language that no file has
    cdef bytes query_keys
    cdef const uint8_t *query_key_bytes    # (n_languages * 16,) borrowed from query_keys
    cdef size_t max_file_bytes
    cdef size_t max_text_bytes
    cdef size_t max_file_memory_bytes
    cdef int64_t file_timeout_ns
    cdef readonly int is_stopped           # read by the workers' arenas, without a lock


cdef class TagWorker:
    cdef FileList files                # keeps alive what specs points to
    cdef const QuerySpec **specs       # (n_languages,) owned array of borrowed pointers
    cdef size_t n_languages
    cdef Arena arena
    cdef Matcher matcher
    cdef RepomapBytes path             # root, a slash, the file's path, NUL
    cdef RepomapBytes source           # the file
    cdef RepomapBytes transcoded       # the file in UTF-8, where it is not
    cdef Columns columns
    cdef BlockWriter blocks
    cdef FileRecord *records           # a row a file of the batch, in the order in which they were tagged
    cdef size_t n_records
    cdef size_t records_capacity
    cdef readonly uint64_t source_bytes  # bytes of the files that were parsed

    cdef bint tag_file(self, uint32_t file_id) noexcept nogil
    cdef int find_tags(self, uint32_t file_id, FileRecord *record) noexcept nogil
    cdef int read_file(self, uint32_t file_id, size_t max_bytes, uint8_t *digest) noexcept nogil
    cdef bint build_path(self, uint32_t file_id) noexcept nogil


cdef class Outliner:
    cdef Arena arena
    cdef RepomapWalk walk
    cdef RepomapOutline outline
    cdef int64_t file_timeout_ns
    cdef int is_stopped                # read by the arena, without a lock
