/* Included by core.c: what a list of a million things takes while it is parsed.
 *
 * The parser adds to a list by a node around it and the next part: as much memory as most parts themselves. Where it
 * has just one stack, the nodes that have been added since the last look are replaced by rows of many parts. Nothing
 * that the parser asks of a list is changed by that, and no node that a walk or a query sees. */
#include "long_lists.h"

enum {
  ROW_PARTS = 64,
  ROW_LEAST_ADDED = ROW_PARTS * ROW_LEAST, /* parts that are put into rows at once */
  ROW_MOST_UNWRAPPED = 8,                  /* children of a part that are looked at */
  ROW_MOST_OPEN = 64,                      /* nodes at the stack's top that are looked at */
  ROW_LOOKS = 64 << 10                     /* a look in as many bytes */
};

/* Whether a node is a list and one part that follows it, with comments between them, and nothing else holds it. */
static bool list_is_joined(Subtree subtree, TSSymbol symbol) {
  if (subtree.data.is_inline || subtree.ptr->symbol != symbol || subtree.ptr->ref_count != 1) return false;
  uint32_t n = subtree.ptr->child_count;
  if (n < 2 || subtree.ptr->visible || subtree.ptr->named || subtree.ptr->extra) return false;
  const Subtree *children = ts_subtree_children(subtree);
  if (ts_subtree_symbol(children[0]) != symbol || ts_subtree_symbol(children[n - 1]) != symbol) return false;
  for (uint32_t i = 1; i < n - 1; i++) {
    if (!ts_subtree_extra(children[i])) return false;
  }
  return true;
}

/* Whether a node is hidden, has one child, and says nothing of it: neither a field, nor a name, nor that it is of a
 * type. */
static bool list_is_wrapper(const TSLanguage *language, Subtree subtree) {
  if (subtree.data.is_inline || subtree.ptr->child_count != 1 || subtree.ptr->ref_count != 1) return false;
  return !subtree.ptr->visible && !subtree.ptr->extra && !subtree.ptr->production_id &&
         !ts_language_symbol_metadata(language, subtree.ptr->symbol).supertype;
}

/* Whether a node has fields of the nodes below one of its children, which is hidden. */
static bool list_inherits_fields(const TSLanguage *language, uint32_t production, uint32_t child) {
  const TSFieldMapEntry *at, *end;
  ts_language_field_map(language, (uint16_t)production, &at, &end);
  while (at < end && !(at->inherited && at->child_index == child)) at++;
  return at < end;
}

/* Take such nodes between a part of a list and its children away: they are as large as the part. */
static void list_unwrap(const TSLanguage *language, Subtree part) {
  if (part.data.is_inline || part.ptr->ref_count != 1 || part.ptr->child_count > ROW_MOST_UNWRAPPED) return;
  const TSSymbol *aliases = ts_language_alias_sequence(language, part.ptr->production_id);
  Subtree *children = ts_subtree_children(part);
  for (uint32_t i = 0, place = 0; i < part.ptr->child_count; i++) {
    if (ts_subtree_extra(children[i])) continue;
    bool is_told = (aliases && aliases[place]) || list_inherits_fields(language, part.ptr->production_id, place);
    place++;
    while (!is_told && list_is_wrapper(language, children[i])) {
      Subtree *wrapped = ts_subtree_children(children[i]);
      children[i] = wrapped[0];
      ts_free(wrapped);
    }
  }
}

static Subtree row_new(const TSLanguage *language, TSSymbol symbol, const Subtree *parts, uint32_t n) {
  SubtreeArray children = array_new();
  array_reserve(&children, (uint32_t)(ts_subtree_alloc_size(n) / sizeof(Subtree)));
  memcpy(children.contents, parts, n * sizeof(Subtree));
  children.size = n;
  return ts_subtree_from_mut(ts_subtree_new_node(symbol, &children, 0, language));
}

/* Put what was added to a list into rows, once it is much. */
static void list_to_rows(const TSLanguage *language, Subtree *list) {
  TSSymbol symbol = ts_subtree_symbol(*list);
  uint32_t n_added = 0, n_parts = 0;
  if (symbol == ts_builtin_sym_error_repeat || ts_subtree_error_cost(*list)) return;
  Subtree first = *list;
  for (; list_is_joined(first, symbol); first = ts_subtree_children(first)[0]) {
    n_added++;
    n_parts += first.ptr->child_count - 1;
  }
  if (n_added < ROW_LEAST_ADDED) return;
  /* The parts in the order of the text, behind room for the row of rows, which there are fewer of. */
  Subtree *rows = (Subtree *)ts_malloc((2 * (size_t)n_parts + 1) * sizeof(Subtree)), *parts = rows + n_parts + 1;
  uint32_t at = n_parts, n_rows = 0, end;
  SubtreeHeapData top = *list->ptr;
  for (Subtree node = *list; at; node = first) {
    uint32_t n = node.ptr->child_count;
    at -= n - 1;
    memcpy(&parts[at], &ts_subtree_children(node)[1], (n - 1) * sizeof(Subtree));
    list_unwrap(language, parts[at + n - 2]);
    first = ts_subtree_children(node)[0];
    ts_free(ts_subtree_children(node));
  }
  rows[n_rows++] = first;
  /* A row begins with a part, as a list does: comments before it stand at the end of the row before. */
  for (; at < n_parts && ts_subtree_extra(parts[at]); at++) rows[n_rows++] = parts[at];
  while (at < n_parts) {
    for (end = at + ROW_PARTS; end < n_parts && ts_subtree_extra(parts[end]); end++) {}
    if (end + ROW_PARTS > n_parts) end = n_parts;
    rows[n_rows++] = row_new(language, symbol, &parts[at], end - at);
    at = end;
  }
  MutableSubtree joined = ts_subtree_to_mut_unsafe(row_new(language, symbol, rows, n_rows));
  joined.ptr->parse_state = top.parse_state;
  joined.ptr->fragile_left = top.fragile_left;
  joined.ptr->fragile_right = top.fragile_right;
  joined.ptr->dynamic_precedence = top.dynamic_precedence;
  *list = ts_subtree_from_mut(joined);
  ts_free(rows);
}

static void put_into_rows(TSParser *parser, uint32_t position) {
  Stack *stack = parser->stack;
  ((Source *)parser->lexer.input.payload)->next_rows = position + ROW_LOOKS;
  if (ts_stack_version_count(stack) != 1 || parser->finished_tree.ptr) return;
  StackNode *node = array_get(&stack->heads, 0)->node;
  for (uint32_t i = 0; i < ROW_MOST_OPEN && node->link_count == 1; i++, node = node->links[0].node) {
    if (node->links[0].subtree.ptr) list_to_rows(parser->language, &node->links[0].subtree);
  }
}
