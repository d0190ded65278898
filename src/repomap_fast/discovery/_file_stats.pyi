from repomap_fast.tables import I64, U8, U64

def look_up(
    root: bytes,
    offsets: U64,
    data: U8,
    rule_file: bytes,
    kinds: U8,
    sizes_bytes: I64,
    mtimes_ns: I64,
    ctimes_ns: I64,
    inodes: U64,
) -> bool: ...
