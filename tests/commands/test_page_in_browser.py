"""The dashboard's page in a real browser, where there is one."""

from __future__ import annotations

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
[...document.querySelectorAll("svg")].flatMap((svg) => {
  const room = svg.getBoundingClientRect();
  const texts = [...svg.querySelectorAll("text")].map((text) => [text.textContent, text.getBoundingClientRect()]);
  const outside = texts.filter(([, box]) => box.left < room.left - 1 || box.right > room.right + 1);
  const covered = texts.filter(([, box], i) => texts.slice(0, i).some(([, other]) =>
    box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom));
  return [...outside, ...covered].map(([text]) => text);
})
"""
MIDDLE_OF_FIRST_RUN = """
(() => {
  const box = document.querySelector("svg .run").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})()
"""
TIP = "document.getElementById('tip').hidden ? null : document.getElementById('tip').textContent"


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
    assert browser.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert browser.evaluate(OVERLAPS) == []


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
    browser.evaluate("document.querySelector('svg').scrollIntoView({block: 'center', behavior: 'instant'})")
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    x, y = browser.evaluate(MIDDLE_OF_FIRST_RUN)
    (browser.tap if is_touch else browser.point_at)(x, y)
    assert "2026-01-01 00:00" in browser.evaluate(TIP)
    box = browser.evaluate("(({left, right}) => [left, right])(document.getElementById('tip').getBoundingClientRect())")
    assert 0 <= box[0] < box[1] <= browser.evaluate("innerWidth")


def test_light_and_dark_are_both_easy_to_read(browser: Browser, page: Path) -> None:
    grounds = []
    for scheme in ("light", "dark"):
        browser.open(page, width=1200, height=900, scheme=scheme)
        grounds.append(luminance(browser, "document.querySelector('.case')", "backgroundColor"))
        for where, kind in (
            ("figcaption", "color"),
            (".facts", "color"),
            ("svg text", "fill"),
            (".line, .mark", "stroke"),
        ):
            ink = luminance(browser, f"document.querySelector('{where}')", kind)
            lighter, darker = max(ink, grounds[-1]), min(ink, grounds[-1])
            if kind != "stroke":
                assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (scheme, where)
    assert grounds[0] > 0.8 > 0.2 > grounds[1]


def luminance(browser: Browser, element: str, kind: str) -> float:
    """Return how bright a colour is to the eye, 0 to 1, as the guidelines for contrast count it."""
    red, green, blue = browser.evaluate(f"getComputedStyle({element}).{kind}.match(/[0-9.]+/g).slice(0, 3).map(Number)")
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red / 255, green / 255, blue / 255)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
