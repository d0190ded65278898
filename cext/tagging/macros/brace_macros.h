/* Macros of the file that stand for braces, as `#define BEGIN {`: the brace is written in their place; part of
 * reader.c. */
#ifndef REPOMAP_BRACE_MACROS_H_
#define REPOMAP_BRACE_MACROS_H_

#include "bodies.h"
#include "file_macros.h"

static void open_brace(Reader *reader);
static void close_brace(Reader *reader);

/* Whether braces may stand where the reader is, and close what is open there. */
static inline bool is_within_braces(const Reader *reader, bool closes) {
  const Level *level = &reader->levels[reader->depth];
  return level->kind < LEVEL_PAREN && !level->is_paren && (reader->depth || !closes);
}

/* Write what a macro closes at the word's start. */
static inline void close_by_macro(Reader *reader, const Token *word, bool ends) {
  LevelKind kind = (LevelKind)reader->levels[reader->depth].kind;
  edits_put(&reader->edits, word->start, "}", 1);
  reader->at = word->start;
  close_brace(reader);
  reader->at++;
  if (!ends || kind == LEVEL_BODY || kind == LEVEL_FILE || !reader_declares(reader)) return;
  if (word->end - word->start < 2) return;
  edits_put(&reader->edits, reader->at, ";", 1);
  read_declaration(reader, ENDED_BY_SEMICOLON);
  start_unit(reader);
}

/* Write what a macro opens in the last byte of it, or of its arguments. */
static inline void open_by_macro(Reader *reader, uint32_t end, bool opens_file) {
  reader->at = end - 1;
  if (!opens_file) {
    edits_put(&reader->edits, end - 1, "{", 1);
    open_brace(reader);
    return;
  }
  /* The names in it stay as they are. */
  open_level(reader, LEVEL_FILE, end - 1);
  if (reader->has_failed) return;
  reader->levels[reader->depth].is_blanked = true;
  start_unit(reader);
}

/* Whether the arguments of a macro are expressions without a text or a type in them, so that they may be a
 * statement. */
static inline bool are_plain_values(const Reader *reader, const Token *group) {
  bool is_behind_word = false;
  for (uint32_t i = group->start + 1; i + 1 < group->end; i++) {
    uint8_t c = reader->text[i];
    if (is_blank_byte(c)) continue;
    if (!is_word_byte(c) && (!c || !strchr(",.-+&*[]>", c))) return false;
    bool begins_word = is_word_byte(c) && !is_word_byte(reader->text[i - 1]);
    if (begins_word && is_behind_word) return false;
    is_behind_word = is_word_byte(c);
  }
  return is_behind_word;
}

/* `EACH(a, b)` in a body becomes `{    a, b;`. */
static inline void open_block_by_macro(Reader *reader, const Token *word, const Token *group) {
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  if (are_plain_values(reader, group)) {
    edits_blank(&reader->edits, word->start, group->start + 1);
    edits_put(&reader->edits, group->end - 1, ";", 1);
  } else {
    refer_to_arguments(reader, group->start, group->end, false);
    edits_blank(&reader->edits, word->start, group->end);
  }
  edits_put(&reader->edits, word->start, "{", 1);
  reader->at = word->start;
  open_brace(reader);
}

/* `STRUCT(name) …` becomes `struct x{`, and the x is known to be the name. */
static inline bool open_type_by_macro(Reader *reader, const Token *word, const Token *group) {
  const uint8_t *text = reader->text;
  Span name = name_in(text, find_argument(text, group->start, group->end, word->argument), false);
  uint32_t start = word->start;
  if (!name.end || group->end - start < 9 || !is_on_one_line(text, start, start + 9)) return false;
  edits_blank(&reader->edits, start, group->end);
  edits_put(&reader->edits, start, "struct x", 8);
  edits_rename(&reader->edits, start + 7, name.start, name.end, MACRO_KIND_KEPT);
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  open_level(reader, LEVEL_CLASS, group->end - 1);
  if (reader->has_failed) return true;
  Level *level = &reader->levels[reader->depth];
  level->name_start = name.start;
  level->name_end = name.end;
  level->is_named = true;
  return true;
}

/* `FUNCTION(name) … END`: the macro writes the head of a function or a type with its brace. */
static inline bool open_definition_by_macro(
  Reader *reader, const FileDefiner *definer, Token *word, const Token *group
) {
  word->use = definer->use;
  word->argument = definer->argument;
  if (!reader_declares(reader)) return false;
  if (definer->use == MACRO_TYPE) {
    if (!open_type_by_macro(reader, word, group)) return false;
  } else if (definer->use == MACRO_FUNCTION && define(reader, word, group, false, true)) {
    open_level(reader, LEVEL_BODY, group->end - 1);
    if (!reader->has_failed) reader->levels[reader->depth].is_function = true;
  } else {
    return false;
  }
  edits_put(&reader->edits, group->end - 1, "{", 1);
  start_unit(reader);
  return true;
}

/* Read the word at hand as the braces that the file says it stands for; false if it stands for none. */
static inline bool read_brace_macro(Reader *reader) {
  Token word = {.start = reader->at, .end = skip_word(reader, reader->at)}, group = {.type = TOKEN_GROUP};
  const FileDefiner *definer = find_definer(reader, word.start, word.end);
  if (!definer || !definer->braces || !is_within_braces(reader, definer->braces != BRACES_OPEN)) return false;
  uint32_t end = word.end;
  if (definer->has_parameters) {
    group.start = skip_blanks(reader, word.end);
    if (!is_at(reader, group.start, '(')) return false;
    group.end = end = skip_arguments(reader, group.start);
    if (!end) return false;
  }
  if (definer->braces == BRACES_TURN && word.end - word.start < 2) return false;
  bool may_open = definer->braces == BRACES_OPEN && definer->has_parameters;
  if (may_open && open_definition_by_macro(reader, definer, &word, &group)) {
    reader->at = end;
    return true;
  }
  bool is_in_body = reader->levels[reader->depth].kind == LEVEL_BODY;
  if (is_in_body && definer->has_parameters && definer->braces == BRACES_OPEN) {
    open_block_by_macro(reader, &word, &group);
    reader->at = end;
    return true;
  }
  if (definer->has_parameters) {
    edits_refer(&reader->edits, word.start, word.end, MACRO_KIND_CALL);
    /* In a body they may be its own names. */
    refer_to_arguments(reader, group.start, group.end, !is_in_body);
    edits_blank(&reader->edits, word.start, group.end);
  } else {
    blank_word(reader, &word);
  }
  if (definer->braces != BRACES_OPEN) close_by_macro(reader, &word, definer->ends);
  if (definer->braces != BRACES_CLOSE) open_by_macro(reader, end, definer->opens_file);
  reader->at = end;
  return true;
}

#endif
