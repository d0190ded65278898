/* A block: what is known of one file in one run of bytes, sealed with the key that it is kept under.
 *
 * All numbers are little-endian. The header:
 *
 *     bytes  0..3    n_tags
 *            4..7    n_definitions
 *            8..11   n_names
 *           12..15   name_bytes
 *           16       status of the file (tables.FileStatus)
 *           17..22   bytes of an item of: name lengths, name ids, rows, columns, spans, scopes (0, 1, 2 or 4; 0: all 0)
 *           23       BLOCK_FORMAT
 *           24..27   n_terms
 *           28..31   terms in the names of the definitions, each as often as it is there
 *           32..35   terms in all the rest
 *           36..39   bytes of the records of imports
 *           40..43   bytes of the records of uses
 *           44..47   bytes of the records of facts
 *           48..51   bytes of the records of marks
 *
 * After it, with no gaps: the length of each name, the names, and a column for each of
 *
 *     name ids       of the block's own names, which are numbered in the order of their first use
 *     kinds          1 byte: the kind's number among those of the tags query, and 128 for a reference
 *     rows, columns  where the name starts
 *     spans          end row - row
 *     scopes         1 + the number of the innermost definition around the tag, 0 for none
 *
 * then of each term (words.h), by rising hash,
 *
 *     term hashes    4 bytes
 *     rest counts    1 byte: how often it is in the file, but for the names of the definitions; 255 for more
 *     name counts    1 byte: how often it is in these names; 255 for more
 *
 * then the records of its imports (import_records.h), of its uses (use_records.h), of its facts (fact_records.h) and of
 * its marks (mark_records.h),
 *
 * and 8 bytes of seal: BLAKE2b of the key and of all that is before them. */
#ifndef REPOMAP_BLOCK_H_
#define REPOMAP_BLOCK_H_

#include "blake2b.h"
#include "fact_records.h"
#include "import_records.h"
#include "mark_records.h"
#include "platform.h"
#include "use_records.h"

#define BLOCK_FORMAT 7
#define BLOCK_HEADER_BYTES 52
#define BLOCK_SEAL_BYTES 8
#define BLOCK_KEY_BYTES 32
#define BLOCK_REFERENCE 128
#define BLOCK_TERM_BYTES 6
#define BLOCK_MOST_COUNTED 255

enum { BLOCK_LENGTHS, BLOCK_NAME_IDS, BLOCK_ROWS, BLOCK_COLUMNS, BLOCK_SPANS, BLOCK_SCOPES, BLOCK_N_WIDTHS };

typedef struct {
  uint32_t n_tags;
  uint32_t n_definitions;
  uint32_t n_names;
  uint32_t name_bytes;
  uint8_t status;
  uint8_t widths[BLOCK_N_WIDTHS];
  uint32_t n_terms;
  uint32_t name_length; /* terms in the names of the definitions */
  uint32_t rest_length; /* terms in all the rest */
  uint32_t import_bytes;
  uint32_t use_bytes;
  uint32_t fact_bytes;
  uint32_t mark_bytes;
  const uint8_t *lengths; /* these point into the block */
  const uint8_t *names;
  const uint8_t *name_ids;
  const uint8_t *kinds;
  const uint8_t *rows;
  const uint8_t *columns;
  const uint8_t *spans;
  const uint8_t *scopes;
  const uint8_t *term_hashes;
  const uint8_t *rest_counts;
  const uint8_t *name_counts;
  const uint8_t *imports;
  const uint8_t *uses;
  const uint8_t *facts;
  const uint8_t *marks;
} Block;

static inline uint32_t block_get(const uint8_t *column, size_t i, uint8_t width) {
  switch (width) {
    case 0: return 0;
    case 1: return column[i];
    case 2: return column[2 * i] | (uint32_t)column[2 * i + 1] << 8;
    default:
      column += 4 * i;
      return column[0] | (uint32_t)column[1] << 8 | (uint32_t)column[2] << 16 | (uint32_t)column[3] << 24;
  }
}

static inline void block_put(uint8_t *column, size_t i, uint8_t width, uint32_t value) {
  for (uint8_t byte = 0; byte < width; byte++) column[width * i + byte] = (uint8_t)(value >> (8 * byte));
}

static inline uint8_t block_width(uint32_t largest) {
  return largest == 0 ? 0 : largest < 0x100 ? 1 : largest < 0x10000 ? 2 : 4;
}

static inline void block_seal(const uint8_t *key, const uint8_t *block, size_t size, uint8_t *seal) {
  Blake2b hash;
  blake2b_start(&hash, BLOCK_SEAL_BYTES);
  blake2b_add(&hash, key, BLOCK_KEY_BYTES);
  blake2b_add(&hash, block, size);
  blake2b_end(&hash, seal);
}

/* How long a block with this header is, its seal included. */
static inline uint64_t block_size(const Block *block) {
  uint64_t of_tag = 1;
  for (int i = BLOCK_NAME_IDS; i < BLOCK_N_WIDTHS; i++) of_tag += block->widths[i];
  return BLOCK_HEADER_BYTES + (uint64_t)block->n_names * block->widths[BLOCK_LENGTHS] + block->name_bytes +
         block->n_tags * of_tag + (uint64_t)block->n_terms * BLOCK_TERM_BYTES + block->import_bytes +
         block->use_bytes + (uint64_t)block->fact_bytes + block->mark_bytes + BLOCK_SEAL_BYTES;
}

/* Set the pointers of a block whose header is known, to the columns at `data`. */
static inline void block_lay_out(Block *block, const uint8_t *data) {
  block->lengths = data + BLOCK_HEADER_BYTES;
  block->names = block->lengths + (size_t)block->n_names * block->widths[BLOCK_LENGTHS];
  block->name_ids = block->names + block->name_bytes;
  block->kinds = block->name_ids + (size_t)block->n_tags * block->widths[BLOCK_NAME_IDS];
  block->rows = block->kinds + block->n_tags;
  block->columns = block->rows + (size_t)block->n_tags * block->widths[BLOCK_ROWS];
  block->spans = block->columns + (size_t)block->n_tags * block->widths[BLOCK_COLUMNS];
  block->scopes = block->spans + (size_t)block->n_tags * block->widths[BLOCK_SPANS];
  block->term_hashes = block->scopes + (size_t)block->n_tags * block->widths[BLOCK_SCOPES];
  block->rest_counts = block->term_hashes + 4 * (size_t)block->n_terms;
  block->name_counts = block->rest_counts + block->n_terms;
  block->imports = block->name_counts + block->n_terms;
  block->uses = block->imports + block->import_bytes;
  block->facts = block->uses + block->use_bytes;
  block->marks = block->facts + block->fact_bytes;
}

static inline void block_write_header(const Block *block, uint8_t *data) {
  block_put(data, 0, 4, block->n_tags);
  block_put(data, 1, 4, block->n_definitions);
  block_put(data, 2, 4, block->n_names);
  block_put(data, 3, 4, block->name_bytes);
  data[16] = block->status;
  memcpy(data + 17, block->widths, BLOCK_N_WIDTHS);
  data[23] = BLOCK_FORMAT;
  block_put(data, 6, 4, block->n_terms);
  block_put(data, 7, 4, block->name_length);
  block_put(data, 8, 4, block->rest_length);
  block_put(data, 9, 4, block->import_bytes);
  block_put(data, 10, 4, block->use_bytes);
  block_put(data, 11, 4, block->fact_bytes);
  block_put(data, 12, 4, block->mark_bytes);
}

/* Read the header and lay the columns out; false if this is no block of that size. */
static inline bool block_open(const uint8_t *data, size_t size, Block *block) {
  if (size < BLOCK_HEADER_BYTES + BLOCK_SEAL_BYTES) return false;
  block->n_tags = block_get(data, 0, 4);
  block->n_definitions = block_get(data, 1, 4);
  block->n_names = block_get(data, 2, 4);
  block->name_bytes = block_get(data, 3, 4);
  block->status = data[16];
  memcpy(block->widths, data + 17, BLOCK_N_WIDTHS);
  block->n_terms = block_get(data, 6, 4);
  block->name_length = block_get(data, 7, 4);
  block->rest_length = block_get(data, 8, 4);
  block->import_bytes = block_get(data, 9, 4);
  block->use_bytes = block_get(data, 10, 4);
  block->fact_bytes = block_get(data, 11, 4);
  block->mark_bytes = block_get(data, 12, 4);
  for (int i = 0; i < BLOCK_N_WIDTHS; i++) {
    if (block->widths[i] == 3 || block->widths[i] > 4) return false;
  }
  if (data[23] != BLOCK_FORMAT || block_size(block) != size) return false;
  block_lay_out(block, data);
  return true;
}

/* Whether the terms rise, each is there, and they are no more than there are in all. */
static inline bool block_has_sound_terms(const Block *block) {
  uint64_t name_length = 0, rest_length = 0;
  for (uint32_t i = 0; i < block->n_terms; i++) {
    if (i && block_get(block->term_hashes, i - 1, 4) >= block_get(block->term_hashes, i, 4)) return false;
    if (!block->rest_counts[i] && !block->name_counts[i]) return false;
    name_length += block->name_counts[i];
    rest_length += block->rest_counts[i];
  }
  return name_length <= block->name_length && rest_length <= block->rest_length;
}

/* Whether an open block keeps the promises of its format, so that no reader need check again. */
static inline bool block_is_sound(const Block *block, uint32_t n_kinds) {
  uint64_t name_bytes = 0;
  uint32_t n_definitions = 0;
  /* Each name is some tag's, which takes a byte at least: empty names take none, and could be four thousand million. */
  if (block->n_names > block->n_tags) return false;
  for (uint32_t i = 0; i < block->n_names; i++) {
    name_bytes += block_get(block->lengths, i, block->widths[BLOCK_LENGTHS]);
  }
  if (name_bytes != block->name_bytes) return false;
  /* Scopes may point forwards, but never round and round: a chain of them ends. They are checked to enclose by row. */
  for (uint32_t i = 0; i < block->n_tags; i++) {
    if (block_get(block->name_ids, i, block->widths[BLOCK_NAME_IDS]) >= block->n_names) return false;
    if ((block->kinds[i] & ~BLOCK_REFERENCE) >= n_kinds) return false;
    if (block_get(block->scopes, i, block->widths[BLOCK_SCOPES]) > block->n_tags) return false;
    uint32_t row = block_get(block->rows, i, block->widths[BLOCK_ROWS]);
    if (block_get(block->spans, i, block->widths[BLOCK_SPANS]) > UINT32_MAX - row) return false;
    n_definitions += block->kinds[i] < BLOCK_REFERENCE;
  }
  return n_definitions == block->n_definitions && block_has_sound_terms(block) &&
         import_count(block->imports, block->import_bytes) >= 0 && uses_are_sound(block->uses, block->use_bytes) &&
         facts_are_sound(block->facts, block->fact_bytes, use_count_names(block->uses, block->use_bytes)) &&
         marks_are_sound(block->marks, block->mark_bytes);
}

#endif
