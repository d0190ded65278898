"""The dashboard's page: well formed, closed to the outside, and readable whatever the runs were like."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Sequence
from dataclasses import replace
from html.parser import HTMLParser
from typing import Any

import pytest

from repomap_fast.bench.runs import ALERT_CPU, ALERT_MEMORY, COLD, SCAN, Alert, Case, Run, Stage
from repomap_fast.bench.series import group_runs
from repomap_fast.cli.reports.page import MAX_POINTS, build_page
from repomap_fast.reporting.page import LIBRARY, read_part
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


def charts_of(page: str) -> list[dict[str, Any]]:
    """Return what the page's script draws."""
    (data,) = re.findall(r'<script type="application/json" id="data">(.*?)</script>', page, re.DOTALL)
    charts: list[dict[str, Any]] = json.loads(data)["charts"]
    return charts


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


def test_a_page_is_well_formed_and_has_a_place_for_each_chart(history: list[Run]) -> None:
    text = page_of(history)
    text.encode("utf-8")
    page = Page(text)
    charts = charts_of(text)
    assert len(charts) == 6 * sum(len(series.cases) for series in group_runs(history))
    places = [one for one in page.of("div") if str(one.get("id")).startswith("chart-")]
    assert [one["id"] for one in places] == [f"chart-{i}" for i in range(len(charts))]
    assert all(one["role"] == "img" and one["aria-label"] for one in places)
    ids = [attributes["id"] for _, attributes in page.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    for attributes in page.of("a"):
        assert str(attributes["href"]).removeprefix("#") in ids


def test_numbers_of_charts_are_numbers(history: list[Run]) -> None:
    for chart in charts_of(page_of(history)):
        for mark in chart.get("marks", ()):
            assert mark["low"] <= mark["value"] * (1 + 1e-9)
            assert mark["value"] <= mark["high"] * (1 + 1e-9)
        if chart["kind"] == "line":
            assert 0 <= chart["top"] < float("inf")


def test_a_page_loads_nothing(history: list[Run]) -> None:
    text = page_of(history).replace(read_part(LIBRARY), "")
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
    scripts = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() for script in scripts]
    assert len(scripts) == 2
    assert f"script-src 'sha256-{digests[0]}' 'sha256-{digests[1]}';" in policy
    assert policy.startswith("default-src 'none';")


def test_text_of_a_history_stays_text() -> None:
    page = Page(page_of([HOSTILE_RUN]))
    assert len(page.of("script")) == 3
    assert "</script><script>alert(1)</script><img src=x onerror=alert(2)>" in page.text
    assert not {"\x1b", "\u202e", "\udc80"} & set(page.text)
    assert r"\x1b[31m\u202e\udc80" in page.text


def test_the_page_tells_in_words_and_in_a_table_what_it_draws() -> None:
    text = page_of(OUTLIERS)
    page = Page(text)
    described = next(str(one["aria-label"]) for one in page.of("div") if one.get("id") == "chart-0")
    assert "20 runs, 2026-01-01 00:00 to 2026-01-20 00:00" in described
    assert "lowest 1.00 s, highest 5 min 00 s, last 1.00 s" in described
    assert len(page.of("tr")) >= 2 * 20
    assert "20 runs as a table" in page.text
    assert "mean of 10: 1.00 s" in page.text
    assert "Cut off, at the triangles: 1 run, the highest 5 min 00 s." in page.text
    for heading in ("Time milliseconds", "Peak memory MB", "Processor share % of one processor"):
        assert heading in page.text


def test_a_run_far_above_the_others_does_not_press_them_flat() -> None:
    time = charts_of(page_of(OUTLIERS))[0]
    assert (time["top"], max(mark["value"] for mark in time["marks"])) == (1000.0, 300_000.0)
    hit_rate = charts_of(page_of([make_run(0), make_run(1)]))[9]
    assert hit_rate["top"] == 100.0


def test_of_very_many_runs_the_last_are_drawn() -> None:
    text = page_of([make_run(day, cold=(1.0,)) for day in range(MAX_POINTS + 20)])
    assert "The last 500 of 520 runs." in text
    assert len(charts_of(text)[0]["marks"]) == MAX_POINTS


def test_alerts_are_told_and_marked_in_the_chart_of_their_figure() -> None:
    alerts = (Alert(kind=ALERT_MEMORY, limit=1e6, value=2e6), Alert(kind=ALERT_CPU, limit=80.0, value=150.0))
    text = page_of([make_run(0), make_run(1, alerts=alerts)])
    marked = [sum(mark["isAlert"] for mark in chart["marks"]) for chart in charts_of(text)[:3]]
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


def test_cases_that_some_runs_lack_are_drawn_of_those_that_have_them() -> None:
    cold_only = replace(make_run(1), cases=(make_case(1.0),))
    text = page_of([make_run(0), cold_only])
    assert [len(charts_of(text)[i]["marks"]) for i in (0, 6)] == [2, 1]
