from repomap_fast.tables import U8, U64

def match_parts(
    offsets: U64, paths: U8, names: set[bytes], stems: set[bytes], folder_names: set[bytes]
) -> tuple[list[tuple[int, bytes]], list[tuple[int, bytes]]]: ...
