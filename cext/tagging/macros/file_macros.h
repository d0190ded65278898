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

/* `#define NAME(name, …) words name(…` and the like: whoever calls the macro defines what it is given. */
static inline void note_definer(Reader *reader, uint32_t start, uint32_t name_end, uint32_t end) {
  uint32_t parameters[MOST_PARAMETERS][2], at = name_end;
  uint8_t n = 0, parameter = 0;
  if (!is_at(reader, at, '(') || reader->n_definers == FILE_MOST_DEFINERS) return;
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
  if (use == MACRO_FUNCTION && writes_body(reader, at, end)) return;
  reader->definers[reader->n_definers++] =
    (FileDefiner){.hash = word_hash(reader->text + start, name_end - start), .start = start, .end = name_end,
                  .use = use, .argument = parameter};
}

/* Remember a macro of the file that stands for nothing, or for what the grammar knows as no part of a declaration. */
static inline void note_definition(Reader *reader, uint32_t at, uint32_t end) {
  static const char *const beginnings[] = {"__attribute", "__declspec", "[[", "_Pragma", "__stdcall", "__cdecl", "__inline"};
  uint32_t start = skip_blanks(reader, at), name_end = skip_word(reader, start), body;
  if (name_end == start) return;
  body = name_end;
  note_definer(reader, start, name_end, end);
  if (is_at(reader, body, '(')) {
    while (body < end && reader->text[body] != ')') body++;
    body++;
  }
  body = skip_blanks(reader, body);
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
