"""Streams of Arrow's C data interface, made of numpy columns: no column is copied.

In: fields and batches of ``stream``. Out: PyCapsules. Compiled because the interface is structs of C that the consumer
reads, moves and releases at any time, on any thread. Each struct owns what it points to, by itself: a consumer may
keep a child and release its parent.
"""
import numpy as np

from cpython.exc cimport PyErr_SetInterrupt
from cpython.pycapsule cimport PyCapsule_GetPointer, PyCapsule_IsValid, PyCapsule_New
from cpython.ref cimport Py_DECREF, Py_INCREF, PyObject
from libc.errno cimport EINTR, EINVAL, EIO, ENOMEM
from libc.stdint cimport int64_t, uint8_t
from libc.stdlib cimport calloc, free, malloc
from libc.string cimport memcpy

from arrow_abi cimport ArrowArray, ArrowArrayStream, ArrowSchema

cdef enum:
    FLAG_NULLABLE = 2

cdef char NOTHING = 0       # What the pointer of an empty buffer points to: not all consumers take NULL.


cdef char *copied(bytes text) except NULL:
    """Return the bytes in memory of their own, with a zero behind them."""
    cdef Py_ssize_t n_bytes = len(text)
    cdef char *copy = <char *> malloc(n_bytes + 1)
    if copy == NULL:
        raise MemoryError
    memcpy(copy, <const char *> text, n_bytes + 1)
    return copy


cdef void release_schema(ArrowSchema *schema) noexcept nogil:
    cdef int64_t i
    free(<void *> schema.format)
    free(<void *> schema.name)
    free(<void *> schema.metadata)
    if schema.children != NULL:
        for i in range(schema.n_children):
            # A child that the consumer took is not released with its parent.
            if schema.children[i] != NULL and schema.children[i].release != NULL:
                schema.children[i].release(schema.children[i])
            free(schema.children[i])
        free(schema.children)
    if schema.dictionary != NULL:
        if schema.dictionary.release != NULL:
            schema.dictionary.release(schema.dictionary)
        free(schema.dictionary)
    schema.release = NULL


cdef int fill_schema(ArrowSchema *schema, object field) except -1:
    """Describe a field. After an exception ``schema`` can be released, and must be if its ``release`` is set."""
    cdef int64_t i, n_children = len(field.children)
    schema.release = release_schema
    schema.format = copied(field.format)
    schema.name = copied(field.name)
    if field.metadata:
        schema.metadata = copied(packed(field.metadata))
    schema.flags = FLAG_NULLABLE if field.is_nullable else 0
    if n_children:
        schema.children = <ArrowSchema **> calloc(n_children, sizeof(ArrowSchema *))
        if schema.children == NULL:
            raise MemoryError
        schema.n_children = n_children
        for i in range(n_children):
            schema.children[i] = <ArrowSchema *> calloc(1, sizeof(ArrowSchema))
            if schema.children[i] == NULL:
                raise MemoryError
            fill_schema(schema.children[i], field.children[i])
    if field.dictionary is not None:
        schema.dictionary = <ArrowSchema *> calloc(1, sizeof(ArrowSchema))
        if schema.dictionary == NULL:
            raise MemoryError
        fill_schema(schema.dictionary, field.dictionary)
    return 0


cdef bytes packed(object metadata):
    """Return pairs of bytes as the interface has them: how many there are, then each behind its length."""
    parts = [len(metadata)]
    for pair in metadata.items():
        for text in pair:
            parts += [len(text), text]
    return b"".join([part if isinstance(part, bytes) else np.int32(part).tobytes() for part in parts])


cdef void release_array(ArrowArray *array) noexcept nogil:
    cdef int64_t i
    if array.children != NULL:
        for i in range(array.n_children):
            if array.children[i] != NULL and array.children[i].release != NULL:
                array.children[i].release(array.children[i])
            free(array.children[i])
        free(array.children)
    if array.dictionary != NULL:
        if array.dictionary.release != NULL:
            array.dictionary.release(array.dictionary)
        free(array.dictionary)
    free(array.buffers)
    if array.private_data != NULL:
        with gil:
            Py_DECREF(<object> <PyObject *> array.private_data)
    array.release = NULL


cdef int fill_array(ArrowArray *array, object column) except -1:
    """Point to the buffers of a column, and keep it. After an exception as ``fill_schema``."""
    cdef const uint8_t[::1] view
    cdef int64_t i, n_buffers = len(column.buffers), n_children = len(column.children)
    array.release = release_array
    Py_INCREF(column)
    array.private_data = <void *> <PyObject *> column
    array.length, array.null_count = column.n_rows, column.n_nulls
    array.buffers = <const void **> calloc(n_buffers + 1, sizeof(void *))
    if array.buffers == NULL:
        raise MemoryError
    array.n_buffers = n_buffers
    for i in range(n_buffers):
        if column.buffers[i] is not None:
            view = column.buffers[i].view(np.uint8)
            array.buffers[i] = &view[0] if view.shape[0] else <const uint8_t *> &NOTHING
    if n_children:
        array.children = <ArrowArray **> calloc(n_children, sizeof(ArrowArray *))
        if array.children == NULL:
            raise MemoryError
        array.n_children = n_children
        for i in range(n_children):
            array.children[i] = <ArrowArray *> calloc(1, sizeof(ArrowArray))
            if array.children[i] == NULL:
                raise MemoryError
            fill_array(array.children[i], column.children[i])
    if column.dictionary is not None:
        array.dictionary = <ArrowArray *> calloc(1, sizeof(ArrowArray))
        if array.dictionary == NULL:
            raise MemoryError
        fill_array(array.dictionary, column.dictionary)
    return 0


cdef class Source:
    """What a stream gives: a field, and an iterator of columns. ``error`` is what ended the iterator."""

    cdef object field
    cdef object columns
    cdef readonly object error
    cdef bytes message          # of the error; the consumer has a pointer to it

    def __cinit__(self, field, columns):
        self.field = field
        self.columns = columns

    cdef int failed(self, object error) noexcept:
        """Remember an error and return the number that says of what kind it is."""
        self.error = error
        self.message = f"{type(error).__name__}: {error}".encode("utf-8", "replace").replace(b"\0", b" ")
        if isinstance(error, KeyboardInterrupt):
            # The consumer may make any other error of it; Python's own is raised as soon as it is back.
            PyErr_SetInterrupt()
            return EINTR
        return ENOMEM if isinstance(error, MemoryError) else EIO


cdef int get_schema(ArrowArrayStream *stream, ArrowSchema *out) noexcept nogil:
    with gil:
        return schema_of(<Source> <PyObject *> stream.private_data, out)


cdef int schema_of(Source source, ArrowSchema *out) noexcept:
    out[0] = empty_schema()
    try:
        fill_schema(out, source.field)
    except BaseException as error:
        release_schema(out)
        return source.failed(error)
    return 0


cdef int get_next(ArrowArrayStream *stream, ArrowArray *out) noexcept nogil:
    with gil:
        return next_of(<Source> <PyObject *> stream.private_data, out)


cdef int next_of(Source source, ArrowArray *out) noexcept:
    out[0] = empty_array()
    if source.error is not None:
        return EINVAL
    try:
        column = next(source.columns, None)
        if column is not None:
            fill_array(out, column)
    except BaseException as error:
        if out.release != NULL:
            release_array(out)
        return source.failed(error)
    return 0


cdef const char *get_last_error(ArrowArrayStream *stream) noexcept nogil:
    with gil:
        return message_of(<Source> <PyObject *> stream.private_data)


cdef const char *message_of(Source source) noexcept:
    return NULL if source.message is None else <const char *> source.message


cdef void release_stream(ArrowArrayStream *stream) noexcept nogil:
    with gil:
        Py_DECREF(<object> <PyObject *> stream.private_data)
    stream.release = NULL


cdef ArrowSchema empty_schema() noexcept nogil:
    cdef ArrowSchema schema
    schema.format, schema.name, schema.metadata = NULL, NULL, NULL
    schema.flags, schema.n_children = 0, 0
    schema.children, schema.dictionary, schema.release, schema.private_data = NULL, NULL, NULL, NULL
    return schema


cdef ArrowArray empty_array() noexcept nogil:
    cdef ArrowArray array
    array.length, array.null_count, array.offset, array.n_buffers, array.n_children = 0, 0, 0, 0, 0
    array.buffers, array.children, array.dictionary, array.release, array.private_data = NULL, NULL, NULL, NULL, NULL
    return array


cdef void drop_schema(object capsule) noexcept:
    cdef ArrowSchema *schema = <ArrowSchema *> PyCapsule_GetPointer(capsule, "arrow_schema")
    if schema.release != NULL:
        schema.release(schema)
    free(schema)


cdef void drop_stream(object capsule) noexcept:
    cdef ArrowArrayStream *stream = <ArrowArrayStream *> PyCapsule_GetPointer(capsule, "arrow_array_stream")
    if stream.release != NULL:
        stream.release(stream)
    free(stream)


def schema_capsule(field):
    """Return a capsule of the schema of a field. Raises MemoryError."""
    cdef ArrowSchema *schema = <ArrowSchema *> calloc(1, sizeof(ArrowSchema))
    if schema == NULL:
        raise MemoryError
    try:
        fill_schema(schema, field)
        return PyCapsule_New(schema, "arrow_schema", drop_schema)
    except BaseException:
        release_schema(schema)
        free(schema)
        raise


def stream_capsule(Source source not None):
    """Return a capsule of a stream of the columns of a source, which it keeps. Raises MemoryError."""
    cdef ArrowArrayStream *stream = <ArrowArrayStream *> calloc(1, sizeof(ArrowArrayStream))
    if stream == NULL:
        raise MemoryError
    stream.get_schema, stream.get_next = get_schema, get_next
    stream.get_last_error, stream.release = get_last_error, release_stream
    Py_INCREF(source)
    stream.private_data = <void *> <PyObject *> source
    try:
        return PyCapsule_New(stream, "arrow_array_stream", drop_stream)
    except BaseException:
        release_stream(stream)
        free(stream)
        raise


def requested_formats(capsule):
    """Return what a requested schema asks for: for the name of each column, its format; None where it is encoded.

    Raises ValueError for what is no capsule of a schema.
    """
    cdef ArrowSchema *schema
    cdef ArrowSchema *child
    cdef int64_t i
    if not PyCapsule_IsValid(capsule, "arrow_schema"):
        raise ValueError(f"a requested schema of type {type(capsule).__name__}; expected a capsule named arrow_schema")
    schema = <ArrowSchema *> PyCapsule_GetPointer(capsule, "arrow_schema")
    if schema.release == NULL:
        raise ValueError("the requested schema was released already")
    formats = {}
    for i in range(schema.n_children):
        child = schema.children[i]
        name = b"" if child.name == NULL else <bytes> child.name
        formats[name] = None if child.dictionary != NULL else <bytes> child.format
    return formats
