/* Distinct byte strings, numbered from 0 in the order of their first appearance: an open-addressing hash table over
 * one growing run of bytes. Owned by the holder of the struct; zeroed memory is an empty interner, whose seed may be
 * set before its first string. Not thread-safe. */
#ifndef REPOMAP_INTERNER_H_
#define REPOMAP_INTERNER_H_

#include "platform.h"
#include "siphash.h"

#define INTERNER_FULL UINT32_MAX /* no memory, or 2**32 - 1 strings */

typedef struct {
  uint32_t *slots;    /* (n_slots,) a string's id + 1, 0: free; a power of two, at most three quarters in use */
  uint8_t *hash_tops; /* (n_slots,) of the string there: all but one in 256 wrong ones are passed without a look */
  size_t n_slots;
  uint64_t *offsets;  /* (count + 1,) bounds in bytes */
  size_t offsets_capacity;
  RepomapBytes bytes; /* the strings, one after another */
  uint64_t seed;      /* chosen at random where strings may be chosen to collide */
  uint32_t count;
} Interner;

/* Under a secret seed, nobody can make a file whose names all collide. */
static inline uint64_t interner_hash(uint64_t seed, const uint8_t *string, size_t size) {
  const uint64_t key[2] = {seed, seed ^ 0x9E3779B97F4A7C15u};
  return siphash13(key, string, size);
}

static inline size_t interner_first_slot(uint64_t hash, size_t n_slots) { return (size_t)(hash >> 8) & (n_slots - 1); }

/* How the table reads a string again: from `owner`, which has the strings. NULL where it cannot be read. */
typedef const uint8_t *(*InternerString)(void *owner, uint32_t id, size_t *size_out);

/* Whether the string of an id is this one: 1 or 0, or -1 where it cannot be read. */
typedef int (*InternerEqual)(void *owner, uint32_t id, const uint8_t *string, size_t size);

/* Replace the slots by twice as many, with all `count` strings in them; false where there is no memory, or a string
 * cannot be read. */
static REPOMAP_INLINE bool interner_grow_slots(
  Interner *interner, uint32_t count, InternerString string_of, void *owner
) {
  size_t n_slots = interner->n_slots ? interner->n_slots * 2 : 1024;
  uint32_t *slots = (uint32_t *)calloc(n_slots, sizeof *slots);
  uint8_t *hash_tops = (uint8_t *)malloc(n_slots);
  if (!slots || !hash_tops) {
    free(slots);
    free(hash_tops);
    return false;
  }
  /* The old table is not needed for it, and gone before the new one is touched: the two are never resident at once. */
  free(interner->slots);
  free(interner->hash_tops);
  interner->slots = slots;
  interner->hash_tops = hash_tops;
  interner->n_slots = n_slots;
  for (uint32_t id = 0; id < count; id++) {
    size_t size;
    const uint8_t *string = string_of(owner, id, &size);
    if (!string) return false;
    uint64_t hash = interner_hash(interner->seed, string, size);
    size_t slot = interner_first_slot(hash, n_slots);
    while (slots[slot]) slot = (slot + 1) & (n_slots - 1);
    slots[slot] = id + 1;
    hash_tops[slot] = (uint8_t)hash;
  }
  return true;
}

/* Return the slot of the string, or the free one that it would take; SIZE_MAX where a string cannot be read. There must
 * be slots, and one of them free. */
static REPOMAP_INLINE size_t interner_probe(
  const Interner *interner, const uint8_t *string, size_t size, uint64_t hash, InternerEqual is_equal, void *owner
) {
  size_t slot = interner_first_slot(hash, interner->n_slots);
  while (interner->slots[slot]) {
    if (interner->hash_tops[slot] == (uint8_t)hash) {
      int verdict = is_equal(owner, interner->slots[slot] - 1, string, size);
      if (verdict) return verdict > 0 ? slot : SIZE_MAX;
    }
    slot = (slot + 1) & (interner->n_slots - 1);
  }
  return slot;
}

/* Return whether the table must grow before it takes one more than `count` strings. */
static REPOMAP_INLINE bool interner_is_full(const Interner *interner, size_t count) {
  return (count + 1) * 4 > interner->n_slots * 3;
}

static inline bool interner_append(Interner *interner, const uint8_t *string, size_t size) {
  if ((size_t)interner->count + 2 > interner->offsets_capacity) {
    size_t capacity = interner->offsets_capacity ? interner->offsets_capacity * 2 : 1024;
    uint64_t *offsets = (uint64_t *)realloc(interner->offsets, capacity * sizeof *offsets);
    if (!offsets) return false;
    if (!interner->offsets) offsets[0] = 0;
    interner->offsets = offsets;
    interner->offsets_capacity = capacity;
  }
  RepomapBytes *bytes = &interner->bytes;
  /* Bytes there must be, for an empty string too: neither memcpy nor memcmp may be given NULL. */
  if (bytes->size + size > bytes->capacity || !bytes->contents) {
    size_t capacity = bytes->capacity * 2 > bytes->size + size ? bytes->capacity * 2 : bytes->size + size + 4096;
    if (!repomap_bytes_reserve(bytes, capacity)) return false;
  }
  memcpy(bytes->contents + bytes->size, string, size);
  bytes->size += size;
  interner->offsets[++interner->count] = bytes->size;
  return true;
}

static REPOMAP_INLINE const uint8_t *interner_string(void *owner, uint32_t id, size_t *size_out) {
  const Interner *interner = (const Interner *)owner;
  uint64_t start = interner->offsets[id];
  *size_out = (size_t)(interner->offsets[id + 1] - start);
  return interner->bytes.contents + start;
}

static REPOMAP_INLINE int interner_equal(void *owner, uint32_t id, const uint8_t *string, size_t size) {
  size_t found_size;
  const uint8_t *found = interner_string(owner, id, &found_size);
  return found_size == size && memcmp(found, string, size) == 0;
}

/* Return the id of the string, new or known, or INTERNER_FULL. */
static inline uint32_t interner_intern(Interner *interner, const uint8_t *string, size_t size) {
  if (
    interner_is_full(interner, interner->count) &&
    !interner_grow_slots(interner, interner->count, interner_string, interner)
  ) {
    return INTERNER_FULL;
  }
  uint64_t hash = interner_hash(interner->seed, string, size);
  size_t slot = interner_probe(interner, string, size, hash, interner_equal, interner);
  if (interner->slots[slot]) return interner->slots[slot] - 1;
  if (interner->count == INTERNER_FULL - 1 || !interner_append(interner, string, size)) return INTERNER_FULL;
  interner->slots[slot] = interner->count;
  interner->hash_tops[slot] = (uint8_t)hash;
  return interner->count - 1;
}

static inline void interner_free(Interner *interner) {
  free(interner->slots);
  free(interner->hash_tops);
  free(interner->offsets);
  repomap_bytes_free(&interner->bytes);
  uint64_t seed = interner->seed;
  memset(interner, 0, sizeof *interner);
  interner->seed = seed;
}

/* Forget all strings; memory that the next ones are likely to need stays. Of a table that was nearly empty only half is
 * used from then on: else one long text would have all that is cleared for each short one behind it. */
static inline void interner_clear(Interner *interner) {
  if (interner->n_slots > 1 << 16 || interner->bytes.capacity > 1 << 22) {
    interner_free(interner);
  } else if (interner->count) {
    memset(interner->slots, 0, interner->n_slots * sizeof *interner->slots);
    if (interner->n_slots > 1024 && interner->count < interner->n_slots / 8) interner->n_slots /= 2;
    interner->count = 0;
    interner->bytes.size = 0;
  }
}

#endif
