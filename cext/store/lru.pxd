# lru.h and siphash.h: entries of bytes in the order of their use, and the hash of their keys.
from libc.stdint cimport int64_t, uint8_t, uint64_t


cdef extern from "siphash.h" nogil:
    uint64_t siphash13(const uint64_t *key, const uint8_t *string, size_t size)


cdef extern from "lru.h" nogil:
    const int64_t LRU_NEVER

    ctypedef enum LruCause:
        LRU_N_CAUSES

    ctypedef enum LruVerdict:
        LRU_STORED
        LRU_REFUSED
        LRU_NO_MEMORY
        LRU_AGAIN

    ctypedef struct LruNode:
        LruNode *newer       # used after this one
        LruNode *older       # used before it
        LruNode *chain       # next of the same slot
        uint64_t hash
        int64_t deadline_ns  # or LRU_NEVER
        size_t key_size
        size_t value_size
        int n_holders        # the cache, and each reader

    ctypedef struct LruDead:
        LruNode *first  # owned, until lru_drop_dead
        uint64_t bytes  # of all of them

    ctypedef struct Lru:
        LruNode *newest
        LruNode *oldest
        LruNode **slots       # (1 << slots_log2,) owned; NULL before the first entry
        unsigned slots_log2
        uint64_t bytes        # of all nodes, with their keys and values
        uint64_t entries
        uint64_t n_mortal     # entries with a deadline
        uint64_t max_bytes
        uint64_t max_entries
        uint64_t hits
        uint64_t misses
        uint64_t refused
        uint64_t evictions[]  # (LRU_N_CAUSES,)
        int64_t fixed_now_ns  # for tests; negative: the system's clock

    uint8_t *lru_key(LruNode *node)
    uint8_t *lru_value(LruNode *node)
    uint64_t lru_entry_bytes(uint64_t key_size, uint64_t value_size)
    uint64_t lru_table_bytes(const Lru *lru)
    int64_t lru_now_ns(const Lru *lru)
    LruNode *lru_node_new(
        const uint8_t *key, size_t key_size, const void *value, size_t value_size, uint64_t hash, int64_t deadline_ns
    )
    void lru_drop(LruNode *node)
    void lru_drop_dead(LruDead *dead)
    LruNode *lru_find(const Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash)
    LruNode *lru_get(Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, LruDead *dead)
    LruNode *lru_pop(Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, LruDead *dead)
    bint lru_contains(const Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash)
    bint lru_refuse(Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, uint64_t size, LruDead *dead)
    LruVerdict lru_put(Lru *lru, LruNode *node, LruDead *dead)
    bint lru_shrink(Lru *lru, LruDead *dead)
    bint lru_sweep(Lru *lru, uint64_t *hash, uint64_t *n_evicted, LruDead *dead)
    void lru_fit_table(Lru *lru)
    LruNode **lru_clear(Lru *lru, LruDead *dead)
