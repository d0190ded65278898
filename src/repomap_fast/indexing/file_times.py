"""The times and inodes of the files of a work tree, packed into text.

A base that several work trees share has the times of the files of one of them. The others keep their own beside it.
"""

from __future__ import annotations

import zlib
from binascii import a2b_base64, b2a_base64
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from repomap_fast.indexing.state import MUST_RECHECK

if TYPE_CHECKING:
    from repomap_fast.indexing.state import State

TIME_COLUMNS = ("mtimes_ns", "ctimes_ns", "inodes")
"""The columns of a state that depend on the work tree, and not on the contents of the files."""
_UNKNOWN = {"mtimes_ns": 0, "ctimes_ns": MUST_RECHECK, "inodes": 0}
_ITEM = np.dtype("<i8")
_COMPRESSION = 3


def pack_times(state: State) -> str:
    """Return the times and inodes of all files of a state: differences of neighbours, compressed."""
    columns = [getattr(state, name).astype(_ITEM) for name in TIME_COLUMNS]
    steps = np.concatenate([np.diff(column, prepend=_ITEM.type(0)) for column in columns])
    # Files of one checkout are near each other in time, so most of the high bytes are equal.
    by_byte = steps.astype(_ITEM).view(np.uint8).reshape(-1, _ITEM.itemsize).T
    return b2a_base64(zlib.compress(by_byte.tobytes(), _COMPRESSION), newline=False).decode()


def unknown_times(state: State) -> str:
    """Return times that no file has, so that each is read again."""
    unknown = {name: np.full_like(getattr(state, name), _UNKNOWN[name]) for name in TIME_COLUMNS}
    return pack_times(replace(state, **unknown))


def apply_times(state: State, packed: str) -> State:
    """Return a state with the times that were packed; with its own if ``packed`` is empty. Raises ValueError."""
    if not packed:
        return state
    n_bytes = len(TIME_COLUMNS) * len(state) * _ITEM.itemsize
    try:
        unpacked = zlib.decompressobj().decompress(a2b_base64(packed, strict_mode=True), n_bytes + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    if len(unpacked) != n_bytes:
        raise ValueError(f"{len(unpacked)} bytes of times; expected {n_bytes}")
    by_byte = np.frombuffer(unpacked, np.uint8).reshape(_ITEM.itemsize, -1).T
    steps = np.ascontiguousarray(by_byte).view(_ITEM).reshape(len(TIME_COLUMNS), -1)
    columns: dict[str, Any] = {
        name: np.cumsum(step, dtype=np.int64).astype(getattr(state, name).dtype)
        for name, step in zip(TIME_COLUMNS, steps, strict=True)
    }
    return replace(state, **columns)
