/* How much a word looks like a macro, by its spelling and by what is known of it; and how it is blanked. */
#ifndef REPOMAP_SUSPICION_H_
#define REPOMAP_SUSPICION_H_

#include "reader.h"

enum { NOT_SUSPECT = 0, IN_CAPITALS = 1, RESERVED = 2, FOR_EXPORT = 3, KNOWN_MACRO = 4 };

static inline bool ends_with(const uint8_t *word, uint32_t size, const char *ending) {
  uint32_t n = (uint32_t)strlen(ending);
  return size >= n && memcmp(word + size - n, ending, n) == 0;
}

static inline bool is_in_capitals(const uint8_t *word, uint32_t size) {
  bool has_letter = false;
  for (uint32_t i = 0; i < size; i++) {
    if (word[i] >= 'a' && word[i] <= 'z') return false;
    has_letter |= word[i] >= 'A' && word[i] <= 'Z';
  }
  return has_letter && size > 1;
}

/* `__init`, but not `__u32`, `__be16`, `__kernel_size_t`. */
static inline bool is_reserved_attribute(const uint8_t *word, uint32_t size) {
  if (size < 4 || word[0] != '_' || word[1] != '_' || ends_with(word, size, "_t")) return false;
  for (uint32_t i = 0; i < size; i++) {
    if (word[i] >= '0' && word[i] <= '9') return false;
  }
  return true;
}

static inline bool is_for_export(const uint8_t *word, uint32_t size) {
  static const char *const endings[] = {
    "_API", "_EXPORT", "_EXPORTS", "_PUBLIC", "_DLL", "_IMPORT", "_DLLEXPORT", "_LOCAL"};
  for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
    if (ends_with(word, size, endings[i])) return true;
  }
  return ends_with(word, size, "EXPORT");
}

/* Whether the file defines the word as a macro that stands for nothing, or for an attribute. */
static inline bool is_file_macro(const Reader *reader, const uint8_t *word, uint32_t size) {
  if (!reader->n_file_macros) return false;
  uint32_t hash = word_hash(word, size) | 1, mask = (1u << FILE_MACROS_LOG2) - 1;
  for (uint32_t i = hash & mask; reader->file_macros[i]; i = (i + 1) & mask) {
    if (reader->file_macros[i] == hash) return true;
  }
  return false;
}

static inline void add_file_macro(Reader *reader, const uint8_t *word, uint32_t size) {
  uint32_t hash = word_hash(word, size) | 1, mask = (1u << FILE_MACROS_LOG2) - 1, i = hash & mask;
  if (reader->n_file_macros > mask / 2) return;
  while (reader->file_macros[i] && reader->file_macros[i] != hash) i = (i + 1) & mask;
  reader->n_file_macros += !reader->file_macros[i];
  reader->file_macros[i] = hash;
}

static inline int suspicion_of(const Reader *reader, const Token *token) {
  const uint8_t *word = reader->text + token->start;
  uint32_t size = token->end - token->start;
  if (token->type != TOKEN_WORD || token->is_operator) return NOT_SUSPECT;
  if (token->use >= MACRO_ATTRIBUTE || is_file_macro(reader, word, size)) return KNOWN_MACRO;
  if (is_in_capitals(word, size)) return is_for_export(word, size) ? FOR_EXPORT : IN_CAPITALS;
  return is_reserved_attribute(word, size) ? RESERVED : NOT_SUSPECT;
}

static inline bool is_blank_byte(uint8_t c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\\';
}

static inline bool is_word_byte(uint8_t c) {
  return word_classes[c] & WORD_GOES_ON;
}

/* Say what blanked arguments refer to: macros and functions that are called, types behind `struct` and its kin; with
 * `are_values`, all other words are used as values. */
static inline void refer_to_arguments(Reader *reader, uint32_t start, uint32_t end, bool are_values) {
  const uint8_t *text = reader->text;
  bool is_behind_class = false;
  for (uint32_t i = start; i < end;) {
    if (text[i] == '"' || text[i] == '\'') {
      uint8_t quote = text[i++];
      while (i < end && text[i] != quote && text[i] != '\n') i += text[i] == '\\' ? 2 : 1;
      i++;
      continue;
    }
    if (!is_word_byte(text[i])) {
      i++;
      continue;
    }
    uint32_t first = i;
    while (i < end && is_word_byte(text[i])) i++;
    if (!(word_classes[text[first]] & WORD_STARTS)) continue;
    const WordEntry *known = word_table_find(reader->words, text + first, i - first);
    uint32_t next = i;
    while (next < end && (text[next] == ' ' || text[next] == '\t')) next++;
    if (is_behind_class && !known) edits_refer(&reader->edits, first, i, MACRO_KIND_USED_TYPE);
    else if (next < end && text[next] == '(' && !known) edits_refer(&reader->edits, first, i, MACRO_KIND_CALL);
    else if (are_values && !known && !(first && (text[first - 1] == '.' || text[first - 1] == '>'))) {
      edits_ask(&reader->edits, first, i);
    }
    is_behind_class = known && (known->use == WORD_CLASS || known->use == WORD_ENUM);
    if (known && known->use == WORD_STATEMENT && text[first] == 's' && text[next] == '(') is_behind_class = true;
  }
  reader->n_steps += end > start ? end - start : 0;
}

static inline void blank_word(Reader *reader, const Token *word) {
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_WORD);
  edits_blank(&reader->edits, word->start, word->end);
}

/* Blank a macro with its arguments. */
static inline void blank_call(Reader *reader, const Token *word, const Token *arguments) {
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  refer_to_arguments(reader, arguments->start, arguments->end, true);
  edits_blank(&reader->edits, word->start, arguments->end);
}

#endif
