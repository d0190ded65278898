"""packed_columns: what is packed is unpacked, and any other bytes are a ValueError."""

from __future__ import annotations

import tracemalloc
import zlib

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.indexing import packed_columns
from repomap_fast.indexing.packed_columns import pack_columns, unpack_columns

DTYPES = (("small", "u1"), ("wide", "<i8"))


@given(st.lists(st.integers(0, 255)), st.lists(st.integers(-(2**63), 2**63 - 1)))
def test_what_is_packed_is_unpacked(small: list[int], wide: list[int]) -> None:
    packed = pack_columns({"wide": np.array(wide, np.int64), "small": np.array(small, np.int64)}, DTYPES, 1)
    assert packed is not None
    found = unpack_columns(packed, DTYPES)
    assert (found["small"].tolist(), found["wide"].tolist()) == (small, wide)
    assert not any(column.flags.writeable for column in found.values())


@given(st.binary(max_size=60))
def test_other_bytes_are_an_error(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 (numpy, zlib and ours say different things)
        unpack_columns(data, DTYPES)
    sizes = np.frombuffer(data[:8].ljust(8, b"\0"), "<u4").tolist()
    if len(data) != 8 + sum(sizes) or sizes[1] % 8:
        with pytest.raises(ValueError):  # noqa: PT011 (numpy, zlib and ours say different things)
            unpack_columns(zlib.compress(data), DTYPES)


def test_what_is_too_large_is_neither_packed_nor_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    columns = {"small": np.zeros(100, np.uint8), "wide": np.zeros(0, np.int64)}
    packed = pack_columns(columns, DTYPES, 1)
    monkeypatch.setattr(packed_columns, "MAX_PACKED_BYTES", 99)
    assert pack_columns(columns, DTYPES, 1) is None
    assert packed is not None
    monkeypatch.setattr(packed_columns, "MAX_PACKED_BYTES", 90)
    with pytest.raises(ValueError):  # noqa: PT011 (numpy, zlib and ours say different things)
        unpack_columns(packed, DTYPES)


@pytest.mark.parametrize("size", [packed_columns.MAX_PACKED_BYTES + 1, 1 << 10], ids=["said", "not said"])
def test_what_is_too_large_takes_no_memory(size: int) -> None:
    """A hundred kilobytes may unpack to as much as there is."""
    sizes = np.array([size, 0], "<u4").tobytes()
    packed = zlib.compress(sizes + bytes(packed_columns.MAX_PACKED_BYTES + 1), 1)
    tracemalloc.start()
    try:
        with pytest.raises(ValueError):  # noqa: PT011 (numpy, zlib and ours say different things)
            unpack_columns(packed, DTYPES)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 4 << 20
