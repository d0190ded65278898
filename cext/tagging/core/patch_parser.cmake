# What is inserted into parser.c of the tree-sitter core.

# Where a parse has made its scanner, which may need its first state.

insert_before(
[=[    if (self->has_scanner_error) goto exit;

    if (old_tree) {]=]
[=[
    REPOMAP_BEGIN_SCANNER
]=])

# Where a scanner is about to get a state.
insert_before(
[=[  if (ts_language_is_wasm(self->language)) {
    ts_wasm_store_call_scanner_deserialize(]=]
[=[
  before_state(self, &data, &length);
]=])

# Where a scanner is about to be asked for a token.
insert_before(
[=[    return self->language->external_scanner.scan(]=]
[=[
    if (!may_scan(self, valid_external_tokens)) return false;
]=])

# A finished tree is balanced node by node: a list that was parsed is as deep as it is long. Nodes of few bytes are left as
# they are: their lists are short, and they are most nodes of a tree.
insert_before(
[=[      if (ts_subtree_child_count(child) > 0 && child.ptr->ref_count == 1) {]=]
[=[
      if (ts_subtree_size(child).bytes < REPOMAP_BALANCED_BYTES) continue;
]=])

# A parse is left at the end of a window (parse_windows.c), and goes on where it was. Long lists get shorter (long_lists.c).
insert_before(
[=[  do {
    for (
      StackVersion version = 0;]=]
[=[
  last_position = ts_stack_position(self->stack, 0).bytes;
]=])
insert_before(
[=[  } while (version_count != 0);

balance:]=]
[=[
    REPOMAP_PUT_INTO_ROWS
    REPOMAP_PAUSE_AT_WINDOW
]=])
