# What is changed in subtree.h of the tree-sitter core.

# Every node has room for a scanner's state, though only tokens of scanners have one, and few of them so long a one. With
# eight bytes less, a node of two children takes 96 bytes in place of 112. A longer state has memory of its own.
replace(
[=[    char short_data[24];]=]
[=[    char short_data[16];]=])
