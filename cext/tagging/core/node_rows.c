/* Included by core.c, behind walk.c: it goes over the bare subtrees as that does. */
#include "node_rows.h"

/* Leave the nodes that are no parents of a child at this depth of the walk. */
static void node_rows_leave(RepomapNodeRows *rows, size_t depth) {
  while (rows->n_open && rows->open[rows->n_open - 1].depth >= depth) {
    rows->nodes[rows->open[--rows->n_open].node].stop = (uint32_t)rows->n;
  }
}

static bool node_rows_add(RepomapNodeRows *rows, size_t depth, uint32_t row, uint32_t n_rows) {
  if (!n_rows && rows->n) {
    const RepomapNode *last = &rows->nodes[rows->n - 1];
    if (last->row == row && last->end_row == row) return true;
  }
  if (rows->n == rows->capacity) {
    size_t capacity = rows->capacity ? rows->capacity * 2 : 1024;
    RepomapNode *nodes = (RepomapNode *)realloc(rows->nodes, capacity * sizeof *nodes);
    if (!nodes) return false;
    rows->nodes = nodes;
    rows->capacity = capacity;
  }
  uint32_t number = (uint32_t)rows->n++;
  rows->nodes[number] = (RepomapNode){.row = row, .end_row = row + n_rows, .stop = number + 1};
  if (!n_rows) return true;
  if (rows->n_open == rows->open_capacity) {
    size_t capacity = rows->open_capacity ? rows->open_capacity * 2 : 64;
    RepomapOpenNode *open = (RepomapOpenNode *)realloc(rows->open, capacity * sizeof *open);
    if (!open) return false;
    rows->open = open;
    rows->open_capacity = capacity;
  }
  rows->open[rows->n_open++] = (RepomapOpenNode){.node = number, .depth = depth};
  return true;
}

ArenaVerdict repomap_node_rows(RepomapWalk *walk, const Arena *arena, const TSTree *tree, RepomapNodeRows *rows) {
  rows->n = rows->n_open = 0;
  repomap_walk_start(walk, tree, NULL, 0);
  const Subtree *root = &tree->root;
  Length position = ts_subtree_padding(*root);
  if (!node_rows_add(rows, 0, position.extent.row, ts_subtree_size(*root).extent.row)) return ARENA_OUT_OF_MEMORY;
  if (ts_subtree_child_count(*root) && !walk_enter(walk, root, position)) return ARENA_OUT_OF_MEMORY;
  ArenaVerdict verdict;
  TSSymbol alias;
  const Subtree *child;
  while ((child = walk_pass_next(walk, arena, &alias, &position, &verdict))) {
    size_t depth = walk->depth;
    node_rows_leave(rows, depth);
    bool is_visible = alias || ts_subtree_visible(*child);
    uint32_t n_rows = ts_subtree_size(*child).extent.row;
    if (is_visible && !node_rows_add(rows, depth, position.extent.row, n_rows)) return ARENA_OUT_OF_MEMORY;
    if (ts_subtree_child_count(*child) && !walk_enter(walk, child, position)) return ARENA_OUT_OF_MEMORY;
  }
  node_rows_leave(rows, 0);
  return verdict;
}
