/* The outline of a syntax tree: its scopes, which are nodes of several rows.
 *
 * A row on which nodes of more than one row start is the head of a scope, down to the last row that any of them
 * reaches. Where two or more start there, the smallest of them tells how far the head goes; a single one says nothing
 * of it, and the head is the row itself. Nodes that stay on one row are passed over with all that is below them: what
 * is left of a tree is a small part of it. */
#ifndef REPOMAP_OUTLINE_H_
#define REPOMAP_OUTLINE_H_

#include "walk.h"

typedef struct {
  uint32_t row;      /* on which the nodes start */
  uint32_t end_row;  /* last row of the longest of them */
  uint32_t n_nodes;  /* how many there are, of more than one row each */
  uint32_t smallest; /* rows from the first to the last of the shortest of them, the last not counted */
} RepomapScope;

typedef struct {
  RepomapScope *scopes; /* (n,) by row; owned by the struct's holder, freed with free() */
  size_t n, capacity;
} RepomapOutline;

/* Collect the scopes of `tree` in `outline`, in place of what it held. `walk` is zeroed memory or was used before.
 * ARENA_RUNNING when all went well; another verdict when the arena's time is over or there is no memory. */
ArenaVerdict repomap_outline(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapOutline *outline);

#endif
