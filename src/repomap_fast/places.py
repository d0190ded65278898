"""Where a path that somebody has typed stands among the sorted paths of a scan."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path


def path_below(root: Path, path: str | os.PathLike[str]) -> bytes:
    """Return a path, below ``root`` or absolute, as a scan of ``root`` has it; empty for ``root`` itself.

    What does not lie below the root begins with "..", as no path of a scan does.
    """
    relative = os.path.relpath(root / path, root)
    return b"" if relative == "." else os.fsencode(relative).replace(os.fsencode(os.sep), b"/")


def row_of(paths: Sequence[bytes], path: bytes) -> int | None:
    """Return where ``path`` stands among the sorted ``paths``."""
    row = bisect_left(paths, path)
    return row if row < len(paths) and paths[row] == path else None


def rows_at(paths: Sequence[bytes], path: bytes) -> range:
    """Return the rows of the file ``path``, or of all files in the folder of that name; none if there is neither."""
    if not path:
        return range(len(paths))
    row = row_of(paths, path)
    if row is not None:
        return range(row, row + 1)
    # "0" is the character after "/".
    return range(bisect_left(paths, path + b"/"), bisect_left(paths, path + b"0"))
