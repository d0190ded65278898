from typing import final

from repomap_fast.tables import U8, U64

@final
class IncludeFinder:
    n_searched: int
    def __init__(
        self,
        offsets: U64,
        data: U8,
        *,
        outside: frozenset[bytes],
        folders_of_headers: frozenset[bytes],
        most_known: int,
    ) -> None: ...
    def find(self, row: int, path: bytes, is_local: bool) -> tuple[int, ...]: ...
    def included_at(self, row: int, records: bytes) -> list[tuple[int, tuple[int, ...]]]: ...
    def included(self, row: int, records: bytes) -> tuple[int, ...]: ...
