"""Sealed states: what was sealed under a name, and nothing else."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.store.seal import seal, unseal

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=10,
)


@given(st.text(), JSON)
def test_a_state_comes_back_under_its_name_alone(name: str, state: Any) -> None:
    name = name.encode(errors="replace").decode()
    assert unseal(name, seal(name, state)) == state
    assert unseal(f"{name}x", seal(name, state)) is None


@pytest.mark.parametrize("position", [0, 5, -1, -8])
def test_a_changed_byte_breaks_the_seal(position: int) -> None:
    data = bytearray(seal("root", {"path": "/"}))
    data[position] ^= 1
    assert unseal("root", bytes(data)) is None


@pytest.mark.parametrize("data", [None, 7, "text", b"", b"short", bytes(8)])
def test_what_is_no_sealed_state_is_none(data: Any) -> None:
    assert unseal("root", data) is None
