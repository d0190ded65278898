/* What the package does with the text of a file, in a library that the build runs to count which ways through the core
 * are the usual ones (cmake/Training.cmake). No part of the package. */
#include "core.h"
#include "outline.h"
#include "walk.h"

static Arena arena;
static RepomapWalk walk;
static RepomapOutline outline;

static ArenaVerdict find_matches(
  const TSTree *tree, const TSQuery *query, const uint8_t *is_start, uint32_t n_symbols
) {
  TSQueryCursor *cursor = NULL;
  TSQueryMatch match;
  TSNode node;
  ArenaVerdict verdict;
  repomap_walk_start(&walk, tree, is_start, n_symbols);
  while ((verdict = repomap_walk_next(&walk, &arena, &node)) == ARENA_RUNNING && node.id) {
    bool is_found = true;
    verdict = repomap_cursor_start(&arena, &cursor, query, node, 0, false);
    while (verdict == ARENA_RUNNING && is_found) verdict = repomap_cursor_next(&arena, cursor, &match, &is_found);
    if (verdict != ARENA_RUNNING) break;
  }
  return verdict;
}

/* Parse the text, find what the query asks for, and outline it; return whether all of it could be done. */
__attribute__((visibility("default"))) bool repomap_train(
  const TSLanguage *language, const char *query_text, uint32_t query_length, const char *text, uint32_t length
) {
  static const volatile int stop = 0;
  uint32_t error_offset, n_symbols;
  TSQueryError error;
  TSTree *tree = NULL;

  TSQuery *query = repomap_query_new(language, query_text, query_length, false, &error_offset, &error);
  if (!query) return false;
  uint8_t *is_start = repomap_pattern_starts(query, language, &n_symbols);
  arena.budget = SIZE_MAX;
  arena.deadline_ns = INT64_MAX;
  arena.stop = &stop;
  ArenaVerdict verdict = repomap_parse(&arena, language, false, false, text, length, &tree);
  if (verdict == ARENA_RUNNING && tree && is_start) {
    verdict = find_matches(tree, query, is_start, n_symbols);
  }
  if (verdict == ARENA_RUNNING && tree) verdict = repomap_outline(&walk, &arena, tree, &outline);
  arena_reset(&arena);
  free(is_start);
  ts_query_delete(query);
  return verdict == ARENA_RUNNING && tree && is_start;
}
