/* What a file's own `#define` says of the words behind it; part of reader.c. */
#ifndef REPOMAP_FILE_MACROS_H_
#define REPOMAP_FILE_MACROS_H_

#include "lexing.h"
#include "suspicion.h"

enum { MOST_PARAMETERS = 8, MOST_WORDS_BEFORE = 8 };

static inline const FileDefiner *find_definer(const Reader *reader, uint32_t start, uint32_t end) {
  uint32_t hash = word_hash(reader->text + start, end - start);
  for (uint32_t i = reader->n_definers; i-- > 0;) {
    const FileDefiner *definer = &reader->definers[i];
    if (definer->hash != hash || definer->end - definer->start != end - start) continue;
    if (memcmp(reader->text + definer->start, reader->text + start, end - start) == 0) return definer;
  }
  return NULL;
}

/* Blanks of a macro's body: its lines end with backslashes. */
static inline uint32_t skip_body_blanks(const Reader *reader, uint32_t at, uint32_t end) {
  while (at < end && is_blank_byte(reader->text[at])) at++;
  return at;
}

/* The number, from 1, of the parameter that is the word between `start` and `end`; 0 for none. */
static inline uint8_t find_parameter(
  const Reader *reader, const uint32_t (*parameters)[2], uint8_t n, uint32_t start, uint32_t end
) {
  for (uint8_t i = 0; i < n; i++) {
    uint32_t size = parameters[i][1] - parameters[i][0];
    if (size == end - start && memcmp(reader->text + parameters[i][0], reader->text + start, size) == 0) return i + 1;
  }
  return 0;
}

/* Whether braces follow the parameters at `at`. What such a macro is called for is as often a row of a table. */
static inline bool writes_body(const Reader *reader, uint32_t at, uint32_t end) {
  uint32_t depth = 0;
  for (; at < end; at++) {
    depth += reader->text[at] == '(';
    if (reader->text[at] == ')' && --depth == 0) break;
  }
  at = skip_body_blanks(reader, at + 1, end);
  return at < end && reader->text[at] == '{';
}

/* What braces the body of a macro between `at` and `end` leaves open or closes. */
static inline FileDefiner find_braces(const Reader *reader, uint32_t at, uint32_t end) {
  FileDefiner found = {.use = WORD_PLAIN};
  uint32_t n_open = 0, n_closed = 0;
  const uint8_t *text = reader->text;
  if (!memchr(text + at, '{', end - at) && !memchr(text + at, '}', end - at)) return found;
  while (at < end) {
    uint8_t c = text[at];
    if (c == '"' || c == '\'') {
      at = skip_text(reader, at);
      continue;
    }
    if (c == '/' && (is_at(reader, at + 1, '/') || is_at(reader, at + 1, '*'))) {
      at = is_at(reader, at + 1, '/') ? end : skip_block_comment(reader, at);
      continue;
    }
    if (is_word_byte(c)) {
      uint32_t word = at;
      at = skip_word(reader, at);
      if (n_open) continue;
      found.opens_file |= is_word(reader, word, at, "namespace") || is_word(reader, word, at, "extern");
      continue;
    }
    n_open += c == '{';
    if (c == '}') {
      if (n_open) n_open--;
      else n_closed++;
    }
    found.ends |= c == ';' && n_closed && !n_open;
    at++;
  }
  if (n_open > 1 || n_closed > 1) return found;
  found.braces = n_open && n_closed ? BRACES_TURN : n_open ? BRACES_OPEN : n_closed ? BRACES_CLOSE : BRACES_NONE;
  return found;
}

/* `#define NAME(name, …) words name(…` and the like: whoever calls the macro defines what it is given. `definer` is
 * what is known of its braces. */
static inline void note_definer(
  const Reader *reader, FileDefiner *definer, uint32_t start, uint32_t name_end, uint32_t end
) {
  uint32_t parameters[MOST_PARAMETERS][2], at = name_end;
  uint8_t n = 0, parameter = 0;
  if (!is_at(reader, at, '(')) return;
  while (at < end && reader->text[at] != ')') {
    uint32_t word = skip_body_blanks(reader, at + 1, end), word_end = skip_word(reader, word);
    at = skip_body_blanks(reader, word_end, end);
    if (word_end == word || n == MOST_PARAMETERS || (!is_at(reader, at, ',') && !is_at(reader, at, ')'))) return;
    parameters[n][0] = word;
    parameters[n++][1] = word_end;
  }
  at = skip_body_blanks(reader, at + 1, end);
  uint32_t n_words = 0;
  bool is_class = false;
  while (at < end && n_words <= MOST_WORDS_BEFORE) {
    if (reader->text[at] == '*') {
      at = skip_body_blanks(reader, at + 1, end);
      continue;
    }
    uint32_t word = at, word_end = skip_word(reader, at);
    if (word_end == word || !(word_classes[reader->text[word]] & WORD_STARTS)) return;
    const WordEntry *known = word_table_find(reader->words, reader->text + word, word_end - word);
    if (known && known->use >= WORD_NAMESPACE && known->use < MACRO_ATTRIBUTE && known->use != WORD_ATTRIBUTE) return;
    at = skip_body_blanks(reader, word_end, end);
    parameter = n_words ? find_parameter(reader, parameters, n, word, word_end) : 0;
    /* A parameter may be the type, with the name behind it. */
    if (parameter && !(at < end && (is_word_byte(reader->text[at]) || reader->text[at] == '*'))) break;
    parameter = 0;
    is_class = known && known->use == WORD_CLASS;
    n_words++;
  }
  if (!parameter) return;
  uint8_t behind = at < end ? reader->text[at] : ';', use = 0;
  if (behind == '(') use = MACRO_FUNCTION;
  if (behind == ';' || behind == '=' || behind == '[') use = MACRO_VARIABLE;
  if (behind == '{' && is_class) use = MACRO_TYPE;
  if (!use || (is_class && use == MACRO_VARIABLE)) return;
  if (use == MACRO_FUNCTION && definer->braces != BRACES_OPEN && writes_body(reader, at, end)) return;
  definer->use = use;
  definer->argument = parameter;
}

/* Remember a macro of the file that stands for nothing, or for what the grammar knows as no part of a declaration. */
static inline void note_definition(Reader *reader, uint32_t at, uint32_t end) {
  static const char *const beginnings[] = {
    "__attribute", "__declspec", "[[", "_Pragma", "__stdcall", "__cdecl", "__inline"};
  uint32_t start = skip_blanks(reader, at), name_end = skip_word(reader, start), body;
  if (name_end == start) return;
  body = name_end;
  if (is_at(reader, body, '(')) {
    while (body < end && reader->text[body] != ')') body++;
    body++;
  }
  body = skip_blanks(reader, body);
  if (body < end && reader->n_definers < FILE_MOST_DEFINERS) {
    FileDefiner definer = find_braces(reader, body, end);
    note_definer(reader, &definer, start, name_end, end);
    definer.hash = word_hash(reader->text + start, name_end - start);
    definer.start = start;
    definer.end = name_end;
    definer.has_parameters = is_at(reader, name_end, '(');
    reader->has_brace_macros |= definer.braces != BRACES_NONE;
    if (definer.use || definer.braces) reader->definers[reader->n_definers++] = definer;
  }
  bool is_empty = body >= end || reader->text[body] == '\r' || reader->text[body] == '/';
  for (size_t i = 0; !is_empty && i < sizeof beginnings / sizeof *beginnings; i++) {
    size_t n = strlen(beginnings[i]);
    is_empty = body + n <= end && memcmp(reader->text + body, beginnings[i], n) == 0;
  }
  if (!is_empty) {
    uint32_t word_end = skip_word(reader, body);
    const WordEntry *known = word_table_find(reader->words, reader->text + body, word_end - body);
    is_empty = word_end > body && ((known && (known->use == MACRO_ATTRIBUTE || known->use == MACRO_ANYWHERE)) ||
                                   is_file_macro(reader, reader->text + body, word_end - body));
  }
  if (is_empty) add_file_macro(reader, reader->text + start, name_end - start);
}

#endif
