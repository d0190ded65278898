from typing import Any

from repomap_fast.tables import I64, U8, U32, U64

def decode_facts(
    facts: U8, uses: U8, tag_rows: U32, tag_columns: U32, roles: U8
) -> tuple[list[bytes], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...], tuple[Any, ...]]: ...
def find_names(records: U8, offsets: U64, names: list[bytes]) -> tuple[I64, I64]: ...
