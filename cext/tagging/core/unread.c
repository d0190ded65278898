/* Included by core.c, behind walk.c: it goes over the bare subtrees as that does. */
#include "unread.h"

static void unread_add(RepomapUnread *unread, Length position, Subtree subtree) {
  Length end = length_add(position, ts_subtree_size(subtree));
  uint32_t row = position.extent.row, end_row = end.extent.row;
  /* A token that ends in a line feed has nothing of the row behind it. */
  if (end_row > row && end.extent.column == 0) end_row--;
  RepomapRange *last = unread->n ? &unread->ranges[unread->n - 1] : NULL;
  if (last && (row <= last->end_row + 1 || unread->n == UNREAD_MOST_RANGES)) {
    if (end_row > last->end_row) last->end_row = end_row;
  } else {
    unread->ranges[unread->n++] = (RepomapRange){row, end_row};
  }
}

static bool unread_is_mistake(Subtree subtree) {
  TSSymbol symbol = ts_subtree_symbol(subtree);
  return symbol == ts_builtin_sym_error || symbol == ts_builtin_sym_error_repeat;
}

/* Preorder: rows never fall from one node to the next. */
ArenaVerdict repomap_find_unread(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapUnread *unread) {
  const Subtree *root = &tree->root;
  if (!ts_subtree_error_cost(*root)) return ARENA_RUNNING;
  repomap_walk_start(walk, tree, NULL, 0);
  Length position = ts_subtree_padding(*root);
  if (!ts_subtree_child_count(*root)) {
    unread_add(unread, position, *root);
    return ARENA_RUNNING;
  }
  if (!walk_enter(walk, root, position)) return ARENA_OUT_OF_MEMORY;
  ArenaVerdict verdict;
  TSSymbol alias;
  const Subtree *child;
  while ((child = walk_pass_next(walk, arena, &alias, &position, &verdict))) {
    bool has_mistake = ts_subtree_error_cost(*child) > 0;
    if (ts_subtree_child_count(*child)) {
      if (has_mistake && !walk_enter(walk, child, position)) return ARENA_OUT_OF_MEMORY;
    } else {
      bool is_skipped = unread_is_mistake(*(const Subtree *)walk->entries[walk->depth - 1].subtree);
      if (has_mistake || (is_skipped && !ts_subtree_extra(*child))) unread_add(unread, position, *child);
    }
  }
  return verdict;
}
