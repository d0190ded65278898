"""Clicks on the charts of a report, in a real browser: whatever is hit opens, whatever the page does meanwhile."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.browser import Browser, find_browser
from support.made_reports import make_shop, report_on

BROWSER = find_browser()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")]

N_LEVELS = 5
PIECES = """
(() => {
  const box = document.getElementById("treemap").getBoundingClientRect();
  return treemap.getModel().getSeriesByIndex(0).getData().tree.root.viewChildren.map((node) => {
    const { x, y, width, height } = node.getLayout();
    return { name: node.name, x: box.x + x, y: box.y + y, width, height };
  });
})()
"""
BOXES = """
(() => {
  const area = document.getElementById("graph").getBoundingClientRect();
  return boxes.map(({ x, y, folder }) => [area.x + GRAPH_LEFT + x, area.y + GRAPH_TOP + y, pathOf(folder)]);
})()
"""
AREA = "(({ x, y, width, height }) => [x, y, width, height])(byId('treemap').getBoundingClientRect())"
OPENED = """
new Promise((done) => {
  const look = (left) => (folder > 0 || !left ? done(pathOf(folder)) : setTimeout(look, 20, left - 1));
  look(500);
})
"""
FOCUSED = "document.activeElement.getAttribute('aria-label')"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert BROWSER is not None
    with Browser(BROWSER, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A page of more folders and files than a treemap shows at once; one of the folders has N_LEVELS below it."""
    root = tmp_path_factory.mktemp("many")
    inner = root
    for level in range(N_LEVELS):
        inner = inner / f"level{level}"
        inner.mkdir()
        for i in range(4):
            (inner / f"file{i}.py").write_text("x = 1\n" * (400 - 60 * level + i))
    for i in range(120):
        (root / f"small{i}.py").write_text("x = 1\n" * 9)
    file = tmp_path_factory.mktemp("page") / "many.html"
    file.write_text(report_on(root).text, "utf-8")
    return file


def open_at(browser: Browser, page: Path, chart: str) -> None:
    browser.open(page, width=1280, height=1000)
    scroll_to(browser, chart)


def scroll_to(browser: Browser, chart: str) -> None:
    browser.evaluate(f"document.getElementById('{chart}').scrollIntoView({{block: 'center', behavior: 'instant'}})")


def press(browser: Browser, x: float, y: float) -> None:
    browser.call("Input.dispatchMouseEvent", type="mousePressed", x=x, y=y, button="left", clickCount=1)


def release(browser: Browser, x: float, y: float) -> None:
    browser.call("Input.dispatchMouseEvent", type="mouseReleased", x=x, y=y, button="left", clickCount=1)


def click(browser: Browser, x: float, y: float) -> None:
    browser.point_at(x, y)
    press(browser, x, y)
    release(browser, x, y)


def piece(browser: Browser, name: str) -> dict[str, Any]:
    return next(one for one in browser.evaluate(PIECES) if one["name"] == name)


def heading(browser: Browser, name: str) -> tuple[float, float]:
    found = piece(browser, name)
    return found["x"] + found["width"] / 2, found["y"] + min(9, found["height"] / 2)


def test_a_click_opens_while_the_answer_to_the_last_one_is_fresh(browser: Browser, many: Path) -> None:
    open_at(browser, many, "treemap")
    for level in range(N_LEVELS):
        click(browser, *heading(browser, f"level{level}"))
        assert browser.evaluate("folders.names[folder]") == f"level{level}"
        # A moving picture would be at its beginning now.
        settle(browser)


def test_a_click_opens_what_was_pressed_though_the_page_draws_anew_before_the_release(
    browser: Browser, many: Path
) -> None:
    open_at(browser, many, "treemap")
    x, y = heading(browser, "level0")
    browser.point_at(x, y)
    press(browser, x, y)
    browser.call("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": "dark"}])
    browser.evaluate("treemap.clear(); drawTreemap()")
    release(browser, x, y)
    assert browser.evaluate("pathOf(folder)") == "level0"


def test_a_click_between_two_pieces_opens_one_of_them(browser: Browser, many: Path) -> None:
    open_at(browser, many, "treemap")
    level0 = piece(browser, "level0")
    x, y = level0["x"] + level0["width"] + 1, level0["y"] + 30
    assert not any(
        one["x"] <= x < one["x"] + one["width"] and one["y"] <= y < one["y"] + one["height"]
        for one in browser.evaluate(PIECES)
    )
    click(browser, x, y)
    assert browser.evaluate("folder > 0 || picked >= 0")


def test_every_point_of_the_treemap_answers(browser: Browser, many: Path) -> None:
    open_at(browser, many, "treemap")
    silent = []
    for column in range(12):
        for row in range(7):
            # What was clicked before may have moved the window.
            browser.evaluate("openFolder(0); document.activeElement.blur()")
            scroll_to(browser, "treemap")
            x, y, width, height = browser.evaluate(AREA)
            point = (x + (column + 0.5) * width / 12, y + (row + 0.5) * height / 7)
            click(browser, *point)
            if not browser.evaluate(f"folder > 0 || picked >= 0 || {FOCUSED} === 'Contents of the folder'"):
                silent.append(point)
    assert silent == []


def test_a_click_on_what_is_too_small_leads_to_the_table_that_has_it(browser: Browser, many: Path) -> None:
    open_at(browser, many, "treemap")
    rest = next(one for one in browser.evaluate(PIECES) if one["name"].endswith(" smaller"))
    click(browser, rest["x"] + rest["width"] / 2, rest["y"] + rest["height"] / 2)
    assert browser.evaluate(FOCUSED) == "Contents of the folder"
    assert browser.evaluate("document.querySelectorAll('#contents tbody tr').length") == 121


def test_a_file_of_the_open_folder_is_picked_without_a_new_drawing(browser: Browser, many: Path) -> None:
    open_at(browser, many, "treemap")
    browser.evaluate("openFolder(1)")
    found = piece(browser, "file3.py")
    browser.evaluate(
        "for (const chart of [treemap, graph]) chart.setOption = () => { throw new Error('a new drawing'); }"
    )
    browser.events.clear()
    click(browser, found["x"] + found["width"] / 2, found["y"] + found["height"] / 2)
    assert browser.evaluate("document.querySelector('tr.picked td').textContent") == "file3.py"
    assert browser.complaints() == []


def settle(browser: Browser) -> None:
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def test_a_finger_opens_a_folder_as_a_mouse_does(browser: Browser, many: Path) -> None:
    browser.open(many, width=390, height=800, is_touch=True)
    scroll_to(browser, "treemap")
    settle(browser)
    browser.tap(*heading(browser, "level0"))
    # The browser makes a click of it by itself, a little later.
    assert browser.evaluate(OPENED) == "level0"


def test_a_click_anywhere_on_a_box_of_the_graph_opens_its_folder(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "shop.html"
    page.write_text(report_on(make_shop(tmp_path / "shop")).text, "utf-8")
    open_at(browser, page, "graph")
    n_clicks = 0
    for x, y, path in browser.evaluate(BOXES):
        # At an end of an arrow, too.
        for dx, dy in ((-65, 0), (65, 0), (0, -11), (0, 11), (0, 0)):
            browser.evaluate("openFolder(0)")
            click(browser, x + dx, y + dy)
            assert browser.evaluate("pathOf(folder)") == path, json.dumps([dx, dy])
            n_clicks += 1
    assert n_clicks >= 10


def test_the_table_of_arrows_is_filled_when_it_is_opened(browser: Browser, tmp_path: Path) -> None:
    page = tmp_path / "shop.html"
    page.write_text(report_on(make_shop(tmp_path / "shop")).text, "utf-8")
    open_at(browser, page, "graph")
    rows = "document.querySelectorAll('#edges tbody tr').length"
    n_edges = browser.evaluate("data.overview.edges.length")
    assert browser.evaluate("document.getElementById('edges-title').textContent").startswith(f"{n_edges} arrow")
    assert browser.evaluate(rows) == 0
    browser.evaluate("document.getElementById('edges-title').click()")
    settle(browser)
    assert browser.evaluate(rows) == n_edges > 0
