/* Included by core.c, behind walk.c: it goes over the bare subtrees as that does. */
#include "outline.h"

/* Preorder: rows never fall from one node to the next, so that nodes of one row come one after another. */
static bool outline_add(RepomapOutline *outline, uint32_t row, uint32_t n_rows) {
  if (outline->n && outline->scopes[outline->n - 1].row == row) {
    RepomapScope *scope = &outline->scopes[outline->n - 1];
    scope->n_nodes++;
    if (row + n_rows > scope->end_row) scope->end_row = row + n_rows;
    if (n_rows < scope->smallest) scope->smallest = n_rows;
    return true;
  }
  if (outline->n == outline->capacity) {
    size_t capacity = outline->capacity ? outline->capacity * 2 : 256;
    RepomapScope *scopes = (RepomapScope *)realloc(outline->scopes, capacity * sizeof *scopes);
    if (!scopes) return false;
    outline->scopes = scopes;
    outline->capacity = capacity;
  }
  outline->scopes[outline->n++] =
    (RepomapScope){.row = row, .end_row = row + n_rows, .n_nodes = 1, .smallest = n_rows};
  return true;
}

ArenaVerdict repomap_outline(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapOutline *outline) {
  outline->n = 0;
  repomap_walk_start(walk, tree, NULL, 0);
  const Subtree *root = &tree->root;
  Length position = ts_subtree_padding(*root);
  uint32_t n_rows = ts_subtree_size(*root).extent.row;
  if (!n_rows) return ARENA_RUNNING;
  if (!outline_add(outline, position.extent.row, n_rows)) return ARENA_OUT_OF_MEMORY;
  if (ts_subtree_child_count(*root) && !walk_enter(walk, root, position)) return ARENA_OUT_OF_MEMORY;
  ArenaVerdict verdict;
  TSSymbol alias;
  const Subtree *child;
  while ((child = walk_pass_next(walk, arena, &alias, &position, &verdict))) {
    n_rows = ts_subtree_size(*child).extent.row;
    if (!n_rows) continue;
    bool is_visible = alias || ts_subtree_visible(*child);
    if (is_visible && !outline_add(outline, position.extent.row, n_rows)) return ARENA_OUT_OF_MEMORY;
    if (ts_subtree_child_count(*child) && !walk_enter(walk, child, position)) return ARENA_OUT_OF_MEMORY;
  }
  return verdict;
}
