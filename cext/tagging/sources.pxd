# Function bodies, inlined into _tagger: reads the files of a scan and hashes them.
from libc.errno cimport ENOMEM
from libc.stdint cimport uint8_t, uint32_t, uint64_t
from libc.string cimport memcpy

from blake2b cimport Blake2b, blake2b_add, blake2b_end, blake2b_start
from component_names cimport component_key
from core cimport RepomapBytes, repomap_bytes_free, repomap_bytes_reserve, repomap_read_file
from record cimport FileRecord


cdef enum:
    DIGEST_BYTES = 16

cdef struct Paths:
    const uint8_t *bytes        # all pointers are borrowed from the FileList
    const uint64_t *offsets     # (n + 1,)
    const char *root
    size_t root_size
    size_t max_file_bytes

cdef struct Source:
    RepomapBytes path           # root, a slash, the path of the file, NUL
    RepomapBytes file           # its contents


cdef inline const uint8_t *path_of(const Paths *paths, uint32_t file_id) noexcept nogil:
    return paths.bytes + paths.offsets[file_id]


cdef inline size_t path_size(const Paths *paths, uint32_t file_id) noexcept nogil:
    return paths.offsets[file_id + 1] - paths.offsets[file_id]


cdef inline void write_key(
    const Paths *paths, const FileRecord *record, const uint8_t *query_key, bint is_component, uint8_t *key
) noexcept nogil:
    """Write the key of a file's block: what it holds depends on nothing else.

    key  (32,) the contents, and the query; of a component, the query and its name.
    """
    memcpy(key, record.digest, DIGEST_BYTES)
    memcpy(key + DIGEST_BYTES, query_key, DIGEST_BYTES)
    if is_component:
        component_key(key + DIGEST_BYTES, path_of(paths, record.file_id), path_size(paths, record.file_id))


cdef inline bint build_path(const Paths *paths, uint32_t file_id, RepomapBytes *path) noexcept nogil:
    """Write the file's whole path; False if there is no memory for it."""
    cdef uint64_t start = paths.offsets[file_id]
    cdef size_t size = paths.offsets[file_id + 1] - start
    if not repomap_bytes_reserve(path, paths.root_size + size + 2):
        return False
    memcpy(path.contents, paths.root, paths.root_size)
    path.contents[paths.root_size] = c"/"
    if size:
        memcpy(path.contents + paths.root_size + 1, paths.bytes + start, size)
    path.contents[paths.root_size + 1 + size] = 0
    return True


cdef inline int read_contents(
    const Paths *paths, uint32_t file_id, size_t max_bytes, Source *source
) noexcept nogil:
    """Read a file; return 0 or an errno, EFBIG above ``max_bytes``."""
    if not build_path(paths, file_id, &source.path):
        return ENOMEM
    return repomap_read_file(<const char *>source.path.contents, max_bytes, &source.file)


cdef inline int read_source(
    const Paths *paths, uint32_t file_id, size_t max_bytes, Source *source, uint8_t *digest
) noexcept nogil:
    """Read a file and hash it; return 0 or an errno, EFBIG above ``max_bytes``.

    digest  (16,) BLAKE2b of the contents.
    """
    cdef Blake2b hash
    cdef int error = read_contents(paths, file_id, max_bytes, source)
    if error == 0:
        blake2b_start(&hash, DIGEST_BYTES)
        blake2b_add(&hash, source.file.contents, source.file.size)
        blake2b_end(&hash, digest)
    return error


cdef inline void free_source(Source *source) noexcept nogil:
    repomap_bytes_free(&source.path)
    repomap_bytes_free(&source.file)
