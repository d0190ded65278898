/* Included by the core's stack.c, where one node of the stack takes the links of another that stands for the same.
 *
 * The nodes before the two are merged in turn, by a function that calls itself for each pair of links. Where
 * versions of the parse have met again and again, two nodes are reached by two ways, those before them by four, and
 * so on: a file of 1,500 bytes took for ever. To merge two nodes a second time changes nothing, as each link of the
 * second is found among those of the first. So a pair is merged once, and the cost is that of the nodes. */

/* Pairs behind each other. Two calls of each lie on the stack, which has 512 kB on macOS. */
#define MOST_MERGED 1000

static void stack_node_add_link(StackNode *self, StackLink link, SubtreePool *subtree_pool);

static void stack_begin_merge(void) {
  current_arena->n_merges++;
  current_arena->merge_depth = 0;
}

static void stack_merge_nodes(StackNode *self, const StackNode *other, SubtreePool *subtree_pool) {
  Arena *arena = current_arena;
  uint64_t pair = ((uint64_t)(uintptr_t)self ^ (uint64_t)(uintptr_t)other << 20) * 0x9E3779B97F4A7C15u;
  ArenaMerge *merge = &arena->merges[pair >> (64 - ARENA_MERGES_LOG2)];
  arena_count(arena);
  if (merge->number == arena->n_merges && merge->self == self && merge->other == other) return;
  /* What lies further back is not merged, as where a node has no room for one more link. */
  if (arena->merge_depth == MOST_MERGED) return;
  arena->merge_depth++;
  for (int i = 0; i < other->link_count; i++) stack_node_add_link(self, other->links[i], subtree_pool);
  arena->merge_depth--;
  *merge = (ArenaMerge){self, other, arena->n_merges};
}
