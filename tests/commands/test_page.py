"""The dashboard's page and charts: well formed, closed to the outside, and readable whatever the runs were like."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast.bench.runs import ALERT_CPU, ALERT_MEMORY, COLD, SCAN, Alert, Case, Run, Stage
from repomap_fast.bench.series import group_runs
from repomap_fast.cli.reports import charts, trends
from repomap_fast.cli.reports.charts import Mark, Part, line_chart, nice_scale, stage_bar, tick_text
from repomap_fast.cli.reports.page import MAX_POINTS, build_page
from support.made_runs import make_case, make_run, make_sample

VOID = {"meta", "br", "img", "link", "input", "hr"}
HOSTILE = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'&\x1b[31m\u202e\udc80]]>-->"


class Page(HTMLParser):
    """Checks that every tag is closed in its turn, and keeps attributes and text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.open: list[str] = []
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(text)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(attrs) == len(dict(attrs)), f"{tag} has an attribute twice"
        self.tags.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert "svg" in self.open, f"{tag} is closed as XML is, outside of SVG"
        self.tags.append((tag, dict(attrs)))

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"{tag} was never opened"
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] not in (["style"], ["script"]):
            self.text += data

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


def page_of(runs: Sequence[Run], last: int = 10) -> str:
    return build_page(group_runs(runs), nothing="There is nothing.", last=last)


def svgs(page: str) -> list[ElementTree.Element]:
    """Return the charts, each of which must be well-formed XML."""
    return [ElementTree.fromstring(svg) for svg in re.findall(r"<svg.*?</svg>", page, re.DOTALL)]


def numbers(element: ElementTree.Element, *names: str) -> list[float]:
    return [float(part.attrib[name]) for part in element.iter() for name in names if name in part.attrib]


OUTLIERS = [make_run(day, cold=(300.0 if day == 5 else 1.0,)) for day in range(20)]
HOSTILE_RUN = replace(
    make_run(root=f"/code/{HOSTILE}", options={HOSTILE: HOSTILE}),
    commit=HOSTILE,
    versions={"repomap-fast": HOSTILE},
    cases=(
        Case(
            operation=HOSTILE,
            state=HOSTILE,
            samples=(
                replace(
                    make_sample(),
                    stages=(Stage(name=HOSTILE, elapsed_s=1.0, cpu_s=1.0, peak_memory_bytes=1),),
                    alerts=(Alert(kind=HOSTILE, limit=1.0, value=2.0),),
                ),
            ),
        ),
    ),
)
HISTORIES = {
    "none": [],
    "one": [make_run()],
    "two": [make_run(0), make_run(1)],
    "many": [make_run(day, cold=(1 + day % 7 / 10, 1.2 + day % 7 / 10)) for day in range(500)],
    "outliers": OUTLIERS,
    "nothing": [make_run(day, cold=(0.0,), warm=(0.0,)) for day in range(3)],
    "vast": [make_run(day, cold=(2.0**53,), warm=(5e-324,)) for day in range(3)],
    "folders": [make_run(day, root=f"/code/{day}") for day in range(4)],
    "hostile": [HOSTILE_RUN],
}


@pytest.fixture(scope="module", params=HISTORIES)
def history(request: pytest.FixtureRequest) -> list[Run]:
    return HISTORIES[request.param]


def test_a_page_is_well_formed_and_its_charts_are_xml(history: list[Run]) -> None:
    text = page_of(history)
    text.encode("utf-8")
    page = Page(text)
    charts_drawn = svgs(text)
    assert len(charts_drawn) == len(page.of("svg"))
    assert len(charts_drawn) == 6 * sum(len(series.cases) for series in group_runs(history))
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in page.of("svg"):
        assert set(str(attributes["aria-labelledby"]).split()) <= set(ids)
    for attributes in page.of("a"):
        assert str(attributes["href"]).removeprefix("#") in ids


def test_a_page_loads_nothing(history: list[Run]) -> None:
    text = page_of(history)
    page = Page(text)
    loading = {"src", "href", "srcset", "action", "data", "poster", "formaction", "xlink:href", "background", "style"}
    for tag, attributes in page.tags:
        assert tag not in {"link", "img", "iframe", "object", "embed", "base", "form", "image", "use"}
        assert not [name for name in attributes if name.startswith("on")]
        assert all(str(attributes[name]).startswith("#") for name in loading & attributes.keys())
    assert "url(" not in text
    assert "@import" not in text
    assert not re.search(r"https?:", text)


def test_the_policy_lets_the_pages_own_script_run_and_no_other(history: list[Run]) -> None:
    text = page_of(history)
    page = Page(text)
    (policy,) = [str(meta["content"]) for meta in page.of("meta") if "http-equiv" in meta]
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none';")


def test_text_of_a_history_stays_text() -> None:
    page = Page(page_of([HOSTILE_RUN]))
    assert len(page.of("script")) == 1
    assert "</script><script>alert(1)</script><img src=x onerror=alert(2)>" in page.text
    assert not {"\x1b", "\u202e", "\udc80"} & set(page.text)
    assert r"\x1b[31m\u202e\udc80" in page.text


def test_the_page_tells_in_words_and_in_a_table_what_it_draws() -> None:
    text = page_of(OUTLIERS)
    page = Page(text)
    time, *_ = svgs(text)
    described = time.findtext("desc") or ""
    assert "20 runs, 2026-01-01 00:00 to 2026-01-20 00:00" in described
    assert "lowest 1.00 s, highest 5 min 00 s, last 1.00 s" in described
    assert len(page.of("tr")) >= 2 * 20
    assert "20 runs as a table" in page.text
    assert "mean of 10: 1.00 s" in page.text
    assert "Cut off, at the triangles: 1 run, the highest 5 min 00 s." in page.text
    for heading in ("Time milliseconds", "Peak memory MB", "Processor share % of one processor"):
        assert heading in page.text


def test_of_very_many_runs_the_last_are_drawn() -> None:
    text = page_of([make_run(day, cold=(1.0,)) for day in range(MAX_POINTS + 20)])
    assert "The last 500 of 520 runs." in text
    assert len(svgs(text)[0].findall("g")) == MAX_POINTS


def test_alerts_are_told_and_marked_in_the_chart_of_their_figure() -> None:
    alerts = (Alert(kind=ALERT_MEMORY, limit=1e6, value=2e6), Alert(kind=ALERT_CPU, limit=80.0, value=150.0))
    text = page_of([make_run(0), make_run(1, alerts=alerts)])
    time, memory, share, *_ = svgs(text)
    marked = [
        len([part for part in chart.iter() if part.attrib.get("class") == "alert"]) for chart in (time, memory, share)
    ]
    assert marked == [0, 1, 1]
    assert "Alert of 2026-01-02 00:00: memory rose to 2.00 MB, above the limit of 1.00 MB" in Page(text).text


def test_a_page_without_runs_says_so() -> None:
    assert "There is nothing." in Page(page_of([])).text


def test_a_stage_has_one_colour_everywhere() -> None:
    def case(*names: str) -> Case:
        stages = tuple(Stage(name=name, elapsed_s=1.0, cpu_s=1.0, peak_memory_bytes=1) for name in names)
        return Case(operation=SCAN, state=COLD, samples=(replace(make_sample(), stages=stages),))

    from repomap_fast.cli.reports.page import _stage_colours

    full = _stage_colours([stage.name for stage in case("start", "tag", "join", "rest").stages])
    partly = _stage_colours(["start", "join", "rank", "render", "rest"])
    assert {name: partly[name] for name in ("start", "join", "rest")} == {
        name: full[name] for name in ("start", "join", "rest")
    }
    assert len(set(partly.values())) == 5
    assert len(_stage_colours([f"stage{i}" for i in range(30)])) == 30


# Charts


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


# Trends in the terminal


@pytest.mark.parametrize(
    ("values", "width", "expected"),
    [
        ([], 5, ""),
        ([1.0], 5, "█"),
        ([0.0, 0.0], 5, "▁▁"),
        ([1, 2, 3, 4, 5, 6, 7, 8], 8, "▁▂▃▄▅▆▇█"),
        ([1, 2, 3, 4, 5, 6, 7, 8], 3, "▁▅█"),
        ([1.0, 1.001, 0.999], 5, "███"),
        ([1, 1, 1, 1, 1000, 2], 9, "▁▁▁▁▲█"),
        ([1, 2], 0, ""),
    ],
)
def test_sparklines(values: list[float], width: int, expected: str) -> None:
    assert trends.sparkline(values, width) == expected


def test_columns_stand_on_zero() -> None:
    assert trends.column_chart([0, 1, 2, 3, 4], 5, 2) == ["   ▄█", " ▄███"]
    assert trends.column_chart([1, 1, 1, 100], 4, 2) == ["███▲", "████"]
    assert trends.column_chart([1000, 0.001], 4, 1) == ["█▁"]
    assert trends.column_chart([], 4, 2) == ["", ""]


@given(st.lists(st.floats(0, 2**53), max_size=100), st.integers(0, 50), st.integers(1, 6))
def test_trends_are_as_wide_as_there_is_room(values: list[float], width: int, height: int) -> None:
    shown = min(width, len(values))
    line = trends.sparkline(values, width)
    assert len(line) == shown
    assert set(line) <= {*trends.BLOCKS, trends.ABOVE}
    lines = trends.column_chart(values, width, height)
    assert len(lines) == height
    assert max(map(len, lines)) <= shown
    n_positive = sum(value > 0 for value in values[-width:]) if width else 0
    assert sum(letter != " " for letter in lines[-1]) == n_positive


def test_cases_that_some_runs_lack_are_drawn_of_those_that_have_them() -> None:
    cold_only = replace(make_run(1), cases=(make_case(1.0),))
    text = page_of([make_run(0), cold_only])
    assert [len(svgs(text)[i].findall("g")) for i in (0, 6)] == [2, 1]
