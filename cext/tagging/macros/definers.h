/* Macros that define something: what they define is written in their place, as the grammar can read it. */
#ifndef REPOMAP_DEFINERS_H_
#define REPOMAP_DEFINERS_H_

#include "suspicion.h"

enum { MOST_NAME_BYTES = 120 };

typedef struct {
  uint32_t start, end;
} Span;

/* Argument `number`, from 1, of the parentheses between `start` and `end`; empty if there is none. */
static inline Span find_argument(const uint8_t *text, uint32_t start, uint32_t end, uint32_t number) {
  uint32_t depth = 0, at = start + 1, first = at;
  for (end--; at < end; at++) {
    uint8_t c = text[at];
    if (c == '"' || c == '\'') {
      for (at++; at < end && text[at] != c && text[at] != '\n'; at++) at += text[at] == '\\';
    } else if (c == '(' || c == '[' || c == '{' || c == '<') {
      depth++;
    } else if ((c == ')' || c == ']' || c == '}' || c == '>') && depth) {
      depth--;
    } else if (c == ',' && depth == 0) {
      if (--number == 0) break;
      first = at + 1;
    }
  }
  if (at > end) at = end;
  if (number > 1) return (Span){end, end};
  while (first < at && is_blank_byte(text[first])) first++;
  while (at > first && is_blank_byte(text[at - 1])) at--;
  return (Span){first, at};
}

/* The name that an argument begins with: a word, or what is between quotes; empty if it is neither. */
static inline Span name_in(const uint8_t *text, Span argument, bool may_be_text) {
  Span name = argument;
  if (may_be_text && argument.end - argument.start > 2 && text[argument.start] == '"') {
    name.start++;
    for (name.end = name.start; name.end < argument.end && text[name.end] != '"'; name.end++) {
      if (text[name.end] == '\\' || text[name.end] == '\n') return (Span){0, 0};
    }
  } else if (name.start < name.end && word_classes[text[name.start]] & WORD_STARTS) {
    for (name.end = name.start; name.end < argument.end && is_word_byte(text[name.end]); name.end++) continue;
    /* `name[4]` is one, `a + b` and `ns::name` are none. */
    if (name.end < argument.end && text[name.end] != '[') return (Span){0, 0};
  } else {
    return (Span){0, 0};
  }
  return name.end - name.start > MOST_NAME_BYTES ? (Span){0, 0} : name;
}

static inline bool is_on_one_line(const uint8_t *text, uint32_t start, uint32_t end) {
  return !memchr(text + start, '\n', end - start);
}

/* A property names a field behind its type: blank all but these two. */
static inline bool define_property(Reader *reader, const Token *word, const Token *group) {
  const uint8_t *text = reader->text;
  Span all = find_argument(text, group->start, group->end, 1), name = {0, 0};
  for (uint32_t i = all.start; i < all.end;) {
    if (!is_word_byte(text[i])) {
      i++;
      continue;
    }
    uint32_t first = i;
    while (i < all.end && is_word_byte(text[i])) i++;
    /* The first word in capitals behind the type is what the property is said to have: READ, MEMBER. */
    if (name.end && is_in_capitals(text + first, i - first)) break;
    name = (Span){first, i};
  }
  if (name.start <= all.start || text[name.end] == '\n' || text[name.end] == '\r') return false;
  edits_blank(&reader->edits, word->start, all.start);
  edits_blank(&reader->edits, name.end, group->end);
  edits_put(&reader->edits, name.end, ";", 1);
  return true;
}

/* `DEFINE_LOCK(name)` becomes `int        name ;`. */
static inline bool define_variable(Reader *reader, const Token *word, const Token *group, Span name, bool is_ended) {
  if (word->end - word->start < 3) return false;
  edits_blank(&reader->edits, word->start, name.start);
  edits_blank(&reader->edits, name.end, group->end);
  edits_put(&reader->edits, word->start, "int", 3);
  if (!is_ended) edits_put(&reader->edits, group->end - 1, ";", 1);
  return true;
}

/* `TEST(Suite, name)` becomes `int x(          )`, and the x is known to be the name. `is_alone`: neither a body nor
 * `;` follows, so that it is to end with one. */
static inline bool define_function(Reader *reader, const Token *word, const Token *group, Span name, bool is_alone) {
  uint32_t start = word->start, open = start + 5, close = group->end - (is_alone ? 2 : 1);
  uint32_t behind = group->end;
  while (behind < reader->size && is_blank_byte(reader->text[behind])) behind++;
  if (behind < reader->size && reader->text[behind] == '(') {
    /* `BENCHMARK_F(Fixture, name)(State &state)`: its parameters follow. */
    if (open > group->end || !is_on_one_line(reader->text, start, open)) return false;
    edits_blank(&reader->edits, start, group->end);
    edits_put(&reader->edits, start, "int x", 5);
    edits_rename(&reader->edits, start + 4, name.start, name.end, MACRO_KIND_KEPT);
    return true;
  }
  if (word->end - start >= 5) open = group->start;
  if (open >= close || !is_on_one_line(reader->text, start, open + 1)) return false;
  if (is_alone && reader->text[close] == '\n') return false;
  edits_blank(&reader->edits, start, group->end);
  edits_put(&reader->edits, start, "int x", 5);
  edits_put(&reader->edits, open, "(", 1);
  edits_put(&reader->edits, close, is_alone ? ");" : ")", is_alone ? 2 : 1);
  /* `TEST_F(Fixture, name)` */
  Span first = word->argument > 1 ? find_argument(reader->text, group->start, group->end, 1) : (Span){0, 0};
  Span type = name_in(reader->text, first, false);
  if (type.end && type.end == first.end) edits_refer(&reader->edits, type.start, type.end, MACRO_KIND_USED_TYPE);
  edits_rename(&reader->edits, start + 4, name.start, name.end, MACRO_KIND_KEPT);
  return true;
}

/* `G_DECLARE_FINAL_TYPE (Name, …)` becomes `typedef int            Name;`. */
static inline bool define_type(Reader *reader, const Token *word, const Token *group, Span name) {
  uint8_t behind = reader->text[name.end];
  if (group->start - word->start < 11 || behind == '\n' || behind == '\r') {
    /* With a short name: `struct x{};`, and the x is known to be the name. */
    uint32_t start = word->start;
    if (group->end - start < 11 || !is_on_one_line(reader->text, start, start + 11)) return false;
    edits_blank(&reader->edits, start, group->end);
    edits_put(&reader->edits, start, "struct x{};", 11);
    edits_rename(&reader->edits, start + 7, name.start, name.end, MACRO_KIND_KEPT);
    return true;
  }
  edits_blank(&reader->edits, word->start, name.start);
  edits_blank(&reader->edits, name.end, group->end);
  edits_put(&reader->edits, word->start, "typedef int", 11);
  edits_put(&reader->edits, name.end, ";", 1);
  return true;
}

/* Write what a known macro defines; false if the arguments are not what is known of it. `is_ended`: `;` or `=` follows.
 * `is_alone`: what follows is no part of it. */
static inline bool define(Reader *reader, const Token *word, const Token *group, bool is_ended, bool is_alone) {
  Span argument = find_argument(reader->text, group->start, group->end, word->argument);
  Span name = name_in(reader->text, argument, word->use == MACRO_FUNCTION);
  bool is_done = false;
  if (word->use == MACRO_PROPERTY) {
    is_done = define_property(reader, word, group);
  } else if (name.end) {
    if (word->use == MACRO_VARIABLE) is_done = define_variable(reader, word, group, name, is_ended);
    if (word->use == MACRO_FUNCTION) is_done = define_function(reader, word, group, name, is_alone);
    if (word->use == MACRO_TYPE) is_done = define_type(reader, word, group, name);
  }
  if (!is_done) return false;
  edits_refer(&reader->edits, word->start, word->end, MACRO_KIND_CALL);
  if (word->use == MACRO_PROPERTY) return true;
  /* The arguments of a function are its parameters. What is defined is no use of it. */
  bool are_values = word->use == MACRO_VARIABLE;
  refer_to_arguments(reader, group->start, are_values ? name.start : group->end, are_values);
  if (are_values) refer_to_arguments(reader, name.end, group->end, true);
  return true;
}

#endif
