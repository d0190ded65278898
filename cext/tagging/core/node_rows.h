/* The rows of a syntax tree's nodes, in document order: which nodes start on a row, how far each goes, and what lies
 * within it. An outline (outline.h) is what is left of this where only scopes are asked for.
 *
 * Neighbours that start and end on one and the same row are one entry, their first: nothing of several rows is below
 * them, and there are many. */
#ifndef REPOMAP_NODE_ROWS_H_
#define REPOMAP_NODE_ROWS_H_

#include "walk.h"

typedef struct {
  uint32_t row;     /* on which the node starts */
  uint32_t end_row; /* its last row */
  uint32_t stop;    /* the entry behind the last one below it */
} RepomapNode;

typedef struct {
  uint32_t node;    /* of several rows, which is not left yet */
  size_t depth;     /* of its parent in the walk */
} RepomapOpenNode;

typedef struct {
  RepomapNode *nodes;         /* (n,) owned by the struct's holder, freed with free() */
  size_t n, capacity;
  RepomapOpenNode *open;      /* (n_open,) outermost first; owned in the same way */
  size_t n_open, open_capacity;
} RepomapNodeRows;

/* Collect the nodes of `tree` in `rows`, in place of what it held. `walk` is zeroed memory or was used before.
 * ARENA_RUNNING when all went well; another verdict when the arena's time is over or there is no memory. */
ArenaVerdict repomap_node_rows(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapNodeRows *rows);

#endif
