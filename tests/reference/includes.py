"""What includes of C mean, in plain Python: the compiled finder must give the same."""

from __future__ import annotations

import posixpath

OUTSIDE = frozenset((b"stdio.h", b"string.h"))
FOLDERS_OF_HEADERS = frozenset((b"include", b"inc", b"src"))


def included(paths: list[bytes], including: bytes, path: bytes, *, is_local: bool) -> tuple[int, ...]:
    """Return the rows of the files that an include of a path means in a file; all paths are sorted."""
    folder = posixpath.dirname(including)
    if is_local:
        beside = posixpath.normpath(posixpath.join(folder, path))
        if beside in paths:
            return (paths.index(beside),)
    tail = posixpath.normpath(path)
    while tail.startswith(b"../"):
        tail = tail[3:]
    if not is_local and (tail in OUTSIDE or (b"/" not in tail and not tail.partition(b".")[2])):
        return ()
    rows = [row for row, one in enumerate(paths) if one == tail or one.endswith(b"/" + tail)]
    if not is_local and b"/" not in tail:
        of_headers = [row for row in rows if posixpath.basename(posixpath.dirname(paths[row])) in FOLDERS_OF_HEADERS]
        rows = of_headers or rows
    distances = [_distance(posixpath.dirname(paths[row]), folder) for row in rows]
    return tuple(row for row, distance in zip(rows, distances, strict=True) if distance == min(distances))


def _distance(folder: bytes, other: bytes) -> tuple[int, int]:
    """Return how far a folder is from another: fewer folders in common first, then more folders."""
    names, others = folder.split(b"/"), other.split(b"/")
    n_common = 0
    while n_common < min(len(names), len(others)) and names[n_common] == others[n_common] != b"":
        n_common += 1
    return -n_common, len(names)
