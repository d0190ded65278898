/* Records of marks: what is to be said of a file as a whole, as a block keeps it. Nothing for a file without any.
 *
 *     marks              1 byte: those of file_marks.h
 *     of each range      varint: rows behind the end of the one before it, or behind the first row; varint: rows - 1
 *
 * of rows that the parser could not read, rising: with MARK_UNREAD at least one. Varints are those of
 * import_records.h. */
#ifndef REPOMAP_MARK_RECORDS_H_
#define REPOMAP_MARK_RECORDS_H_

#include "file_marks.h"
#include "import_records.h"

enum { MARK_LARGEST_RANGE = 10 };

typedef struct {
  uint32_t row, end_row; /* zero-based, both included */
} MarkRange;

typedef struct {
  ImportReader reader;
  uint8_t marks;
} MarkReader;

static inline MarkReader mark_reader(const uint8_t *records, size_t size) {
  return (MarkReader){import_reader(records + (size > 0), size ? size - 1 : 0), size ? records[0] : 0};
}

/* Read the next range; false at the end, and for what is none. */
static inline bool mark_next(MarkReader *reader, MarkRange *range) {
  ImportReader ahead = reader->reader;
  uint32_t n_before, n_more;
  if (!import_get_varint(&ahead, &n_before) || !import_get_varint(&ahead, &n_more)) return false;
  if (n_before > UINT32_MAX - ahead.row || n_more > UINT32_MAX - ahead.row - n_before) return false;
  range->row = ahead.row + n_before;
  range->end_row = ahead.row = range->row + n_more;
  reader->reader = ahead;
  return true;
}

/* Whether these are records to their end. */
static inline bool marks_are_sound(const uint8_t *records, size_t size) {
  MarkReader reader = mark_reader(records, size);
  MarkRange range;
  uint32_t n = 0;
  while (mark_next(&reader, &range)) n++;
  return reader.reader.next == reader.reader.end && !(reader.marks & ~MARKS_KNOWN) && (!size || reader.marks) &&
         !(reader.marks & MARK_UNREAD) == !n;
}

#endif
