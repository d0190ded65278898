"""A cache of bytes by bytes, bounded in bytes and in entries: the least recently used entry is dropped first.

In: keys and values as bytes. Out: copies of the values. Compiled because the size of an entry must be exact, which the
size of a Python object is not, and because the garbage collector must not visit the entries.

Threads: one lock for each cache, held for a few pointers' worth of work (for a slice of it if there is much to evict,
or the table doubles), and never while a value is copied or freed. No Python code runs while it is held, so its holder
never waits for the GIL. The GIL is not released either, so with a GIL no thread waits for the lock, and a fork finds
it free. Copying a large value, and freeing much, release the GIL.
"""
from operator import index
from os import urandom

from repomap_fast.errors import OptionError

from cpython.buffer cimport PyBUF_SIMPLE, PyBuffer_Release, PyObject_GetBuffer
from cpython.bytes cimport PyBytes_AsString, PyBytes_FromStringAndSize
from cpython.pythread cimport (
    PyThread_acquire_lock, PyThread_allocate_lock, PyThread_free_lock, PyThread_release_lock, PyThread_type_lock,
    WAIT_LOCK,
)
from libc.math cimport INFINITY, ceil
from libc.stdint cimport INT64_MAX, UINT64_MAX, int64_t, uint8_t, uint64_t
from libc.stdlib cimport free
from libc.string cimport memcpy

from lru cimport (
    LRU_AGAIN, LRU_N_CAUSES, LRU_NEVER, LRU_NO_MEMORY, LRU_STORED, Lru, LruDead, LruNode, LruVerdict, lru_clear,
    lru_contains, lru_drop, lru_drop_dead, lru_entry_bytes, lru_find, lru_fit_table, lru_get, lru_key, lru_node_new,
    lru_now_ns, lru_pop, lru_put, lru_refuse, lru_shrink, lru_sweep, lru_table_bytes, lru_value, siphash13,
)

cdef enum:
    # A copy of less takes some microseconds. Whoever lets go of the GIL may wait for it for as long as another thread's
    # switch interval, which is milliseconds.
    LARGE_BYTES = 65536

NODE_BYTES = lru_entry_bytes(0, 0)
NO_LIMIT = INT64_MAX


cdef uint64_t as_limit(str name, object value) except? -1:
    number = index(value)
    if not 0 <= number <= NO_LIMIT:
        raise OptionError(f"{name} is {number}; expected 0 to {NO_LIMIT}")
    return number


cdef double as_ttl(object ttl_s) except? -1:
    cdef double seconds = ttl_s
    if not seconds > 0:  # nan is not, either
        raise OptionError(f"ttl_s is {ttl_s}; expected more than 0 seconds")
    return seconds


cdef bytes take_value(LruNode *node):
    """Return a copy of the node's value, and give up the hold on the node."""
    cdef char *target
    cdef size_t size = node.value_size
    try:
        if size < LARGE_BYTES:
            return PyBytes_FromStringAndSize(<const char *>lru_value(node), size)
        value = PyBytes_FromStringAndSize(NULL, size)
        target = PyBytes_AsString(value)
        with nogil:
            memcpy(target, lru_value(node), size)
        return value
    finally:
        lru_drop(node)


cdef int drop_dead(LruDead *dead) except -1:
    """Free what was evicted."""
    if dead.bytes < LARGE_BYTES:
        lru_drop_dead(dead)
    else:
        with nogil:
            lru_drop_dead(dead)
    return 0


cdef class BytesCache:
    """See ``lru.LruCache``, which adds to it what needs no C."""
    cdef Lru lru
    cdef PyThread_type_lock lock  # of lru, owned
    cdef double ttl_s             # of entries that say none; infinite: no limit
    cdef uint64_t[2] hash_key     # secret
    cdef uint64_t hash_mask       # all ones, but in tests

    def __cinit__(self, max_bytes, *, max_entries=NO_LIMIT, ttl_s=None):
        self.lock = NULL
        self.lru.max_bytes = as_limit("max_bytes", max_bytes)
        self.lru.max_entries = as_limit("max_entries", max_entries)
        self.lru.fixed_now_ns = -1
        self.ttl_s = INFINITY if ttl_s is None else as_ttl(ttl_s)
        self.hash_mask = UINT64_MAX
        cdef bytes secret = urandom(sizeof(self.hash_key))
        memcpy(self.hash_key, PyBytes_AsString(secret), sizeof(self.hash_key))
        self.lock = PyThread_allocate_lock()
        if self.lock == NULL:
            raise MemoryError

    def __dealloc__(self):
        cdef LruDead dead = LruDead(NULL, 0)
        free(lru_clear(&self.lru, &dead))
        lru_drop_dead(&dead)
        if self.lock != NULL:
            PyThread_free_lock(self.lock)

    cdef uint64_t hash_of(self, bytes key) except? -1:
        cdef const uint8_t *string = key
        cdef size_t size = len(key)
        cdef uint64_t key_hash
        if size < LARGE_BYTES:
            key_hash = siphash13(self.hash_key, string, size)
        else:
            with nogil:
                key_hash = siphash13(self.hash_key, string, size)
        return key_hash & self.hash_mask

    cdef int64_t deadline_ns(self, object ttl_s) except -1:
        """Return when an entry put now expires; an entry lives one nanosecond at least."""
        cdef double seconds = self.ttl_s if ttl_s is None else as_ttl(ttl_s)
        if seconds == INFINITY:
            return LRU_NEVER
        cdef int64_t now_ns = lru_now_ns(&self.lru)
        cdef double ttl_ns = ceil(seconds * 1e9)
        # Compared as doubles, of which the largest below 2**63 is 1,024 below it.
        return now_ns + <int64_t>ttl_ns if ttl_ns < <double>(LRU_NEVER - now_ns) - 1024 else LRU_NEVER

    def get(self, bytes key not None):
        """Return the value of ``key`` and make it the most recently used; None, a miss, where there is none."""
        cdef LruDead dead = LruDead(NULL, 0)
        cdef uint64_t key_hash = self.hash_of(key)
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef LruNode *node = lru_get(&self.lru, key, len(key), key_hash, &dead)
        PyThread_release_lock(self.lock)
        drop_dead(&dead)
        return take_value(node) if node != NULL else None

    def pop(self, bytes key not None):
        """Take ``key`` out and return its value, or None; neither a hit, nor a miss, nor an eviction."""
        cdef LruDead dead = LruDead(NULL, 0)
        cdef uint64_t key_hash = self.hash_of(key)
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef LruNode *node = lru_pop(&self.lru, key, len(key), key_hash, &dead)
        PyThread_release_lock(self.lock)
        drop_dead(&dead)
        return take_value(node) if node != NULL else None

    def __contains__(self, bytes key not None):
        cdef uint64_t key_hash = self.hash_of(key)
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef bint is_in = lru_contains(&self.lru, key, len(key), key_hash)
        PyThread_release_lock(self.lock)
        return is_in

    def __len__(self):
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef uint64_t entries = self.lru.entries
        PyThread_release_lock(self.lock)
        return entries

    def put(self, bytes key not None, value, *, ttl_s=None):
        """Keep a copy of ``value``, any C-contiguous buffer, as the most recently used; evict what it needs room of.

        ``ttl_s`` is of this entry, in place of the cache's own; infinity means no limit. Returns False, and keeps
        nothing under ``key``, not an older value either, when the entry alone is larger than the cache. Raises
        OptionError, BufferError, MemoryError; after the last there may be nothing under ``key``.
        """
        cdef Py_buffer view
        cdef int64_t deadline_ns = self.deadline_ns(ttl_s)
        PyObject_GetBuffer(value, &view, PyBUF_SIMPLE)
        try:
            return self.put_bytes(key, view.buf, view.len, deadline_ns)
        finally:
            PyBuffer_Release(&view)

    cdef bint put_bytes(self, bytes key, const void *value, size_t size, int64_t deadline_ns) except -1:
        cdef const uint8_t *string = key
        cdef size_t key_size = len(key)
        cdef uint64_t entry_bytes = lru_entry_bytes(key_size, size), key_hash = self.hash_of(key)
        cdef LruDead dead = LruDead(NULL, 0)
        cdef LruNode *node
        cdef bint is_refused
        if entry_bytes < LARGE_BYTES:
            node = lru_node_new(string, key_size, value, size, key_hash, deadline_ns)
        else:
            # Before a copy is made that may have no place anywhere.
            PyThread_acquire_lock(self.lock, WAIT_LOCK)
            is_refused = lru_refuse(&self.lru, string, key_size, key_hash, entry_bytes, &dead)
            PyThread_release_lock(self.lock)
            drop_dead(&dead)
            if is_refused:
                return False
            with nogil:
                node = lru_node_new(string, key_size, value, size, key_hash, deadline_ns)
        if node == NULL:
            raise MemoryError
        cdef LruVerdict verdict = LRU_AGAIN
        while verdict == LRU_AGAIN:
            PyThread_acquire_lock(self.lock, WAIT_LOCK)
            verdict = lru_put(&self.lru, node, &dead)
            PyThread_release_lock(self.lock)
            drop_dead(&dead)
        if verdict == LRU_STORED:
            return True
        lru_drop(node)
        if verdict == LRU_NO_MEMORY:
            raise MemoryError
        return False

    def clear(self):
        """Forget every entry; the counts of what happened stay."""
        cdef LruDead dead = LruDead(NULL, 0)
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef LruNode **slots = lru_clear(&self.lru, &dead)
        PyThread_release_lock(self.lock)
        free(slots)
        drop_dead(&dead)

    def resize(self, *, max_bytes=None, max_entries=None):
        """Set new limits, None for one that stays; what is above them is evicted before this returns."""
        cdef LruDead dead = LruDead(NULL, 0)
        cdef uint64_t new_max_bytes = 0 if max_bytes is None else as_limit("max_bytes", max_bytes)
        cdef uint64_t new_max_entries = 0 if max_entries is None else as_limit("max_entries", max_entries)
        cdef bint has_max_bytes = max_bytes is not None, has_max_entries = max_entries is not None, is_done
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        if has_max_bytes:
            self.lru.max_bytes = new_max_bytes
        if has_max_entries:
            self.lru.max_entries = new_max_entries
        PyThread_release_lock(self.lock)
        is_done = False
        while not is_done:
            PyThread_acquire_lock(self.lock, WAIT_LOCK)
            is_done = lru_shrink(&self.lru, &dead)
            if is_done:
                lru_fit_table(&self.lru)
            PyThread_release_lock(self.lock)
            drop_dead(&dead)

    def evict_expired(self):
        """Evict every expired entry, and return how many there were.

        Visits every slot of the table, if any entry has a deadline. Call it to get the memory back at once. Without it,
        an expired entry is dropped when it is asked for, or when it is the least recently used and room is needed.
        """
        cdef LruDead dead = LruDead(NULL, 0)
        cdef uint64_t key_hash = 0, n_evicted = 0
        cdef bint is_done = False
        while not is_done:
            PyThread_acquire_lock(self.lock, WAIT_LOCK)
            is_done = lru_sweep(&self.lru, &key_hash, &n_evicted, &dead)
            if is_done and n_evicted:
                lru_fit_table(&self.lru)
            PyThread_release_lock(self.lock)
            drop_dead(&dead)
        return n_evicted

    def _counts(self):
        """Return hits, misses, evictions by cause, refused, bytes, entries, max_bytes, max_entries, table_bytes."""
        PyThread_acquire_lock(self.lock, WAIT_LOCK)
        cdef Lru lru = self.lru
        PyThread_release_lock(self.lock)
        cdef int cause
        evictions = tuple([lru.evictions[cause] for cause in range(<int>LRU_N_CAUSES)])
        return (
            lru.hits, lru.misses, evictions, lru.refused, lru.bytes, lru.entries, lru.max_bytes, lru.max_entries,
            lru_table_bytes(&lru),
        )

    def _test_set_clock_ns(self, int64_t now_ns):
        self.lru.fixed_now_ns = now_ns

    def _test_set_hash_mask(self, uint64_t mask):
        """Make keys collide; only while the cache is empty."""
        self.hash_mask = mask

    def _test_hash(self, bytes key not None):
        return self.hash_of(key)

    def _test_entries(self):
        """Return (key, value, deadline) of each entry, oldest first; only while no other thread uses the cache.

        Raises AssertionError where list, table and counts do not agree.
        """
        cdef LruNode *node = self.lru.oldest
        cdef LruNode *older = NULL
        cdef uint64_t bytes_ = 0, n_mortal = 0, n_chained = 0, i
        entries = []
        while node != NULL:
            key = lru_key(node)[:node.key_size]
            assert node.older == older, "a neighbour's link back leads elsewhere"
            assert lru_find(&self.lru, key, node.key_size, self.hash_of(key)) == node, "not where its hash says"
            assert node.n_holders == 1, "held by a reader that is gone"
            deadline_ns = None if node.deadline_ns == LRU_NEVER else node.deadline_ns
            entries.append((key, lru_value(node)[:node.value_size], deadline_ns))
            bytes_ += lru_entry_bytes(node.key_size, node.value_size)
            n_mortal += node.deadline_ns != LRU_NEVER
            older, node = node, node.newer
        assert self.lru.newest == older
        assert (self.lru.bytes, self.lru.entries, self.lru.n_mortal) == (bytes_, len(entries), n_mortal)
        if self.lru.slots != NULL:
            for i in range(<uint64_t>1 << self.lru.slots_log2):
                node = self.lru.slots[i]
                while node != NULL:
                    n_chained += 1
                    node = node.chain
        assert n_chained == self.lru.entries, "the table has what the list has not"
        return entries


def _test_siphash13(uint64_t first_key, uint64_t second_key, bytes string not None):
    cdef uint64_t[2] key = [first_key, second_key]
    return siphash13(key, string, len(string))
