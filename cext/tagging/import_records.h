/* Import records: what a file imports, in the order of the text, as a block keeps it.
 *
 * A record:
 *
 *     kind           1 byte: an ImportKind, and IMPORT_FLAGS
 *     row            varint: rows behind the record before it, or behind the first row
 *     module         varint and bytes, as it is written; not there with IMPORT_SAME_MODULE: that of the record before
 *     name, alias    varint and bytes each: what is imported of the module, and by what other name it is known here
 *
 * A varint has seven bits a byte, the lowest first; the highest bit says that another follows. */
#ifndef REPOMAP_IMPORT_RECORDS_H_
#define REPOMAP_IMPORT_RECORDS_H_

#include "platform.h"

typedef enum {
  IMPORT_MODULE = 0,    /* the module as a whole */
  IMPORT_NAME = 1,      /* one name of it */
  IMPORT_ALL = 2,       /* all its names */
  IMPORT_PACKAGE = 3,   /* no import: the package or namespace that the file belongs to */
  IMPORT_PATH = 4,      /* a file by its path, which is looked for where the language's tools look */
  IMPORT_LOCAL_PATH = 5 /* a file by its path, which is looked for beside this file first */
} ImportKind;

enum {
  IMPORT_KINDS = 6,
  IMPORT_KIND_MASK = 7,
  IMPORT_STATIC = 16,      /* a member of a type: import static, using static */
  IMPORT_EXPORTED = 32,    /* and passed on: export … from, pub use */
  IMPORT_SAME_MODULE = 64,
  IMPORT_KNOWN_BITS = IMPORT_KIND_MASK | IMPORT_STATIC | IMPORT_EXPORTED | IMPORT_SAME_MODULE,
  IMPORT_MAX_TEXT = 1024 /* bytes of a module, a name, an alias: nothing that is longer names a file */
};

typedef struct {
  const uint8_t *bytes;
  size_t size;
} ImportText;

typedef struct {
  uint8_t kind;  /* with its flags */
  uint32_t row;  /* zero-based */
  ImportText module, name, alias;
} ImportRecord;

typedef struct {
  const uint8_t *next, *end;
  uint32_t row;
  ImportText module;
} ImportReader;

static inline bool import_get_varint(ImportReader *reader, uint32_t *value_out) {
  uint64_t value = 0;
  for (int shift = 0; shift < 35 && reader->next < reader->end; shift += 7) {
    uint8_t byte = *reader->next++;
    value |= (uint64_t)(byte & 127) << shift;
    if (byte < 128) {
      *value_out = (uint32_t)value;
      return value <= UINT32_MAX;
    }
  }
  return false;
}

static inline bool import_get_text(ImportReader *reader, ImportText *text_out) {
  uint32_t size;
  if (!import_get_varint(reader, &size) || size > (size_t)(reader->end - reader->next)) return false;
  text_out->bytes = reader->next;
  text_out->size = size;
  reader->next += size;
  return true;
}

static inline ImportReader import_reader(const uint8_t *records, size_t size) {
  return (ImportReader){.next = records, .end = records + size};
}

/* Read the next record; false at the end, where next is end, and for what is no record. */
static inline bool import_next(ImportReader *reader, ImportRecord *record) {
  if (reader->next == reader->end) return false;
  record->kind = *reader->next;
  if ((record->kind & ~IMPORT_KNOWN_BITS) || (record->kind & IMPORT_KIND_MASK) >= IMPORT_KINDS) return false;
  ImportReader ahead = *reader;
  ahead.next++;
  uint32_t n_rows;
  if (!import_get_varint(&ahead, &n_rows) || n_rows > UINT32_MAX - ahead.row) return false;
  if (!(record->kind & IMPORT_SAME_MODULE) && !import_get_text(&ahead, &ahead.module)) return false;
  if (!import_get_text(&ahead, &record->name) || !import_get_text(&ahead, &record->alias)) return false;
  record->row = ahead.row += n_rows;
  record->module = ahead.module;
  *reader = ahead;
  return true;
}

/* Count the records; -1 where they are none. */
static inline int64_t import_count(const uint8_t *records, size_t size) {
  ImportReader reader = import_reader(records, size);
  ImportRecord record;
  int64_t n = 0;
  while (import_next(&reader, &record)) n++;
  return reader.next == reader.end ? n : -1;
}

static inline uint8_t *import_put_varint(uint8_t *out, uint32_t value) {
  for (; value > 127; value >>= 7) *out++ = (uint8_t)(value | 128);
  *out++ = (uint8_t)value;
  return out;
}

static inline uint8_t *import_put_text(uint8_t *out, ImportText text) {
  out = import_put_varint(out, (uint32_t)text.size);
  if (text.size) memcpy(out, text.bytes, text.size);
  return out + text.size;
}

#endif
