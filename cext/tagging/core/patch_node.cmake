# What is inserted into node.c of the tree-sitter core.

# The rows of long_lists.h have no production that says where a field is.
insert_before(
[=[  if (!field_id || ts_node_child_count(self) == 0) return ts_node__null();]=]
[=[
  REPOMAP_FIELD_IN_ROW(self, field_id)
]=])
