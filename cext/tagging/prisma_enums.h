/* A repair of Prisma: attributes of the values of an enumeration, which its grammar does not know. */
#ifndef REPOMAP_PRISMA_ENUMS_H_
#define REPOMAP_PRISMA_ENUMS_H_

#include "repair_text.h"

/* The end of the line from `i`, or where a comment begins in it. */
static inline size_t prisma_line_end(const RepairText *repair, size_t i) {
  bool is_quoted = false;
  for (; i < repair->size && repair->text[i] != '\n'; i++) {
    if (is_quoted && repair->text[i] == '\\' && i + 1 < repair->size && repair->text[i + 1] != '\n') {
      i++;
    } else if (repair->text[i] == '"') {
      is_quoted = !is_quoted;
    } else if (!is_quoted && repair->text[i] == '/' && i + 1 < repair->size && repair->text[i + 1] == '/') {
      break;
    }
  }
  return i;
}

/* `ADMIN @map("admin")` and `@@map("roles")`, between `enum Role {` and the brace that closes it. */
static inline void repair_prisma(RepairText *repair) {
  bool is_enum = false;
  for (size_t start = 0; start < repair->size;) {
    size_t i = repair_skip_blanks(repair, start), end = prisma_line_end(repair, i);
    const uint8_t *feed = memchr(repair->text + end, '\n', repair->size - end);
    size_t word = repair_word_end(repair, i), next = repair_skip_blanks(repair, word);
    if (repair_equals(repair, i, word, "enum")) {
      size_t brace = repair_skip_blanks(repair, repair_word_end(repair, next));
      is_enum = brace < end && repair->text[brace] == '{';
    } else if (i < end && repair->text[i] == '}') {
      is_enum = false;
    } else if (is_enum && next < end && repair->text[next] == '@') {
      repair_blank(repair, next, end);
    }
    start = feed ? (size_t)(feed - repair->text) + 1 : repair->size;
  }
}

#endif
