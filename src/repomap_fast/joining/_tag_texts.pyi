from typing import Self, final

from repomap_fast.tables import I32, I64, U8, U64

def are_utf8(offsets: U64, data: U8) -> bool: ...
def have_dots(offsets: U64, data: U8) -> U8: ...

@final
class TagTexts:
    def __new__(cls, offsets: U64, data: U8, seed: int) -> Self: ...
    def write_scopes(
        self, name_numbers: I64, scopes: I64, wanted: I64, numbers: I32, most: tuple[int, int, int]
    ) -> int: ...
    def scope_texts(self) -> tuple[U64, U8]: ...
    def write_ids(
        self,
        paths: list[bytes],
        bounds: I64,
        places: I64,
        name_numbers: I64,
        kind_ids: U8,
        scope_numbers: I32,
        are_counted: U8,
        kinds: list[bytes],
        counts: dict[bytes, int],
        most_bytes: int,
    ) -> tuple[I64, bytearray]: ...
