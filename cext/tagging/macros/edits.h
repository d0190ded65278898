/* A copy of a text in which words are blanked, byte for byte: rows, columns and bytes stay. With it, what the blanked
 * words say: references to macros, and names for what the grammar finds in their place. */
#ifndef REPOMAP_EDITS_H_
#define REPOMAP_EDITS_H_

#include "platform.h"

typedef enum {
  MACRO_KIND_CALL,     /* a reference to a macro with arguments */
  MACRO_KIND_WORD,     /* to one without */
  MACRO_KIND_USED_TYPE, /* to a type */
  MACRO_KIND_OPERATOR, /* a definition, for a rename */
  MACRO_KIND_PROTOTYPE, /* what stays one, whatever a rename says */
  MACRO_KIND_KEPT,     /* for a rename: the kind that the query says */
} MacroKind;

typedef struct {
  uint32_t start, end; /* bytes of the name in the text */
  uint32_t place;      /* a rename: byte of the name that the grammar finds; a reference: `start` */
  uint8_t kind;        /* MacroKind */
  bool is_alone;       /* a rename: nothing is within the definition but its name */
} MacroName;

typedef struct {
  MacroName *items; /* (n,) owned, by rising place but for a few */
  size_t n, capacity;
} MacroNames;

typedef struct {
  const uint8_t *source; /* (size,) borrowed */
  uint32_t size;
  RepomapBytes copy; /* of the source, once a byte differs */
  bool is_copied;
  bool is_out_of_memory;
  MacroNames references, renames;
  MacroNames asked; /* by conditionals, or given to macros, without arguments; by rising start */
} Edits;

static inline bool edits_copy(Edits *edits) {
  if (edits->is_copied) return true;
  if (edits->is_out_of_memory || !repomap_bytes_reserve(&edits->copy, edits->size ? edits->size : 1)) {
    edits->is_out_of_memory = true;
    return false;
  }
  memcpy(edits->copy.contents, edits->source, edits->size);
  edits->copy.size = edits->size;
  return edits->is_copied = true;
}

/* Blank these bytes, but for the ends of lines. */
static inline void edits_blank(Edits *edits, uint32_t start, uint32_t end) {
  if (start >= end || !edits_copy(edits)) return;
  uint8_t *bytes = edits->copy.contents;
  for (uint32_t i = start; i < end; i++) {
    if (bytes[i] != '\n' && bytes[i] != '\r') bytes[i] = ' ';
  }
}

/* Write a text over what is there. The caller has seen that it has room, and passes over no end of a line. */
static inline void edits_put(Edits *edits, uint32_t at, const char *text, uint32_t size) {
  if (!edits_copy(edits)) return;
  memcpy(edits->copy.contents + at, text, size);
}

static inline void edits_name(
  Edits *edits, MacroNames *names, uint32_t start, uint32_t end, uint32_t place, MacroKind kind
) {
  if (names->n == names->capacity) {
    size_t capacity = names->capacity ? names->capacity * 2 : 64;
    MacroName *items = (MacroName *)realloc(names->items, capacity * sizeof *items);
    if (!items) {
      edits->is_out_of_memory = true;
      return;
    }
    names->items = items;
    names->capacity = capacity;
  }
  names->items[names->n++] = (MacroName){.start = start, .end = end, .place = place, .kind = (uint8_t)kind};
}

static inline void edits_refer(Edits *edits, uint32_t start, uint32_t end, MacroKind kind) {
  edits_name(edits, &edits->references, start, end, start, kind);
}

/* A name that is used as a value. One that stands before the last of them is left out. */
static inline void edits_ask(Edits *edits, uint32_t start, uint32_t end) {
  MacroNames *asked = &edits->asked;
  if (asked->n && asked->items[asked->n - 1].start >= start) return;
  edits_name(edits, asked, start, end, start, MACRO_KIND_WORD);
}

static inline void edits_rename(Edits *edits, uint32_t place, uint32_t start, uint32_t end, MacroKind kind) {
  edits_name(edits, &edits->renames, start, end, place, kind);
}

/* What the grammar finds at this name is no more than the name: the rest is another definition's. */
static inline void edits_stand_alone(Edits *edits, uint32_t start, uint32_t end) {
  size_t n = edits->renames.n;
  edits_rename(edits, start, start, end, MACRO_KIND_KEPT);
  if (edits->renames.n > n) edits->renames.items[n].is_alone = true;
}

static inline void edits_start(Edits *edits, const uint8_t *source, uint32_t size) {
  edits->source = source;
  edits->size = size;
  edits->is_copied = edits->is_out_of_memory = false;
  edits->references.n = edits->renames.n = edits->asked.n = 0;
}

static inline void edits_free(Edits *edits) {
  repomap_bytes_free(&edits->copy);
  free(edits->references.items);
  free(edits->renames.items);
  free(edits->asked.items);
  memset(edits, 0, sizeof *edits);
}

#endif
