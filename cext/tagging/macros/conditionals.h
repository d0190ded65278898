/* `#if` and its kin. They are blanked, and all branches are read one after the other.
 *
 * A branch that is a whole leaves the brackets as they were. One that is not says, if it is the first, what the whole
 * conditional leaves; for each other the brackets that it opened are closed where its directive was, and those that it
 * closed are opened again, so that the next branch begins where this one began. Where `#if` is within a declaration the
 * first branch alone is read. So it is with `#if 0`, where nobody keeps brackets in order. */
#ifndef REPOMAP_CONDITIONALS_H_
#define REPOMAP_CONDITIONALS_H_

#include "declarations.h"

static inline void start_unit(Reader *reader) {
  Unit *unit = &reader->unit;
  unit->n = unit->n_branches = 0;
  unit->is_long = unit->is_value = unit->is_further = unit->is_tail = false;
  unit->is_typedef = unit->is_named = unit->has_angles = false;
}

static inline char closing_of(LevelKind kind) {
  return kind == LEVEL_PAREN ? ')' : kind == LEVEL_INDEX ? ']' : '}';
}

static inline char opening_of(LevelKind kind) {
  return kind == LEVEL_PAREN ? '(' : kind == LEVEL_INDEX ? '[' : '{';
}

/* Note that the innermost level is closed, for the branches that it was opened before. */
static inline void note_closed(Reader *reader) {
  for (uint32_t i = reader->n_conditionals; i-- > 0;) {
    Conditional *conditional = &reader->conditionals[i];
    if (reader->depth > conditional->low) return;
    uint32_t n = conditional->depth - conditional->low;
    if (n >= MOST_CARRIED) {
      reader->has_failed = true;
      return;
    }
    conditional->closed[n] = reader->levels[reader->depth];
    conditional->low = reader->depth - 1;
  }
}

/* What is to be written where a directive was. */
typedef struct {
  char text[4 * MOST_CARRIED + 4];
  uint32_t n;
} Patch;

static inline void patch_add(Patch *patch, char c) {
  if (patch->n < sizeof patch->text) patch->text[patch->n++] = c;
}

/* Close a level; a class without a name behind its braces is a declaration of its own. */
static inline void patch_close(Patch *patch, const Level *level) {
  if (level->is_blanked) return;
  patch_add(patch, closing_of((LevelKind)level->kind));
  if (level->kind == LEVEL_CLASS || level->kind == LEVEL_ENUM) patch_add(patch, ';');
}

/* Go back to the levels at `#if`. */
static inline void return_to_start(Reader *reader, Conditional *conditional, Patch *patch) {
  while (reader->depth > conditional->low) {
    patch_close(patch, &reader->levels[reader->depth--]);
  }
  for (uint32_t n = conditional->depth - conditional->low; n-- > 0;) {
    reader->levels[++reader->depth] = conditional->closed[n];
    if (!conditional->closed[n].is_blanked) patch_add(patch, opening_of((LevelKind)conditional->closed[n].kind));
  }
  conditional->low = conditional->depth;
}

/* Remember what levels the branch that ends here leaves. */
static inline void carry(Reader *reader, Conditional *conditional) {
  conditional->has_carry = true;
  conditional->carry_low = conditional->low;
  conditional->n_carried = reader->depth - conditional->low;
  if (conditional->n_carried > MOST_CARRIED) {
    reader->has_failed = true;
    return;
  }
  memcpy(conditional->carried, &reader->levels[conditional->low + 1], conditional->n_carried * sizeof(Level));
}

static inline bool leaves_what_is_carried(const Reader *reader, const Conditional *conditional) {
  if (conditional->low != conditional->carry_low) return false;
  if (reader->depth - conditional->low != conditional->n_carried) return false;
  for (uint32_t i = 0; i < conditional->n_carried; i++) {
    uint8_t kind = reader->levels[conditional->low + 1 + i].kind, carried = conditional->carried[i].kind;
    /* `class` in a header of C is no class. */
    if (kind != carried && !(kind == LEVEL_CLASS && carried == LEVEL_BODY)) return false;
  }
  return true;
}

/* From the levels at `#if`, go on to those that the first branch has left. */
static inline void apply_carry(Reader *reader, Conditional *conditional, Patch *patch) {
  while (reader->depth > conditional->carry_low) {
    patch_close(patch, &reader->levels[reader->depth]);
    note_closed(reader);
    reader->depth--;
  }
  for (uint32_t i = 0; i < conditional->n_carried; i++) {
    reader->levels[++reader->depth] = conditional->carried[i];
    if (!conditional->carried[i].is_blanked) patch_add(patch, opening_of((LevelKind)conditional->carried[i].kind));
  }
}

/* The first byte from `at` on that is neither blank nor within a comment or directive; 0 near the end. */
static inline uint8_t next_byte(Reader *reader, uint32_t at, uint32_t *at_out) {
  const uint8_t *text = reader->text;
  uint32_t end = reader->size - at > 512 ? at + 512 : reader->size;
  while (at < end) {
    if (is_blank_byte(text[at])) {
      at++;
    } else if (text[at] == '/' && at + 1 < end && text[at + 1] == '/') {
      while (at < end && text[at] != '\n') at++;
    } else if (text[at] == '/' && at + 1 < end && text[at + 1] == '*') {
      for (at += 2; at + 1 < end && !(text[at] == '*' && text[at + 1] == '/'); at++) continue;
      at += 2;
    } else {
      reader->n_steps += 16;
      *at_out = at;
      return text[at];
    }
  }
  reader->n_steps += 512;
  *at_out = reader->size;
  return 0;
}

static inline bool ends_operand(uint8_t c) {
  return is_word_byte(c) || c == ')' || c == ']' || c == '"' || c == '\'';
}

static inline bool begins_operand(uint8_t c) {
  return is_word_byte(c) || c == '"' || c == '\'' || c == '(' || c == '!' || c == '~';
}

static inline bool has_word_at(const Reader *reader, uint32_t at, const char *word) {
  uint32_t size = (uint32_t)strlen(word);
  bool is_there = reader->size - at > size && memcmp(reader->text + at, word, size) == 0;
  return is_there && !is_word_byte(reader->text[at + size]);
}

/* Whether a branch begins with the head of a statement, whose `)` ends no value. */
static inline bool begins_with_head(Reader *reader, uint32_t start) {
  static const char *const heads[] = {"if", "else", "for", "while", "switch"};
  uint32_t at;
  if (!next_byte(reader, start, &at)) return false;
  for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
    if (has_word_at(reader, at, heads[i])) return true;
  }
  return false;
}

/* In a function or a value: the sign without which two branches cannot follow each other; 0 if they can. */
static inline char joint_of(Reader *reader, const Conditional *conditional, uint32_t next_start) {
  LevelKind kind = (LevelKind)reader->levels[reader->depth].kind;
  uint8_t last = reader->last_end > conditional->start ? reader->text[reader->last_end - 1] : 0;
  uint32_t at;
  uint8_t next = next_byte(reader, next_start, &at);
  if (has_word_at(reader, at, "else")) {
    if (last == ')') return ';';
    if (last == '}' && begins_with_head(reader, conditional->start)) edits_blank(&reader->edits, at, at + 4);
    return 0;
  }
  if (kind != LEVEL_BODY) return (ends_operand(last) || last == '}') && (begins_operand(next) || next == '{') ? ',' : 0;
  if (!ends_operand(last) || !begins_operand(next)) return 0;
  if (conditional->is_within) return next == '(' || (last == '"' && next == '"') ? 0 : '+';
  return last == ')' && begins_with_head(reader, conditional->start) ? 0 : ';';
}

/* In a file or a class: end what the branch has left open; return whether the patch is to begin with `;`. */
static inline bool end_branch_unit(Reader *reader, const Conditional *conditional) {
  Unit *unit = &reader->unit;
  if (conditional->is_within || unit->n == 0 || unit->n <= conditional->n_tokens) return false;
  for (uint32_t i = 0; i < unit->n; i++) {
    if (unit->tokens[i].type == TOKEN_GROUP || unit->is_value) return true;
  }
  /* No name of a function: what the next branch says stands for it. */
  edits_blank(&reader->edits, unit->tokens[0].start, reader->last_end);
  return false;
}

static inline void write_patch(Reader *reader, const Patch *patch, uint32_t start, uint32_t end) {
  if (patch->n == 0) return;
  const uint8_t *line_end = (const uint8_t *)memchr(reader->text + start, '\n', end - start);
  uint32_t room = line_end ? (uint32_t)(line_end - reader->text) - start : end - start;
  if (patch->n > room || patch->n == sizeof patch->text) {
    reader->has_failed = true;
    return;
  }
  edits_put(&reader->edits, start, patch->text, patch->n);
}

/* Whether the level is below a declaration, and no body: its parameters, the size of an array. */
static inline bool is_in_declarator(const Reader *reader) {
  uint32_t depth = reader->depth;
  while (depth && reader->levels[depth].kind >= LEVEL_PAREN) depth--;
  return depth < reader->depth && reader->levels[depth].kind <= LEVEL_CLASS;
}

static inline void open_conditional(Reader *reader, uint32_t end, bool is_dead) {
  if (reader->n_conditionals == MOST_CONDITIONALS) {
    reader->has_failed = true;
    return;
  }
  Conditional *conditional = &reader->conditionals[reader->n_conditionals++];
  uint8_t last = reader->last_end ? reader->text[reader->last_end - 1] : 0;
  bool is_boundary = !last || last == ';' || last == '{' || last == '}' || last == ':' || last == ')';
  conditional->start = end;
  conditional->depth = conditional->low = reader->depth;
  conditional->n_tokens = reader->unit.n;
  conditional->has_carry = false;
  conditional->is_dead = is_dead;
  conditional->is_within = reader_declares(reader) ? reader->unit.n > 0 : !is_boundary;
  if (!reader_declares(reader) && reader->levels[reader->depth].kind != LEVEL_BODY) conditional->is_within = true;
  conditional->kind = reader->levels[reader->depth].kind;
  conditional->reads_one = (reader_declares(reader) && reader->unit.n > 0) || is_in_declarator(reader);
}

/* A dead branch ends: if it is no whole, it is gone. */
static inline void end_dead_branch(Reader *reader, Conditional *conditional, uint32_t start) {
  bool is_whole = reader->depth == conditional->depth && conditional->low == conditional->depth &&
                  !(reader_declares(reader) && reader->unit.n != conditional->n_tokens);
  conditional->is_dead = false;
  if (is_whole) return;
  if (reader->unit.n < conditional->n_tokens || conditional->n_tokens > 0) {
    reader->has_failed = true;
    return;
  }
  Patch none = {.n = 0};
  return_to_start(reader, conditional, &none);
  edits_blank(&reader->edits, conditional->start, start);
  start_unit(reader);
}

/* Another branch, `#else` or `#elif`, whose directive is `start` to `end`. */
static inline void next_branch(Reader *reader, uint32_t start, uint32_t end) {
  if (!reader->n_conditionals) return;
  Conditional *conditional = &reader->conditionals[reader->n_conditionals - 1];
  if (conditional->is_dead) {
    end_dead_branch(reader, conditional, start);
    conditional->start = end;
    return;
  }
  if (!conditional->has_carry) carry(reader, conditional);
  if (conditional->reads_one) {
    reader->n_skipped = 1;
    reader->skip_start = end;
    return;
  }
  Patch patch = {.n = 0};
  bool is_body = conditional->kind > LEVEL_CLASS;
  if (!is_body && reader->depth == conditional->depth && conditional->low == conditional->depth) {
    if (end_branch_unit(reader, conditional)) {
      patch_add(&patch, ';');
      uint32_t at = start;
      if (reader->unit.n_branches < UNIT_BRANCHES && end - start >= 2) {
        uint32_t n = reader->unit.n_branches;
        uint32_t branches[UNIT_BRANCHES];
        memcpy(branches, reader->unit.branches, sizeof branches);
        read_declaration(reader, ENDED_BY_SEMICOLON);
        start_unit(reader);
        memcpy(reader->unit.branches, branches, sizeof branches);
        reader->unit.branches[n] = at;
        reader->unit.n_branches = n + 1;
      } else {
        start_unit(reader);
      }
    } else {
      start_unit(reader);
    }
  } else {
    return_to_start(reader, conditional, &patch);
    if (!is_body) start_unit(reader);
    if (is_body && patch.n == 0) {
      char joint = joint_of(reader, conditional, end);
      if (joint) patch_add(&patch, joint);
    }
  }
  write_patch(reader, &patch, start, end);
  conditional->start = end;
}

static inline void close_conditional(Reader *reader, uint32_t start, uint32_t end) {
  if (!reader->n_conditionals) return;
  Conditional *conditional = &reader->conditionals[reader->n_conditionals - 1];
  Patch patch = {.n = 0};
  if (conditional->is_dead) {
    end_dead_branch(reader, conditional, start);
  } else if (conditional->has_carry && !leaves_what_is_carried(reader, conditional)) {
    return_to_start(reader, conditional, &patch);
    reader->n_conditionals--;
    apply_carry(reader, conditional, &patch);
    write_patch(reader, &patch, start, end);
    if (reader_declares(reader)) start_unit(reader);
    return;
  }
  reader->n_conditionals--;
}

#endif
