/* How components of markup are named: as they are imported, `my-button` as `MyButton`. */
#ifndef REPOMAP_COMPONENT_NAMES_H_
#define REPOMAP_COMPONENT_NAMES_H_

#include "blake2b.h"
#include "platform.h"

enum { COMPONENT_LONGEST = 128 };

static inline bool component_is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

/* Write the name of a component for what stands in markup, and return its size; 0 for what is too long. */
static inline uint32_t component_spell(const uint8_t *written, size_t size, uint8_t name[COMPONENT_LONGEST]) {
  uint32_t n = 0;
  bool is_next_capital = true;
  if (size > COMPONENT_LONGEST) return 0;
  if (size && !component_is_letter(written[0])) {
    memcpy(name, written, size);
    return (uint32_t)size;
  }
  for (size_t i = 0; i < size; i++) {
    uint8_t byte = written[i];
    if (byte == '-') {
      is_next_capital = true;
      continue;
    }
    name[n++] = is_next_capital && component_is_letter(byte) ? byte & 0xDF : byte;
    is_next_capital = false;
  }
  return n;
}

/* Write the name of the component that a file is, by its path, and return its size; 0 for none. A file `index` is named
 * after its folder, and what stands behind the first dot says how the component is used (`Map.client.vue`). */
static inline uint32_t component_of_file(const uint8_t *path, size_t size, uint8_t name[COMPONENT_LONGEST]) {
  size_t start = size;
  while (start && path[start - 1] != '/') start--;
  size_t end = size;
  for (size_t i = start + 1; i < size; i++) {
    if (path[i] != '.') continue;
    end = i;
    if (component_is_letter(path[start])) break;
  }
  if (end - start == 5 && memcmp(path + start, "index", 5) == 0 && start > 1) {
    end = --start;
    while (start && path[start - 1] != '/') start--;
  }
  return component_spell(path + start, end - start, name);
}

/* Make of the key of a query the key of one for a file whose block has the name of its component. */
static inline void component_key(uint8_t key[16], const uint8_t *path, size_t size) {
  uint8_t name[COMPONENT_LONGEST];
  Blake2b hash;
  uint32_t n = component_of_file(path, size, name);
  blake2b_start(&hash, 16);
  blake2b_add(&hash, key, 16);
  blake2b_add(&hash, name, n);
  blake2b_end(&hash, key);
}

#endif
