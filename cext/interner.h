/* Distinct byte strings, numbered from 0 in the order of their first appearance: an open-addressing hash table over
 * one growing run of bytes. Owned by whoever holds the struct; zeroed memory is an empty interner. Not thread-safe. */
#ifndef REPOMAP_INTERNER_H_
#define REPOMAP_INTERNER_H_

#include "platform.h"

#define INTERNER_FULL UINT32_MAX /* no memory, or 2**32 - 1 strings */

typedef struct {
  uint32_t hash;
  uint32_t id_plus_one; /* 0: free */
} InternerSlot;

typedef struct {
  InternerSlot *slots;  /* (n_slots,) a power of two, at most three quarters in use */
  size_t n_slots;
  uint64_t *offsets;    /* (count + 1,) bounds in bytes */
  size_t offsets_capacity;
  RepomapBytes bytes;   /* the strings, one after another */
  uint32_t count;
} Interner;

/* Eight bytes a step, multiplied and folded: enough for identifiers, which are short and nobody's weapon: the table
 * lives for one scan, and a flood of collisions costs the time of its own file. */
static inline uint32_t interner_hash(const uint8_t *string, size_t size) {
  uint64_t hash = 0x9E3779B97F4A7C15u ^ (uint64_t)size;
  while (size >= 8) {
    uint64_t word;
    memcpy(&word, string, 8);
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
    string += 8;
    size -= 8;
  }
  if (size) {
    uint64_t word = 0;
    memcpy(&word, string, size);
    hash = (hash ^ word) * 0xFF51AFD7ED558CCDu;
    hash ^= hash >> 32;
  }
  hash *= 0xC4CEB9FE1A85EC53u;
  return (uint32_t)(hash >> 32);
}

static inline bool interner_grow_slots(Interner *interner) {
  size_t n_slots = interner->n_slots ? interner->n_slots * 2 : 1024;
  InternerSlot *slots = (InternerSlot *)calloc(n_slots, sizeof *slots);
  if (!slots) return false;
  for (size_t i = 0; i < interner->n_slots; i++) {
    InternerSlot slot = interner->slots[i];
    if (!slot.id_plus_one) continue;
    size_t position = slot.hash & (n_slots - 1);
    while (slots[position].id_plus_one) position = (position + 1) & (n_slots - 1);
    slots[position] = slot;
  }
  free(interner->slots);
  interner->slots = slots;
  interner->n_slots = n_slots;
  return true;
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
  if (bytes->size + size > bytes->capacity) {
    size_t capacity = bytes->capacity * 2 > bytes->size + size ? bytes->capacity * 2 : bytes->size + size + 4096;
    if (!repomap_bytes_reserve(bytes, capacity)) return false;
  }
  memcpy(bytes->contents + bytes->size, string, size);
  bytes->size += size;
  interner->offsets[++interner->count] = bytes->size;
  return true;
}

/* Return the id of the string, new or known, or INTERNER_FULL. */
static inline uint32_t interner_intern(Interner *interner, const uint8_t *string, size_t size) {
  if (((size_t)interner->count + 1) * 4 > interner->n_slots * 3 && !interner_grow_slots(interner)) return INTERNER_FULL;
  uint32_t hash = interner_hash(string, size);
  size_t position = hash & (interner->n_slots - 1);
  while (interner->slots[position].id_plus_one) {
    InternerSlot slot = interner->slots[position];
    if (slot.hash == hash) {
      uint64_t start = interner->offsets[slot.id_plus_one - 1];
      if (interner->offsets[slot.id_plus_one] - start == size &&
          memcmp(interner->bytes.contents + start, string, size) == 0) {
        return slot.id_plus_one - 1;
      }
    }
    position = (position + 1) & (interner->n_slots - 1);
  }
  if (interner->count == INTERNER_FULL - 1 || !interner_append(interner, string, size)) return INTERNER_FULL;
  interner->slots[position].hash = hash;
  interner->slots[position].id_plus_one = interner->count;
  return interner->count - 1;
}

static inline void interner_free(Interner *interner) {
  free(interner->slots);
  free(interner->offsets);
  repomap_bytes_free(&interner->bytes);
  memset(interner, 0, sizeof *interner);
}

#endif
