from repomap_fast.tables import I32, U8, U32

def decode_facts(
    facts: U8, uses: U8, tag_rows: U32, tag_columns: U32, roles: U8
) -> tuple[
    list[bytes],
    tuple[U8, I32, I32],
    tuple[I32, U8, I32, I32, I32, I32, U8],
    tuple[I32, I32, U8, I32, I32, U32, U8, I32],
    tuple[I32, U8, I32, I32, I32, U32, U32, I32],
]: ...
