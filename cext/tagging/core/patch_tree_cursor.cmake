# What is inserted into tree_cursor.c of the tree-sitter core.

# The rows of long_lists.h have no production that says where a field is.
insert_before(
[=[      // Determine if the current node can have later siblings with the same field name.]=]
[=[
      if (*field_id) {
        REPOMAP_LATER_IN_ROW(parent_entry, entry, can_have_later_siblings_with_this_field)
      }
]=])
