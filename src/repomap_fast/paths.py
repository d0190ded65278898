"""Where a path that somebody has typed stands among the sorted paths of a scan."""

from __future__ import annotations

import os
from bisect import bisect_left
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from repomap_fast.errors import OptionError

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from repomap_fast.tables import StringTable


def encoded(text: str | os.PathLike[str]) -> bytes:
    """Return a text as the bytes that a scan has for it; "?" for a lone surrogate that stands for no byte."""
    text = os.fspath(text)
    try:
        return os.fsencode(text)
    except UnicodeEncodeError:
        return text.encode("utf-8", "replace")


def path_below(root: Path, path: str | os.PathLike[str]) -> bytes:
    """Return a path, below ``root`` or absolute, as a scan of ``root`` has it; empty for ``root`` itself.

    What does not lie below the root begins with "..", as no path of a scan does.
    """
    relative = os.path.relpath(root / path, root)
    return b"" if relative == "." else encoded(relative).replace(os.fsencode(os.sep), b"/")


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


def files_at(paths: StringTable, root: Path, given: Sequence[str | os.PathLike[str]], option: str) -> list[int]:
    """Return the rows of all files that are at the given paths, or in the folders there, each once.

    Raises OptionError, with the name of ``option``, for a path at which no file of the scan is; it says which paths may
    have been meant. Raises it for ``root`` itself too: what everything is in is no choice.
    """
    rows: dict[int, None] = {}
    for path in given:
        if not os.fspath(path):
            raise OptionError(f"{option} is empty; expected a file or folder below {str(root)!r}")
        below = path_below(root, path)
        if not below:
            raise OptionError(
                f"{option} is {os.fspath(path)!r}, which is all of {str(root)!r}; expected a file or folder below it"
            )
        found = rows_at(paths, below)
        if not found:
            raise OptionError(f"{option} is {os.fspath(path)!r}, {_absence(paths, root, below)}")
        rows.update(dict.fromkeys(found))
    return list(rows)


def _absence(paths: StringTable, root: Path, path: bytes) -> str:
    """Say in half a sentence why no file of the scan is at ``path``."""
    if path == b".." or path.startswith(b"../"):
        return f"which is not below {str(root)!r}; expected a file or folder there"
    if os.path.lexists(root / os.fsdecode(path)):
        return f"which is there, but is left out of the scan of {str(root)!r}, by an ignore file or an option"
    from repomap_fast.ranking.search import nearest_paths

    nearest = [os.fsdecode(one) for one in nearest_paths(paths, path)]
    if not nearest:
        return f"and nothing like it is below {str(root)!r}; expected a file or folder there"
    return f"and no file of {str(root)!r} is there; did you mean {' or '.join(repr(one) for one in nearest)}?"
