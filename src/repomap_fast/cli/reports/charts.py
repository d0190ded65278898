"""Charts as SVG, written by hand: one figure over the runs, and where the time of one run went.

Each chart has a name and a description for those who do not see it, axes that begin at zero, and for each run a title
that browsers show as a tooltip. Colours are classes, for the style sheet of the page to give.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from itertools import pairwise

from repomap_fast.cli.reports.trends import scale_cap

WIDTH, HEIGHT = 360, 200
LEFT, RIGHT, TOP, BOTTOM = 50, 12, 12, 30
"""Room beside the plot: on the left for seven characters of a number, below for the dates."""
BAR_HEIGHT = 26
MAX_MARKS = 60
"""With more runs than this, they are a line without a mark for each, and their spread is a band."""
N_TICKS = 4
LETTER_WIDTH = 6.2
"""Of the labels, at the size that the style sheet gives them; a little too much rather than too little."""
MAX_DECIMALS = 4
LEAST = 1e-30
"""The smallest value that an axis shows as more than nothing."""
MOST = 1e14
"""Of the steps between labels: above it, they are powers of ten."""
UNITS = ((1e11, 1e12, "T"), (1e8, 1e9, "G"), (1e5, 1e6, "M"), (2e4, 1e3, "k"), (0.0, 1.0, ""))
"""From which step on labels are in which unit, how much that is, and its letter."""
N_STAGE_COLOURS = 8


@dataclass(frozen=True, slots=True)
class Mark:
    """One run in a chart: its value, between ``low`` and ``high`` of its repeats; what to say of it; when it was."""

    value: float
    low: float
    high: float
    title: str
    day: str
    is_alert: bool = False


@dataclass(frozen=True, slots=True)
class Scale:
    """An axis from zero to ``top``, with the places of its labels."""

    top: float
    ticks: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Part:
    """A stage in a bar: its name and seconds, the seconds in words, and which of ``N_STAGE_COLOURS`` it has."""

    name: str
    seconds: float
    text: str
    colour: int


def nice_scale(most: float, *, fixed_top: float | None = None) -> Scale:
    """Return an axis that reaches ``most`` in steps of 1, 2, 2.5 or 5 times a power of ten."""
    if fixed_top is not None:
        return Scale(fixed_top, tuple(fixed_top * i / N_TICKS for i in range(N_TICKS + 1)))
    if most < LEAST:
        return Scale(1.0, (0.0, 1.0))
    rough = most / N_TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= rough * (1 - 1e-9))
    n_steps = max(1, math.ceil(most / step - 1e-9))
    return Scale(step * n_steps, tuple(step * i for i in range(n_steps + 1)))


def tick_text(value: float, step: float) -> str:
    """Return a number of an axis whose labels are ``step`` apart, in seven characters or less."""
    if value and (step >= MOST or step < 10**-MAX_DECIMALS):
        mantissa, _, exponent = f"{value:.1e}".partition("e")
        return f"{float(mantissa):g}e{int(exponent)}"
    one, letter = next((one, letter) for least, one, letter in UNITS if step >= least)
    step /= one
    decimals = next((n for n in range(MAX_DECIMALS) if math.isclose(step, round(step, n))), MAX_DECIMALS)
    return f"{value / one:,.{decimals}f}{letter if value else ''}"


def line_chart(
    marks: Sequence[Mark], *, name: str, described: str, identifier: str, fixed_top: float | None = None
) -> tuple[str, int]:
    """Return a chart of the marks from left to right, and how many of them are above its scale and so cut off.

    ``name`` and ``described`` are plain text; ``identifier`` is this chart's alone on the page.
    """
    values = [mark.value for mark in marks]
    most = scale_cap(values)
    scale = nice_scale(max([most, *(mark.high for mark in marks if mark.value <= most and mark.high <= 2 * most)]))
    if fixed_top is not None:
        scale = nice_scale(most, fixed_top=fixed_top)
    spots = [_Spot(mark, _x(i, len(marks)), scale.top) for i, mark in enumerate(marks)]
    n_above = sum(spot.is_above for spot in spots)
    parts = [
        f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-labelledby="{identifier}-n {identifier}-d">',
        f'<title id="{identifier}-n">{escape(name)}</title><desc id="{identifier}-d">{escape(described)}</desc>',
        *_axes(scale, marks),
        *_spread(spots),
        _line(spots),
        *_marks(spots),
        "</svg>",
    ]
    return "".join(parts), n_above


class _Spot:
    """Where a mark is drawn; what is above the scale is drawn at its top."""

    __slots__ = ("high", "is_above", "low", "mark", "x", "y")

    def __init__(self, mark: Mark, x: float, top: float) -> None:
        self.mark = mark
        self.x = x
        self.is_above = mark.value > top * (1 + 1e-9)
        self.y, self.low, self.high = (_y(min(value, top), top) for value in (mark.value, mark.low, mark.high))


def _x(i: int, n: int) -> float:
    width = WIDTH - LEFT - RIGHT
    if n == 1:
        return LEFT + width / 2
    # The first and the last keep away from the edges, so that their marks are whole.
    return LEFT + 8 + (width - 16) * i / (n - 1)


def _y(value: float, top: float) -> float:
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * value / top


def _axes(scale: Scale, marks: Sequence[Mark]) -> list[str]:
    step = scale.ticks[1] - scale.ticks[0]
    parts = []
    for tick in scale.ticks:
        y = _y(tick, scale.top)
        kind = "axis" if tick == 0 else "grid"
        parts.append(f'<path class="{kind}" d="M{LEFT} {y:.1f}H{WIDTH - RIGHT}"/>')
        parts.append(f'<text x="{LEFT - 6}" y="{y + 3.5:.1f}" text-anchor="end">{tick_text(tick, step)}</text>')
    y = HEIGHT - BOTTOM + 16
    for i, anchor in _labelled(marks):
        x = _x(i, len(marks))
        parts.append(f'<path class="axis" d="M{x:.1f} {HEIGHT - BOTTOM}v4"/>')
        parts.append(f'<text x="{x:.1f}" y="{y}" text-anchor="{anchor}">{escape(marks[i].day)}</text>')
    return parts


def _labelled(marks: Sequence[Mark]) -> list[tuple[int, str]]:
    """Return which marks are labelled below the axis, and by which end of the label."""
    n = len(marks)
    if n == 1:
        return [(0, "middle")]
    if n == 2 or len(marks[0].day) * LETTER_WIDTH * 3.3 > WIDTH - LEFT - RIGHT:
        return [(0, "start"), (n - 1, "end")]
    middle = n // 2
    return [(0, "start"), (middle, "middle"), (n - 1, "end")] if n > 6 else [(0, "start"), (n - 1, "end")]


def _spread(spots: Sequence[_Spot]) -> list[str]:
    if all(spot.mark.low == spot.mark.high for spot in spots):
        return []
    if len(spots) <= MAX_MARKS:
        bars = (f"M{spot.x:.1f} {spot.low:.1f}V{spot.high:.1f}" for spot in spots if spot.low != spot.high)
        return [f'<path class="spread" d="{"".join(bars)}"/>']
    upper = " ".join(f"{spot.x:.1f},{spot.high:.1f}" for spot in spots)
    lower = " ".join(f"{spot.x:.1f},{spot.low:.1f}" for spot in reversed(spots))
    return [f'<polygon class="band" points="{upper} {lower}"/>']


def _line(spots: Sequence[_Spot]) -> str:
    points = " ".join(f"{spot.x:.1f},{spot.y:.1f}" for spot in spots)
    return f'<polyline class="line" points="{points}"/>' if len(spots) > 1 else ""


def _marks(spots: Sequence[_Spot]) -> list[str]:
    """Return what is drawn for each run, with the room around it in which the tooltip comes up."""
    if not spots:
        return []
    middles = [(left.x + right.x) / 2 for left, right in pairwise(spots)]
    edges = [float(LEFT), *middles, float(WIDTH - RIGHT)]
    parts = []
    for spot, (left, right) in zip(spots, pairwise(edges), strict=True):
        room = (
            f'<rect class="room" x="{left:.1f}" y="{TOP}" width="{right - left:.2f}" height="{HEIGHT - TOP - BOTTOM}"/>'
        )
        shape = _shape(spot, is_small=len(spots) > MAX_MARKS)
        parts.append(f'<g class="run"><title>{escape(spot.mark.title)}</title>{room}{shape}</g>')
    return parts


def _shape(spot: _Spot, *, is_small: bool) -> str:
    x, y = spot.x, spot.y
    kind = "alert" if spot.mark.is_alert else "mark"
    if spot.is_above:
        return f'<path class="{kind}" d="M{x:.1f} {y - 5:.1f}l5 8h-10z"/>'
    if spot.mark.is_alert:
        # A shape of its own, for those to whom the colours are one.
        size = 3 if is_small else 5
        return f'<path class="alert" d="M{x:.1f} {y - size:.1f}l{size} {size}l-{size} {size}l-{size} -{size}z"/>'
    return "" if is_small else f'<circle class="mark" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'


def stage_bar(parts: Sequence[Part], *, name: str, described: str, identifier: str) -> str:
    """Return one bar whose pieces are as long as the stages took; pieces with enough room have their name."""
    total = sum(part.seconds for part in parts) or 1.0
    pieces = [
        f'<svg viewBox="0 0 {WIDTH} {BAR_HEIGHT}" role="img" aria-labelledby="{identifier}-n {identifier}-d">',
        f'<title id="{identifier}-n">{escape(name)}</title><desc id="{identifier}-d">{escape(described)}</desc>',
    ]
    x = 0.0
    for part in parts:
        width = WIDTH * part.seconds / total
        title = f"{part.name}: {part.text}, {100 * part.seconds / total:.0f} %"
        label = ""
        if width > (len(part.name) + 1) * LETTER_WIDTH:
            label = f'<text class="on" x="{x + width / 2:.1f}" y="{BAR_HEIGHT / 2 + 4:.1f}">{escape(part.name)}</text>'
        piece = f'<rect class="s{part.colour}" x="{x:.2f}" y="0" width="{width:.2f}" height="{BAR_HEIGHT}"/>'
        pieces.append(f'<g class="run"><title>{escape(title)}</title>{piece}{label}</g>')
        x += width
    return "".join([*pieces, "</svg>"])
