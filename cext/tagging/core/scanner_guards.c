/* Included by core.c: what stands between the scanners of some grammars and a text that leads them astray.
 *
 * A scanner is C that comes with a grammar and that we do not compile. tests/fuzz/scanners finds what goes wrong in
 * them. What does so here is led around the fault from outside, by the characters and the states that a scanner
 * gets. */

enum {
  LONGEST_WORD = 256, /* bytes of the word of one of D's heredocs, which are no fewer than its characters */
  LEAST_ROOM = 64     /* bytes for what a scanner remembers, where that is not what it has asked for */
};

/* Find the end of the lines of comments that begin at `start`: where a scanner that skips blanks and comments leaves
 * the last of them. That is the last line feed before the code behind them, a NUL, or the end of the source. */
static Length find_comments_end(const Source *source, Length start) {
  const char *end = source->bytes + source->length, *at = source->bytes + start.bytes;
  const char *line = at - start.extent.column, *checked = at;
  Length found;
  uint32_t row = start.extent.row;
  bool is_comment = true;
  while (is_comment) {
    const char *stop = memchr(at, '\n', (size_t)(end - at));
    if (!stop) stop = end;
    const char *nul = memchr(at, 0, (size_t)(stop - at));
    if (nul) stop = nul;
    is_comment = false;
    found = (Length){(uint32_t)(stop - source->bytes), {row, (uint32_t)(stop - line)}};
    if (nul || stop == end) break;
    for (at = stop; at < end && strchr(" \t\r\f\n", *at) && *at; at++) {
      if (*at != '\n') continue;
      found = (Length){(uint32_t)(at - source->bytes), {row, (uint32_t)(at - line)}};
      line = at + 1;
      row++;
    }
    is_comment = at < end && *at == '#';
    if (at - checked >= SOURCE_CHUNK) {
      /* What is left is found from there, unless the source ends there. */
      if (arena_verdict(source->arena) != ARENA_RUNNING) break;
      checked = at;
    }
  }
  return found;
}

/* Python's scanner passes all comments behind a line for the indentation behind them, and does so again at each of
 * them: the square of their length. It keeps nothing of them, so it is led to their end at once. Nothing else of
 * Python's skips a #. */
static void advance_past_comments(TSLexer *data, bool skip) {
  if (!skip || data->lookahead != '#') {
    advance(data, skip);
    return;
  }
  Lexer *lexer = (Lexer *)data;
  Source *source = (Source *)lexer->input.payload;
  uint32_t at = lexer->current_position.bytes;
  if (at < source->comments_start || at >= source->comments_end.bytes) {
    source->comments_start = at;
    source->comments_end = find_comments_end(source, lexer->current_position);
  }
  ts_lexer_goto(lexer, source->comments_end);
  lexer->token_start_position = lexer->current_position;
  if (!lexer->chunk) ts_lexer__get_chunk(lexer);
  ts_lexer__get_lookahead(lexer);
}

/* Some scanners call themselves, for comments within comments, or for a number that goes on in the next line. How
 * deep they go is up to the text, and behind the end of a small stack the process ends. So there is room for a
 * thousand calls of the hungriest of them, on a stack of 512 kB. */
#define SCANNER_STACK_BYTES ((size_t)128 << 10)

/* Each call reads a character: one that is too deep sees the end of the source, so that all of them return. */
static void advance_within_stack(TSLexer *data, bool skip) {
  Lexer *lexer = (Lexer *)data;
  Source *source = (Source *)lexer->input.payload;
  uintptr_t here = repomap_stack_address(), start = source->stack_start;
  if (REPOMAP_UNLIKELY((here < start ? start - here : here - start) > SCANNER_STACK_BYTES)) {
    source->is_ended = source->arena->is_too_deep = true;
    source->arena->countdown = 1;
    lexer->current_included_range_index = lexer->included_range_count;
    ts_lexer__clear_chunk(lexer);
    data->lookahead = '\0';
    lexer->lookahead_size = 1;
  }
  advance(data, skip);
}

/* D's scanner keeps the word of a heredoc, q"WORD, in an array for 256 characters, and takes up to 1,030: the rest
 * overwrites its stack. So it sees the end of the text behind the 256th. It finds no string then, and the parser
 * goes on behind the q. */
static void advance_within_word(TSLexer *data, bool skip) {
  Lexer *lexer = (Lexer *)data;
  Source *source = (Source *)lexer->input.payload;
  uint32_t at = lexer->current_position.bytes;
  int32_t character = data->lookahead;
  advance(data, skip);
  if (character == '"' && at && source->bytes[at - 1] == 'q') {
    source->word_start = source->word_end = at + 1;
  } else if (at == source->word_end && (character == '_' || character >= 0x80 || isalnum(character))) {
    source->word_end = lexer->current_position.bytes;
    if (source->word_end - source->word_start >= LONGEST_WORD) data->lookahead = '\0';
  }
}

/* Swift's scanner compares a text with the names of directives. It takes the end of the text, and a NUL in it, for the
 * NUL behind such a name, and compares with what lies behind that. So it sees a blank there, which ends a directive as
 * well; at the end of the text it sees the blank once. */
static void advance_to_directive_end(TSLexer *data, bool skip) {
  static const char *const directives[] = {"#if", "#elseif", "#else", "#endif"};
  const Lexer *lexer = (const Lexer *)data;
  bool was_at_end = !lexer->chunk;
  if (was_at_end) data->lookahead = '\0';
  advance(data, skip);
  if (was_at_end || data->lookahead) return;
  const Source *source = (const Source *)lexer->input.payload;
  uint32_t at = lexer->current_position.bytes;
  for (size_t i = 0; i < sizeof directives / sizeof *directives; i++) {
    uint32_t size = (uint32_t)strlen(directives[i]);
    if (at >= size && memcmp(source->bytes + at - size, directives[i], size) == 0) data->lookahead = ' ';
  }
}

/* Elm's scanner keeps a list of indentations, with a 0 at first, and drops the last of them at an `in`. Where it
 * drops the 0, it writes what lies behind the list into its state. So it gets a second 0, which changes nothing
 * else: no indentation is less. */
static void give_indentation(TSParser *parser, const char **state, uint32_t *length) {
  /* Tokens that are due, bytes of the indentation of the line, that indentation, and those that are open. */
  static const char first[] = {0, 4, 0, 0, 0, 0, 0};
  if (!*length) {
    *state = first;
    *length = sizeof first;
  } else if (*length == (uint8_t)**state + sizeof first - 1) {
    /* Where the scanner writes its next state. */
    memcpy(parser->lexer.debug_buffer, *state, *length);
    parser->lexer.debug_buffer[(*length)++] = 0;
    *state = parser->lexer.debug_buffer;
  }
}

/* SQL's scanner forgets the word of a dollar-quoted string where it gets a state, and does not free it: up to a
 * kilobyte for each token in the string. */
static void make_scanner_again(TSParser *parser, const char **state, uint32_t *length) {
  (void)state, (void)length;
  parser->language->external_scanner.destroy(parser->external_scanner_payload);
  parser->external_scanner_payload = parser->language->external_scanner.create();
}

/* Where that string cannot end, the same word makes the scanner forget a kilobyte, and find nothing. Return whether
 * the word is the next of the text. */
static bool is_word_of_string(TSParser *parser, const bool *valid) {
  enum { START_TAG, END_TAG, STRING };
  const Source *source = (const Source *)parser->lexer.input.payload;
  if (source->state_length < 2 || valid[END_TAG] || !valid[STRING]) return false;
  const uint8_t *at = (const uint8_t *)source->bytes + parser->lexer.current_position.bytes;
  const uint8_t *end = (const uint8_t *)source->bytes + source->length;
  /* The word without its NUL. The scanner keeps the low byte of each character. */
  const char *word = source->state, *word_end = word + source->state_length - 1;
  while (at < end) {
    int32_t character;
    uint32_t size = ts_decode_utf8(at, (uint32_t)(end - at), &character);
    at += size ? size : 1;
    if (word == source->state && iswspace((wint_t)character)) continue;
    if ((char)character != *word) return false;
    if (++word == word_end) return true;
  }
  return false;
}

struct ScannerGuard {
  const char *grammar;               /* its name, or an external token of its own: before ABI 15 it has no name */
  void (*advance)(TSLexer *, bool);  /* how the characters of a text are passed */
  void (*before_state)(TSParser *, const char **, uint32_t *); /* called before the scanner gets a state; or NULL */
  bool (*finds_nothing)(TSParser *, const bool *); /* whether the scanner is not to be called; or NULL */
};

static const ScannerGuard GUARDS[] = {
  {"python", advance_past_comments, NULL, NULL},
  {"not_is", advance_within_word, NULL, NULL}, /* d */
  {"elm", advance_within_stack, give_indentation, NULL},
  {"fortran", advance_within_stack, NULL, NULL},
  {"fsharp", advance_within_stack, NULL, NULL},
  {"ocaml", advance_within_stack, NULL, NULL},
  {"ocaml_interface", advance_within_stack, NULL, NULL},
  {"raw_str_continuing_indicator", advance_to_directive_end, NULL, NULL}, /* swift */
  {"_dollar_quoted_string", advance_within_budget, make_scanner_again, is_word_of_string}, /* sql */
};
static const ScannerGuard NO_GUARD = {NULL, advance_within_budget, NULL, NULL};

static bool is_grammar(const TSLanguage *language, const char *name) {
  const char *own = ts_language_name(language);
  if (own) return strcmp(own, name) == 0;
  for (uint32_t i = 0; i < language->external_token_count; i++) {
    if (strcmp(ts_language_symbol_name(language, language->external_scanner.symbol_map[i]), name) == 0) return true;
  }
  return false;
}

static const ScannerGuard *guard_of(const TSLanguage *language) {
  for (size_t i = 0; i < sizeof GUARDS / sizeof *GUARDS; i++) {
    if (is_grammar(language, GUARDS[i].grammar)) return GUARDS + i;
  }
  return &NO_GUARD;
}

/* Swift's scanner asks for no bytes and keeps four in them, which C libraries other than GNU's do not clear; told an
 * empty state, as the core does before the first token, it keeps what it has. Then a raw string may end nowhere.
 * CMake's keeps eight, clears none of them, and takes a state of as many only. */
static void begin_scanner(TSParser *parser) {
  static const char zeros[TREE_SITTER_SERIALIZATION_BUFFER_SIZE] = {0};
  if (((const Source *)parser->lexer.input.payload)->reset_scanner) {
    char state[TREE_SITTER_SERIALIZATION_BUFFER_SIZE];
    /* Both are of the C library: a grammar does not come with an allocator of its own. */
    void *with_room = realloc(parser->external_scanner_payload, LEAST_ROOM);
    if (!with_room) longjmp(current_arena->leave, ARENA_OUT_OF_MEMORY);
    parser->external_scanner_payload = with_room;
    unsigned size = parser->language->external_scanner.serialize(parser->external_scanner_payload, state);
    parser->language->external_scanner.deserialize(parser->external_scanner_payload, zeros, size ? size : 4);
  }
}

/* A scanner gets a state before each token that it is asked for. */
static void before_state(TSParser *parser, const char **state, uint32_t *length) {
  Source *source = (Source *)parser->lexer.input.payload;
  if (source->guard->before_state) source->guard->before_state(parser, state, length);
  source->state = *state;
  source->state_length = *length;
}

/* Return whether the scanner may be asked for one of the tokens that are valid. */
static bool may_scan(TSParser *parser, const bool *valid) {
  const ScannerGuard *guard = ((const Source *)parser->lexer.input.payload)->guard;
  return !guard->finds_nothing || !guard->finds_nothing(parser, valid);
}

/* UTF-8, the characters beyond U+FFFF shown as one below that is as much of a letter as they are. */
static uint32_t decode_basic(const uint8_t *string, uint32_t length, int32_t *code_point) {
  uint32_t size = ts_decode_utf8(string, length, code_point);
  if (*code_point > 0xFFFF) *code_point = iswalnum((wint_t)*code_point) ? 0x4E00 : 0xFFFD;
  return size;
}
