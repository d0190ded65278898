/* Declarators that are deeper than a query can know, made flat: `int (*grid)[3]` becomes `int   grid    `. What the
 * pointers, arrays and parentheses around a name say of its type is no part of a tag. */
#ifndef REPOMAP_DECLARATORS_H_
#define REPOMAP_DECLARATORS_H_

#include "suspicion.h"

enum { MOST_NESTED = 8 };

/* A declarator in parentheses. */
typedef struct {
  uint32_t opens[MOST_NESTED], closes[MOST_NESTED]; /* bytes of parentheses around the name, outermost first */
  uint32_t n;
  uint32_t name_start, name_end;
  uint32_t n_stars;                    /* in the innermost parentheses */
  uint32_t first_star;
  bool is_function;                    /* its parameters are behind the name */
  uint32_t behind_start, behind_end;   /* array sizes behind the name, or its parameters */
} Nested;

static inline uint32_t skip_space(const Reader *reader, uint32_t at, uint32_t end) {
  while (at < end && is_blank_byte(reader->text[at])) at++;
  return at;
}

/* The byte behind the bracket that closes the one at `at`; `end` if none does. */
static inline uint32_t skip_brackets(Reader *reader, uint32_t at, uint32_t end) {
  uint32_t depth = 0, start = at;
  for (; at < end; at++) {
    uint8_t c = reader->text[at];
    depth += c == '(' || c == '[';
    if ((c == ')' || c == ']') && --depth == 0) break;
  }
  reader->n_steps += at - start;
  return at < end ? at + 1 : end;
}

/* A pointer to a member, `Box<int>::*`, at `at`: where its star is; 0 for anything else. */
static inline uint32_t find_member_star(const Reader *reader, uint32_t at, uint32_t end) {
  const uint8_t *text = reader->text;
  for (;;) {
    uint32_t first = at, depth = 0;
    while (at < end && is_word_byte(text[at])) at++;
    if (at == first) return 0;
    for (at = skip_space(reader, at, end); at < end && (depth || text[at] == '<'); at++) {
      if (text[at] == '<') depth++;
      else if (text[at] == '>' && --depth == 0) break;
      else if (text[at] == ';' || text[at] == '{' || text[at] == '(') return 0;
    }
    if (at < end && text[at] == '>') at = skip_space(reader, at + 1, end);
    if (at + 2 >= end || text[at] != ':' || text[at + 1] != ':') return 0;
    at = skip_space(reader, at + 2, end);
    if (at < end && text[at] == '*') return at;
  }
}

/* Make a pointer to a member one to anything: the grammar knows few places where such a pointer may stand. */
static inline void blank_member_pointer(Reader *reader, uint32_t start, uint32_t star) {
  uint32_t last = star, first, depth = 0;
  /* Back over `::`, and over the arguments of a template. */
  while (last > start && (depth || !is_word_byte(reader->text[last - 1]))) {
    last--;
    if (reader->text[last] == '>') depth++;
    if (reader->text[last] == '<' && depth) depth--;
  }
  for (first = last; first > start && is_word_byte(reader->text[first - 1]); first--) {
  }
  if (!word_table_find(reader->words, reader->text + first, last - first)) {
    edits_refer(&reader->edits, first, last, MACRO_KIND_USED_TYPE);
  }
  edits_blank(&reader->edits, start, star);
}

/* Drop what names the class of a pointer to a member, `int Box::*`, of which `::` is at hand. */
static inline bool drop_member_pointer(Reader *reader) {
  Unit *unit = &reader->unit;
  uint32_t star = skip_space(reader, reader->at + 2, reader->size), n = unit->n;
  if (star == reader->size || reader->text[star] != '*' || !reader->words->is_cpp || unit->is_value) return false;
  if (n && unit->tokens[n - 1].type == TOKEN_ANGLES) n--;
  while (n && unit->tokens[n - 1].type == TOKEN_WORD) {
    n--;
    if (!n || unit->tokens[n - 1].type != TOKEN_SCOPE) break;
    n--;
    if (n && unit->tokens[n - 1].type == TOKEN_ANGLES) n--;
  }
  if (n == unit->n) return false;
  blank_member_pointer(reader, unit->tokens[n].start, star);
  unit->n = n;
  reader->at = star;
  return true;
}

/* Read what is between the parentheses at `start` and `end`; false if it is no declarator. */
static inline bool read_nested(Reader *reader, uint32_t start, uint32_t end, Nested *nested) {
  const uint8_t *text = reader->text;
  uint32_t at = start;
  memset(nested, 0, sizeof *nested);
  while (nested->n < MOST_NESTED) {
    nested->opens[nested->n] = at;
    nested->closes[nested->n++] = end - 1;
    nested->n_stars = 0;
    for (at = skip_space(reader, at + 1, end); at < end; at = skip_space(reader, at, end)) {
      if (text[at] == '*' || text[at] == '^') {
        if (nested->n_stars++ == 0) nested->first_star = at;
        at++;
      } else if (text[at] == '&') {
        at++;
      } else if (is_word_byte(text[at]) && word_classes[text[at]] & WORD_STARTS) {
        uint32_t first = at, star = find_member_star(reader, at, end);
        if (star) {
          blank_member_pointer(reader, first, star);
          at = star;
          continue;
        }
        while (at < end && is_word_byte(text[at])) at++;
        uint32_t next = skip_space(reader, at, end);
        if (text[next] == '*' || (is_word_byte(text[next]) && next < end)) {
          /* A qualifier, or the macro of a calling convention. */
          Token word = {.start = first, .end = at};
          if (!word_table_find(reader->words, text + first, at - first) ||
              word_table_find(reader->words, text + first, at - first)->use >= MACRO_ATTRIBUTE) {
            blank_word(reader, &word);
          }
          continue;
        }
        nested->name_start = first;
        nested->name_end = at;
        nested->is_function = text[next] == '(';
        nested->behind_start = next;
        if (text[next] == '(') next = skip_brackets(reader, next, end);
        while (next < end && text[next] == '[' && !nested->is_function) {
          next = skip_space(reader, skip_brackets(reader, next, end), end);
        }
        nested->behind_end = next;
        return skip_space(reader, next, end) == end - 1;
      } else {
        break;
      }
    }
    if (at >= end || text[at] != '(') return false;
    end = skip_brackets(reader, at, end);
  }
  return false;
}

/* Blank a part of a declarator: what its sizes call is still said. */
static inline void blank_part(Reader *reader, uint32_t start, uint32_t end) {
  if (start >= end) return;
  refer_to_arguments(reader, start, end, true);
  edits_blank(&reader->edits, start, end);
}

/* Make the declarator in parentheses flat. `group` is followed by `behind`, its parameters or the size of an array, up
 * to `behind_end`; `has_star`: a pointer is before it. */
static inline void flatten_nested(
  Reader *reader, const Token *group, const Token *behind, uint32_t behind_end, bool has_star
) {
  Nested nested;
  if (!read_nested(reader, group->start, group->end, &nested)) return;
  if (nested.is_function) {
    /* A function that returns what is around. */
    bool is_known = nested.n == 1 && nested.n_stars == 1 && !has_star && behind && behind->type == TOKEN_GROUP;
    if (is_known || (nested.n == 1 && nested.n_stars == 0)) return;
    blank_part(reader, group->start, nested.name_start);
    blank_part(reader, nested.behind_end, behind_end);
    return;
  }
  if (nested.n == 1 && nested.n_stars == 0) return;
  uint32_t inner = nested.n - 1, inner_end = nested.closes[inner] + 1;
  bool is_callable = false;
  uint32_t kept_end = inner_end;
  if (inner == 0) {
    is_callable = behind && behind->type == TOKEN_GROUP;
    if (is_callable) kept_end = behind->end;
  } else {
    uint32_t next = skip_space(reader, inner_end, reader->size);
    is_callable = reader->text[next] == '(';
    if (is_callable) kept_end = skip_brackets(reader, next, nested.closes[inner - 1]);
  }
  blank_part(reader, group->start, nested.opens[inner]);
  blank_part(reader, kept_end, behind_end);
  if (is_callable) {
    if (nested.n_stars > 1) blank_part(reader, nested.first_star + 1, nested.name_start);
    blank_part(reader, nested.name_end, nested.behind_end);
  } else {
    blank_part(reader, nested.opens[inner], nested.name_start);
    blank_part(reader, nested.name_end, inner_end);
  }
}

/* Whether a declarator may follow a token: a type does, or its end. */
static inline bool may_end_type(const Reader *reader, const Token *token) {
  if (token->type == TOKEN_SIGN) return token->sign == '*' || token->sign == '&';
  if (token->type == TOKEN_WORD && token->use == WORD_PLAIN) {
    return !token->is_operator && suspicion_of(reader, token) == NOT_SUSPECT;
  }
  return token->type == TOKEN_ANGLES || (token->type == TOKEN_WORD && token->use == WORD_TYPE);
}

/* `type (name)(…)`, which no macro of that name is called by: the grammar of C++ takes the type for the name. */
static inline void unwrap_names(Reader *reader) {
  Unit *unit = &reader->unit;
  for (uint32_t i = 1; i + 1 < unit->n; i++) {
    Token *token = &unit->tokens[i];
    if (token->type != TOKEN_GROUP || token[1].type != TOKEN_GROUP || !may_end_type(reader, token - 1)) continue;
    uint32_t last = token->end - 1, start = skip_space(reader, token->start + 1, last), end = start;
    if (!(word_classes[reader->text[start]] & WORD_STARTS)) continue;
    while (end < last && is_word_byte(reader->text[end])) end++;
    if (skip_space(reader, end, last) != last || word_table_find(reader->words, reader->text + start, end - start)) {
      continue;
    }
    edits_blank(&reader->edits, token->start, token->start + 1);
    edits_blank(&reader->edits, last, last + 1);
    token->type = TOKEN_WORD;
    token->use = WORD_PLAIN;
    token->start = start;
    token->end = end;
  }
}

#endif
