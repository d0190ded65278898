"""Imports of files as columns.

In: records of some files (import_records.h). Out: columns. Compiled because a large repository has a million imports.
"""
import numpy as np

from libc.stdint cimport int64_t, uint8_t, uint32_t, uint64_t

from import_records cimport (
    IMPORT_EXPORTED, IMPORT_KIND_MASK, IMPORT_STATIC, ImportReader, ImportRecord, ImportText, import_count, import_next,
    import_reader,
)
from interrupts cimport count_steps

cdef enum:
    STEPS_A_RECORD = 256        # of making the objects of one, in steps of a nanosecond or so


cdef bytes text_of(const ImportText *text, dict known):
    """Return a text; equal ones are one object."""
    made = (<const char *>text.bytes)[:text.size] if text.size else b""
    return known.setdefault(made, made)


def decode_records(const uint8_t[::1] records not None, const uint64_t[::1] offsets not None):
    """Return the imports of some files as columns and lists, in the order of the files and of their text.

    records  (n_bytes,) uint8: those of file f are records[offsets[f]:offsets[f + 1]].
    offsets  (n_files + 1,) uint64.

    file_ids                (n,) uint32: which of the files imports.
    rows                    (n,) uint32: zero-based.
    kinds                   (n,) uint8: the kind and its flags.
    modules, names, aliases lists of n bytes.

    Raises ValueError for what are no records.
    """
    cdef Py_ssize_t f, i = 0, n_files = offsets.shape[0] - 1
    cdef int64_t n_of_file
    cdef uint64_t total = 0, n_steps = 0
    cdef ImportReader reader
    cdef ImportRecord record
    cdef const uint8_t *start = &records[0] if records.shape[0] else NULL
    for f in range(n_files):
        if offsets[f] > offsets[f + 1] or offsets[f + 1] > <uint64_t>records.shape[0]:
            raise ValueError("the offsets of the imports are damaged")
        n_of_file = import_count(start + offsets[f], offsets[f + 1] - offsets[f])
        if n_of_file < 0:
            raise ValueError(f"the imports of file {f} of {n_files} are damaged")
        total += n_of_file
    file_ids, rows, kinds = np.empty(total, np.uint32), np.empty(total, np.uint32), np.empty(total, np.uint8)
    cdef uint32_t[::1] file_ids_out = file_ids, rows_out = rows
    cdef uint8_t[::1] kinds_out = kinds
    cdef dict known = {}
    cdef list modules = [], names = [], aliases = []
    for f in range(n_files):
        reader = import_reader(start + offsets[f], offsets[f + 1] - offsets[f])
        while import_next(&reader, &record):
            count_steps(&n_steps, STEPS_A_RECORD)
            file_ids_out[i], rows_out[i] = <uint32_t>f, record.row
            kinds_out[i] = record.kind & (IMPORT_KIND_MASK | IMPORT_STATIC | IMPORT_EXPORTED)
            modules.append(text_of(&record.module, known))
            names.append(text_of(&record.name, known))
            aliases.append(text_of(&record.alias, known))
            i += 1
    return file_ids, rows, kinds, modules, names, aliases
