"""treemap: a rectangle divided among areas."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.reporting.treemap import Box, squarify


def test_the_example_of_the_paper() -> None:
    boxes = squarify([6, 6, 4, 3, 2, 2, 1], Box(0, 0, 6, 4))
    assert boxes[:2] == [Box(0, 0, 3, 2), Box(0, 2, 3, 2)]
    assert [round(box.width * box.height, 6) for box in boxes] == [6, 6, 4, 3, 2, 2, 1]


@given(st.lists(st.integers(1, 10**6), min_size=1, max_size=50))
def test_areas_are_kept_and_lie_in_the_room(sizes: list[int]) -> None:
    sizes.sort(reverse=True)
    room = Box(10, 20, 300, 200)
    boxes = squarify(sizes, room)
    for size, box in zip(sizes, boxes, strict=True):
        assert box.width * box.height == pytest.approx(60_000 * size / sum(sizes), rel=1e-6)
        assert box.x >= 10 - 1e-6
        assert box.x + box.width <= 310 + 1e-6
        assert box.y >= 20 - 1e-6
        assert box.y + box.height <= 220 + 1e-6


def test_no_room_gives_empty_boxes() -> None:
    assert squarify([2, 1], Box(0, 0, 0, 5)) == [Box(0, 0, 0, 0)] * 2
