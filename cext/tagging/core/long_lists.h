/* Included by core.c before the core's node.c: nodes that long_lists.c makes have more children than their grammar
 * says. */
#ifndef REPOMAP_LONG_LISTS_H_
#define REPOMAP_LONG_LISTS_H_

#include "core.h"

/* A list of a grammar is a hidden node of two parts, of which the first is such a list again. A row has more of
 * them. */
enum { ROW_LEAST = 16 /* parts; no node of a grammar's own has as many */ };

static bool row_is(Subtree subtree) {
  if (subtree.data.is_inline || subtree.ptr->child_count < ROW_LEAST) return false;
  const SubtreeHeapData *node = subtree.ptr;
  return !node->visible && !node->named && !node->production_id &&
         ts_subtree_symbol(ts_subtree_children(subtree)[0]) == node->symbol;
}

/* What a grammar says of fields is about two parts; each part of a row may have them. */
#define REPOMAP_FIELD_IN_ROW(node, field)                                                           \
  if (row_is(ts_node__subtree(node))) {                                                             \
    TSNode part, found;                                                                             \
    NodeChildIterator parts = ts_node_iterate_children(&node);                                      \
    while (ts_node_child_iterator_next(&parts, &part)) {                                            \
      if (ts_subtree_extra(ts_node__subtree(part))) continue;                                       \
      found = ts_node_child_by_field_id(part, field);                                               \
      if (found.id) return found;                                                                   \
    }                                                                                               \
    return ts_node__null();                                                                         \
  }

/* Where a part of a list has a field, the next parts may have it too. */
#define REPOMAP_LATER_IN_ROW(parent, entry, can_have_later)                                         \
  if (row_is(*(parent)->subtree) && (entry)->child_index + 1 < (parent)->subtree->ptr->child_count) { \
    *(can_have_later) = true;                                                                       \
  }

#endif
