/* Writes a text anew: as it is, or as blanks that keep its rows. What is passed is never passed again. */
#ifndef REPOMAP_MASKING_H_
#define REPOMAP_MASKING_H_

#include "regions.h"

enum { MASK_BYTES_BETWEEN_CHECKS = 1 << 24, MASK_PIECE = 128 };

typedef struct {
  const uint8_t *text;    /* (size,) borrowed, as all that follows */
  size_t size;
  uint8_t *out;           /* (size,) */
  size_t at;              /* bytes that are written */
  size_t line_start;      /* byte at which the row at `at` begins */
  size_t checked;         /* bytes that were written when the budget was last asked */
  uint32_t row;           /* of the byte `at` */
  Arena *arena;           /* or NULL */
  ArenaVerdict verdict;
  Regions *regions;
  bool has_code;          /* a region was kept */
} Masking;

static inline void mask_check(Masking *masking) {
  if (masking->at - masking->checked < MASK_BYTES_BETWEEN_CHECKS) return;
  masking->checked = masking->at;
  if (masking->arena && masking->verdict == ARENA_RUNNING) masking->verdict = arena_verdict(masking->arena);
}

static inline size_t mask_count_rows(const uint8_t *text, size_t size) {
  size_t n = 0;
  for (size_t i = 0; i < size; i += MASK_PIECE) {
    size_t end = size - i < MASK_PIECE ? size : i + MASK_PIECE;
    uint8_t of_piece = 0;
    for (size_t j = i; j < end; j++) of_piece = (uint8_t)(of_piece + (text[j] == '\n'));
    n += of_piece;
  }
  return n;
}

/* Move on to `end` and count the rows that are passed. */
static inline void mask_pass(Masking *masking, size_t end) {
  size_t n_rows = mask_count_rows(masking->text + masking->at, end - masking->at);
  if (n_rows) {
    masking->row += (uint32_t)n_rows;
    masking->line_start = end;
    while (masking->text[masking->line_start - 1] != '\n') masking->line_start--;
  }
  masking->at = end;
  mask_check(masking);
}

static inline void mask_fill(uint8_t *out, const uint8_t *text, size_t size) {
  for (size_t i = 0; i < size; i++) out[i] = text[i] == '\n' || text[i] == '\r' ? text[i] : ' ';
}

/* Write blanks as far as `end`. */
static inline void mask_blank(Masking *masking, size_t end) {
  mask_fill(masking->out + masking->at, masking->text + masking->at, end - masking->at);
  mask_pass(masking, end);
}

/* Write the text as far as `end`: a region. */
static inline void mask_keep(Masking *masking, size_t end) {
  memcpy(masking->out + masking->at, masking->text + masking->at, end - masking->at);
  mask_pass(masking, end);
}

static inline bool mask_is_space(uint8_t byte) {
  return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static inline bool mask_is_letter(uint8_t byte) { return (uint8_t)((byte | 0x20) - 'a') < 26; }

static inline bool mask_is_word(uint8_t byte) {
  return mask_is_letter(byte) || (uint8_t)(byte - '0') < 10 || byte == '_' || byte >= 0x80;
}

/* The first such byte from `at` on, or `size`. */
static inline size_t mask_find(const Masking *masking, size_t at, uint8_t byte) {
  const uint8_t *found =
    at < masking->size ? (const uint8_t *)memchr(masking->text + at, byte, masking->size - at) : NULL;
  return found ? (size_t)(found - masking->text) : masking->size;
}

/* Make room for one more in an array of `n` items; false, with the verdict, where there is none. */
static inline bool mask_grow(Masking *masking, void **items, size_t *capacity, size_t n, size_t item_size) {
  if (n < *capacity) return true;
  size_t more = *capacity / 2 + 64;
  void *grown = masking->arena && !arena_take(masking->arena, more * item_size)
                  ? NULL
                  : realloc(*items, (*capacity + more) * item_size);
  if (!grown) {
    masking->verdict = ARENA_OUT_OF_MEMORY;
    return false;
  }
  *items = grown;
  *capacity += more;
  return true;
}

/* Note a region that is parsed by itself. It begins in the row at hand. */
static inline void mask_note_apart(Masking *masking, Guest guest, size_t start, size_t end) {
  Regions *regions = masking->regions;
  size_t size = sizeof *regions->apart;
  if (!mask_grow(masking, (void **)&regions->apart, &regions->apart_capacity, regions->n_apart, size)) {
    return;
  }
  regions->apart[regions->n_apart++] = (ApartRegion){
    (uint32_t)start, (uint32_t)end, masking->row, (uint32_t)(start - masking->line_start), guest};
}

/* Whether the text has these bytes at a place. */
static inline bool mask_has(const Masking *masking, size_t at, const char *bytes, size_t size) {
  return at <= masking->size && masking->size - at >= size && memcmp(masking->text + at, bytes, size) == 0;
}

#endif
