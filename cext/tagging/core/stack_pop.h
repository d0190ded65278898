/* Included by the core's stack.c, for pops of so many subtrees from a part of the stack in which no two versions of the
 * parse meet: nearly all of them. The core's own way is for all cases, and asks each time which it is. */

/* Fill the slices as stack__iter does; return false, with nothing done, where versions meet or the stack ends. */
static bool stack_pop_chain(Stack *self, StackVersion version, uint32_t count) {
  StackNode *top = array_get(&self->heads, version)->node, *node = top;
  uint32_t n_counted = 0, n_subtrees = 0;
  while (n_counted < count) {
    if (node->link_count != 1) return false;
    Subtree subtree = node->links[0].subtree;
    /* What an error left out has no subtree, but counts; what may stand anywhere does not. */
    n_counted += !subtree.ptr || !ts_subtree_extra(subtree);
    n_subtrees += subtree.ptr != NULL;
    node = node->links[0].node;
  }
  SubtreeArray subtrees = array_new();
  /* With room behind them for the node that they become the children of. */
  array_reserve(&subtrees, (uint32_t)(ts_subtree_alloc_size(n_subtrees) / sizeof(Subtree)));
  subtrees.size = n_subtrees;
  for (const StackNode *from = top; from != node; from = from->links[0].node) {
    Subtree subtree = from->links[0].subtree;
    if (!subtree.ptr) continue;
    ts_subtree_retain(subtree);
    n_subtrees--;
    *array_get(&subtrees, n_subtrees) = subtree;
  }
  array_clear(&self->slices);
  ts_stack__add_slice(self, version, node, &subtrees);
  return true;
}
