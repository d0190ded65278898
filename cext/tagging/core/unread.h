/* What the parser could not read: the rows of the tokens that no rule of the grammar took in, and of those it missed.
 *
 * A node of kind ERROR holds what was found around a mistake. Its tokens were taken in by no rule. A whole node in it
 * was read as well as any other, although not in its place. */
#ifndef REPOMAP_UNREAD_H_
#define REPOMAP_UNREAD_H_

#include "walk.h"

#define UNREAD_MOST_RANGES 64 /* of one file; the last of them reaches to the last mistake */

typedef struct {
  uint32_t row, end_row; /* zero-based, both included */
} RepomapRange;

typedef struct {
  RepomapRange ranges[UNREAD_MOST_RANGES]; /* (n,) rising; a row lies between each two of them at least */
  uint32_t n;
} RepomapUnread;

/* Add the rows of `tree` that were not read to `unread`, which may have those of a tree before it in the text. Only
 * nodes with a mistake are entered. `walk` is zeroed memory or was used before. ARENA_RUNNING when all went well;
 * another verdict when the arena's time is over or there is no memory. */
ArenaVerdict repomap_find_unread(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapUnread *unread);

#endif
