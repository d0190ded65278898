from typing import Any

from repomap_fast.tables import U8, U32

def decode_facts(
    facts: U8, uses: U8, tag_rows: U32, tag_columns: U32, roles: U8
) -> tuple[list[bytes], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]: ...
