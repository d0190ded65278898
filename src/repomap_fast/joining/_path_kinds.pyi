from repomap_fast.tables import U8, U64

def match_kinds(
    offsets: U64,
    paths: U8,
    folders: list[tuple[bytes, int]],
    beginnings: list[tuple[bytes, int]],
    endings: list[tuple[bytes, int]],
) -> U8: ...
