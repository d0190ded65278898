/* Every node of a tree at which a pattern of a query may begin, and no other.
 *
 * The core's query cursor asks a dozen questions of each node that it passes, and passes all of them: most of what a
 * query costs is walking. Where each pattern begins at a node of a known kind, that is not needed: this walk goes
 * over the bare subtrees, some ten instructions a node, and the cursor is started only at those nodes, told not to
 * begin a match below. The matches are the same; a query that begins otherwise (with a wildcard,
 * a field, a supertype, a row of siblings) is left to the cursor. */
#ifndef REPOMAP_WALK_H_
#define REPOMAP_WALK_H_

#include "core.h"

typedef struct {
  const void *subtree;              /* borrowed from the tree */
  const uint16_t *aliases;          /* of its children that are no extras, or NULL */
  uint32_t byte, row, column;       /* where the child before ends, or the first one starts */
  uint32_t child;                   /* position of the next child */
  uint32_t structural_child;        /* the same, extras not counted */
} RepomapWalkEntry;

typedef struct {
  const TSTree *tree;               /* borrowed */
  const uint8_t *is_start;          /* (n_symbols,) borrowed */
  uint32_t n_symbols;
  bool is_root_passed;
  uint32_t countdown;               /* children until the next check of the clock */
  uint64_t n_steps;                 /* children that were passed before the countdown began, by all walks */
  RepomapWalkEntry *entries;        /* from the root to the node whose children are passed; owned */
  size_t depth, capacity;
} RepomapWalk;

/* Which node kinds, by their number in the grammar, a pattern of the query may begin at: (symbol count,) bytes, to be
 * freed by the caller. NULL when the query is to be left to the cursor, or there is no memory. */
uint8_t *repomap_pattern_starts(const TSQuery *query, const TSLanguage *language, uint32_t *n_symbols_out);

/* Whether the matches in a file are those in trees that have its root's children between them: no pattern that may
 * begin at the root has its node, or asks for more than one of its children. The query is one whose starts are
 * known. */
bool repomap_is_cut_safe(const TSQuery *query, const TSLanguage *language);

/* Begin a walk over `tree`. `walk` is zeroed memory or was used before. */
void repomap_walk_start(RepomapWalk *walk, const TSTree *tree, const uint8_t *is_start, uint32_t n_symbols);

/* Children that all walks of this struct have passed. */
uint64_t repomap_walk_steps(const RepomapWalk *walk);

/* The next node at which a pattern may begin, in the order of the text. ARENA_RUNNING and a node whose id is NULL at
 * the end; another verdict when the arena's budget is spent or there is no memory. */
ArenaVerdict repomap_walk_next(RepomapWalk *walk, Arena *arena, TSNode *node_out);

#endif
