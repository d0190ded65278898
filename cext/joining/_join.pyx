"""Joins blocks of tags in the order of the files, and looks names up in the result.

In: blocks (block.h), in file order, some at a time. Out: numpy columns of those, and at the end all distinct names,
numbered in the order of their first use, whichever worker tagged first. Compiled because it writes every tag of the
repository to every column.
"""
from os import strerror, urandom

import numpy as np

from libc.stdint cimport int32_t, int64_t, uint8_t, uint16_t, uint32_t, uint64_t, INT32_MAX
from libc.stdlib cimport free
from libc.string cimport memcmp

cimport cython
from block cimport (
    BLOCK_COLUMNS, BLOCK_LENGTHS, BLOCK_NAME_IDS, BLOCK_REFERENCE, BLOCK_ROWS, BLOCK_SCOPES, BLOCK_SPANS, Block,
    block_get, block_open,
)
from columns cimport reserve
from core cimport repomap_give_back_memory, repomap_keep_large_apart
from interner cimport INTERNER_FULL, interner_first_slot, interner_hash
from interrupts cimport count_steps
from written_names cimport (
    WrittenNames, written_names_count, written_names_forget, written_names_free, written_names_intern,
)

cdef enum:
    KINDS_OF_QUERY = 128
    MAX_KINDS = 256             # a kind id has one byte
    STEPS_A_NAME = 64           # of looking one up, in steps of a nanosecond or so
    STEPS_A_TAG = 8


def give_back_memory():
    """Return to the system what was freed: after many threads' work, the C library keeps some hundred megabytes."""
    with nogil:
        repomap_give_back_memory()


def keep_large_memory_apart():
    """From now on, return each large piece of memory to the system when it is freed: for a process that lives long.

    A piece of a megabyte costs some tenths of a millisecond more each time.
    """
    repomap_keep_large_apart()


@cython.final
cdef class Join:
    """The joining of blocks, from the first file to the last; the blocks must have passed ``check_block``, or be the
    worker's own."""

    cdef WrittenNames names
    cdef uint32_t *file_counts          # (file_counts_capacity,) files that use each name
    cdef size_t file_counts_capacity
    cdef uint32_t *ids                  # (ids_capacity,) of the names of the block at hand
    cdef size_t ids_capacity
    cdef readonly uint64_t n_tags       # joined so far
    cdef uint64_t[MAX_KINDS] n_definitions  # joined so far, by kind id

    def __cinit__(self):
        self.names.unwritten.seed = int.from_bytes(urandom(8))

    def __dealloc__(self):
        written_names_free(&self.names)
        free(self.file_counts)
        free(self.ids)

    @property
    def n_names(self):
        """Distinct names so far."""
        return written_names_count(&self.names)

    @property
    def seed(self):
        """What ``find_names`` needs to read the slots."""
        return self.names.unwritten.seed

    @property
    def definition_counts(self):
        """Number of definitions of each kind so far, by kind id: 256 numbers."""
        return [self.n_definitions[i] for i in range(MAX_KINDS)]

    def add(
        self, list blocks not None, const uint16_t[::1] language_ids not None, const uint8_t[:, ::1] kinds not None
    ):
        """Join the next files; return their columns: name_ids, roles, kind_ids, rows, columns, end_rows, scope_tag_ids.

        blocks        bytes of each file's block; empty for a file without one.
        language_ids  (n_files,) uint16: which row of ``kinds`` a file's kinds are translated by.
        kinds         (n_languages, 128) uint8: kind id of the joined table for each kind of a language's query.

        All columns are (n_tags,) with the dtypes of ``TagTable``; name and scope numbers are those of the whole table.
        Raises ValueError for what is no block, MemoryError, OSError for names that were written and cannot be read.
        """
        cdef Py_ssize_t i, n_files = len(blocks)
        cdef uint64_t total = 0, first = 0
        cdef Block block
        cdef const uint8_t[::1] data
        cdef bint has_memory
        if language_ids.shape[0] != n_files or kinds.shape[1] != KINDS_OF_QUERY:
            raise ValueError(f"{language_ids.shape[0]} languages for {n_files} blocks, {kinds.shape[1]} kinds of each")
        for i in range(n_files):
            data = blocks[i]
            if data.shape[0] == 0:
                continue
            if language_ids[i] >= kinds.shape[0] or not block_open(&data[0], data.shape[0], &block):
                raise ValueError(f"block {i} of {n_files} is none")
            total += block.n_tags
        if self.n_tags + total > INT32_MAX:
            raise MemoryError(f"{self.n_tags + total} tags; expected at most {INT32_MAX}")
        name_ids, roles, kind_ids = np.empty(total, np.uint32), np.empty(total, np.uint8), np.empty(total, np.uint8)
        rows, columns, end_rows = (np.empty(total, np.uint32) for _ in range(3))
        scopes = np.empty(total, np.int32)
        cdef uint32_t[::1] name_ids_out = name_ids, rows_out = rows, columns_out = columns, end_rows_out = end_rows
        cdef uint8_t[::1] roles_out = roles, kind_ids_out = kind_ids
        cdef int32_t[::1] scopes_out = scopes
        cdef const uint8_t *kinds_of_language
        cdef uint32_t j, scope
        cdef uint64_t tag, n_steps = 0
        cdef int32_t base
        for i in range(n_files):
            data = blocks[i]
            if data.shape[0] == 0 or not block_open(&data[0], data.shape[0], &block) or block.n_tags == 0:
                continue
            kinds_of_language = &kinds[language_ids[i], 0]
            base = <int32_t>(self.n_tags + first)
            with nogil:
                has_memory = self.add_names(&block)
                if has_memory:
                    for j in range(block.n_tags):
                        count_steps(&n_steps, STEPS_A_TAG)
                        tag = first + j
                        name_ids_out[tag] = self.ids[block_get(block.name_ids, j, block.widths[<int>BLOCK_NAME_IDS])]
                        roles_out[tag] = block.kinds[j] >= BLOCK_REFERENCE
                        kind_ids_out[tag] = kinds_of_language[block.kinds[j] & (BLOCK_REFERENCE - 1)]
                        self.n_definitions[kind_ids_out[tag]] += block.kinds[j] < BLOCK_REFERENCE
                        rows_out[tag] = block_get(block.rows, j, block.widths[<int>BLOCK_ROWS])
                        columns_out[tag] = block_get(block.columns, j, block.widths[<int>BLOCK_COLUMNS])
                        end_rows_out[tag] = rows_out[tag] + block_get(block.spans, j, block.widths[<int>BLOCK_SPANS])
                        scope = block_get(block.scopes, j, block.widths[<int>BLOCK_SCOPES])
                        scopes_out[tag] = base + <int32_t>scope - 1 if scope else -1
            if not has_memory and self.names.error:
                raise OSError(self.names.error, f"the names that were written: {strerror(self.names.error)}")
            if not has_memory:
                raise MemoryError("no memory for the names of the repository")
            first += block.n_tags
        self.n_tags += total
        return name_ids, roles, kind_ids, rows, columns, end_rows, scopes

    cdef int add_names(self, const Block *block) except -1 nogil:
        """Number the names of a block; False when there is no memory for them, or ``names.error`` says why."""
        cdef size_t i, start = 0
        cdef uint64_t n_steps = 0
        cdef uint32_t length, name_id
        cdef size_t n_known
        if not reserve(<void **>&self.ids, &self.ids_capacity, block.n_names, 4):
            return False
        for i in range(block.n_names):
            count_steps(&n_steps, STEPS_A_NAME)
            length = block_get(block.lengths, i, block.widths[<int>BLOCK_LENGTHS])
            n_known = written_names_count(&self.names)
            name_id = written_names_intern(&self.names, block.names + start, length)
            if name_id == INTERNER_FULL or not reserve(
                <void **>&self.file_counts, &self.file_counts_capacity, <size_t>name_id + 1, 4
            ):
                return False
            if name_id == n_known:
                self.file_counts[name_id] = 0
            self.file_counts[name_id] += 1
            self.ids[i] = name_id
            start += length
        return True

    def hand_out_names(self, take not None):
        """Call ``take`` with the names that are not written yet, as memoryviews of bytes that last as long as the call.

        Their offsets (n + 1,) uint64, from 0, and their bytes.
        """
        cdef uint64_t zero = 0
        cdef size_t n = self.names.unwritten.count
        if n == 0:
            take(<const uint8_t[:8]><const uint8_t *>&zero, b"")
            return
        # Nothing is as long as nothing: names may all be empty.
        take(
            <const uint8_t[:(n + 1) * 8]><const uint8_t *>self.names.unwritten.offsets,
            <const uint8_t[:self.names.unwritten.bytes.size]><const uint8_t *>self.names.unwritten.bytes.contents
            if self.names.unwritten.bytes.size else b"",
        )

    def forget_names(self, int offsets_descriptor, int bytes_descriptor):
        """Free the memory of the names that were handed out: all names so far are written and will be read there.

        The files, open for reading as long as names are added, hold the offsets of all names (n_names + 1,) uint64 and
        their bytes; -1 for the second where there are none. Raises MemoryError.
        """
        if not written_names_forget(&self.names, offsets_descriptor, bytes_descriptor):
            raise MemoryError("no memory to read names again")

    def hand_out_uses(self, take not None):
        """Call ``take`` with what there is of all names, as memoryviews of bytes that last as long as the call.

        How many files use each (n_names,) uint32, and the slots (n_slots,) uint32, a power of two: where ``find_names``
        looks for them, by ``seed``.
        """
        cdef size_t n = written_names_count(&self.names)
        if n == 0:
            take(b"", b"")
            return
        take(
            <const uint8_t[:n * 4]><const uint8_t *>self.file_counts,
            <const uint8_t[:self.names.unwritten.n_slots * 4]><const uint8_t *>self.names.unwritten.slots,
        )


def find_names(
    list wanted not None, const uint32_t[::1] slots not None, uint64_t seed, const uint64_t[::1] offsets not None,
    const uint8_t[::1] data not None,
):
    """Return the ids of the names ``wanted`` (bytes) in a joined table, (n,) int64; -1 for one that is not there.

    slots, seed    as ``Join.hand_out_uses`` and ``Join.seed`` give them.
    offsets, data  of the names.
    """
    cdef Py_ssize_t i
    cdef size_t n_slots = slots.shape[0], slot, _n_looked
    cdef uint64_t n_steps = 0
    cdef uint32_t name_id
    cdef uint64_t start, size
    cdef const uint8_t *name
    cdef bytes asked
    ids = np.full(len(wanted), -1, np.int64)
    cdef long long[::1] ids_out = ids
    if n_slots == 0:
        return ids
    if n_slots & (n_slots - 1):
        raise ValueError(f"{n_slots} slots; expected a power of two")
    for i in range(len(wanted)):
        asked = wanted[i]
        name = <const uint8_t *><const char *>asked
        size = len(asked)
        slot = interner_first_slot(interner_hash(seed, name, size), n_slots)
        for _n_looked in range(n_slots):
            if slots[slot] == 0:
                break
            count_steps(&n_steps, STEPS_A_NAME)
            name_id = slots[slot] - 1
            if <Py_ssize_t>name_id + 1 >= offsets.shape[0]:
                raise ValueError(f"name {name_id} of {offsets.shape[0] - 1}")
            start = offsets[name_id]
            if offsets[name_id + 1] > <uint64_t>data.shape[0] or start > offsets[name_id + 1]:
                raise ValueError("the offsets of the names are damaged")
            if offsets[name_id + 1] - start == size and (size == 0 or memcmp(&data[start], name, size) == 0):
                ids_out[i] = name_id
                break
            slot = (slot + 1) & (n_slots - 1)
    return ids


def first_slots(list names not None, uint64_t seed, uint64_t n_slots):
    """Return the slot in which the looking for each of these names (bytes) begins: (n,) int64.

    seed     as ``Join.seed`` gives it.
    n_slots  of the table, a power of two; from slot to slot it is the next one, and after the last the first.
    """
    cdef Py_ssize_t i
    cdef bytes name
    firsts = np.zeros(len(names), np.int64)
    cdef long long[::1] firsts_out = firsts
    if n_slots == 0 or n_slots & (n_slots - 1):
        raise ValueError(f"{n_slots} slots; expected a power of two")
    for i in range(len(names)):
        name = names[i]
        firsts_out[i] = <long long>interner_first_slot(
            interner_hash(seed, <const uint8_t *><const char *>name, len(name)), n_slots
        )
    return firsts


def scopes_within(const int32_t[::1] scopes not None, int64_t start):
    """Return the scopes of the tags of one file by their numbers in it: (n,) int64; None if one is no tag of it.

    scopes  (n,) int32: the row of the innermost definition around each tag of the file, -1 for none.
    start   the row of its first tag.
    """
    cdef Py_ssize_t i, n = scopes.shape[0]
    within = np.empty(n, np.int64)
    cdef int64_t[::1] within_out = within
    for i in range(n):
        if scopes[i] == -1:
            within_out[i] = -1
        elif start <= scopes[i] < start + n:
            within_out[i] = scopes[i] - start
        else:
            return None
    return within
