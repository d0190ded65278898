"""Columns of numbers packed into compressed bytes: the number of bytes of each, then one after another."""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

MAX_PACKED_BYTES = 1 << 27
"""Of columns before they are compressed; more are not kept."""
_SIZES = np.dtype("<u4")


def pack_columns(columns: Mapping[str, NDArray[Any]], dtypes: Sequence[tuple[str, str]], level: int) -> bytes | None:
    """Return the columns of these names, each as its dtype; None if they are too large to be kept.

    level  of the compression, as of zlib.
    """
    parts = [columns[name].astype(dtype).tobytes() for name, dtype in dtypes]
    if sum(map(len, parts)) > MAX_PACKED_BYTES:
        return None
    return zlib.compress(np.array(list(map(len, parts)), _SIZES).tobytes() + b"".join(parts), level)


def unpack_columns(packed: bytes, dtypes: Sequence[tuple[str, str]]) -> dict[str, NDArray[Any]]:
    """Return the columns that ``pack_columns`` packed, read-only. Raises ValueError for any other bytes."""
    start = len(dtypes) * _SIZES.itemsize
    try:
        data = zlib.decompressobj().decompress(packed, MAX_PACKED_BYTES + start + 1)
    except zlib.error as error:
        raise ValueError(str(error)) from error
    columns = {}
    for (name, dtype), size in zip(dtypes, np.frombuffer(data[:start], _SIZES).tolist(), strict=True):
        columns[name] = np.frombuffer(data[start : start + size], dtype)
        start += size
    if start != len(data):
        raise ValueError(f"{len(data)} bytes of columns; expected {start}")
    return columns
