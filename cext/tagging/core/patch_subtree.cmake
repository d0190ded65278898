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
