"""What a task says about each file, signal by signal: text, path, what was named, history, and the folder.

Each signal is between 0 and about 1. A file's score is the sum of its signals times their weights.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias
from weakref import WeakKeyDictionary

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from repomap_fast.tables import I64, StringTable

F64: TypeAlias = NDArray[np.float64]

_folders_of_paths: WeakKeyDictionary[StringTable, I64] = WeakKeyDictionary()
_OLDEST = 3_000
"""Age in commits of a file that the history does not tell of."""


def scaled(values: F64, counted: NDArray[np.bool_]) -> F64:
    """Return values divided by the largest of those that are counted, and at most 1; all zeros if that is 0.

    Tests and vendored files are not counted: they would make the scale of all others, although few look for them.
    """
    largest = float(values[counted].max(initial=0.0)) or float(values.max(initial=0.0))
    return np.minimum(values / largest, 1.0) if largest > 0 else np.zeros(len(values))


def folder_support(base: F64, paths: StringTable) -> F64:
    """Return for each file how well the others in its folder do: the root of the sum of their squares."""
    folders = folders_of(paths)
    squares = np.bincount(folders, base**2, minlength=int(folders.max(initial=-1)) + 1)
    support: F64 = np.sqrt(np.maximum(squares[folders] - base**2, 0.0))
    return support


def folders_of(paths: StringTable) -> I64:
    """Return a number for the folder of each path: (n,) int64, rising with the first file of a folder. They are kept
    as long as the paths."""
    folders = _folders_of_paths.get(paths)
    if folders is None:
        folders = _folders_of_paths[paths] = _find_folders(paths)
    return folders


def _find_folders(paths: StringTable) -> I64:
    text, starts, ends = paths.data.tobytes(), paths.offsets[:-1], paths.offsets[1:]
    slashes = np.append(np.flatnonzero(paths.data == ord("/")), 0)
    last = slashes[np.searchsorted(slashes[:-1], ends) - 1].astype(np.uint64)
    bounds = zip(starts.tolist(), np.where((starts <= last) & (last < ends), last, starts).tolist(), strict=True)
    folders = [text[start:end] for start, end in bounds]
    numbers = {folder: number for number, folder in enumerate(dict.fromkeys(folders))}
    return np.array(list(map(numbers.__getitem__, folders)), np.int64)
