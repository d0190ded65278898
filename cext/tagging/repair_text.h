/* A copy of a text that is rewritten for the parser, and what its bytes are: for repairs.h. */
#ifndef REPOMAP_REPAIR_TEXT_H_
#define REPOMAP_REPAIR_TEXT_H_

#include "platform.h"

#define REPAIR_LONGEST_GROUP 4096 /* bytes of parentheses that are looked through */
#define REPAIR_LOOKS 16           /* looks at each byte, on average, that all brackets together may take */

typedef struct {
  uint8_t *text;
  size_t size;
  size_t n_left; /* bytes of brackets, and of what else is looked through more than once, that may still be */
  bool is_changed;
} RepairText;

static inline bool repair_is_word(uint8_t byte) {
  return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') || byte == '_' ||
         byte == '$' || byte >= 0x80;
}

static inline bool repair_equals(const RepairText *repair, size_t start, size_t end, const char *word) {
  size_t length = strlen(word);
  return end - start == length && memcmp(repair->text + start, word, length) == 0;
}

static inline bool repair_is_among(const RepairText *repair, size_t start, size_t end, const char *const *words) {
  for (; *words; words++) {
    if (repair_equals(repair, start, end, *words)) return true;
  }
  return false;
}

static inline bool repair_is_line_end(uint8_t byte) { return byte == '\n' || byte == '\r'; }

static inline void repair_blank(RepairText *repair, size_t start, size_t end) {
  for (size_t i = start; i < end; i++) {
    if (!repair_is_line_end(repair->text[i])) repair->text[i] = ' ';
  }
  repair->is_changed = true;
}

/* How many bytes `repair_write` may write on: all but those that end a row. */
static inline size_t repair_room(const RepairText *repair, size_t start, size_t end) {
  size_t n = 0;
  for (size_t i = start; i < end; i++) n += !repair_is_line_end(repair->text[i]);
  return n;
}

static inline void repair_write(RepairText *repair, size_t start, const char *word) {
  for (size_t i = start; *word; i++) {
    if (!repair_is_line_end(repair->text[i])) repair->text[i] = (uint8_t)*word++;
  }
  repair->is_changed = true;
}

/* Make a keyword a name of the same length. */
static inline void repair_make_name(RepairText *repair, size_t end) {
  repair->text[end - 1] = '_';
  repair->is_changed = true;
}

static inline size_t repair_skip_blanks(const RepairText *repair, size_t i) {
  while (i < repair->size && (repair->text[i] == ' ' || repair->text[i] == '\t')) i++;
  return i;
}

static inline size_t repair_skip_space(const RepairText *repair, size_t i) {
  while (i < repair->size && (repair->text[i] <= ' ')) i++;
  return i;
}

static inline size_t repair_word_end(const RepairText *repair, size_t i) {
  while (i < repair->size && repair_is_word(repair->text[i])) i++;
  return i;
}

/* The last byte before `start` that is no space, or 0. */
static inline uint8_t repair_before(const RepairText *repair, size_t start) {
  for (size_t i = start; i > 0 && start - i < REPAIR_LONGEST_GROUP; i--) {
    if (repair->text[i - 1] > ' ') return repair->text[i - 1];
  }
  return 0;
}

/* What follows the comment or string that starts at `i`, or `i` if there is none: those of languages like C. A string
 * of one line ends with it, so that a quote in a regex does no harm beyond. */
static inline size_t repair_skip_quoted(const RepairText *repair, size_t i) {
  const uint8_t *text = repair->text;
  size_t size = repair->size;
  uint8_t quote = text[i];
  if (quote == '/' && i + 1 < size && text[i + 1] == '/') {
    while (i < size && text[i] != '\n') i++;
    return i;
  }
  if (quote == '/' && i + 1 < size && text[i + 1] == '*') {
    for (i += 2; i + 1 < size && !(text[i] == '*' && text[i + 1] == '/'); i++) {
    }
    return i + 2 < size ? i + 2 : size;
  }
  if (quote != '"' && quote != '\'' && quote != '`') return i;
  if (quote == '"' && i + 2 < size && text[i + 1] == '"' && text[i + 2] == '"') {
    for (i += 3; i + 2 < size && !(text[i] == '"' && text[i + 1] == '"' && text[i + 2] == '"'); i++) {
    }
    return i + 3 < size ? i + 3 : size;
  }
  for (i++; i < size && text[i] != quote; i++) {
    if (text[i] == '\\') i++;
    if (i < size && text[i] == '\n' && quote != '`') return i;
  }
  return i < size ? i + 1 : size;
}

/* Take `n` of the looks that are left; false once there are none. */
static inline bool repair_take(RepairText *repair, size_t n) {
  repair->n_left -= n < repair->n_left ? n : repair->n_left;
  return repair->n_left != 0;
}

/* What follows the bracket that closes the one at `i`; 0 if it is too far away. */
static inline size_t repair_group_end(RepairText *repair, size_t i, uint8_t open, uint8_t close) {
  size_t depth = 0, start = i;
  while (i < repair->size && i - start < REPAIR_LONGEST_GROUP && repair->n_left) {
    size_t behind = repair_skip_quoted(repair, i);
    repair_take(repair, behind - i + 1);
    if (behind != i) {
      i = behind;
      continue;
    }
    depth += repair->text[i] == open;
    if (repair->text[i] == close && --depth == 0) return i + 1;
    i++;
  }
  return 0;
}

#endif
