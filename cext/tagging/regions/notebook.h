/* Jupyter notebooks: JSON with cells. The source of a cell is decoded, each string on the row of the file on which it
 * stands; of all else the rows alone are left. What is parsed of it are the cells of code, without magics.
 *
 * A notebook is laid out where each line of a source has a row of its own, as nbformat writes it. A cell that is not
 * laid out is shown on one row, and not parsed. */
#ifndef REPOMAP_NOTEBOOK_H_
#define REPOMAP_NOTEBOOK_H_

#include "encoding.h"
#include "magics.h"

enum { NOTEBOOK_MOST_LEVELS = 8, NOTEBOOK_LONGEST_WORD = 32 };

typedef enum {
  LEVEL_OTHER, LEVEL_ROOT, LEVEL_SHEETS, LEVEL_SHEET, LEVEL_CELLS, LEVEL_CELL, LEVEL_SOURCE, LEVEL_METADATA,
  LEVEL_KERNEL
} NotebookLevel;

typedef enum {
  KEY_OTHER, KEY_CELLS, KEY_SHEETS, KEY_CELL_TYPE, KEY_SOURCE, KEY_METADATA, KEY_KERNEL, KEY_LANGUAGE
} NotebookKey;

typedef struct {
  size_t start, end;        /* bytes of the decoded text */
} CellOfCode;

typedef struct {
  Masking *masking;         /* `at` is where the JSON is read; `out` is written elsewhere, see `written` */
  uint8_t *out;             /* (size,) the decoded text */
  size_t written;
  NotebookLevel levels[NOTEBOOK_MOST_LEVELS];
  uint32_t n_levels;
  size_t n_other;           /* levels in each other that nothing is taken from */
  NotebookKey key;          /* of the value that comes */
  bool is_key_next;
  bool is_value_of_key;
  bool is_of_code, is_laid_out, is_string_source; /* of the cell at hand */
  size_t cell_start;        /* byte of the decoded text */
  bool is_kernel_said;
  Guest guest;
} Notebook;

static inline NotebookLevel notebook_level(const Notebook *notebook) {
  return notebook->n_other || !notebook->n_levels ? LEVEL_OTHER : notebook->levels[notebook->n_levels - 1];
}

/* Pass the JSON as far as `end`, and write a line feed for each row. */
static inline void notebook_skip(Notebook *notebook, size_t end) {
  Masking *masking = notebook->masking;
  size_t n_rows = mask_count_rows(masking->text + masking->at, end - masking->at);
  memset(notebook->out + notebook->written, '\n', n_rows);
  notebook->written += n_rows;
  masking->at = end;
  mask_check(masking);
}

/* The byte of the quote that ends the string that begins at `at`, behind its quote; or the size of the text. */
static inline size_t notebook_string_end(const Masking *masking, size_t at) {
  for (size_t end = mask_find(masking, at, '"'); end < masking->size; end = mask_find(masking, end + 1, '"')) {
    size_t slashes = end;
    while (slashes > at && masking->text[slashes - 1] == '\\') slashes--;
    if ((end - slashes) % 2 == 0) return end;
  }
  return masking->size;
}

static inline bool notebook_string_is(const Masking *masking, size_t start, size_t end, const char *word) {
  return end - start == strlen(word) && memcmp(masking->text + start, word, end - start) == 0;
}

static inline NotebookKey notebook_key(const Masking *masking, size_t start, size_t end) {
  static const struct {
    const char *word;
    NotebookKey key;
  } keys[] = {
    {"cells", KEY_CELLS}, {"worksheets", KEY_SHEETS}, {"cell_type", KEY_CELL_TYPE}, {"source", KEY_SOURCE},
    {"input", KEY_SOURCE}, {"metadata", KEY_METADATA}, {"kernelspec", KEY_KERNEL}, {"language_info", KEY_KERNEL},
    {"language", KEY_LANGUAGE}, {"name", KEY_LANGUAGE},
  };
  for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
    if (notebook_string_is(masking, start, end, keys[i].word)) return keys[i].key;
  }
  return KEY_OTHER;
}

/* The language that a kernel names; GUEST_NONE for one that is not known. */
static inline Guest notebook_guest(const Masking *masking, size_t start, size_t end) {
  static const struct {
    const char *word;
    Guest guest;
  } names[] = {
    {"python", GUEST_PYTHON}, {"python2", GUEST_PYTHON}, {"python3", GUEST_PYTHON}, {"ipython", GUEST_PYTHON},
    {"r", GUEST_R}, {"ir", GUEST_R}, {"javascript", GUEST_JAVASCRIPT}, {"typescript", GUEST_TYPESCRIPT},
    {"ruby", GUEST_RUBY}, {"scala", GUEST_SCALA},
  };
  char word[NOTEBOOK_LONGEST_WORD];
  size_t size = end - start;
  if (size >= sizeof word) return GUEST_NONE;
  for (size_t i = 0; i < size; i++) {
    uint8_t byte = masking->text[start + i];
    word[i] = (char)(byte >= 'A' && byte <= 'Z' ? byte | 0x20 : byte);
  }
  word[size] = 0;
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    if (strcmp(names[i].word, word) == 0) return names[i].guest;
  }
  return GUEST_NONE;
}

static inline int notebook_hex(uint8_t byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  byte |= 0x20;
  return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* The code unit that \uXXXX has at `at`, of the XXXX; -1 for none. */
static inline int32_t notebook_unit(const Masking *masking, size_t at, size_t end) {
  int32_t unit = 0;
  if (end - at < 4) return -1;
  for (size_t i = 0; i < 4; i++) {
    int digit = notebook_hex(masking->text[at + i]);
    if (digit < 0) return -1;
    unit = unit << 4 | digit;
  }
  return unit;
}

/* Decode the escape at `*at`, behind its backslash, and move `*at` behind it. */
static inline uint32_t notebook_escape(const Masking *masking, size_t *at, size_t end) {
  uint8_t byte = masking->text[(*at)++];
  if (byte == 'n') return '\n';
  if (byte == 't') return '\t';
  if (byte == 'r') return '\r';
  if (byte == 'b') return '\b';
  if (byte == 'f') return '\f';
  if (byte != 'u') return byte;
  int32_t unit = notebook_unit(masking, *at, end);
  if (unit < 0) return 0xFFFD;
  *at += 4;
  if (unit < 0xD800 || unit > 0xDFFF) return unit ? (uint32_t)unit : ' ';
  if (unit > 0xDBFF || end - *at < 6 || masking->text[*at] != '\\' || masking->text[*at + 1] != 'u') return 0xFFFD;
  int32_t low = notebook_unit(masking, *at + 2, end);
  if (low < 0xDC00 || low > 0xDFFF) return 0xFFFD;
  *at += 6;
  return 0x10000u + ((uint32_t)(unit - 0xD800) << 10) + (uint32_t)(low - 0xDC00);
}

/* Write a string of a source, which stands from `start` to `end`. The line feed at its end is that of its row. */
static inline void notebook_decode(Notebook *notebook, size_t start, size_t end) {
  Masking *masking = notebook->masking;
  notebook_skip(notebook, start);
  uint8_t *out = notebook->out + notebook->written;
  if (notebook->written && out[-1] != '\n') {
    /* The quote before the string has left room for it. */
    *out++ = ' ';
    notebook->is_laid_out = false;
  }
  size_t at = start;
  while (at < end) {
    const uint8_t *plain = masking->text + at;
    const uint8_t *slash = (const uint8_t *)memchr(plain, '\\', end - at);
    size_t size = slash ? (size_t)(slash - plain) : end - at;
    memcpy(out, plain, size);
    out += size;
    at += size;
    if (!slash || ++at == end) break;
    if (masking->text[at] == '\n') {
      /* No JSON has that: a row ends here all the same. */
      *out++ = masking->text[at++];
      continue;
    }
    uint32_t point = notebook_escape(masking, &at, end);
    if (point == '\n') {
      if (at == end) break;
      notebook->is_laid_out = false;
      point = ' ';
    }
    if (point < 0x80) *out++ = (uint8_t)point;
    else out = repomap_put_utf8(out, point);
  }
  notebook->written = (size_t)(out - notebook->out);
  masking->at = end;
  mask_check(masking);
}

static inline void notebook_begin_cell(Notebook *notebook) {
  notebook->cell_start = notebook->written;
  notebook->is_of_code = false;
  notebook->is_laid_out = true;
}

static inline void notebook_end_cell(Notebook *notebook) {
  Masking *masking = notebook->masking;
  RepomapBytes *cells = &masking->regions->cells;
  if (!notebook->is_of_code || !notebook->is_laid_out) return;
  size_t wanted = cells->size + sizeof(CellOfCode);
  if (wanted > cells->capacity) {
    if ((masking->arena && !arena_take(masking->arena, wanted)) || !repomap_bytes_reserve(cells, 2 * wanted)) {
      masking->verdict = ARENA_OUT_OF_MEMORY;
      return;
    }
  }
  CellOfCode cell = {notebook->cell_start, notebook->written};
  memcpy(cells->contents + cells->size, &cell, sizeof cell);
  cells->size = wanted;
}

static inline NotebookLevel notebook_level_in(const Notebook *notebook, bool is_array) {
  NotebookLevel around = notebook_level(notebook);
  if (!notebook->n_levels) return is_array ? LEVEL_OTHER : LEVEL_ROOT;
  switch (around) {
    case LEVEL_ROOT:
      if (is_array && notebook->key == KEY_CELLS) return LEVEL_CELLS;
      if (is_array && notebook->key == KEY_SHEETS) return LEVEL_SHEETS;
      return !is_array && notebook->key == KEY_METADATA ? LEVEL_METADATA : LEVEL_OTHER;
    case LEVEL_SHEETS: return is_array ? LEVEL_OTHER : LEVEL_SHEET;
    case LEVEL_SHEET: return is_array && notebook->key == KEY_CELLS ? LEVEL_CELLS : LEVEL_OTHER;
    case LEVEL_CELLS: return is_array ? LEVEL_OTHER : LEVEL_CELL;
    case LEVEL_CELL: return is_array && notebook->key == KEY_SOURCE ? LEVEL_SOURCE : LEVEL_OTHER;
    case LEVEL_METADATA: return !is_array && notebook->key == KEY_KERNEL ? LEVEL_KERNEL : LEVEL_OTHER;
    default: return LEVEL_OTHER;
  }
}

static inline void notebook_open(Notebook *notebook, bool is_array) {
  NotebookLevel level = notebook->n_other ? LEVEL_OTHER : notebook_level_in(notebook, is_array);
  if (level == LEVEL_OTHER) {
    notebook->n_other++;
  } else {
    notebook->levels[notebook->n_levels++] = level;
    if (level == LEVEL_CELL) notebook_begin_cell(notebook);
  }
  notebook->is_key_next = !is_array && level != LEVEL_OTHER;
}

static inline void notebook_close(Notebook *notebook) {
  if (notebook->n_other) {
    notebook->n_other--;
  } else if (notebook->n_levels) {
    if (notebook_level(notebook) == LEVEL_CELL) notebook_end_cell(notebook);
    notebook->n_levels--;
  }
  notebook->is_key_next = false;
  notebook->key = KEY_OTHER;
}

/* A string that stands from `start` to `end`, where something may be taken from it. */
static inline void notebook_string(Notebook *notebook, size_t start, size_t end) {
  const Masking *masking = notebook->masking;
  NotebookLevel level = notebook_level(notebook);
  if (notebook->is_key_next) {
    notebook->key = notebook_key(masking, start, end);
    notebook->is_key_next = false;
    return;
  }
  if (level == LEVEL_SOURCE || (level == LEVEL_CELL && notebook->key == KEY_SOURCE)) {
    notebook_decode(notebook, start, end);
  } else if (level == LEVEL_CELL && notebook->key == KEY_CELL_TYPE) {
    notebook->is_of_code = notebook_string_is(masking, start, end, "code");
  } else if (level == LEVEL_KERNEL && notebook->key == KEY_LANGUAGE) {
    Guest guest = notebook_guest(masking, start, end);
    notebook->is_kernel_said = true;
    if (guest != GUEST_NONE) notebook->guest = guest;
  }
}

/* Read the JSON, and write the decoded text to `notebook->out`. */
static inline void notebook_read(Notebook *notebook) {
  Masking *masking = notebook->masking;
  const uint8_t *text = masking->text;
  size_t at = 0;
  while (at < masking->size && masking->verdict == ARENA_RUNNING) {
    switch (text[at]) {
      case '"': {
        size_t end = notebook_string_end(masking, at + 1);
        if (!notebook->n_other) notebook_string(notebook, at + 1, end);
        at = end + (end < masking->size);
        break;
      }
      case '{': notebook_open(notebook, false); at++; break;
      case '[': notebook_open(notebook, true); at++; break;
      case '}': case ']': notebook_close(notebook); at++; break;
      case ',': {
        NotebookLevel level = notebook_level(notebook);
        bool is_list = level == LEVEL_CELLS || level == LEVEL_SHEETS || level == LEVEL_SOURCE;
        notebook->is_key_next = level != LEVEL_OTHER && !is_list;
        at++;
        break;
      }
      default: at++;
    }
  }
  if (masking->verdict == ARENA_RUNNING) notebook_skip(notebook, masking->size);
}

/* Write the cells of code alone, without magics, to `masking->out`. */
static inline void notebook_keep_code(Notebook *notebook) {
  Masking *masking = notebook->masking;
  const CellOfCode *cells = (const CellOfCode *)masking->regions->cells.contents;
  size_t n_cells = masking->regions->cells.size / sizeof(CellOfCode), at = 0;
  bool is_python = notebook->guest == GUEST_PYTHON;
  for (size_t i = 0; i < n_cells && masking->verdict == ARENA_RUNNING; i++) {
    mask_fill(masking->out + at, notebook->out + at, cells[i].start - at);
    at = cells[i].end;
    memcpy(masking->out + cells[i].start, notebook->out + cells[i].start, at - cells[i].start);
    if (is_python) blank_magics(masking->out + cells[i].start, at - cells[i].start);
    masking->at = at;
    mask_check(masking);
  }
  mask_fill(masking->out + at, notebook->out + at, notebook->written - at);
  if (n_cells) masking->regions->guest = notebook->guest;
}

static inline void mask_notebook(Masking *masking) {
  Regions *regions = masking->regions;
  Notebook notebook = {.masking = masking, .out = regions->shown.contents, .guest = GUEST_NONE};
  regions->cells.size = 0;
  notebook_read(&notebook);
  if (!notebook.is_kernel_said) notebook.guest = GUEST_PYTHON;
  masking->checked = masking->at = 0;
  notebook_keep_code(&notebook);
  regions->shown.size = regions->parsed.size = notebook.written;
}

#endif
