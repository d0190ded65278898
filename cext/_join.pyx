"""The columns of all workers, joined in the order of the files.

In: TagWorkers that have done their last file. Out: numpy columns, the same whichever worker was first. Each worker's
column is freed as soon as it was copied, so that a scan never holds all its tags twice. Compiled because it touches
every tag of the repository once a column.
"""
import numpy as np

from libc.stdint cimport int32_t, uint8_t, uint16_t, uint32_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy, memset

cimport cython
from columns cimport Columns
from interner cimport INTERNER_FULL, Interner, interner_free, interner_intern
from repomap_fast._tagger cimport FileRecord, TagWorker

cdef enum:
    NO_WORKER = 0xFFFF


@cython.final
cdef class Join:
    """The joining of some workers' tags; each of its methods may be called once.

    statuses     (n_files,) uint8: tables.FileStatus; UNTAGGED of files that no worker met.
    errors       (n_files,) int32: errno of files that could not be read, or 0.
    tag_offsets  (n_files + 1,) uint64: the tags of file f are rows tag_offsets[f]:tag_offsets[f + 1].
    """

    cdef list workers
    cdef readonly object statuses
    cdef readonly object errors
    cdef readonly object tag_offsets
    cdef uint64_t[::1] offsets
    cdef uint16_t[::1] worker_ids  # (n_files,) which worker has the file's tags, or NO_WORKER
    cdef uint64_t[::1] first_tags  # (n_files,) from which row of its columns

    def __cinit__(self, list workers not None, uint32_t n_files, uint8_t untagged):
        cdef size_t i, worker_id
        cdef TagWorker worker
        cdef FileRecord *record
        if len(workers) >= NO_WORKER:
            raise ValueError(f"{len(workers)} workers; expected fewer than {NO_WORKER}")
        self.workers = workers
        self.statuses = np.full(n_files, untagged, np.uint8)
        self.errors = np.zeros(n_files, np.int32)
        self.tag_offsets = np.zeros(n_files + 1, np.uint64)
        self.offsets = self.tag_offsets
        self.worker_ids = np.full(n_files, NO_WORKER, np.uint16)
        self.first_tags = np.zeros(n_files, np.uint64)
        cdef uint8_t[::1] statuses = self.statuses
        cdef int32_t[::1] errors = self.errors
        for worker_id in range(<size_t>len(workers)):
            worker = workers[worker_id]
            for i in range(worker.n_records):
                record = &worker.records[i]
                if record.file_id >= n_files:
                    raise IndexError(f"file {record.file_id} of {n_files}")
                statuses[record.file_id] = record.status
                errors[record.file_id] = record.error
                self.worker_ids[record.file_id] = <uint16_t>worker_id
                self.first_tags[record.file_id] = record.first_tag
                self.offsets[record.file_id + 1] = record.n_tags
        np.cumsum(self.tag_offsets, out=self.tag_offsets)

    def names(self):
        """Return name_ids (n_tags,) uint32, and the offsets and bytes of the distinct names in order of first use."""
        cdef uint32_t[::1] name_ids_out, new_ids
        cdef Py_ssize_t file_id, n_files = self.worker_ids.shape[0]
        cdef uint64_t i, first
        cdef uint32_t old_id
        cdef TagWorker worker
        cdef Interner names
        cdef bint has_memory = True
        name_ids = np.empty(self.offsets[n_files], np.uint32)
        name_ids_out = name_ids
        ids_by_worker = [np.full((<TagWorker>worker).strings.count, INTERNER_FULL, np.uint32)
                         for worker in self.workers]
        memset(&names, 0, sizeof(Interner))
        try:
            for file_id in range(n_files):
                if self.offsets[file_id] == self.offsets[file_id + 1]:
                    continue
                worker = self.workers[self.worker_ids[file_id]]
                new_ids = ids_by_worker[self.worker_ids[file_id]]
                first = self.first_tags[file_id] - self.offsets[file_id]
                with nogil:
                    for i in range(self.offsets[file_id], self.offsets[file_id + 1]):
                        old_id = worker.columns.name_ids[first + i]
                        if new_ids[old_id] == INTERNER_FULL:
                            new_ids[old_id] = copy_string(&worker.strings, old_id, &names)
                            has_memory &= new_ids[old_id] != INTERNER_FULL
                        name_ids_out[i] = new_ids[old_id]
                if not has_memory:
                    raise MemoryError("no memory for the names of the scan")
            for worker in self.workers:
                free(worker.columns.name_ids)
                worker.columns.name_ids = NULL
                interner_free(&worker.strings)
            return name_ids, *interned(&names)
        finally:
            interner_free(&names)

    def column(self, str name not None):
        """Return the column of TagWorker of this name, (n_tags,), scopes as rows of the joined table."""
        cdef Py_ssize_t file_id, n_files = self.worker_ids.shape[0]
        cdef uint64_t n_tags = self.offsets[n_files], n, i
        cdef size_t item_size
        cdef TagWorker worker
        cdef int32_t[::1] scopes
        joined = np.empty(n_tags, DTYPES[name])
        item_size = joined.itemsize
        cdef uint8_t[::1] joined_out = joined.view(np.uint8)
        cdef const uint8_t *source
        for file_id in range(n_files):
            n = self.offsets[file_id + 1] - self.offsets[file_id]
            if n:
                worker = self.workers[self.worker_ids[file_id]]
                source = <const uint8_t *>column_of(&worker.columns, name)[0]
                memcpy(
                    &joined_out[self.offsets[file_id] * item_size],
                    source + self.first_tags[file_id] * item_size,
                    n * item_size,
                )
        for worker in self.workers:
            free(column_of(&worker.columns, name)[0])
            column_of(&worker.columns, name)[0] = NULL
        if name == "scope_tag_ids":
            scopes = joined
            with nogil:
                for file_id in range(n_files):
                    for i in range(self.offsets[file_id], self.offsets[file_id + 1]):
                        if scopes[i] >= 0:
                            scopes[i] += <int32_t>self.offsets[file_id]
        return joined


DTYPES = {
    "roles": np.uint8, "kind_ids": np.uint8, "rows": np.uint32, "columns": np.uint32, "end_rows": np.uint32,
    "scope_tag_ids": np.int32,
}


cdef void **column_of(Columns *columns, str name) except NULL:
    if name == "roles":
        return <void **>&columns.roles
    if name == "kind_ids":
        return <void **>&columns.kind_ids
    if name == "rows":
        return <void **>&columns.rows
    if name == "columns":
        return <void **>&columns.columns
    if name == "end_rows":
        return <void **>&columns.end_rows
    if name == "scope_tag_ids":
        return <void **>&columns.scope_tag_ids
    raise KeyError(name)


cdef uint32_t copy_string(const Interner *source, uint32_t string_id, Interner *target) noexcept nogil:
    cdef uint64_t start = source.offsets[string_id]
    return interner_intern(target, source.bytes.contents + start, source.offsets[string_id + 1] - start)


cdef tuple interned(const Interner *strings):
    """Return the offsets and the bytes of an interner as numpy arrays of their own."""
    offsets = np.zeros(strings.count + 1, np.uint64)
    data = np.empty(strings.bytes.size, np.uint8)
    cdef uint64_t[::1] offsets_out = offsets
    cdef uint8_t[::1] data_out = data
    if strings.count:
        memcpy(&offsets_out[0], strings.offsets, (<size_t>strings.count + 1) * sizeof(uint64_t))
    if strings.bytes.size:
        memcpy(&data_out[0], strings.bytes.contents, strings.bytes.size)
    return offsets, data
