/* A query cursor whose cost grows with what it finds: as TSQueryCursor, but for how it keeps its states. */
#ifndef REPOMAP_CURSOR_H_
#define REPOMAP_CURSOR_H_

#include "arena.h"
#include "tree_sitter/api.h"

typedef struct RepomapCursor RepomapCursor;

/* As TSQueryMatch, whose count of captures has 16 bits: a repetition over a long file captures more. */
typedef struct {
  const TSQueryCapture *captures; /* borrowed from the cursor, until its next match */
  uint32_t capture_count;
  uint16_t pattern_index;
} RepomapMatch;

/* Start a cursor, which is made where `*cursor` is NULL, at `node`. With `is_only_here` patterns begin at `node` alone,
 * else anywhere below it too. As the tree does, the cursor lives in the arena and within its budget, and is gone with
 * arena_reset(). */
ArenaVerdict repomap_cursor_start(
  Arena *arena, RepomapCursor **cursor, const TSQuery *query, TSNode node, bool is_only_here
);

/* The cursor's next match, good until the one after it. ARENA_RUNNING and `*is_found_out` false at the end. */
ArenaVerdict repomap_cursor_next(Arena *arena, RepomapCursor *cursor, RepomapMatch *match_out, bool *is_found_out);

#endif
