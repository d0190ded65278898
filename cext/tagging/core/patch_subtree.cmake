# What is inserted into subtree.c of the tree-sitter core: loops over a whole tree that allocate nothing check the budget.

insert_before(
[=[    MutableSubtree child = ts_subtree_to_mut_unsafe(ts_subtree_children(tree)[0]);]=]
[=[
    REPOMAP_CHECK_BUDGET
]=])

insert_before(
[=[    right = ts_subtree_from_mut(array_pop(&pool->tree_stack));]=]
[=[
    REPOMAP_CHECK_BUDGET
]=])

# A list is balanced by its depth, which in the rows of long_lists.h may be that of a last part: a part, whose depth is 0,
# is no list to take apart.
insert_before(
[=[    ts_subtree_children(tree)[0] = ts_subtree_from_mut(grandchild);]=]
[=[
    if (grandchild.ptr->repeat_depth == 0) break;
]=])
