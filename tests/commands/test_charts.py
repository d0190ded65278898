"""Charts of the dashboard's page: axes, marks and bars stay inside, and show their values."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.cli.reports import charts
from repomap_fast.cli.reports.charts import Mark, Part, line_chart, nice_scale, stage_bar, tick_text


def numbers(element: ElementTree.Element, *names: str) -> list[float]:
    return [float(part.attrib[name]) for part in element.iter() for name in names if name in part.attrib]


def mark(value: float, low: float | None = None, high: float | None = None) -> Mark:
    return Mark(value, value if low is None else low, value if high is None else high, f"is {value}", "2026-01-01")


@given(st.lists(st.floats(0, 2**53), min_size=1, max_size=200), st.sampled_from([None, 100.0]))
def test_nothing_is_drawn_outside_of_a_chart(values: list[float], fixed_top: float | None) -> None:
    marks = [mark(value, value * 0.9, value * 1.5) for value in values]
    drawn, n_above = line_chart(marks, name="n", described="d", identifier="i", fixed_top=fixed_top)
    chart = ElementTree.fromstring(drawn)
    assert len(chart.findall("g")) == len(values)
    assert 0 <= n_above <= len(values)
    xs, ys = numbers(chart, "x", "cx"), numbers(chart, "y", "cy")
    for points in (part.attrib["points"] for part in chart.iter() if "points" in part.attrib):
        pairs = [pair.split(",") for pair in points.split()]
        xs += [float(x) for x, _ in pairs]
        ys += [float(y) for _, y in pairs]
    assert 0 <= min(xs) <= max(xs) <= charts.WIDTH
    assert 0 <= min(ys) <= max(ys) <= charts.HEIGHT
    for text in chart.iter("text"):
        if text.attrib["text-anchor"] == "end" and float(text.attrib["x"]) < charts.LEFT:
            assert len(text.text or "") * charts.LETTER_WIDTH <= charts.LEFT


@given(st.floats(1e-12, 2**53))
def test_an_axis_begins_at_zero_and_reaches_its_values_with_few_labels(most: float) -> None:
    scale = nice_scale(most)
    assert scale.ticks[0] == 0
    assert scale.ticks[-1] == pytest.approx(scale.top)
    assert most <= scale.top * (1 + 1e-6)
    assert scale.top <= 2.1 * most
    assert 2 <= len(scale.ticks) <= 6
    step = scale.ticks[1]
    labels = [tick_text(tick, step) for tick in scale.ticks]
    assert len(set(labels)) == len(labels)
    assert max(map(len, labels)) <= 7


@pytest.mark.parametrize(
    ("most", "labels"),
    [
        (878.0, ["0", "250", "500", "750", "1,000"]),
        (65.0, ["0", "20", "40", "60", "80"]),
        (9.1, ["0.0", "2.5", "5.0", "7.5", "10.0"]),
        (0.9, ["0.00", "0.25", "0.50", "0.75", "1.00"]),
        (100.0, ["0", "25", "50", "75", "100"]),
        (60_000.0, ["0", "20k", "40k", "60k"]),
        (150_000.0, ["0", "50k", "100k", "150k"]),
        (900_000.0, ["0.00", "0.25M", "0.50M", "0.75M", "1.00M"]),
        (4e6, ["0", "1M", "2M", "3M", "4M"]),
        (4e15, ["0", "1e15", "2e15", "3e15", "4e15"]),
    ],
)
def test_axes_have_round_numbers(most: float, labels: list[str]) -> None:
    scale = nice_scale(most)
    assert [tick_text(tick, scale.ticks[1]) for tick in scale.ticks] == labels


def test_an_axis_of_nothing_is_still_one() -> None:
    assert nice_scale(0.0).ticks == (0.0, 1.0)
    drawn, n_above = line_chart([mark(0.0)] * 3, name="n", described="d", identifier="i")
    assert n_above == 0
    ElementTree.fromstring(drawn)


def test_one_run_is_a_mark_in_the_middle() -> None:
    chart = ElementTree.fromstring(line_chart([mark(5.0)], name="n", described="d", identifier="i")[0])
    (circle,) = chart.iter("circle")
    assert float(circle.attrib["cx"]) == pytest.approx((charts.LEFT + charts.WIDTH - charts.RIGHT) / 2)
    assert not list(chart.iter("polyline"))


def test_a_huge_value_does_not_press_the_others_flat() -> None:
    values = [1.0, 1.1, 0.9, 1.0, 500.0, 1.0]
    chart = ElementTree.fromstring(line_chart([mark(v) for v in values], name="n", described="d", identifier="i")[0])
    heights = [float(circle.attrib["cy"]) for circle in chart.iter("circle")]
    assert len(heights) == 5
    assert max(heights) < charts.HEIGHT / 2
    assert [group.findtext("title") for group in chart.findall("g")][4] == "is 500.0"


def test_few_runs_have_whiskers_and_many_a_band() -> None:
    few, many = (
        ElementTree.fromstring(line_chart([mark(5.0, 4.0, 6.0)] * n, name="n", described="d", identifier="i")[0])
        for n in (10, charts.MAX_MARKS + 1)
    )
    classes = [{part.attrib.get("class") for part in chart.iter()} for chart in (few, many)]
    assert ["spread" in classes[0], "band" in classes[0]] == [True, False]
    assert ["spread" in classes[1], "band" in classes[1]] == [False, True]


def test_a_bar_is_as_long_as_its_parts() -> None:
    parts = [Part("start", 0.2, "200 ms", 0), Part("<tag>", 0.8, "800 ms", 3), Part("rest", 0.0, "0 ms", 5)]
    bar = ElementTree.fromstring(stage_bar(parts, name="n", described="d", identifier="i"))
    widths = [float(rect.attrib["width"]) for rect in bar.iter("rect")]
    assert widths == pytest.approx([0.2 * charts.WIDTH, 0.8 * charts.WIDTH, 0.0])
    assert [text.text for text in bar.iter("text")] == ["start", "<tag>"]
    assert [group.findtext("title") for group in bar.findall("g")][1] == "<tag>: 800 ms, 80 %"


def test_marks_above_the_scale_are_counted_and_drawn_at_its_top() -> None:
    drawn, n_above = line_chart(
        [mark(value) for value in (1.0, 1.0, 1.0, 900.0)], name="n", described="d", identifier="i"
    )
    assert n_above == 1
    parts = [part.attrib for part in ElementTree.fromstring(drawn).iter() if part.attrib.get("class") == "mark"]
    (triangle,) = (attributes["d"] for attributes in parts if "d" in attributes)
    assert triangle.split()[1].startswith(f"{charts.TOP - 5:.1f}l")


def test_an_alert_has_a_shape_of_its_own() -> None:
    marks = [mark(1.0), Mark(1.0, 1.0, 1.0, "alert", "2026-01-01", is_alert=True)]
    chart = ElementTree.fromstring(line_chart(marks, name="n", described="d", identifier="i")[0])
    assert [part.tag for part in chart.iter() if part.attrib.get("class") in ("mark", "alert")] == ["circle", "path"]


@pytest.mark.parametrize(("n_marks", "labels"), [(1, 1), (2, 2), (6, 2), (7, 3), (200, 3)])
def test_days_are_labelled_at_the_ends_and_in_the_middle(n_marks: int, labels: int) -> None:
    chart = ElementTree.fromstring(line_chart([mark(1.0)] * n_marks, name="n", described="d", identifier="i")[0])
    assert [text.text for text in chart.iter("text")].count("2026-01-01") == labels


def test_texts_of_a_chart_are_escaped() -> None:
    hostile = "<script>&\"'"
    marks = [Mark(1.0, 1.0, 1.0, hostile, hostile)]
    chart = ElementTree.fromstring(line_chart(marks, name=hostile, described=hostile, identifier="i")[0])
    assert [chart.findtext(name) for name in ("title", "desc", "g/title")] == [hostile] * 3
    bar = ElementTree.fromstring(stage_bar([Part(hostile, 1.0, "1 s", 0)], name=hostile, described="d", identifier="i"))
    assert bar.findtext("title") == hostile
