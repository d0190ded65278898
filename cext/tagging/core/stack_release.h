/* Included by the core's stack.c in place of a function of its own that calls itself once for each node of the stack
 * which two versions of the parse have left behind: 4,000 of them fill the 512 kB that a thread's stack has on
 * macOS. */

/* A dead node's position is of no use any more: the next dead node is kept there. */
static REPOMAP_INLINE StackNode *stack_node_next_dead(const StackNode *self) {
  StackNode *next;
  memcpy(&next, &self->position, sizeof next);
  return next;
}

static REPOMAP_INLINE void stack_node_bury(StackNode *self, StackNode **dead) {
  ts_assert(self->ref_count != 0);
  if (--self->ref_count > 0) return;
  memcpy(&self->position, dead, sizeof *dead);
  *dead = self;
}

static void stack_node_release(StackNode *self, StackNodeArray *pool, SubtreePool *subtree_pool) {
  (void)pool;
  StackNode *dead = NULL;
  stack_node_bury(self, &dead);
  while (dead) {
    StackNode *node = dead;
    dead = stack_node_next_dead(node);
    for (unsigned i = 0; i < node->link_count; i++) {
      if (node->links[i].subtree.ptr) ts_subtree_release(subtree_pool, node->links[i].subtree);
      stack_node_bury(node->links[i].node, &dead);
    }
    if (node->links != &node->first_link) ts_free(node->links);
    arena_free_stack_node(current_arena, node);
  }
}
