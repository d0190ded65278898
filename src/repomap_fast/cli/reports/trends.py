"""Trends as rows of blocks, for terminals: one character a run, the newest on the right."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

BLOCKS = "▁▂▃▄▅▆▇█"
ABOVE = "▲"
"""A run that is off the scale."""
_OUTLIER = 4.0
"""Times the median: what is above it would press all others flat, and is cut off."""
_MIN_SPAN = 0.2
"""Of the highest: what differs by less is noise, and is not to look like mountains."""


def scale_cap(values: Sequence[float]) -> float:
    """Return the highest value that a scale should reach: the greatest, or of those below four medians."""
    most = _OUTLIER * median(values)
    below = [value for value in values if value <= most]
    return max(below) if below and most > 0 else max(values)


def sparkline(values: Sequence[float], width: int) -> str:
    """Return the last ``width`` values as blocks, the lowest and the highest of which are those of the values shown."""
    shown = list(values[-width:]) if width > 0 else []
    if not shown:
        return ""
    top = scale_cap(shown)
    bottom = min(min(shown), top - _MIN_SPAN * abs(top))
    span = (top - bottom) or 1.0
    return "".join(
        ABOVE if value > top else BLOCKS[round((value - bottom) / span * (len(BLOCKS) - 1))] for value in shown
    )


def column_chart(values: Sequence[float], width: int, height: int) -> list[str]:
    """Return the last ``width`` values as columns above zero, ``height`` lines from the top down."""
    shown = list(values[-width:]) if width > 0 else []
    if not shown:
        return [""] * height
    top = scale_cap(shown) or 1.0
    n_levels = height * len(BLOCKS)
    # What is not nothing is to be seen.
    levels = [n_levels + 1 if value > top else max(round(value / top * n_levels), value > 0) for value in shown]
    lines = []
    for row in reversed(range(height)):
        below = row * len(BLOCKS)
        is_top = row == height - 1
        lines.append("".join(_cell(level - below, is_above=is_top and level > n_levels) for level in levels).rstrip())
    return lines


def _cell(level: int, *, is_above: bool) -> str:
    if is_above:
        return ABOVE
    return " " if level <= 0 else BLOCKS[min(level, len(BLOCKS)) - 1]
