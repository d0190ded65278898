"""Divides a rectangle among areas: a treemap, whose pieces are as square as may be.

The method is that of M. Bruls, K. Huizing and J. van Wijk, "Squarified Treemaps" (2000).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple


class Box(NamedTuple):
    """A rectangle."""

    x: float
    y: float
    width: float
    height: float

    def inset(self, margin: float, top: float) -> Box:
        """Return the room within, without a margin and without a band at the top."""
        width, height = self.width - 2 * margin, self.height - margin - top
        return Box(self.x + margin, self.y + top, max(width, 0.0), max(height, 0.0))


def squarify(sizes: Sequence[float], room: Box) -> list[Box]:
    """Return a box for each of the sizes, which are above 0 and fall; together they fill the room."""
    total = sum(sizes)
    if not total or room.width <= 0 or room.height <= 0:
        return [Box(room.x, room.y, 0.0, 0.0) for _ in sizes]
    scale = room.width * room.height / total
    areas = [size * scale for size in sizes]
    boxes: list[Box] = []
    start = 0
    while start < len(areas):
        side = min(room.width, room.height)
        stop, strip = start + 1, areas[start]
        # A strip takes more pieces for as long as its worst one becomes squarer.
        while stop < len(areas) and _worst(areas[start], areas[stop], strip + areas[stop], side) <= _worst(
            areas[start], areas[stop - 1], strip, side
        ):
            strip += areas[stop]
            stop += 1
        room = _lay(areas[start:stop], strip, room, boxes)
        start = stop
    return boxes


def _worst(largest: float, smallest: float, strip: float, side: float) -> float:
    """Return the worst ratio of the sides of the pieces in a strip along a side."""
    if side <= 0 or smallest <= 0:
        return float("inf")
    return max(side * side * largest / (strip * strip), strip * strip / (side * side * smallest))


def _lay(areas: Sequence[float], strip: float, room: Box, boxes: list[Box]) -> Box:
    """Add the boxes of a strip along the shorter side of the room, and return what is left of it."""
    is_upright = room.width >= room.height
    side = room.height if is_upright else room.width
    depth = strip / side if side > 0 else 0.0
    place = 0.0
    for area in areas:
        length = area / depth if depth > 0 else 0.0
        boxes.append(
            Box(room.x, room.y + place, depth, length) if is_upright else Box(room.x + place, room.y, length, depth)
        )
        place += length
    if is_upright:
        return Box(room.x + depth, room.y, max(room.width - depth, 0.0), room.height)
    return Box(room.x, room.y + depth, room.width, max(room.height - depth, 0.0))
