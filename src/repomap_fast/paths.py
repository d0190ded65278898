"""Finds a path that a user has typed among the sorted paths of a scan."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.tables import StringTable


def encoded(text: str | os.PathLike[str]) -> bytes:
    """Return a text as the bytes that a scan has for it; "?" for a lone surrogate that encodes no byte."""
    text = os.fspath(text)
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def path_below(root: Path, path: str | os.PathLike[str]) -> bytes:
    """Return a path, below ``root`` or absolute, as a scan of ``root`` has it; empty for ``root`` itself.

    A path that is not below the root begins with "..", as no path of a scan does.
    """
    relative = os.path.relpath(root / path, root)
    return b"" if relative == "." else encoded(relative).replace(os.fsencode(os.sep), b"/")


def row_of(paths: Sequence[bytes], path: bytes) -> int | None:
    """Return the row of ``path`` among the sorted ``paths``; None if it is not there."""
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


def rows_ending_in(paths: StringTable, ending: bytes) -> NDArray[np.intp]:
    """Return the rows of the paths that have ``ending`` after something else; no path becomes a Python object."""
    ends = paths.offsets[1:].astype(np.int64)
    rows = np.flatnonzero(ends - paths.offsets[:-1].astype(np.int64) > len(ending))
    starts = ends[rows] - len(ending)
    for place, byte in enumerate(ending):
        is_same = paths.data[starts + place] == byte
        rows, starts = rows[is_same], starts[is_same]
        if not len(rows):
            break
    return rows
