/* Records of uses: where a file uses names as values, as a block keeps it. Nothing for a file without any.
 *
 *     number of names    varint
 *     of each name       varint and bytes
 *     of each use        varint: its name's number * 4 + its UseKind; varint: rows behind the use before it, or behind
 *                        the first row; varint: column
 *
 * in the order of the text. Varints are those of import_records.h. */
#ifndef REPOMAP_USE_RECORDS_H_
#define REPOMAP_USE_RECORDS_H_

#include "import_records.h"

enum { USE_RECORD_KINDS = 3, USE_LARGEST_RECORD = 15 };

typedef struct {
  uint32_t name; /* its number in the file */
  uint32_t row, column;
  uint8_t kind;
} UseRecord;

typedef struct {
  ImportReader reader;
  uint32_t n_names;
} UseReader;

static inline UseReader use_reader(const uint8_t *records, size_t size) {
  UseReader reader = {.reader = import_reader(records, size)};
  if (size && !import_get_varint(&reader.reader, &reader.n_names)) reader.n_names = UINT32_MAX;
  return reader;
}

/* Read one of the names, which come before all uses. */
static inline bool use_next_name(UseReader *reader, ImportText *name) { return import_get_text(&reader->reader, name); }

/* Read the next use; false at the end, and for what is no record. */
static inline bool use_next(UseReader *reader, UseRecord *use) {
  ImportReader ahead = reader->reader;
  uint32_t name_and_kind, n_rows;
  if (!import_get_varint(&ahead, &name_and_kind) || !import_get_varint(&ahead, &n_rows)) return false;
  if (!import_get_varint(&ahead, &use->column) || n_rows > UINT32_MAX - ahead.row) return false;
  use->name = name_and_kind >> 2;
  use->kind = name_and_kind & 3;
  use->row = ahead.row += n_rows;
  if (use->name >= reader->n_names || use->kind >= USE_RECORD_KINDS) return false;
  reader->reader = ahead;
  return true;
}

/* How many names there are. */
static inline uint32_t use_count_names(const uint8_t *records, size_t size) {
  return use_reader(records, size).n_names;
}

/* Whether these are records to their end. */
static inline bool uses_are_sound(const uint8_t *records, size_t size) {
  UseReader reader = use_reader(records, size);
  ImportText name;
  UseRecord use;
  /* Each name takes a byte at least. */
  if (reader.n_names > size) return false;
  for (uint32_t i = 0; i < reader.n_names; i++) {
    if (!use_next_name(&reader, &name)) return false;
  }
  while (use_next(&reader, &use)) continue;
  return reader.reader.next == reader.reader.end;
}

#endif
