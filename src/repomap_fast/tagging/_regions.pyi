from repomap_fast.tables import U8

def find_regions(
    text: bytes | U8, kind: int
) -> tuple[int, bytes, bytes, list[tuple[int, int, int, int, int]], list[tuple[int, int, int, int]]]: ...
