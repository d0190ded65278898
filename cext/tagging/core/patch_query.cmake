# What is inserted into query.c of the tree-sitter core. core.c defines the macros.

# A field, a branch of an alternation and a quantifier each belong to a step, and a predicate is not a step: in its
# place, the core wrote behind the last step, or never returned.
insert_before(
[=[    uint32_t step_index = starting_step_index;
    QueryStep *step = array_get(&self->steps, step_index);]=]
[=[
    if (starting_step_index >= self->steps.size) {
      capture_quantifiers_delete(&field_capture_quantifiers);
      return TSQueryErrorSyntax;
    }
]=])

insert_before(
[=[      if (start_index == starting_step_index) {]=]
[=[
      if (self->steps.size == start_index) {
        capture_quantifiers_delete(&branch_capture_quantifiers);
        array_delete(&branch_step_indices);
        return TSQueryErrorSyntax;
      }
]=])

insert_before(
[=[    if (stream->next == '+') {]=]
[=[
    if (self->steps.size == starting_step_index && stream->next && strchr("+*?@", stream->next)) {
      return TSQueryErrorSyntax;
    }
]=])

# The proof that patterns can match allocates little in its loops: they check the budget themselves.
insert_before(
[=[  *new_item = *borrowed_item;]=]
[=[
  REPOMAP_CHECK_BUDGET_IF_ANY
]=])

# A state that is inserted moves all behind it: grammars as Zig's have so many that the moving takes minutes.
insert_before(
[=[    array_insert(self, index, new_item);]=]
[=[
    REPOMAP_COUNT_MOVED_IF_ANY(self->size - index)
]=])

insert_before(
[=[  if ((*self)->depth < (*other)->depth) return 1;]=]
[=[
  REPOMAP_CHECK_BUDGET_IF_ANY
]=])

insert_before(
[=[      const TSStateId parse_state = analysis_state__top(state)->parse_state;]=]
[=[
      REPOMAP_CHECK_BUDGET_IF_ANY
]=])

insert_before(
[=[        TSSymbol sym = lookahead_iterator.symbol;]=]
[=[
        REPOMAP_CHECK_BUDGET_IF_ANY
]=])

insert_before(
[=[        step = array_get(&self->steps, step->alternative_index);]=]
[=[
        REPOMAP_CHECK_BUDGET_IF_ANY
]=])

# The core proves of each query that its patterns can match, by a search through the whole parse table: 5 to 600 ms a
# query, longer than many a repository takes to parse. Ours were proved before they were released, so the copy can leave
# that out. A user's own are still proved.
insert_before(
[=[  // For every parent symbol in the query, initialize an 'analysis subgraph'.]=]
[=[
  REPOMAP_BEFORE_PROOF
]=])

# The buffer for a text must exist for an empty text too, which is otherwise copied and compared at NULL.
insert_before(
[=[  array_clear(&self->string_buffer);]=]
[=[
  array_reserve(&self->string_buffer, 1);
]=])
