"""The dashboard's page in a real browser, where there is one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from commands.test_page import HOSTILE_RUN, OUTLIERS
from repomap_fast.bench.runs import ALERT_MEMORY, Alert, Run
from repomap_fast.bench.series import group_runs
from repomap_fast.cli.reports.page import build_page
from support.browser import Browser, find_browser
from support.made_runs import make_run

BROWSER = find_browser()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")]

ALERT = Alert(kind=ALERT_MEMORY, limit=1e6, value=2e6)
HISTORIES = {
    "one": [make_run()],
    "some": [make_run(day, alerts=(ALERT,) * (day % 2)) for day in range(12)],
    "many": [make_run(day, cold=(1 + day % 7 / 10, 1.2 + day % 7 / 10)) for day in range(500)],
    "outliers": OUTLIERS,
    "vast": [make_run(day, cold=(2.0**53 if day else 1e-9,)) for day in range(3)],
    "hostile": [HOSTILE_RUN],
}

OVERLAPS = """
charts.flatMap(({ drawn }) => {
  const texts = drawn.getZr().storage.getDisplayList().filter((one) => one.type === "tspan" && one.style.text)
    .map((one) => {
      const box = one.getBoundingRect().clone();
      const matrix = one.getComputedTransform();
      if (matrix) box.applyTransform(matrix);
      return [one.style.text, box];
    });
  const width = drawn.getWidth();
  const outside = texts.filter(([, box]) => box.x < -1 || box.x + box.width > width + 1);
  const covered = texts.filter(([, box], i) => texts.slice(0, i).some(([, other]) => box.intersect(other)));
  return [...outside, ...covered].map(([text]) => text);
})
"""
N_LABELS = """
charts.map(({ drawn }) => drawn.getZr().storage.getDisplayList()
  .filter((one) => one.type === "tspan" && one.style.text).length)
"""
LAST_RUN = """
(() => {
  const box = document.getElementById("chart-0").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})()
"""
TIP = """
(() => {
  const tip = document.querySelector("#chart-0 .tip");
  return tip && getComputedStyle(tip.parentElement).visibility === "visible" ? tip.textContent : null;
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert BROWSER is not None
    with Browser(BROWSER, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(params=HISTORIES)
def page(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    runs: list[Run] = HISTORIES[request.param]
    file = tmp_path / "page.html"
    file.write_text(build_page(group_runs(runs), nothing="", last=10), "utf-8")
    return file


@pytest.mark.parametrize("width", [1200, 768, 390, 320])
def test_nothing_is_cut_off_and_no_labels_overlap(browser: Browser, page: Path, width: int) -> None:
    browser.open(page, width=width, height=900, is_touch=width < 500)
    # A telephone shows a page that is too wide in a window that is as wide as the page.
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate(OVERLAPS) == []
    # Of a line at the least the ends of both axes are labelled.
    assert min(browser.evaluate(N_LABELS)[:5]) >= 3


def test_nothing_is_loaded_and_nothing_fails(browser: Browser, page: Path) -> None:
    browser.events.clear()
    browser.open(page, width=1200, height=900)
    browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    assert browser.requests() == [page.as_uri()]
    assert browser.complaints() == []


@pytest.mark.parametrize("is_touch", [False, True])
def test_a_run_says_what_it_is_to_a_mouse_and_to_a_finger(browser: Browser, page: Path, is_touch: bool) -> None:
    browser.open(page, width=390 if is_touch else 1200, height=900, is_touch=is_touch)
    assert browser.evaluate(TIP) is None
    browser.evaluate("document.getElementById('chart-0').scrollIntoView({block: 'center', behavior: 'instant'})")
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    x, y = browser.evaluate(LAST_RUN)
    (browser.tap if is_touch else browser.point_at)(x, y)
    browser.evaluate("new Promise((done) => setTimeout(done, 100))")
    # Which run is in the middle depends on the history.
    assert re.search(r"202[67]-\d\d-\d\d 00:00", browser.evaluate(TIP))
    box = browser.evaluate(
        "(({left, right}) => [left, right])(document.querySelector('#chart-0 .tip').getBoundingClientRect())"
    )
    assert 0 <= box[0] < box[1] <= browser.evaluate("innerWidth")


def test_light_and_dark_are_both_easy_to_read(browser: Browser, page: Path) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        browser.open(page, width=1200, height=900, scheme=scheme)
        grounds.append(luminance(browser, "document.querySelector('.case')", "backgroundColor"))
        for where in ("figcaption", ".facts", "h3"):
            ink = luminance(browser, f"document.querySelector('{where}')", "color")
            lighter, darker = max(ink, grounds[-1]), min(ink, grounds[-1])
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (scheme, where)
        # The labels of the charts have the colour of what is said beside them.
        labels = browser.evaluate(
            "[...new Set(charts[0].drawn.getModel().option.yAxis.map((one) => one.axisLabel.color))]"
        )
        assert labels == [browser.evaluate("colour(document.body, 'faint')")]
    assert grounds[0] > 0.8 > 0.2 > grounds[1]


def luminance(browser: Browser, element: str, kind: str) -> float:
    """Return how bright a colour is to the eye, 0 to 1, as the guidelines for contrast count it."""
    red, green, blue = browser.evaluate(f"getComputedStyle({element}).{kind}.match(/[0-9.]+/g).slice(0, 3).map(Number)")
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red / 255, green / 255, blue / 255)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
