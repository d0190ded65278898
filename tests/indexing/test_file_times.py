"""Times of files: packed and unpacked the same, and nothing else is unpacked."""

from __future__ import annotations

import base64
import zlib

import numpy as np
import pytest

from repomap_fast.indexing.file_times import apply_times, pack_times, unknown_times
from repomap_fast.indexing.state import MUST_RECHECK, State
from repomap_fast.tables import StringTable

TIMES = [0, 1_700_000_000_123_456_789, -(1 << 63), (1 << 63) - 1]


def state_of(times: list[int], inodes: list[int]) -> State:
    n = len(times)
    columns = np.array(times, np.int64)
    return State.unread(
        StringTable.from_strings([b"%02d.py" % i for i in range(n)]),
        np.zeros(n, np.uint16),
        np.arange(n, dtype=np.int64),
        columns,
        columns[::-1].copy(),
        np.array(inodes, np.uint64),
    )


@pytest.mark.parametrize("n", range(len(TIMES) + 1))
def test_times_come_back_as_they_were(n: int) -> None:
    state = state_of(TIMES[:n], [(1 << 64) - 1, 7, 0, 1 << 63][:n])
    again = apply_times(state_of([5] * n, [5] * n), pack_times(state))
    assert again.mtimes_ns.tolist() == state.mtimes_ns.tolist()
    assert again.ctimes_ns.tolist() == state.ctimes_ns.tolist()
    assert again.inodes.tolist() == state.inodes.tolist()
    assert again.inodes.dtype == np.uint64


def test_without_packed_times_the_state_is_the_same() -> None:
    state = state_of(TIMES, [1, 2, 3, 4])
    assert apply_times(state, "") is state


def test_no_file_has_unknown_times() -> None:
    state = state_of(TIMES, [1, 2, 3, 4])
    assert set(apply_times(state, unknown_times(state)).ctimes_ns.tolist()) == {MUST_RECHECK}


@pytest.mark.parametrize(
    "packed",
    ["x", "é", "AAAA", *(base64.b64encode(zlib.compress(bytes(n))).decode() for n in (0, 71, 73, 1 << 20))],
)
def test_what_was_not_packed_is_an_error(packed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        apply_times(state_of([1, 2, 3], [1, 2, 3]), packed)
