/* Parses, queries and outlines a text, and finds its uses, as the package does: the library that the build runs to
 * count branches for PGO (cmake/PGO.cmake). It is not part of the package. */
#include "core.h"
#include "cursor.h"
#include "node_rows.h"
#include "outline.h"
#include "uses.h"
#include "walk.h"

static const volatile int stop = 0;
static Arena arena;
static RepomapWalk walk;
static RepomapOutline outline;
static RepomapNodeRows rows;
static UseFinder finder;
static RepomapCursor *cursor; /* of the text at hand; in the arena */

static ArenaVerdict find_matches_at(const TSQuery *query, TSNode node) {
  RepomapMatch match;
  bool is_found = true;
  ArenaVerdict verdict = repomap_cursor_start(&arena, &cursor, query, node, true);
  while (verdict == ARENA_RUNNING && is_found) verdict = repomap_cursor_next(&arena, cursor, &match, &is_found);
  return verdict;
}

static int find_matches_of_query(void *query, const TSNode *starts, size_t n) {
  ArenaVerdict verdict = ARENA_RUNNING;
  for (size_t i = 0; verdict == ARENA_RUNNING && i < n; i++) {
    verdict = find_matches_at((const TSQuery *)query, starts[i]);
  }
  return verdict;
}

static ArenaVerdict find_matches(
  const TSTree *tree, const TSQuery *query, const uint8_t *is_start, uint32_t n_symbols
) {
  TSNode node;
  ArenaVerdict verdict;
  repomap_walk_start(&walk, tree, is_start, n_symbols);
  while ((verdict = repomap_walk_next(&walk, &arena, &node)) == ARENA_RUNNING && node.id) {
    verdict = find_matches_at(query, node);
    if (verdict != ARENA_RUNNING) break;
  }
  return verdict;
}

/* As tree_findings.pxd does: where the language has uses, their walk finds where patterns begin. */
static ArenaVerdict find_in_tree(
  const TSTree *tree, const TSLanguage *language, const char *grammar, const TSQuery *query, const char *text,
  uint32_t length, const uint8_t *is_start, uint32_t n_symbols
) {
  UseRules rules = {0};
  ArenaVerdict verdict = ARENA_OUT_OF_MEMORY;
  if (repomap_use_rules(language, grammar, NULL, &rules)) {
    if (rules.rules) {
      verdict = repomap_start_uses(&finder, &arena, &rules, (const uint8_t *)text, length);
      if (verdict == ARENA_RUNNING) {
        UseStarts starts = {is_start, n_symbols, find_matches_of_query, (void *)query};
        verdict = repomap_find_uses(&finder, &arena, &rules, tree, (const uint8_t *)text, starts);
      }
      if (verdict == ARENA_RUNNING) verdict = repomap_settle_uses(&finder, &arena, &rules);
    } else {
      verdict = find_matches(tree, query, is_start, n_symbols);
    }
  }
  repomap_free_use_rules(&rules);
  return verdict;
}

#define PUBLIC __attribute__((visibility("default")))

/* Compile a query as one of a user's is, with the proof that its patterns can match. NULL where that cannot be done. */
PUBLIC TSQuery *repomap_pgo_query(const TSLanguage *language, const char *text, uint32_t length) {
  uint32_t error_offset;
  TSQueryError error;
  /* It holds the query, and is never freed: the build's process ends soon. */
  Arena *of_query = (Arena *)calloc(1, sizeof *of_query);
  if (!of_query) return NULL;
  of_query->budget = SIZE_MAX;
  of_query->deadline_ns = INT64_MAX;
  of_query->stop = &stop;
  return repomap_query_new(of_query, language, text, length, &error_offset, &error);
}

/* Parse the text, find what the query asks for and its uses, and outline it both ways; return whether all of it could
 * be done. `grammar` is the name of the language's grammar. */
PUBLIC bool repomap_pgo_run(
  const TSLanguage *language, const char *grammar, const TSQuery *query, const char *text, uint32_t length
) {
  uint32_t n_symbols;
  TSTree *tree = NULL;

  uint8_t *is_start = repomap_pattern_starts(query, language, &n_symbols);
  if (!is_start) return false;
  arena.budget = SIZE_MAX;
  arena.deadline_ns = INT64_MAX;
  arena.stop = &stop;
  cursor = NULL;
  ArenaVerdict verdict = repomap_parse(&arena, language, false, false, text, length, &tree);
  bool is_done = verdict == ARENA_RUNNING && tree &&
                 find_in_tree(tree, language, grammar, query, text, length, is_start, n_symbols) == ARENA_RUNNING &&
                 repomap_outline(&walk, &arena, tree, &outline) == ARENA_RUNNING &&
                 repomap_node_rows(&walk, &arena, tree, &rows) == ARENA_RUNNING;
  arena_reset(&arena);
  free(is_start);
  return is_done;
}
