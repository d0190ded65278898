"""largest_prefix: as much as fits, in a few steps."""

from __future__ import annotations

import sys
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.drawing.largest_prefix import largest_prefix


@given(st.lists(st.integers(0, 40), max_size=120), st.integers(-5, 3000), st.integers(-3, 200), st.booleans())
def test_what_fits_is_nearly_full_or_all_or_followed_by_what_does_not_fit(
    costs: list[int], limit: int, first_guess: int, is_length_known: bool
) -> None:
    sums = [0, *accumulate(costs)]
    asked = []

    def cost(n: int) -> tuple[int, float]:
        asked.append(n)
        n_items = min(n, len(costs))
        return n_items, sums[n_items]

    n = len(costs) if is_length_known else sys.maxsize
    found = largest_prefix(n, limit, cost, first_guess=first_guess)
    assert found == 0 or sums[found] <= limit
    assert found == len(costs) or sums[found] >= 0.95 * limit or sums[found + 1] > limit
    assert all(1 <= n_asked <= n for n_asked in asked)
    # It grows fourfold, then interpolates a few times, then bisects.
    assert len(asked) <= 20


@pytest.mark.parametrize("first_guess", [1, 40, 10_000])
def test_even_costs_take_few_steps(first_guess: int) -> None:
    asked = []

    def cost(n: int) -> tuple[int, float]:
        asked.append(n)
        return n, 9.0 * n

    found = largest_prefix(5_000, 10_000, cost, first_guess=first_guess)
    assert 0.95 * 10_000 <= 9 * found <= 10_000
    assert len(asked) <= 7


def test_nothing_is_asked_of_an_empty_list() -> None:
    def cost(n: int) -> tuple[int, float]:
        raise AssertionError(f"asked for {n}")

    assert largest_prefix(0, 100, cost, first_guess=3) == 0
