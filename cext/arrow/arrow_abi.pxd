# The structs of Arrow's C data interface and C stream interface, whose layout never changes.
# https://arrow.apache.org/docs/format/CDataInterface.html
from libc.stdint cimport int64_t


cdef struct ArrowSchema:
    const char *format          # type of the items, in a letter or more
    const char *name
    const char *metadata        # pairs, see packed(); may be NULL
    int64_t flags
    int64_t n_children
    ArrowSchema **children
    ArrowSchema *dictionary     # NULL, or what the items are numbers of
    void (*release)(ArrowSchema *) noexcept nogil   # NULL once it was called, or was moved
    void *private_data


cdef struct ArrowArray:
    int64_t length
    int64_t null_count
    int64_t offset
    int64_t n_buffers
    int64_t n_children
    const void **buffers        # bits of what is not null, or NULL; then offsets; then items
    ArrowArray **children
    ArrowArray *dictionary
    void (*release)(ArrowArray *) noexcept nogil
    void *private_data


cdef struct ArrowArrayStream:
    int (*get_schema)(ArrowArrayStream *, ArrowSchema *) noexcept nogil
    int (*get_next)(ArrowArrayStream *, ArrowArray *) noexcept nogil    # gives a released array at the end
    const char *(*get_last_error)(ArrowArrayStream *) noexcept nogil
    void (*release)(ArrowArrayStream *) noexcept nogil
    void *private_data
