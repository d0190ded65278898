from repomap_fast.tables import U8, U32, U64

def mark_names(name_ids: U32, roles: U8, marks: U8) -> None: ...
def link_files(
    tag_counts: U32,
    name_ids: U32,
    roles: U8,
    graph_ids: U32,
    defined_in: U32,
    used_in: U32,
    positions: U32,
    first_file: int,
    definitions_refer: bool,
) -> tuple[U32, U32, U32, U32, U32, U32]: ...
def rows_with(values: U32, wanted: U8) -> U32: ...
def name_traits(offsets: U64, names: U8) -> U8: ...
