/* Entries of bytes in the order of their use: a hash table with chains over a doubly linked list, each entry one
 * block of memory that holds node, key and value.
 *
 * Not thread-safe by itself: a caller of lru_* with an Lru must hold its lock. Nodes outlive the lock: a reader holds
 * its node until lru_drop(), even if it was evicted meanwhile. So values are copied, and evicted nodes freed, outside
 * the lock. Work that may be long (making much room, finding expired entries) is done LRU_SLICE nodes at a time, so
 * that the lock can be released in between. */
#ifndef REPOMAP_LRU_H_
#define REPOMAP_LRU_H_

#include "platform.h"

#define LRU_NEVER INT64_MAX
#define LRU_SLICE 1024
#define LRU_FEWEST_SLOTS_LOG2 4

typedef enum {
  LRU_CAPACITY_BYTES,
  LRU_CAPACITY_ENTRIES,
  LRU_EXPIRED,
  LRU_RESIZED,
  LRU_REPLACED,
  LRU_N_CAUSES,
} LruCause;

typedef enum {
  LRU_STORED,
  LRU_REFUSED,   /* larger than the whole cache */
  LRU_NO_MEMORY, /* for the table */
  LRU_AGAIN,     /* a slice of the room was made: release the lock, take it, and call again */
} LruVerdict;

/* 64 bytes where pointers have 8; key and value follow. */
typedef struct LruNode {
  struct LruNode *newer; /* used after this one */
  struct LruNode *older; /* used before it; among the evicted, the next of them */
  struct LruNode *chain; /* next of the same slot */
  uint64_t hash;
  int64_t deadline_ns;   /* of lru_now_ns(), or LRU_NEVER */
  size_t key_size;
  size_t value_size;
  volatile int32_t n_holders; /* the cache, and each reader */
} LruNode;

/* Evicted nodes that are not freed yet. */
typedef struct {
  LruNode *first;
  uint64_t bytes;
} LruDead;

typedef struct {
  LruNode *newest;
  LruNode *oldest;
  LruNode **slots;      /* (1 << slots_log2,) chains by the topmost bits of the hash; NULL before the first entry */
  unsigned slots_log2;
  uint64_t bytes;       /* of all nodes, with their keys and values */
  uint64_t entries;
  uint64_t n_mortal;    /* entries with a deadline */
  uint64_t max_bytes;
  uint64_t max_entries;
  uint64_t hits;
  uint64_t misses;
  uint64_t refused;
  uint64_t evictions[LRU_N_CAUSES];
  int64_t fixed_now_ns; /* for tests: what the clock says; negative: the system's clock */
} Lru;

static inline uint8_t *lru_key(LruNode *node) { return (uint8_t *)(node + 1); }
static inline uint8_t *lru_value(LruNode *node) { return lru_key(node) + node->key_size; }

/* Bytes that an entry takes: exactly what is asked of malloc for it. */
static inline uint64_t lru_entry_bytes(uint64_t key_size, uint64_t value_size) {
  return sizeof(LruNode) + key_size + value_size;
}

static inline uint64_t lru_node_bytes(const LruNode *node) { return lru_entry_bytes(node->key_size, node->value_size); }

static inline uint64_t lru_table_bytes(const Lru *lru) {
  return lru->slots ? (uint64_t)sizeof(LruNode *) << lru->slots_log2 : 0;
}

static inline int64_t lru_now_ns(const Lru *lru) {
  return lru->fixed_now_ns < 0 ? repomap_clock_ns() : lru->fixed_now_ns;
}

/* Return a node outside any cache, held by the caller, or NULL for no memory. */
static inline LruNode *lru_node_new(
  const uint8_t *key, size_t key_size, const void *value, size_t value_size, uint64_t hash, int64_t deadline_ns
) {
  uint64_t size = lru_entry_bytes(key_size, value_size);
  LruNode *node = size > PTRDIFF_MAX ? NULL : (LruNode *)malloc((size_t)size);
  if (!node) return NULL;
  memset(node, 0, sizeof *node);
  node->hash = hash;
  node->deadline_ns = deadline_ns;
  node->key_size = key_size;
  node->value_size = value_size;
  node->n_holders = 1;
  memcpy(lru_key(node), key, key_size);
  if (value_size) memcpy(lru_value(node), value, value_size);
  return node;
}

/* Give up one hold on a node; the last one frees it. Needs no lock. */
static inline void lru_drop(LruNode *node) {
  if (repomap_count_down(&node->n_holders) == 0) free(node);
}

static inline void lru_drop_dead(LruDead *dead) {
  LruNode *node = dead->first;
  while (node) {
    LruNode *next = node->older;
    lru_drop(node);
    node = next;
  }
  dead->first = NULL;
  dead->bytes = 0;
}

static inline size_t lru_slot(const Lru *lru, uint64_t hash) { return (size_t)(hash >> (64 - lru->slots_log2)); }

static inline LruNode *lru_find(const Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash) {
  LruNode *node = lru->slots ? lru->slots[lru_slot(lru, hash)] : NULL;
  while (node && !(node->hash == hash && node->key_size == key_size && memcmp(lru_key(node), key, key_size) == 0)) {
    node = node->chain;
  }
  return node;
}

static inline bool lru_is_expired(const Lru *lru, const LruNode *node) {
  return node->deadline_ns != LRU_NEVER && node->deadline_ns <= lru_now_ns(lru);
}

static inline void lru_link_newest(Lru *lru, LruNode *node) {
  node->newer = NULL;
  node->older = lru->newest;
  *(lru->newest ? &lru->newest->newer : &lru->oldest) = node;
  lru->newest = node;
}

static inline void lru_unlink(Lru *lru, LruNode *node) {
  *(node->newer ? &node->newer->older : &lru->newest) = node->older;
  *(node->older ? &node->older->newer : &lru->oldest) = node->newer;
}

/* Take a node out of list and table; the cache's hold on it goes to the caller. */
static inline void lru_take(Lru *lru, LruNode *node) {
  LruNode **link = &lru->slots[lru_slot(lru, node->hash)];
  while (*link != node) link = &(*link)->chain;
  *link = node->chain;
  lru_unlink(lru, node);
  lru->bytes -= lru_node_bytes(node);
  lru->entries--;
  lru->n_mortal -= node->deadline_ns != LRU_NEVER;
}

/* What has expired counts as expired, whatever its removal was for. */
static inline void lru_evict(Lru *lru, LruNode *node, LruCause cause, LruDead *dead) {
  lru->evictions[lru_is_expired(lru, node) ? LRU_EXPIRED : cause]++;
  lru_take(lru, node);
  node->older = dead->first;
  dead->first = node;
  dead->bytes += lru_node_bytes(node);
}

/* Give the table 1 << slots_log2 slots; false, and nothing changes, for no memory. */
static inline bool lru_rehash(Lru *lru, unsigned slots_log2) {
  LruNode **slots = (LruNode **)calloc((size_t)1 << slots_log2, sizeof *slots);
  if (!slots) return false;
  free(lru->slots);
  lru->slots = slots;
  lru->slots_log2 = slots_log2;
  for (LruNode *node = lru->newest; node; node = node->older) {
    LruNode **slot = &slots[lru_slot(lru, node->hash)];
    node->chain = *slot;
    *slot = node;
  }
  return true;
}

/* After many entries went: a table that is mostly empty gives its memory back, if there is some for a smaller one. */
static inline void lru_fit_table(Lru *lru) {
  if (!lru->slots || lru->entries > ((uint64_t)1 << lru->slots_log2) / 8) return;
  unsigned slots_log2 = LRU_FEWEST_SLOTS_LOG2;
  while (((uint64_t)1 << slots_log2) < lru->entries) slots_log2++;
  if (slots_log2 < lru->slots_log2) lru_rehash(lru, slots_log2);
}

/* Return the entry, now the newest, held for the caller; NULL where there is none, or it has expired. */
static inline LruNode *lru_get(Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, LruDead *dead) {
  LruNode *node = lru_find(lru, key, key_size, hash);
  if (node && lru_is_expired(lru, node)) {
    lru_evict(lru, node, LRU_EXPIRED, dead);
    node = NULL;
  }
  if (!node) {
    lru->misses++;
    return NULL;
  }
  lru->hits++;
  if (node->newer) {
    lru_unlink(lru, node);
    lru_link_newest(lru, node);
  }
  repomap_count_up(&node->n_holders);
  return node;
}

/* Return the entry, no longer in the cache, held for the caller; NULL as lru_get. */
static inline LruNode *lru_pop(Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, LruDead *dead) {
  LruNode *node = lru_find(lru, key, key_size, hash);
  if (!node) return NULL;
  if (lru_is_expired(lru, node)) {
    lru_evict(lru, node, LRU_EXPIRED, dead);
    return NULL;
  }
  lru_take(lru, node);
  return node;
}

static inline bool lru_contains(const Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash) {
  const LruNode *node = lru_find(lru, key, key_size, hash);
  return node && !lru_is_expired(lru, node);
}

/* Say whether an entry of `size` bytes is refused. If so, the value that it was to replace goes all the same: the
 * caller knows a newer one. */
static inline bool lru_refuse(
  Lru *lru, const uint8_t *key, size_t key_size, uint64_t hash, uint64_t size, LruDead *dead
) {
  if (size <= lru->max_bytes && lru->max_entries) return false;
  LruNode *replaced = lru_find(lru, key, key_size, hash);
  if (replaced) lru_evict(lru, replaced, LRU_REPLACED, dead);
  lru->refused++;
  return true;
}

/* Put the node in, as the newest. The caller's hold on it goes to the cache when it is LRU_STORED. */
static inline LruVerdict lru_put(Lru *lru, LruNode *node, LruDead *dead) {
  uint64_t size = lru_node_bytes(node);
  if (lru_refuse(lru, lru_key(node), node->key_size, node->hash, size, dead)) return LRU_REFUSED;
  LruNode *replaced = lru_find(lru, lru_key(node), node->key_size, node->hash);
  if (replaced) lru_evict(lru, replaced, LRU_REPLACED, dead);
  for (int i = 0; i < LRU_SLICE; i++) {
    if (lru->bytes > lru->max_bytes - size) {
      lru_evict(lru, lru->oldest, LRU_CAPACITY_BYTES, dead);
    } else if (lru->entries >= lru->max_entries) {
      lru_evict(lru, lru->oldest, LRU_CAPACITY_ENTRIES, dead);
    } else {
      if (!lru->slots) {
        if (!lru_rehash(lru, LRU_FEWEST_SLOTS_LOG2)) return LRU_NO_MEMORY;
      } else if (lru->entries >= (uint64_t)1 << lru->slots_log2) {
        if (!lru_rehash(lru, lru->slots_log2 + 1)) return LRU_NO_MEMORY;
      }
      LruNode **slot = &lru->slots[lru_slot(lru, node->hash)];
      node->chain = *slot;
      *slot = node;
      lru_link_newest(lru, node);
      lru->bytes += size;
      lru->entries++;
      lru->n_mortal += node->deadline_ns != LRU_NEVER;
      return LRU_STORED;
    }
  }
  return LRU_AGAIN;
}

/* Evict a slice of what is above the limits; true when nothing is. */
static inline bool lru_shrink(Lru *lru, LruDead *dead) {
  for (int i = 0; i < LRU_SLICE; i++) {
    if (lru->bytes <= lru->max_bytes && lru->entries <= lru->max_entries) return true;
    lru_evict(lru, lru->oldest, LRU_RESIZED, dead);
  }
  return false;
}

/* Evict what has expired of a slice of the table; true at its end. `hash` is where the next slice begins, 0 at first:
 * slots are in the order of the hashes however many there are, so that a table may grow or shrink between slices. */
static inline bool lru_sweep(Lru *lru, uint64_t *hash, uint64_t *n_evicted, LruDead *dead) {
  if (!lru->n_mortal) return true;
  size_t slot = lru_slot(lru, *hash), n_slots = (size_t)1 << lru->slots_log2;
  for (size_t end = n_slots - slot > LRU_SLICE ? slot + LRU_SLICE : n_slots; slot < end; slot++) {
    LruNode *node = lru->slots[slot];
    while (node) {
      LruNode *next = node->chain;
      if (lru_is_expired(lru, node)) {
        lru_evict(lru, node, LRU_EXPIRED, dead);
        (*n_evicted)++;
      }
      node = next;
    }
  }
  *hash = (uint64_t)slot << (64 - lru->slots_log2);
  return slot == n_slots;
}

/* Hand everything over at once: the entries as dead, and the table, which the caller frees. */
static inline LruNode **lru_clear(Lru *lru, LruDead *dead) {
  LruNode **slots = lru->slots;
  dead->first = lru->newest;
  dead->bytes = lru->bytes;
  lru->newest = lru->oldest = NULL;
  lru->slots = NULL;
  lru->slots_log2 = 0;
  lru->bytes = lru->entries = lru->n_mortal = 0;
  return slots;
}

#endif
