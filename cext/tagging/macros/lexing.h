/* Where the parts of a text of C or C++ end: comments, quotes, directives, template arguments. */
#ifndef REPOMAP_LEXING_H_
#define REPOMAP_LEXING_H_

#include "suspicion.h"

static inline bool is_at(const Reader *reader, uint32_t at, char c) {
  return at < reader->size && reader->text[at] == (uint8_t)c;
}

/* The end of a text between quotes that begins at `at`. An end of line ends it, too: it may be an apostrophe in
 * prose. */
static inline uint32_t skip_text(const Reader *reader, uint32_t at) {
  const uint8_t *text = reader->text;
  uint8_t quote = text[at++];
  while (at < reader->size && text[at] != quote && text[at] != '\n') {
    at += text[at] == '\\' && at + 1 < reader->size ? 2 : 1;
  }
  return at < reader->size ? at + (text[at] == quote) : reader->size;
}

/* The end of a raw text, R"tag(…)tag", whose quote is at `at`. */
static inline uint32_t skip_raw_text(Reader *reader, uint32_t at) {
  const uint8_t *text = reader->text;
  uint32_t tag = at + 1, size = 0;
  while (tag + size < reader->size && size <= 16 && text[tag + size] != '(') size++;
  if (size > 16 || tag + size >= reader->size || reader->n_endless == MOST_ENDLESS) return skip_text(reader, at);
  for (uint32_t i = tag + size; i + size + 1 < reader->size; i++) {
    const uint8_t *close = (const uint8_t *)memchr(text + i, ')', reader->size - i);
    if (!close) break;
    i = (uint32_t)(close - text);
    if (i + size + 1 < reader->size && memcmp(close + 1, text + tag, size) == 0 && close[size + 1] == '"') {
      return i + size + 2;
    }
  }
  /* It has no end. Each of these is looked for in all that follows. */
  reader->n_endless++;
  reader->n_steps += reader->size - at;
  return skip_text(reader, at);
}

static inline uint32_t skip_line_comment(const Reader *reader, uint32_t at) {
  while (at < reader->size) {
    const uint8_t *line_end = (const uint8_t *)memchr(reader->text + at, '\n', reader->size - at);
    if (!line_end) return reader->size;
    at = (uint32_t)(line_end - reader->text);
    if (at == 0 || line_end[-1] != '\\') return at;
    at++;
  }
  return reader->size;
}

static inline uint32_t skip_block_comment(const Reader *reader, uint32_t at) {
  for (at += 2; at + 1 < reader->size; at++) {
    const uint8_t *star = (const uint8_t *)memchr(reader->text + at, '*', reader->size - at);
    if (!star || star + 1 == reader->text + reader->size) break;
    at = (uint32_t)(star - reader->text);
    if (star[1] == '/') return at + 2;
  }
  return reader->size;
}

/* The end of a directive: of its line, and of those that go on with it. */
static inline uint32_t skip_directive(const Reader *reader, uint32_t at) {
  const uint8_t *text = reader->text;
  while (at < reader->size && text[at] != '\n') {
    if (text[at] == '\\' && at + 1 < reader->size) {
      at += text[at + 1] == '\r' && is_at(reader, at + 2, '\n') ? 3 : 2;
    } else if (text[at] == '/' && is_at(reader, at + 1, '*')) {
      at = skip_block_comment(reader, at);
    } else if (text[at] == '/' && is_at(reader, at + 1, '/')) {
      return skip_line_comment(reader, at);
    } else if (text[at] == '"' || text[at] == '\'') {
      at = skip_text(reader, at);
    } else {
      at++;
    }
  }
  return at < reader->size ? at : reader->size;
}

static inline uint32_t skip_word(const Reader *reader, uint32_t at) {
  while (at < reader->size && is_word_byte(reader->text[at])) at++;
  return at;
}

static inline uint32_t skip_blanks(const Reader *reader, uint32_t at) {
  while (at < reader->size && (reader->text[at] == ' ' || reader->text[at] == '\t')) at++;
  return at;
}

static inline bool is_word(const Reader *reader, uint32_t start, uint32_t end, const char *word) {
  return end - start == strlen(word) && memcmp(reader->text + start, word, end - start) == 0;
}

/* The end of template arguments at `<`; 0 if it is a sign of comparison. */
static inline uint32_t skip_angles(Reader *reader, uint32_t at) {
  enum { FARTHEST = 2000 };
  const uint8_t *text = reader->text;
  uint32_t start = at, depth = 0, parens = 0, end = reader->size - at > FARTHEST ? at + FARTHEST : reader->size;
  for (; at < end; at++) {
    uint8_t c = text[at];
    if (c == '<' && !parens) depth++;
    else if (c == '>' && !parens && text[at - 1] != '-' && --depth == 0) break;
    else if (c == '(') parens++;
    else if (c == ')' && parens-- == 0) at = end;
    else if (c == ';' || c == '{' || c == '}' || c == '#' || c == '"') at = end;
    else if (c == '/' && is_at(reader, at + 1, '/')) at = skip_line_comment(reader, at);
    else if (c == '/' && is_at(reader, at + 1, '*')) at = skip_block_comment(reader, at) - 1;
  }
  reader->n_steps += (at < end ? at : end) - start;
  if (at >= end) {
    reader->unit.has_angles = true;
    return 0;
  }
  return at + 1;
}

/* The end of the name of an operator, behind the word `operator`; `is_conversion_out`: to a type. */
static inline uint32_t skip_operator(const Reader *reader, uint32_t at, bool *is_conversion_out) {
  const uint8_t *text = reader->text;
  uint32_t start = skip_blanks(reader, at), end = start;
  *is_conversion_out = false;
  if (is_at(reader, start, '(')) {
    end = skip_blanks(reader, start + 1);
    return is_at(reader, end, ')') ? end + 1 : at;
  }
  if (is_at(reader, start, '[')) {
    end = skip_blanks(reader, start + 1);
    return is_at(reader, end, ']') ? end + 1 : at;
  }
  if (is_at(reader, start, '"')) {
    end = skip_blanks(reader, skip_text(reader, start));
    return skip_word(reader, end);
  }
  while (end < reader->size && text[end] && strchr("+-*/%^&|~!=<>,", text[end])) end++;
  if (end > start) return end;
  end = skip_word(reader, start);
  if (is_word(reader, start, end, "new") || is_word(reader, start, end, "delete")) {
    uint32_t bracket = skip_blanks(reader, end);
    return is_at(reader, bracket, '[') && is_at(reader, bracket + 1, ']') ? bracket + 2 : end;
  }
  if (end == start && !is_at(reader, start, ':')) return at;
  uint32_t depth = 0;
  for (end = start; end < reader->size && end - start < 200; end++) {
    uint8_t c = text[end];
    if (c == '(' && depth == 0) break;
    if (c == ';' || c == '{' || c == '}' || c == '=' || c == '\n' || c == '"') return at;
    depth += c == '<';
    depth -= c == '>' && depth;
  }
  if (!is_at(reader, end, '(')) return at;
  while (end > start && is_blank_byte(text[end - 1])) end--;
  *is_conversion_out = true;
  return end;
}

#endif
