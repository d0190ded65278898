"""The files of one scan, which all workers read. Included by ``_tagger.pyx``."""
from libc.stdint cimport int64_t, uint8_t, uint16_t, uint64_t

from sources cimport DIGEST_BYTES, Paths


cdef enum:
    WINDOW_BYTES = 1 << 20


cdef int check_paths(const uint64_t[::1] offsets, const uint8_t[::1] data, Py_ssize_t n_files) except -1:
    """Raise ValueError unless the offsets are those of so many paths."""
    cdef Py_ssize_t i
    cdef bint is_well_formed = offsets.shape[0] == n_files + 1 and offsets[0] == 0
    if is_well_formed:
        for i in range(n_files):
            is_well_formed &= offsets[i] <= offsets[i + 1]
        is_well_formed &= offsets[n_files] <= <uint64_t>data.shape[0]
    if not is_well_formed:
        raise ValueError("path_offsets must start at 0, never fall, stay within path_bytes, and be one more "
                         f"than the {n_files} files")
    return 0


@cython.final
cdef class FileList:
    """The files of one scan and how to tag them: shared by all workers, never changed but by ``stop``."""

    cdef const uint8_t[::1] path_bytes
    cdef const uint64_t[::1] path_offsets  # (n + 1,)
    cdef Paths paths                       # borrowed from these two and root
    cdef const uint8_t[::1] name_bytes
    cdef const uint64_t[::1] name_offsets  # (n + 1,)
    cdef Paths names                       # borrowed from these two
    cdef const uint16_t[::1] language_ids  # (n,)
    cdef bytes root
    cdef list queries                      # by language id; None for a language that no file has
    cdef bytes query_keys
    cdef const uint8_t *query_key_bytes    # (n_languages * 16,) borrowed from query_keys
    cdef size_t max_text_bytes
    cdef size_t max_file_memory_bytes
    cdef size_t window_bytes
    cdef int64_t file_timeout_ns
    cdef readonly int is_stopped           # read by the workers' arenas, without a lock

    def __cinit__(
        self, bytes root not None, const uint64_t[::1] path_offsets not None, const uint8_t[::1] path_bytes not None,
        const uint16_t[::1] language_ids not None, list queries not None, bytes query_keys not None, *,
        size_t max_file_bytes, size_t max_file_memory_bytes, double file_timeout_s,
        size_t max_text_bytes=MAX_TEXT_BYTES, size_t window_bytes=WINDOW_BYTES,
        const uint64_t[::1] name_offsets=None, const uint8_t[::1] name_bytes=None,
    ):
        """
        root          the folder that the paths are below.
        path_offsets  (n + 1,) uint64: file f's path is path_bytes[path_offsets[f]:path_offsets[f + 1]].
        path_bytes    (n_bytes,) uint8.
        language_ids  (n,) uint16: positions in queries; files with a larger id have no query.
        queries       TagsQuery or None, by language id.
        query_keys    16 bytes for each of the queries: the second half of the key that its blocks are sealed with.
        max_text_bytes  of a file in UTF-8; no more than the default, beyond which positions do not fit their type.
        window_bytes  of a large text whose syntax tree is in memory at once; from 1 to the default.
        name_offsets, name_bytes  the paths by which the files are named, where others stand in their place: as above.

        Raises ValueError for malformed offsets.
        """
        check_paths(path_offsets, path_bytes, language_ids.shape[0])
        if name_offsets is None or name_bytes is None:
            name_offsets, name_bytes = path_offsets, path_bytes
        check_paths(name_offsets, name_bytes, language_ids.shape[0])
        for query in queries:
            if query is not None and (<TagsQuery?>query).spec.captures == NULL:
                raise ValueError("a TagsQuery was not configured")
        if len(query_keys) != len(queries) * DIGEST_BYTES:
            raise ValueError(f"{len(query_keys)} bytes of keys for {len(queries)} queries of {DIGEST_BYTES} each")
        self.query_keys = query_keys
        self.query_key_bytes = query_keys
        self.root = root
        self.path_offsets = path_offsets
        self.path_bytes = path_bytes
        self.paths.bytes = &path_bytes[0] if path_bytes.shape[0] else NULL
        self.paths.offsets = &path_offsets[0]
        self.name_offsets, self.name_bytes = name_offsets, name_bytes
        self.names.bytes = &name_bytes[0] if name_bytes.shape[0] else NULL
        self.names.offsets = &name_offsets[0]
        self.paths.root = root
        self.paths.root_size = len(root)
        self.paths.max_file_bytes = max_file_bytes
        self.window_bytes = min(max(window_bytes, 1), <size_t>WINDOW_BYTES)
        self.max_text_bytes = min(max_text_bytes, <size_t>MAX_TEXT_BYTES)
        self.language_ids = language_ids
        self.queries = queries
        self.max_file_memory_bytes = max_file_memory_bytes
        self.file_timeout_ns = <int64_t>(min(file_timeout_s, 1e9) * 1e9)

    def stop(self):
        """Stop all workers: each leaves its file at the next check of its budget, and starts no other."""
        self.is_stopped = 1
