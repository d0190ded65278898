/* The tree-sitter core on an arena: parse one file within a budget of time and memory. */
#ifndef REPOMAP_CORE_H_
#define REPOMAP_CORE_H_

#include "arena.h"
#include "tree_sitter/api.h"

/* Parse `length` bytes of UTF-8 at `source` into `arena`, which the caller has given its budget. With `bmp_only` the
 * grammar is shown no character beyond U+FFFF, another in its place. With `reset_scanner` its scanner is given a first
 * state of zeros.
 *
 * On ARENA_RUNNING, `*tree_out` is the tree: it lives in the arena, as does its parser, and both are gone with
 * arena_reset(); it is never deleted otherwise. On any other verdict there is no tree. Bytes that a grammar's
 * external scanner has allocated itself are freed in both cases. `*tree_out` is NULL where the grammar's ABI does
 * not fit the core. */
ArenaVerdict repomap_parse(
  Arena *arena, const TSLanguage *language, bool bmp_only, bool reset_scanner, const char *source, uint32_t length,
  TSTree **tree_out
);

/* The same for a text of the same length as `original`, the text of `tree`, which it was made from. What was not
 * changed is taken from that tree, which stays as it is. */
ArenaVerdict repomap_parse_again(
  Arena *arena, const TSTree *tree, bool bmp_only, bool reset_scanner, const char *original, const char *source,
  uint32_t length, TSTree **tree_out
);

/* A parse that hands out one tree after another, so that they need not be in memory at once: see parse_windows.c. */
typedef struct RepomapParse RepomapParse;

/* Begin one, as repomap_parse(); its windows have at least `window_bytes`. `*parse_out` is to be deleted before the
 * arena is reset, whatever the verdict. */
ArenaVerdict repomap_parse_new(
  Arena *arena, const TSLanguage *language, bool bmp_only, bool reset_scanner, const char *source, uint32_t length,
  uint32_t window_bytes, RepomapParse **parse_out
);

/* Give the tree of the next window, in place of the one before, which is gone then. Its root is of the kind that the
 * whole tree's would be, and has those nodes of the file below it that no window had before, at their places. NULL as
 * repomap_parse() has it. */
ArenaVerdict repomap_parse_next(RepomapParse *parse, TSTree **tree_out, bool *is_last_out);

/* Whether an error has taken back what windows had: then the tree is NULL, and no window counts. */
bool repomap_parse_is_taken_back(const RepomapParse *parse);

void repomap_parse_delete(RepomapParse *parse);

/* What the errors of a tree weigh, as the parser weighs them; 0 where it has none. */
uint32_t repomap_error_cost(const TSTree *tree);

/* Of a repaired copy of the text of a tree, keep what lies in statements with errors and near them, and take the rest
 * of `original` again. Return whether the copy still differs: if not, parsing it would give the same tree. */
bool repomap_keep_near_errors(const TSTree *tree, const uint8_t *original, uint8_t *copy, uint32_t size);

/* A query that is too long, or nested too deeply, for the core to read it safely. */
#define REPOMAP_QUERY_ERROR_EXCESS ((TSQueryError)100)

/* A query that the arena's budget was not enough for. */
#define REPOMAP_QUERY_ERROR_COST ((TSQueryError)101)

/* As ts_query_new(). With an `arena` it is proved that each pattern can match, within the arena's budget; the query
 * lives in the arena and is gone with it. Without one the caller knows that there are none that cannot, or does not
 * mind; the matches are the same. */
TSQuery *repomap_query_new(
  Arena *arena, const TSLanguage *language, const char *source, uint32_t length, uint32_t *error_offset,
  TSQueryError *error
);

#endif
