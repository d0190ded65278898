/* Macros in the bodies of functions: one that is all of a body, `{ ASSERT(x) }`, for C++ takes that for an initializer,
 * and words before a block, `TRY { … }`. */
#ifndef REPOMAP_BODIES_H_
#define REPOMAP_BODIES_H_

#include "declarations.h"

/* Whether braces at the end of the unit stand behind parameters, with qualifiers between them or not. */
static inline bool ends_with_parameters(const Reader *reader) {
  uint32_t n = reader->unit.n;
  while (n && is_type(reader, n - 1, TOKEN_WORD) && reader->unit.tokens[n - 1].use != WORD_PLAIN) n--;
  return n && is_type(reader, n - 1, TOKEN_GROUP);
}

/* Blank what is between the braces of a body if it is one word, with or without arguments. */
static inline void blank_lone_macro(Reader *reader, uint32_t start, uint32_t end) {
  const uint8_t *text = reader->text;
  uint32_t at = skip_space(reader, start, end);
  Token word = {.start = at};
  if (at == end || !(word_classes[text[at]] & WORD_STARTS)) return;
  while (at < end && is_word_byte(text[at])) at++;
  word.end = at;
  at = skip_space(reader, at, end);
  if (at == end) {
    blank_word(reader, &word);
    return;
  }
  if (text[at] != '(' || reader->last_end == at || text[reader->last_end - 1] != ')') return;
  Token arguments = {.start = at, .end = skip_brackets(reader, at, reader->last_end)};
  if (arguments.end != reader->last_end || skip_space(reader, arguments.end, end) != end) return;
  blank_call(reader, &word, &arguments);
}

/* Blank the macro of a block at `brace` in a body: `TRY { … }`, where a statement begins. */
static inline void blank_word_of_block(Reader *reader, uint32_t brace) {
  enum { LONGEST = 40 };
  const uint8_t *text = reader->text;
  uint32_t end = reader->last_end, start = end, before;
  while (start > 0 && end - start < LONGEST && is_word_byte(text[start - 1])) start--;
  if (!is_in_capitals(text + start, end - start) || skip_space(reader, end, brace) != brace) return;
  before = start;
  while (before > 0 && start - before < LONGEST && is_blank_byte(text[before - 1])) before--;
  uint8_t last = before ? text[before - 1] : 0;
  if (last != ';' && last != '{' && last != '}') return;
  Token word = {.start = start, .end = end};
  blank_word(reader, &word);
}

#endif
