/* Macros among the words of a parameter, `void *data UNUSED`: the grammar takes the last word for its name. */
#ifndef REPOMAP_PARAMETERS_H_
#define REPOMAP_PARAMETERS_H_

#include "declarators.h"
#include "lexing.h"

enum { MOST_PARAMETER_WORDS = 6, MOST_LISTS = 8 };

/* A parameter as far as it was read. */
typedef struct {
  Token words[MOST_PARAMETER_WORDS]; /* plain ones behind the last star */
  Token arguments[MOST_PARAMETER_WORDS]; /* of each, where it has any: `end` is 0 otherwise */
  uint32_t n;
  bool has_type;  /* so that a single plain word is its name */
  bool is_class;  /* the next word is the name of a struct */
  bool has_group; /* a declarator in parentheses, or sizes: the name stands before */
  bool is_odd;    /* it has what is not read here */
} Parameter;

static inline void add_parameter_word(Parameter *parameter, Token word) {
  if (parameter->is_class) {
    parameter->is_class = false;
    parameter->has_type = true;
  } else if (parameter->n == MOST_PARAMETER_WORDS) {
    parameter->is_odd = true;
  } else {
    parameter->arguments[parameter->n] = (Token){.end = 0};
    parameter->words[parameter->n++] = word;
  }
}

static inline void read_parameter_word(const Reader *reader, Parameter *parameter, uint32_t start, uint32_t end) {
  const WordEntry *known = word_table_find(reader->words, reader->text + start, end - start);
  Token word = {.type = TOKEN_WORD, .use = known ? known->use : WORD_PLAIN, .start = start, .end = end};
  if (word.use == WORD_PLAIN || word.use >= MACRO_ATTRIBUTE) add_parameter_word(parameter, word);
  else if (word.use == WORD_TYPE) parameter->has_type = true;
  else if (word.use == WORD_CLASS || word.use == WORD_ENUM) parameter->is_class = true;
  else if (word.use != WORD_QUALIFIER && word.use != WORD_STORAGE) parameter->is_odd = true;
}

static inline uint32_t count_suspects(const Reader *reader, const Parameter *parameter, int least) {
  uint32_t n = 0;
  for (uint32_t i = 0; i < parameter->n; i++) n += suspicion_of(reader, &parameter->words[i]) >= least;
  return n;
}

/* Blank the words that look like macros, as far as they are told from a name and a type. */
static inline void end_parameter(Reader *reader, const Parameter *parameter) {
  uint32_t n_kept = parameter->has_group ? 0 : parameter->has_type ? 1 : 2;
  if (parameter->is_odd || parameter->n <= n_kept) return;
  int least = KNOWN_MACRO + 1;
  while (least > IN_CAPITALS && count_suspects(reader, parameter, least - 1) <= parameter->n - n_kept) least--;
  for (uint32_t i = 0; i < parameter->n; i++) {
    const Token *word = &parameter->words[i], *arguments = &parameter->arguments[i];
    if (suspicion_of(reader, word) < least) continue;
    if (arguments->end) blank_call(reader, word, arguments);
    else blank_word(reader, word);
  }
}

/* Brackets behind what was read of a parameter end. Those of a macro are its arguments. */
static inline void end_group(Parameter *parameter, uint32_t start, uint32_t end, uint32_t last_end) {
  uint32_t n = parameter->n;
  if (n && !parameter->has_group && parameter->words[n - 1].end == last_end && !parameter->arguments[n - 1].end) {
    parameter->arguments[n - 1] = (Token){.type = TOKEN_GROUP, .start = start, .end = end};
    return;
  }
  if (n || !parameter->has_type) parameter->is_odd = true;
  parameter->has_group = true;
}

/* Read the parameters in `(…)`, and those of functions that they point to. */
static inline void blank_parameter_macros(Reader *reader, uint32_t start, uint32_t end) {
  /* What was blanked already is no word. */
  const uint8_t *text = reader->edits.is_copied ? reader->edits.copy.contents : reader->text;
  Parameter lists[MOST_LISTS];
  uint32_t opens[MOST_LISTS], ends_before[MOST_LISTS], depth = 0, last_end = start + 1;
  lists[0] = (Parameter){.n = 0};
  reader->n_steps += end - start;
  for (uint32_t at = start + 1; at < end;) {
    Parameter *parameter = &lists[depth];
    uint8_t c = text[at];
    if (is_blank_byte(c)) {
      at++;
      continue;
    }
    if (c == '/' && at + 1 < end && (text[at + 1] == '*' || text[at + 1] == '/')) {
      at = text[at + 1] == '*' ? skip_block_comment(reader, at) : skip_line_comment(reader, at);
      continue;
    }
    uint32_t first = at++;
    if (is_word_byte(c)) {
      while (at < end && is_word_byte(text[at])) at++;
      if (word_classes[c] & WORD_STARTS) read_parameter_word(reader, parameter, first, at);
      else parameter->is_odd = true;
    } else if (c == '(') {
      if (depth + 1 == MOST_LISTS) return;
      opens[depth] = first;
      ends_before[depth] = last_end;
      lists[++depth] = (Parameter){.n = 0};
    } else if (c == ')' || c == ',') {
      end_parameter(reader, parameter);
      *parameter = (Parameter){.n = 0};
      if (c == ')' && depth-- == 0) return;
      if (c == ')') end_group(&lists[depth], opens[depth], at, ends_before[depth]);
    } else if (c == '*' || c == '&') {
      parameter->is_odd |= parameter->has_group;
      parameter->has_type = true;
      parameter->n = 0;
    } else if (c == '[') {
      at = skip_brackets(reader, first, end);
      parameter->is_odd |= parameter->n == 0;
      parameter->has_group = true;
      parameter->n = 0;
    } else if (c == '#') {
      return;
    } else if (c == '"' || c == '\'') {
      at = skip_text(reader, first);
      parameter->is_odd = true;
    } else {
      parameter->is_odd = true;
    }
    last_end = at;
  }
}

#endif
