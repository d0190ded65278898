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
    unpacker = zlib.decompressobj()
    columns = {}
    try:
        # What the columns say of their sizes comes first: nothing larger is unpacked.
        sizes = np.frombuffer(_take(unpacker, packed, len(dtypes) * _SIZES.itemsize), _SIZES).tolist()
        if sum(sizes) > MAX_PACKED_BYTES:
            raise ValueError(f"columns of {sum(sizes)} bytes; expected at most {MAX_PACKED_BYTES}")
        for (name, dtype), size in zip(dtypes, sizes, strict=True):
            columns[name] = np.frombuffer(_take(unpacker, unpacker.unconsumed_tail, size), dtype)
        if unpacker.decompress(unpacker.unconsumed_tail, 1):
            raise ValueError(f"more than {sum(sizes)} bytes of columns")
    except zlib.error as error:
        raise ValueError(str(error)) from error
    return columns


def _take(unpacker: Any, packed: bytes, n_bytes: int) -> bytes:
    """Unpack the next bytes. Raises ValueError if there are fewer."""
    # Zero would stand for all.
    unpacked: bytes = unpacker.decompress(packed, n_bytes) if n_bytes else b""
    if len(unpacked) != n_bytes:
        raise ValueError(f"{len(unpacked)} bytes of columns; expected {n_bytes}")
    return unpacked
