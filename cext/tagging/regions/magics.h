/* What IPython takes out of a cell before Python reads it: magics (%name), commands (!name), and questions (name?). */
#ifndef REPOMAP_MAGICS_H_
#define REPOMAP_MAGICS_H_

#include "masking.h"

/* The text of a cell, and where in it Python is. */
typedef struct {
  uint8_t *text;          /* (size,) */
  size_t size;
  size_t at;
  size_t depth;           /* of brackets */
} Cell;

static inline size_t cell_line_end(const Cell *cell, size_t at) {
  const uint8_t *end = at < cell->size ? (const uint8_t *)memchr(cell->text + at, '\n', cell->size - at) : NULL;
  return end ? (size_t)(end - cell->text) : cell->size;
}

static inline size_t cell_skip_blanks(const Cell *cell, size_t at) {
  while (at < cell->size && (cell->text[at] == ' ' || cell->text[at] == '\t')) at++;
  return at;
}

/* Blank from `at` to the end of its line, and of those that it goes on in behind a backslash. */
static inline void cell_blank_line(Cell *cell, size_t at) {
  for (;;) {
    size_t end = cell_line_end(cell, at), last = end;
    while (last > at && mask_is_space(cell->text[last - 1])) last--;
    bool goes_on = last > at && cell->text[last - 1] == '\\' && end < cell->size;
    mask_fill(cell->text + at, cell->text + at, end - at);
    cell->at = at = end;
    if (!goes_on) return;
    at++;
  }
}

/* Whether the magic of a cell leaves the rest of it to Python. */
static inline bool cell_stays_python(const Cell *cell, size_t name) {
  static const char *const magics[] = {"time", "timeit", "capture", "prun", "px", "memit", "mprun", "snakeviz"};
  size_t end = name;
  while (end < cell->size && mask_is_word(cell->text[end])) end++;
  for (size_t i = 0; i < sizeof magics / sizeof *magics; i++) {
    if (strlen(magics[i]) == end - name && memcmp(magics[i], cell->text + name, end - name) == 0) return true;
  }
  return false;
}

/* Whether the line from `at` to `end` asks for help: a name with dots, and ? or ?? behind it. */
static inline bool cell_is_question(const Cell *cell, size_t at, size_t end) {
  while (end > at && mask_is_space(cell->text[end - 1])) end--;
  size_t name_end = end;
  while (name_end > at && end - name_end < 2 && cell->text[name_end - 1] == '?') name_end--;
  if (name_end == end || name_end == at) return false;
  while (at < name_end && (mask_is_word(cell->text[at]) || cell->text[at] == '.' || cell->text[at] == '*')) at++;
  return at == name_end;
}

/* Where the value of `name = !command` or `name = %magic` begins, in a line; the end of the line where it has none. */
static inline size_t cell_assigned(const Cell *cell, size_t at, size_t end) {
  size_t first = at;
  while (at < end && (mask_is_word(cell->text[at]) || cell->text[at] == ',' || cell->text[at] == ' ')) at++;
  if (at == first || at == end || cell->text[at] != '=') return end;
  at = cell_skip_blanks(cell, at + 1);
  if (at + 1 >= end) return end;
  bool is_magic = cell->text[at] == '%' && (mask_is_letter(cell->text[at + 1]) || cell->text[at + 1] == '%');
  return cell->text[at] == '!' || is_magic ? at : end;
}

/* Pass a string of Python, whose quote is at `cell->at`. */
static inline void cell_pass_string(Cell *cell) {
  uint8_t quote = cell->text[cell->at];
  bool is_long = cell->size - cell->at >= 3 && cell->text[cell->at + 1] == quote && cell->text[cell->at + 2] == quote;
  size_t at = cell->at + (is_long ? 3 : 1);
  for (; at < cell->size; at++) {
    if (cell->text[at] == '\\') {
      at++;
    } else if (cell->text[at] == '\n' && !is_long) {
      break;
    } else if (cell->text[at] == quote) {
      if (!is_long) {
        at++;
        break;
      }
      if (cell->size - at >= 3 && cell->text[at + 1] == quote && cell->text[at + 2] == quote) {
        at += 3;
        break;
      }
    }
  }
  cell->at = at < cell->size ? at : cell->size;
}

/* Pass a statement of Python, to behind the line feed that ends it. */
static inline void cell_pass_statement(Cell *cell) {
  while (cell->at < cell->size) {
    uint8_t byte = cell->text[cell->at];
    if (byte == '"' || byte == '\'') {
      cell_pass_string(cell);
      continue;
    }
    if (byte == '#') {
      cell->at = cell_line_end(cell, cell->at);
      continue;
    }
    cell->at++;
    if (byte == '(' || byte == '[' || byte == '{') {
      cell->depth++;
    } else if (byte == ')' || byte == ']' || byte == '}') {
      cell->depth -= cell->depth > 0;
    } else if (byte == '\\') {
      cell->at += cell->at < cell->size && cell->text[cell->at] == '\r';
      cell->at += cell->at < cell->size;
    } else if (byte == '\n' && !cell->depth) {
      return;
    }
  }
}

/* Blank the magics of a cell. A cell of another language is blanked as a whole. */
static inline void blank_magics(uint8_t *text, size_t size) {
  Cell cell = {.text = text, .size = size};
  bool is_first = true;
  while (cell.at < size) {
    size_t at = cell_skip_blanks(&cell, cell.at), end = cell_line_end(&cell, at);
    if (at == end) {
      cell.at = end + 1;
      continue;
    }
    bool is_cell_magic = is_first && end - at > 2 && text[at] == '%' && text[at + 1] == '%';
    if (is_cell_magic && !cell_stays_python(&cell, at + 2)) {
      mask_fill(text, text, size);
      return;
    }
    is_first = is_first && text[at] == '\r';
    if (text[at] == '%' || text[at] == '!' || text[at] == '?' || cell_is_question(&cell, at, end)) {
      cell_blank_line(&cell, at);
      continue;
    }
    size_t value = cell_assigned(&cell, at, end);
    if (value < end) {
      /* The name is bound to something. */
      cell_blank_line(&cell, value);
      text[value] = '0';
      continue;
    }
    cell_pass_statement(&cell);
  }
}

#endif
