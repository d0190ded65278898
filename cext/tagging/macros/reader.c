#include "bodies.h"
#include "conditionals.h"
#include "file_macros.h"
#include "lexing.h"

/* Say which macros a condition asks: `#if IS_ENABLED(X)`, `#ifdef X`. */
static void refer_to_condition(Reader *reader, uint32_t at, uint32_t end) {
  while (at < end) {
    if (reader->text[at] == '/' && (is_at(reader, at + 1, '/') || is_at(reader, at + 1, '*'))) return;
    if (!is_word_byte(reader->text[at])) {
      at++;
      continue;
    }
    uint32_t start = at;
    at = skip_word(reader, at);
    if (!(word_classes[reader->text[start]] & WORD_STARTS) || is_word(reader, start, at, "defined")) continue;
    if (is_at(reader, skip_blanks(reader, at), '(')) {
      edits_refer(&reader->edits, start, at, MACRO_KIND_CALL);
    } else {
      edits_ask(&reader->edits, start, at);
    }
  }
}

/* Blank comments within the body of a macro: the grammar takes what follows one for code of the file. */
static void blank_comments(Reader *reader, uint32_t at, uint32_t end) {
  while (at < end) {
    const uint8_t *slash = (const uint8_t *)memchr(reader->text + at, '/', end - at);
    if (!slash) return;
    at = (uint32_t)(slash - reader->text);
    if (!is_at(reader, at + 1, '*')) {
      at++;
      continue;
    }
    uint32_t start = at;
    at = skip_block_comment(reader, at);
    if (at >= end || skip_blanks(reader, at) >= end) return;
    bool has_room = true; /* each of its lines must go on with the next */
    for (uint32_t i = start + 1; i < at; i++) {
      if (reader->text[i] == '\n' && (reader->text[i - 1] == '\n' || reader->text[i - 1] == '\r')) has_room = false;
    }
    if (!has_room) continue;
    edits_blank(&reader->edits, start, at);
    for (uint32_t i = start + 1; i < at; i++) {
      if (reader->text[i] == '\n') edits_put(&reader->edits, i - 1, "\\", 1);
    }
  }
}

static void end_skipping(Reader *reader, uint32_t start) {
  refer_to_arguments(reader, reader->skip_start, start, false);
  edits_blank(&reader->edits, reader->skip_start, start);
  reader->n_skipped = 0;
}

/* Read the directive at `#`; return where it ends. */
static uint32_t read_directive(Reader *reader, uint32_t start) {
  uint32_t word = skip_blanks(reader, start + 1), word_end = skip_word(reader, word);
  uint32_t end = skip_directive(reader, word_end);
  bool is_if = is_word(reader, word, word_end, "if") || is_word(reader, word, word_end, "ifdef") ||
               is_word(reader, word, word_end, "ifndef");
  bool is_else = is_word(reader, word, word_end, "else") || is_word(reader, word, word_end, "elif") ||
                 is_word(reader, word, word_end, "elifdef") || is_word(reader, word, word_end, "elifndef");
  bool is_endif = is_word(reader, word, word_end, "endif");
  if (reader->n_skipped) {
    reader->n_skipped += is_if;
    if (is_endif && --reader->n_skipped == 0) {
      end_skipping(reader, start);
      edits_blank(&reader->edits, start, end);
      if (reader->n_conditionals) reader->n_conditionals--;
    }
    return end;
  }
  if (!is_if && !is_else && !is_endif) {
    if (is_word(reader, word, word_end, "define")) {
      note_definition(reader, word_end, end);
      blank_comments(reader, word_end, end);
    }
    return end;
  }
  edits_blank(&reader->edits, start, end);
  if (!is_endif) refer_to_condition(reader, word_end, end);
  if (is_if) {
    uint32_t value = skip_blanks(reader, word_end);
    bool is_dead = word_end - word == 2 && is_at(reader, value, '0') && skip_word(reader, value) == value + 1;
    open_conditional(reader, end, is_dead);
  } else if (is_else) {
    next_branch(reader, start, end);
  } else {
    close_conditional(reader, start, end);
  }
  return end;
}

static Token *add_token(Reader *reader, TokenType type, uint32_t start, uint32_t end) {
  Unit *unit = &reader->unit;
  static const Token empty;
  if (unit->is_value && !unit->is_further) return NULL;
  if (unit->n == UNIT_TOKENS) {
    unit->is_long = true;
    return NULL;
  }
  Token *token = &unit->tokens[unit->n++];
  *token = empty;
  token->type = (uint8_t)type;
  token->start = start;
  token->end = end;
  token->is_first = reader->is_first;
  return token;
}

static void open_level(Reader *reader, LevelKind kind, uint32_t at) {
  static const Level empty;
  if (reader->depth + 1 == MOST_LEVELS) {
    reader->has_failed = true;
    return;
  }
  Level *level = &reader->levels[++reader->depth];
  *level = empty;
  level->kind = (uint8_t)kind;
  level->start = at;
}

/* `operator Type()` has a name of two words, which no identifier is: write one, and say what it stands for. */
static void name_conversion(Reader *reader, uint32_t start, uint32_t end) {
  uint32_t at = start;
  bool takes_type = !reader->unit.n || reader->unit.tokens[reader->unit.n - 1].type != TOKEN_SCOPE;
  for (uint32_t i = 0; i < reader->unit.n; i++) {
    const Token *token = &reader->unit.tokens[i];
    if (token->type == TOKEN_WORD && is_word(reader, token->start, token->end, "explicit")) takes_type = false;
  }
  edits_blank(&reader->edits, start, end);
  if (takes_type) {
    edits_put(&reader->edits, at, "int", 3);
    at += 4;
  }
  edits_put(&reader->edits, at, "o", 1);
  edits_rename(&reader->edits, at, start, end, MACRO_KIND_OPERATOR);
  for (uint32_t i = start + 8; i < end;) {
    uint32_t first = i;
    i = is_word_byte(reader->text[i]) ? skip_word(reader, i) : i + 1;
    if (!(word_classes[reader->text[first]] & WORD_STARTS) || is_at(reader, i, ':')) continue;
    if (!word_table_find(reader->words, reader->text + first, i - first)) {
      edits_refer(&reader->edits, first, i, MACRO_KIND_USED_TYPE);
    }
  }
}

/* `struct_group(name, members…)`: read the members as those of the class around. */
static bool open_members(Reader *reader, uint32_t start, uint32_t end, uint32_t argument) {
  uint32_t at = skip_blanks(reader, end), farthest = reader->size - at > 500 ? at + 500 : reader->size, depth = 0;
  if (!is_at(reader, at, '(')) return false;
  uint32_t paren = at;
  for (at++; at < farthest && argument > 1; at++) {
    uint8_t c = reader->text[at];
    depth += c == '(';
    if (c == ')' && depth-- == 0) return false;
    argument -= c == ',' && depth == 0;
  }
  reader->n_steps += at - paren;
  if (argument > 1) return false;
  open_level(reader, LEVEL_CLASS, paren);
  if (reader->has_failed) return false;
  edits_refer(&reader->edits, start, end, MACRO_KIND_CALL);
  edits_blank(&reader->edits, start, at);
  reader->levels[reader->depth].is_blanked = reader->levels[reader->depth].is_paren = true;
  start_unit(reader);
  reader->at = at;
  return true;
}

/* The end of the arguments that open at `paren`; 0 where it is far away. */
static uint32_t skip_arguments(Reader *reader, uint32_t paren) {
  uint32_t depth = 0, at = paren, farthest = reader->size - paren > 1000 ? paren + 1000 : reader->size;
  for (; at < farthest; at++) {
    depth += reader->text[at] == '(';
    if (reader->text[at] == ')' && --depth == 0) break;
  }
  reader->n_steps += at - paren;
  return at < farthest ? at + 1 : 0;
}

#include "brace_macros.h"

/* Blank a macro with the arguments that it may have; false where they do not end. */
static bool blank_macro(Reader *reader, const Token *word, bool may_have_arguments) {
  uint32_t paren = skip_blanks(reader, word->end);
  if (!may_have_arguments || !is_at(reader, paren, '(')) {
    blank_word(reader, word);
    return true;
  }
  uint32_t end = skip_arguments(reader, paren);
  if (!end) return false;
  Token arguments = {.start = paren, .end = end};
  blank_call(reader, word, &arguments);
  reader->at = end;
  return true;
}

/* `A DEPRECATED("why") = 1`: whether a word of an enum stands behind the name of an enumerator. */
static bool is_behind_enumerator(const Reader *reader) {
  const Level *level = &reader->levels[reader->depth];
  if (level->kind != LEVEL_ENUM || level->is_valued) return false;
  return reader->last_end > level->start + 1 && is_word_byte(reader->text[reader->last_end - 1]);
}

static void read_word(Reader *reader) {
  uint32_t start = reader->at, end = skip_word(reader, start);
  reader->at = end;
  if (!(word_classes[reader->text[start]] & WORD_STARTS)) {
    /* A number: digits may be parted by apostrophes. */
    while (end < reader->size &&
           (reader->text[end] == '.' || (reader->text[end] == '\'' && is_word_byte(reader->text[end - 1]) &&
                                         end + 1 < reader->size && is_word_byte(reader->text[end + 1])))) {
      end = skip_word(reader, end + 1);
    }
    reader->at = end;
    if (reader_declares(reader)) add_token(reader, TOKEN_TEXT, start, end);
    return;
  }
  if (is_at(reader, end, '"') && reader->text[end - 1] == 'R' && end - start <= 3) {
    reader->at = skip_raw_text(reader, end);
    if (reader_declares(reader)) add_token(reader, TOKEN_TEXT, start, reader->at);
    return;
  }
  bool declares = reader_declares(reader);
  if (is_behind_enumerator(reader)) {
    Token word = {.start = start, .end = end};
    blank_macro(reader, &word, true);
    return;
  }
  if (!declares && reader->text[start] != '_') return;
  const WordEntry *known = word_table_find(reader->words, reader->text + start, end - start);
  if (known && known->use == MACRO_ANYWHERE) {
    Token word = {.start = start, .end = end};
    if (!blank_macro(reader, &word, known->argument)) blank_word(reader, &word);
    return;
  }
  if (!declares) return;
  if (known && known->use == WORD_OPERATOR) {
    bool is_conversion;
    uint32_t operator_end = skip_operator(reader, end, &is_conversion);
    reader->at = operator_end;
    if (is_conversion) name_conversion(reader, start, operator_end);
    Token *token = add_token(reader, TOKEN_WORD, start, operator_end);
    if (token) {
      token->is_operator = true;
      token->is_conversion = is_conversion;
    }
    return;
  }
  if (known && known->use == MACRO_MEMBERS && open_members(reader, start, end, known->argument)) return;
  Token *token = add_token(reader, TOKEN_WORD, start, end);
  if (!token) return;
  if (!known && reader->text[start] <= '_') {
    known = word_table_find_prefix(reader->words, reader->text + start, end - start);
  }
  const FileDefiner *definer = known || !reader->n_definers ? NULL : find_definer(reader, start, end);
  if (definer && is_at(reader, skip_blanks(reader, end), '(')) {
    token->use = definer->use;
    token->argument = definer->argument;
  }
  if (known && known->use != WORD_UNREAD) {
    token->use = known->use;
    token->argument = known->argument;
  }
}

/* What braces at the end of the unit are. */
static LevelKind kind_of_braces(Reader *reader, Level *level) {
  Unit *unit = &reader->unit;
  bool has_group = false, has_type = false;
  uint32_t n_words = 0, colon = NO_TOKEN;
  if (unit->is_value) return LEVEL_VALUE;
  for (uint32_t i = 0; i < unit->n; i++) {
    const Token *token = &unit->tokens[i];
    has_group |= token->type == TOKEN_GROUP;
    if (is_sign(reader, i, ':') && colon == NO_TOKEN) colon = i;
    if (token->type != TOKEN_WORD) continue;
    n_words++;
    has_type |= token->use == WORD_TYPE || token->use == WORD_TYPE_OF;
    if (token->use == WORD_NAMESPACE) return LEVEL_FILE;
    if (token->use == WORD_STORAGE && is_type(reader, i + 1, TOKEN_TEXT) && i + 2 == unit->n) {
      level->is_blanked = true;
      return LEVEL_FILE;
    }
    if (token->use == WORD_TYPEDEF) level->is_typedef = true;
    if (token->use != WORD_CLASS && token->use != WORD_ENUM) continue;
    ClassHead head = read_class_head(reader, i);
    if (!is_class_body(reader, &head)) continue;
    uint32_t name = find_class_name(reader, &head);
    if (name < head.n) {
      const Item *item = &head.parts[name];
      const Token *word = &unit->tokens[item->last];
      if (word->type == TOKEN_ANGLES && item->last > item->first) word--;
      level->name_start = word->start;
      level->name_end = word->end;
      level->is_named = true;
    }
    return token->use == WORD_ENUM ? LEVEL_ENUM : LEVEL_CLASS;
  }
  const Token *last = unit->n ? &unit->tokens[unit->n - 1] : NULL;
  bool ends_with_name = last && (last->type == TOKEN_ANGLES || (last->type == TOKEN_WORD && last->use == WORD_PLAIN));
  if (has_group && colon != NO_TOKEN && ends_with_name) return LEVEL_VALUE;
  if (!has_group && reader->words->is_cpp && ends_with_name && n_words > 1 && (has_type || n_words == 2)) {
    return LEVEL_VALUE;
  }
  return LEVEL_BODY;
}

static void open_brace(Reader *reader) {
  uint32_t at = reader->at;
  Unit *unit = &reader->unit;
  if (!reader_declares(reader)) {
    LevelKind kind = (LevelKind)reader->levels[reader->depth].kind;
    if (kind == LEVEL_BODY) blank_word_of_block(reader, at);
    open_level(reader, kind == LEVEL_VALUE || kind == LEVEL_ENUM ? LEVEL_VALUE : LEVEL_BODY, at);
    return;
  }
  Level found = {.start = at};
  found.kind = (uint8_t)kind_of_braces(reader, &found);
  if (found.kind == LEVEL_CLASS || found.kind == LEVEL_ENUM) {
    read_declaration(reader, ENDED_BY_CLASS);
  } else if (found.kind == LEVEL_BODY) {
    read_declaration(reader, ENDED_BY_BODY);
    for (uint32_t i = 0; i < unit->n_branches; i++) edits_put(&reader->edits, unit->branches[i], "{}", 2);
  } else if (found.is_blanked) {
    edits_blank(&reader->edits, unit->tokens[0].start, at + 1);
  } else if (found.kind == LEVEL_FILE) {
    read_declaration(reader, ENDED_BY_BODY);
  }
  open_level(reader, (LevelKind)found.kind, at);
  if (reader->has_failed) return;
  found.is_function = found.kind == LEVEL_BODY && ends_with_parameters(reader);
  reader->levels[reader->depth] = found;
  if (found.kind != LEVEL_VALUE) start_unit(reader);
}

static void close_brace(Reader *reader) {
  /* Parentheses that nobody closed. */
  while (reader->depth &&
         (reader->levels[reader->depth].kind >= LEVEL_PAREN || reader->levels[reader->depth].is_paren)) {
    note_closed(reader);
    reader->depth--;
  }
  if (reader_declares(reader)) read_declaration(reader, ENDED_BY_CLOSE);
  if (reader->depth == 0) {
    start_unit(reader);
    return;
  }
  Level closed = reader->levels[reader->depth];
  note_closed(reader);
  reader->depth--;
  if (closed.is_blanked) edits_blank(&reader->edits, reader->at, reader->at + 1);
  if (closed.is_function) blank_lone_macro(reader, closed.start + 1, reader->at);
  if (!reader_declares(reader)) return;
  if (closed.kind == LEVEL_VALUE) {
    add_token(reader, TOKEN_BRACES, closed.start, reader->at + 1);
    return;
  }
  start_unit(reader);
  if (closed.kind == LEVEL_CLASS || closed.kind == LEVEL_ENUM) {
    reader->unit.is_tail = true;
    reader->unit.is_typedef = closed.is_typedef;
    reader->unit.is_named = closed.is_named;
  }
}

static void close_bracket(Reader *reader, LevelKind kind) {
  const Level *level = &reader->levels[reader->depth];
  if (level->is_paren && kind == LEVEL_PAREN) {
    note_closed(reader);
    reader->depth--;
    edits_blank(&reader->edits, reader->at, reader->at + 1);
    start_unit(reader);
    return;
  }
  if (level->kind != kind) return;
  uint32_t start = level->start;
  note_closed(reader);
  reader->depth--;
  bool is_attribute = kind == LEVEL_INDEX && reader->text[start + 1] == '[' && reader->text[reader->at - 1] == ']';
  if (is_attribute && reader->levels[reader->depth].kind == LEVEL_ENUM) {
    edits_blank(&reader->edits, start, reader->at + 1);
  }
  if (!reader_declares(reader)) return;
  const Token *last = reader->unit.n ? &reader->unit.tokens[reader->unit.n - 1] : NULL;
  if (is_attribute && last && last->type == TOKEN_WORD && last->use == WORD_PLAIN) {
    /* Behind a name it is no part of any declarator that a query knows. */
    edits_blank(&reader->edits, start, reader->at + 1);
    return;
  }
  TokenType type = kind == LEVEL_PAREN ? TOKEN_GROUP : is_attribute ? TOKEN_ATTRIBUTE : TOKEN_INDEX;
  add_token(reader, type, start, reader->at + 1);
}

/* `public:`, `signals:`, and macros before them. */
static bool read_access(Reader *reader) {
  Unit *unit = &reader->unit;
  uint32_t access = NO_TOKEN;
  if (reader->levels[reader->depth].kind != LEVEL_CLASS || !reader->words->is_cpp) return false;
  for (uint32_t i = 0; i < unit->n; i++) {
    const Token *token = &unit->tokens[i];
    if (token->type == TOKEN_GROUP && access == NO_TOKEN) continue;
    if (token->type != TOKEN_WORD) return false;
    if (token->use == WORD_ACCESS && access == NO_TOKEN) access = i;
    else if (!is_plain(reader, i)) return false;
  }
  if (access == NO_TOKEN) {
    if (unit->n == 0 || unit->tokens[unit->n - 1].use != MACRO_ACCESS) return false;
    access = unit->n - 1;
    edits_blank(&reader->edits, unit->tokens[access].start, unit->tokens[access].end);
    edits_put(&reader->edits, unit->tokens[access].start, "public", 6);
  }
  for (uint32_t i = 0; i < unit->n; i++) {
    if (i == access || unit->tokens[i].type != TOKEN_WORD) continue;
    Item item = {i, i, NO_TOKEN};
    if (is_type(reader, i + 1, TOKEN_GROUP)) item.group = i + 1;
    bool defines = item.group != NO_TOKEN && unit->tokens[i].use >= MACRO_VARIABLE;
    if (!defines || !define(reader, &unit->tokens[i], &unit->tokens[i + 1], false, false)) blank_item(reader, &item);
  }
  start_unit(reader);
  return true;
}

/* `A::A() = default;` outside of its class is taken for an assignment to what a call returns: give it a body. */
static void write_default_body(Reader *reader, uint32_t at) {
  bool has_scope = false, has_group = false;
  uint32_t value = skip_blanks(reader, at + 1);
  bool is_outer = reader->words->is_cpp && reader->levels[reader->depth].kind == LEVEL_FILE;
  if (!is_outer || !has_word_at(reader, value, "default")) return;
  for (uint32_t i = 0; i < reader->unit.n; i++) {
    has_scope |= reader->unit.tokens[i].type == TOKEN_SCOPE;
    has_group |= reader->unit.tokens[i].type == TOKEN_GROUP;
  }
  if (!has_scope || !has_group) return;
  edits_blank(&reader->edits, at, value + 7);
  edits_put(&reader->edits, at, "{}", 2);
}

/* Blank a semicolon of which the whole declaration was blanked: behind empty braces the grammar takes it for their end,
 * and the body of a function for a value. */
static void blank_lone_semicolon(Reader *reader, uint32_t at) {
  if (!reader->unit.n || reader->unit.is_tail || reader->unit.is_long || !reader->edits.is_copied) return;
  const uint8_t *copy = reader->edits.copy.contents;
  uint32_t start = reader->unit.tokens[0].start;
  while (start < at && is_blank_byte(copy[start])) start++;
  if (start == at) edits_blank(&reader->edits, at, at + 1);
}

static void read_sign(Reader *reader, uint8_t c) {
  uint32_t at = reader->at;
  if (c == ':' && is_at(reader, at + 1, ':')) {
    if (drop_member_pointer(reader)) return;
    add_token(reader, TOKEN_SCOPE, at, at + 2);
    reader->at += 2;
    return;
  }
  if (c == '<' && reader->words->is_cpp && !reader->unit.is_value && !reader->unit.has_angles) {
    uint32_t end = skip_angles(reader, at);
    if (end) {
      add_token(reader, TOKEN_ANGLES, at, end);
      reader->at = end;
      return;
    }
  }
  reader->at++;
  if (c == ';') {
    read_declaration(reader, ENDED_BY_SEMICOLON);
    blank_lone_semicolon(reader, at);
    start_unit(reader);
    return;
  }
  if (c == ':' && read_access(reader)) return;
  reader->unit.is_further |= reader->unit.is_value && c == ',';
  Token *token = add_token(reader, TOKEN_SIGN, at, at + 1);
  if (token) token->sign = c;
  if (c == '=') {
    write_default_body(reader, at);
    reader->unit.is_value = true;
    reader->unit.is_further = false;
  }
}

/* Read the token at hand, which is no blank. */
static void read_token(Reader *reader, uint8_t c) {
  uint32_t at = reader->at;
  if (is_word_byte(c)) {
    if (!reader->has_brace_macros || !read_brace_macro(reader)) read_word(reader);
  } else if (c == '"' || c == '\'') {
    reader->at = skip_text(reader, at);
    if (reader_declares(reader)) add_token(reader, TOKEN_TEXT, at, reader->at);
  } else if (c == '(' || c == '[') {
    open_level(reader, c == '(' ? LEVEL_PAREN : LEVEL_INDEX, at);
    reader->at++;
  } else if (c == ')' || c == ']') {
    close_bracket(reader, c == ')' ? LEVEL_PAREN : LEVEL_INDEX);
    reader->at++;
  } else if (c == '{') {
    open_brace(reader);
    reader->at++;
  } else if (c == '}') {
    close_brace(reader);
    reader->at++;
  } else if (reader_declares(reader)) {
    read_sign(reader, c);
  } else {
    Level *level = &reader->levels[reader->depth];
    if (level->kind == LEVEL_ENUM) level->is_valued = c == '=' || (level->is_valued && c != ',');
    reader->at++;
  }
  reader->last_end = reader->at;
  reader->is_first = false;
}

/* Read what is at hand, within a branch that is left out: only directives count. */
static void skip_token(Reader *reader, uint8_t c) {
  reader->at = c == '"' || c == '\'' ? skip_text(reader, reader->at) : reader->at + 1;
  reader->is_first = false;
}

static void read_next(Reader *reader) {
  uint8_t c = reader->text[reader->at];
  if (c == '\n') {
    reader->is_first = true;
    reader->at++;
  } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v' || c == '\\') {
    reader->at++;
  } else if (c == '/' && is_at(reader, reader->at + 1, '/')) {
    reader->at = skip_line_comment(reader, reader->at);
  } else if (c == '/' && is_at(reader, reader->at + 1, '*')) {
    reader->at = skip_block_comment(reader, reader->at);
  } else if (c == '#' && reader->is_first) {
    reader->at = read_directive(reader, reader->at);
  } else if (reader->n_skipped) {
    skip_token(reader, c);
  } else {
    read_token(reader, c);
  }
}

static void start_reading(Reader *reader, const WordTable *words, const uint8_t *text, uint32_t size) {
  static const Level file;
  reader->words = words;
  reader->text = text;
  reader->size = size;
  reader->at = reader->last_end = 0;
  reader->is_first = true;
  reader->has_failed = false;
  reader->depth = reader->n_conditionals = reader->n_skipped = 0;
  reader->levels[0] = file;
  if (reader->n_file_macros) memset(reader->file_macros, 0, sizeof reader->file_macros);
  reader->n_file_macros = reader->n_endless = reader->n_definers = 0;
  reader->has_brace_macros = false;
  start_unit(reader);
  edits_start(&reader->edits, text, size);
}

Reader *reader_new(void) {
  return (Reader *)calloc(1, sizeof(Reader));
}

void reader_delete(Reader *reader) {
  if (reader) edits_free(&reader->edits);
  free(reader);
}

ArenaVerdict reader_read(
  Reader *reader, const Arena *arena, const WordTable *words, const uint8_t *text, uint32_t size
) {
  start_reading(reader, words, text, size);
  uint32_t next_check = READER_CHECK_STEPS;
  while (reader->at < size && !reader->has_failed && !reader->edits.is_out_of_memory) {
    read_next(reader);
    if (reader->at >= next_check) {
      next_check = reader->at + READER_CHECK_STEPS;
      ArenaVerdict verdict = arena_verdict(arena);
      if (verdict != ARENA_RUNNING) return verdict;
    }
  }
  if (reader->n_skipped) end_skipping(reader, size);
  if (reader_declares(reader)) read_declaration(reader, ENDED_BY_CLOSE);
  reader->n_steps += reader->at;
  if (reader->edits.is_out_of_memory) return ARENA_OUT_OF_MEMORY;
  if (reader->has_failed) edits_start(&reader->edits, text, size);
  return ARENA_RUNNING;
}
