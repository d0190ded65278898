# What is inserted into parser.c of the tree-sitter core: where a parse has made its scanner, which may need its first state.

insert_before(
[=[    if (self->has_scanner_error) goto exit;

    if (old_tree) {]=]
[=[
    REPOMAP_BEGIN_SCANNER
]=])
