# What is inserted into stack.c of the tree-sitter core.

# A shorter way for the pops that most of a parse consists of.
insert_before(
[=[forceinline StackAction pop_count_callback(]=]
[=[
#include "stack_pop.h"
]=])

insert_before(
[=[  return stack__iter(self, version, pop_count_callback]=]
[=[
  if (stack_pop_chain(self, version, count)) return self->slices;
]=])

# A node of the stack has room for one link, which most have: for eight it takes 240 bytes, and a text that is nested
# deeply has a million of them.
replace(
[=[  StackLink links[MAX_LINK_COUNT];]=]
[=[  StackLink *links; /* (link_count,) first_link, or an array of MAX_LINK_COUNT that the node owns */
  StackLink first_link;]=])

insert_before(
[=[  if (previous_node) {
    node->link_count = 1;]=]
[=[
  node->links = &node->first_link;
]=])

insert_before(
[=[  stack_node_retain(link.node);
  unsigned node_count]=]
[=[
  if (self->link_count == 1) {
    self->links = ts_malloc(MAX_LINK_COUNT * sizeof(StackLink));
    self->links[0] = self->first_link;
  }
]=])

# A function that calls itself without bounds is left out; ours takes its place.
insert_before(
[=[static void stack_node_release(]=]
[=[
#include "stack_release.h"
#if 0
]=])

insert_before(
[=[/// Get the number of nodes in the subtree, for the purpose of measuring]=]
[=[
#endif
]=])

# Another one, which takes two ways to each node that two versions share, merges each pair of nodes once.
insert_before(
[=[static void stack_node_add_link(]=]
[=[
#include "stack_merge.h"

]=])
replace(
[=[        for (int j = 0; j < link.node->link_count; j++) {
          stack_node_add_link(existing_link->node, link.node->links[j], subtree_pool);
        }]=]
[=[        stack_merge_nodes(existing_link->node, link.node, subtree_pool);]=])
insert_before(
[=[  for (uint32_t i = 0; i < head2->node->link_count; i++) {]=]
[=[
  stack_begin_merge();
]=])

# A loop over a whole stack that allocates nothing.
insert_before(
[=[  return iterator->node->link_count == 0 ? StackActionPop : StackActionNone;]=]
[=[
  REPOMAP_CHECK_BUDGET
]=])

# Nodes of the stack are apart from the tree.
replace(
[=[  StackNode *node = pool->size > 0
    ? array_pop(pool)
    : ts_malloc(sizeof(StackNode));]=]
[=[  (void)pool;
  StackNode *node = arena_new_stack_node(current_arena, sizeof(StackNode));]=])
