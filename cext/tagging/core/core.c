/* The one copy of the tree-sitter core that this package links, its allocator replaced at compile time.
 *
 * The core takes ts_malloc and its kin from macros when they are defined: so the arena's few instructions are inlined
 * into the parser, where ts_set_allocator() would cost a call through a pointer for each node. Outside of
 * repomap_parse() no arena is current, and the C library's malloc serves: queries and query cursors outlive files. */
#include <ctype.h>
#include <stdio.h>
#include <wctype.h>

#include "core.h"

static REPOMAP_THREAD_LOCAL Arena *current_arena;

static void *check_allocated(void *pointer, size_t size) {
  if (!pointer && size) {
    fprintf(stderr, "repomap-fast: out of memory: %zu bytes for a query could not be allocated\n", size);
    abort();
  }
  return pointer;
}

static REPOMAP_INLINE void *core_malloc(size_t size) {
  Arena *arena = current_arena;
  if (arena) return arena_allocate(arena, size);
  return check_allocated(malloc(size), size);
}

static REPOMAP_INLINE void *core_calloc(size_t count, size_t size) {
  Arena *arena = current_arena;
  if (!arena) return check_allocated(calloc(count, size), count * size);
  if (size && count > SIZE_MAX / size) longjmp(arena->leave, ARENA_OUT_OF_MEMORY);
  return memset(arena_allocate(arena, count * size), 0, count * size);
}

static REPOMAP_INLINE void *core_realloc(void *pointer, size_t size) {
  Arena *arena = current_arena;
  if (arena) return arena_reallocate(arena, pointer, size);
  return check_allocated(realloc(pointer, size), size);
}

static REPOMAP_INLINE void core_free(void *pointer) {
  if (!pointer) return;
  Arena *arena = current_arena;
  if (arena) {
    arena_free(arena, pointer);
  } else {
    free(pointer);
  }
}

#define ts_malloc core_malloc
#define ts_calloc core_calloc
#define ts_realloc core_realloc
#define ts_free core_free

/* A tree stays in the thread that parsed it: its nodes are counted without the locked instructions that the core has
 * for trees of several threads, which take a twentieth of a scan. In place of the core's atomic.h. */
#define TREE_SITTER_ATOMIC_H_
static REPOMAP_INLINE uint32_t atomic_inc(volatile uint32_t *count) { return ++*(uint32_t *)count; }
static REPOMAP_INLINE uint32_t atomic_dec(volatile uint32_t *count) { return --*(uint32_t *)count; }

/* The changed copy of subtree.h, before any source of the core includes its own. */
#include "repomap_subtree.h"

/* The parse table of a small state is a list that the core searches symbol by symbol: a tenth of a parse. The arena
 * remembers the answers of late. language.h defines its function under another name, ours takes its place. */
#define ts_language_lookup search_parse_table
#include "language.h"
#undef ts_language_lookup

static REPOMAP_INLINE uint16_t ts_language_lookup(const TSLanguage *language, TSStateId state, TSSymbol symbol) {
  Arena *arena = current_arena;
  if (state < language->large_state_count || !arena) return search_parse_table(language, state, symbol);
  uint32_t key = (uint32_t)state << 16 | symbol;
  ArenaLookup *lookup = &arena->lookups[key * 0x9E3779B1u >> (32 - ARENA_LOOKUPS_LOG2)];
  if (lookup->key != key) {
    lookup->key = key;
    lookup->value = search_parse_table(language, state, symbol);
  }
  return lookup->value;
}

/* The room that grammars are promised for a scanner's state, and that their scanners were compiled for. Python's writes
 * a byte more than that (an odd number of strings in 510 levels of indentation), Perl's up to twelve at a time: there
 * must be a place for them. */
#include "parser.h"
enum { SCANNER_STATE_SIZE = TREE_SITTER_SERIALIZATION_BUFFER_SIZE };
#undef TREE_SITTER_SERIALIZATION_BUFFER_SIZE
#define TREE_SITTER_SERIALIZATION_BUFFER_SIZE (SCANNER_STATE_SIZE + 64)

#include "alloc.c"
#include "get_changed_ranges.c"
#include "language.c"
#include "lexer.c"
#include "long_lists.h"
#include "repomap_node.c"

/* A scanner whose state fills its room is not called again: what does not fit is lost at best, and Kotlin's, at the
 * next string within a string, ends the process. */
static void keep_scanner_state(ExternalScannerState *self, const char *state, unsigned size) {
  if (size >= SCANNER_STATE_SIZE) longjmp(current_arena->leave, ARENA_TOO_DEEP);
  ts_external_scanner_state_init(self, state, size);
}

/* Some loops of the core go over a whole stack or tree and allocate nothing: lines that are inserted into its sources
 * (patch_*.cmake), and calls with many subtrees, check the arena's budget too. */
#define REPOMAP_CHECK_BUDGET arena_count(current_arena);
/* The same where there may be no arena: while a query is read. */
#define REPOMAP_CHECK_BUDGET_IF_ANY \
  if (current_arena) arena_count(current_arena);
/* To move so many pointers counts as one step. */
#define REPOMAP_POINTERS_OF_STEP 64
#define REPOMAP_COUNT_MOVED_IF_ANY(n_pointers) \
  if (current_arena) arena_count_many(current_arena, (n_pointers) / REPOMAP_POINTERS_OF_STEP);

static REPOMAP_INLINE void check_budget(uint32_t n_subtrees) {
  if (REPOMAP_UNLIKELY(n_subtrees >= 1024)) arena_check(current_arena);
}

static REPOMAP_INLINE void subtree_release(SubtreePool *pool, Subtree self) {
  check_budget(ts_subtree_child_count(self));
  ts_subtree_release(pool, self);
}

static REPOMAP_INLINE void subtree_array_delete(SubtreePool *pool, SubtreeArray *self) {
  check_budget(self->size);
  ts_subtree_array_delete(pool, self);
}

static REPOMAP_INLINE void subtree_array_copy(SubtreeArray self, SubtreeArray *copy) {
  check_budget(self.size);
  ts_subtree_array_copy(self, copy);
}

static REPOMAP_INLINE MutableSubtree subtree_new_node(
  TSSymbol symbol, SubtreeArray *children, unsigned production_id, const TSLanguage *language
) {
  check_budget(children->size);
  return ts_subtree_new_node(symbol, children, production_id, language);
}

#define ts_external_scanner_state_init keep_scanner_state
#define ts_subtree_release subtree_release
#define ts_subtree_array_delete subtree_array_delete
#define ts_subtree_array_copy subtree_array_copy
#define ts_subtree_new_node subtree_new_node
typedef struct ScannerGuard ScannerGuard;

/* What is parsed, and how far: the payload of the lexer. */
typedef struct {
  Arena *arena;
  const char *bytes;
  uint32_t length;
  uintptr_t stack_start;            /* where the parse began */
  bool reset_scanner;
  bool is_ended;                    /* the budget is spent: no more of the source is handed out */
  uint32_t end_characters;          /* calls at the end of input until the next check */
  uint32_t chunk_start, chunk_size; /* what was handed out last */
  uint32_t window_bytes;            /* the least of a window */
  uint32_t next_window, window_end; /* where one is looked for; where the last ended */
  uint32_t next_rows;               /* where long lists are looked for */
  uint32_t comments_start;          /* lines of comments that a scanner has passed, without their last line feed */
  Length comments_end;
  uint32_t word_start, word_end;    /* the word behind q" that D's scanner is passing */
  const char *state;                /* that the scanner got last; in the arena */
  uint32_t state_length;
  const ScannerGuard *guard;
} Source;

/* No list in a node of fewer bytes is so long that it matters how deep it is. */
#define REPOMAP_BALANCED_BYTES 128
#define REPOMAP_BEGIN_SCANNER begin_scanner(self);
static void begin_scanner(TSParser *parser);
static void before_state(TSParser *parser, const char **state, uint32_t *length);
static bool may_scan(TSParser *parser, const bool *valid);
#define REPOMAP_PAUSE_AT_WINDOW                                                            \
  if (REPOMAP_UNLIKELY(position >= ((Source *)self->lexer.input.payload)->next_window) && \
      pause_at_window(self, position)) {                                                   \
    return NULL;                                                                           \
  }
static bool pause_at_window(TSParser *parser, uint32_t position);
#define REPOMAP_PUT_INTO_ROWS \
  if (REPOMAP_UNLIKELY(position >= ((Source *)self->lexer.input.payload)->next_rows)) put_into_rows(self, position);
static void put_into_rows(TSParser *parser, uint32_t position);
#include "repomap_parser.c"
#include "repomap_stack.c"
#undef ts_external_scanner_state_init
#undef ts_subtree_release
#undef ts_subtree_array_delete
#undef ts_subtree_array_copy
#undef ts_subtree_new_node

#include "point.c"

/* What stands in for the proof that a query's patterns can match, where it is left out: no step may then be taken as
 * certain to match once the steps before it have, which the cursor only uses to keep fewer states. */
static REPOMAP_THREAD_LOCAL bool is_proof_left_out;

#define REPOMAP_BEFORE_PROOF                                                  \
  if (is_proof_left_out) {                                                    \
    for (unsigned i = 0; i < self->steps.size; i++) {                         \
      QueryStep *step = array_get(&self->steps, i);                           \
      if (step->depth == PATTERN_DONE_MARKER) continue;                       \
      step->root_pattern_guaranteed = step->parent_pattern_guaranteed = false; \
    }                                                                         \
    array_delete(&non_rooted_pattern_start_steps);                            \
    array_delete(&parent_step_indices);                                       \
    return all_patterns_are_valid;                                            \
  }

#include "repomap_query.c"
#include "repomap_subtree.c"
#include "repomap_tree_cursor.c"
#include "tree.c"
#include "wasm_store.c"

#include "cursor.c"
#include "walk.c"
#include "outline.c"
#include "use_tables.c"
#include "facts.c"
#include "fact_strings.c"
#include "fact_docs.c"
#include "fact_nodes.c"
#include "fact_elements.c"
#include "fact_entered.c"
#include "fact_bindings.c"
#include "use_choices.c"
#include "uses.c"
#include "macro_uses.c"
#include "settled_uses.c"
#include "fact_writer.c"
#include "node_rows.c"
#include "unread.c"

/* The core reads a pattern within a pattern by recursion, and numbers the steps of a query, of a byte at least, with 16
 * bits. No query that anybody means comes near these. */
enum { QUERY_LENGTH = UINT16_MAX - 1, QUERY_DEPTH = 250, QUERY_FIELDS = 2 };

/* Return the byte at which the source breaks a limit, or its length. */
static uint32_t find_limit_break(const char *source, uint32_t length) {
  unsigned depth = 0, fields = 0;
  uint32_t end = length > QUERY_LENGTH ? QUERY_LENGTH : length;
  for (uint32_t i = 0; i < end; i++) {
    switch (source[i]) {
      case ';':
        while (i + 1 < end && source[i + 1] != '\n') i++;
        break;
      case '"':
        for (i++; i < end && source[i] != '"' && source[i] != '\n'; i++) {
          if (source[i] == '\\') i++;
        }
        fields = 0;
        break;
      case ':':
        if (++fields > QUERY_FIELDS) return i;
        break;
      case '(':
      case '[':
        fields = 0;
        if (++depth > QUERY_DEPTH) return i;
        break;
      case ')':
      case ']':
        fields = 0;
        if (depth) depth--;
        break;
    }
  }
  return end;
}

static void forget_lookups(Arena *arena, const TSLanguage *language) {
  /* No small state is numbered 65535 and asked about symbol 65535. */
  memset(arena->lookups, 0xFF, sizeof arena->lookups);
  arena->lookups_of = language;
}

TSQuery *repomap_query_new(
  Arena *arena, const TSLanguage *language, const char *source, uint32_t length, uint32_t *error_offset,
  TSQueryError *error
) {
  *error_offset = find_limit_break(source, length);
  if (*error_offset < length) {
    *error = REPOMAP_QUERY_ERROR_EXCESS;
    return NULL;
  }
  if (!arena) {
    is_proof_left_out = true;
    TSQuery *query = ts_query_new(language, source, length, error_offset, error);
    is_proof_left_out = false;
    return query;
  }
  TSQuery *volatile query = NULL;
  arena->countdown = ARENA_CHECK_INTERVAL;
  forget_lookups(arena, language);
  if (setjmp(arena->leave) == 0) {
    current_arena = arena;
    query = ts_query_new(language, source, length, error_offset, error);
  } else {
    *error_offset = 0;
    *error = REPOMAP_QUERY_ERROR_COST;
  }
  current_arena = NULL;
  return query;
}

/* Source that the lexer is given at once. It asks for more wherever it is, in a token of many megabytes and in a
 * scanner's own loops too: each time the budget is checked. */
#define SOURCE_CHUNK ((uint32_t)64 << 10)
#define LONGEST_CHARACTER ((uint32_t)4)
/* Calls at the end of input between two checks of the budget. */
#define END_CHARACTERS 65536

/* Scanners keep what they have allocated of their own in local variables: leaving one by longjmp would leak it. So
 * where the budget is spent the source ends, as scanners expect of any source, and the parser is left as soon as it
 * allocates. A piece that the lexer asks for again, to decode a character or count columns, is handed out all the same,
 * but no more than a character of it: a parser that finds no token tries a scanner at each byte of what is left, and
 * the scanner may go to the end of it each time. */
static const char *read_source(void *payload, uint32_t byte, TSPoint position, uint32_t *length) {
  Source *source = (Source *)payload;
  (void)position;
  source->arena->countdown = ARENA_CHECK_INTERVAL;
  if (!source->is_ended && REPOMAP_UNLIKELY(arena_verdict(source->arena) != ARENA_RUNNING)) source->is_ended = true;
  if (source->is_ended) {
    source->arena->countdown = 1;
    bool is_again = byte >= source->chunk_start && byte - source->chunk_start < source->chunk_size;
    if (is_again && source->chunk_size - (byte - source->chunk_start) > LONGEST_CHARACTER) {
      source->chunk_size = byte - source->chunk_start + LONGEST_CHARACTER;
    }
    *length = is_again ? source->chunk_start + source->chunk_size - byte : 0;
    return *length ? source->bytes + byte : "";
  }
  *length = byte < source->length ? source->length - byte : 0;
  if (*length > SOURCE_CHUNK) *length = SOURCE_CHUNK;
  source->chunk_start = byte;
  source->chunk_size = *length;
  return *length ? source->bytes + byte : "";
}

/* Allocation checks the budget; this checks it while the parser only lexes. */
static bool stop_over_budget(TSParseState *state) {
  arena_check(((Source *)state->payload)->arena);
  return false;
}

/* Called for each character. Within a line of ASCII nothing is decoded and no range is searched: one range covers the
 * whole source. Calls at the end of input are counted, so that a scanner that loops there still hits its time limit. */
static REPOMAP_INLINE void advance(TSLexer *data, bool skip) {
  Lexer *lexer = (Lexer *)data;
  if (REPOMAP_UNLIKELY(!lexer->chunk)) {
    Source *source = (Source *)lexer->input.payload;
    if (--source->end_characters == 0) {
      source->end_characters = END_CHARACTERS;
      arena_check(source->arena);
    }
    return;
  }
  uint32_t in_chunk = lexer->current_position.bytes + 1 - lexer->chunk_start;
  if (
    lexer->lookahead_size == 1 && data->lookahead != '\n' && in_chunk < lexer->chunk_size &&
    (uint8_t)lexer->chunk[in_chunk] < 0x80
  ) {
    ts_lexer__increment_column_data(lexer);
    lexer->current_position.bytes++;
    lexer->current_position.extent.column++;
    if (skip) lexer->token_start_position = lexer->current_position;
    data->lookahead = (uint8_t)lexer->chunk[in_chunk];
  } else {
    ts_lexer__do_advance(lexer, skip);
  }
}

static void advance_within_budget(TSLexer *data, bool skip) {
  advance(data, skip);
}

#include "scanner_guards.c"

uint32_t repomap_error_cost(const TSTree *tree) { return ts_subtree_error_cost(tree->root); }

#include "long_lists.c"
#include "parse_windows.c"
#include "parse_again.c"

static void start_parse(
  RepomapParse *parse, Arena *arena, const TSLanguage *language, bool bmp_only, bool reset_scanner, const char *source,
  uint32_t length
) {
  *parse = (RepomapParse){
    .source = {
      .arena = arena, .bytes = source, .length = length, .reset_scanner = reset_scanner,
      .end_characters = END_CHARACTERS, .next_window = UINT32_MAX,
      .next_rows = ROW_LOOKS, .word_end = UINT32_MAX, .guard = guard_of(language),
    },
    .language = language,
    .bmp_only = bmp_only,
  };
}

static ArenaVerdict continue_parse(RepomapParse *parse, TSTree **tree_out) {
  Arena *arena = parse->source.arena;
  const TSLanguage *language = parse->language;
  *tree_out = NULL;
  arena->countdown = ARENA_CHECK_INTERVAL;
  arena->is_too_deep = false;
  parse->source.stack_start = repomap_stack_address();
  if (arena->lookups_of != language) forget_lookups(arena, language);
  ArenaVerdict verdict = (ArenaVerdict)setjmp(arena->leave);
  if (verdict == ARENA_RUNNING) {
    current_arena = arena;
    if (!parse->parser) {
      parse->parser = ts_parser_new();
      parse->parser->lexer.data.advance = parse->source.guard->advance;
      parse->is_finished = !ts_parser_set_language(parse->parser, language);
    }
    if (!parse->is_finished) {
      if (parse->tree_before) parse->tree_edited = edited_tree(arena, parse);
      *tree_out = parse_to_window(parse);
      if (parse->source.is_ended) {
        *tree_out = NULL;
        arena_check(arena);
      }
    }
  } else {
    *tree_out = NULL;
    leave_parse(parse);
  }
  if (parse->is_finished) arena_drop_stack(arena);
  arena->is_too_deep = false;
  current_arena = NULL;
  return verdict;
}

ArenaVerdict repomap_parse(
  Arena *arena, const TSLanguage *language, bool bmp_only, bool reset_scanner, const char *source, uint32_t length,
  TSTree **tree_out
) {
  RepomapParse parse;
  *tree_out = NULL;
  start_parse(&parse, arena, language, bmp_only, reset_scanner, source, length);
  return continue_parse(&parse, tree_out);
}

ArenaVerdict repomap_parse_again(
  Arena *arena, const TSTree *tree, bool bmp_only, bool reset_scanner, const char *original, const char *source,
  uint32_t length, TSTree **tree_out
) {
  RepomapParse parse;
  *tree_out = NULL;
  start_parse(&parse, arena, tree->language, bmp_only, reset_scanner, source, length);
  parse.tree_before = tree;
  parse.text_before = original;
  return continue_parse(&parse, tree_out);
}

ArenaVerdict repomap_parse_new(
  Arena *arena, const TSLanguage *language, bool bmp_only, bool reset_scanner, const char *source, uint32_t length,
  uint32_t window_bytes, RepomapParse **parse_out
) {
  RepomapParse *parse = *parse_out = (RepomapParse *)malloc(sizeof *parse);
  if (!parse) return ARENA_OUT_OF_MEMORY;
  start_parse(parse, arena, language, bmp_only, reset_scanner, source, length);
  parse->source.window_bytes = parse->source.next_window = window_bytes;
  return ARENA_RUNNING;
}

ArenaVerdict repomap_parse_next(RepomapParse *parse, TSTree **tree_out, bool *is_last_out) {
  ArenaVerdict verdict = continue_parse(parse, tree_out);
  *is_last_out = parse->is_finished;
  return verdict;
}

void repomap_parse_delete(RepomapParse *parse) {
  if (parse) leave_parse(parse);
  free(parse);
}
