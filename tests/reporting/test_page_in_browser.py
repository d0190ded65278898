"""The page of a report in a real browser, where there is one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.browser import Browser, find_browser
from support.made_reports import make_attacks, make_shop, report_on

BROWSER = find_browser()
pytestmark = [pytest.mark.slow, pytest.mark.skipif(BROWSER is None, reason="there is no Chromium")]

WIDTHS = (1600, 768, 375)
MIDDLE_OF_CHILD = """
(() => {
  const box = document.getElementById("treemap").getBoundingClientRect();
  return [box.x + box.width / 4, box.y + box.height / 2];
})()
"""
DRAWN = """
((id) => {
  const canvas = document.querySelector(`#${id} canvas`);
  const pixels = new Set(new Uint32Array(
    canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height).data.buffer));
  return pixels.size;
})
"""


TOO_WIDE = """
[...document.querySelectorAll(".scroll")].filter((box) => box.scrollWidth > box.clientWidth).map((box) => box.ariaLabel)
"""


BOX_OF_FOLDER = """
(() => {
  const box = document.getElementById("graph").getBoundingClientRect();
  const node = graph.getModel().getSeriesByIndex(0).getData();
  for (let i = 0; i < node.count(); i++) {
    if (node.getRawDataItem(i).about && node.getRawDataItem(i).about[0].endsWith("%s")) {
      const [x, y] = node.getItemLayout(i);
      return [box.x + x + BOX_WIDTH / 2 + 4 - 60, box.y + y + BOX_HEIGHT / 2 + 6];
    }
  }
})()
"""


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    assert BROWSER is not None
    with Browser(BROWSER, tmp_path_factory.mktemp("profile")) as browser:
        yield browser


@pytest.fixture(scope="module", params=["shop", "attacks", "empty"])
def page(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp(request.param)
    if request.param == "shop":
        make_shop(root)
    elif request.param == "attacks":
        make_attacks(root)
    file = tmp_path_factory.mktemp("page") / f"{request.param}.html"
    file.write_text(report_on(root).text, "utf-8")
    return file


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("page") / "shop.html"
    file.write_text(report_on(make_shop(tmp_path_factory.mktemp("shop"))).text, "utf-8")
    return file


def text(browser: Browser, selector: str) -> Any:
    return browser.evaluate(f"document.querySelector({selector!r}).textContent")


def press(browser: Browser, key: str) -> None:
    code = {"Enter": 13, "ArrowDown": 40, "Escape": 27, "ArrowRight": 39}[key]
    typed = {"text": "\r"} if key == "Enter" else {}
    for kind, more in (("keyDown", typed), ("keyUp", {})):
        browser.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code, **more)
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def type_text(browser: Browser, words: str) -> None:
    browser.evaluate("document.getElementById('search').focus()")
    browser.call("Input.insertText", text=words)


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_loaded_nothing_fails_and_nothing_is_cut_off(
    browser: Browser, page: Path, width: int, scheme: str
) -> None:
    browser.events.clear()
    browser.open(page, width=width, height=900, scheme=scheme)
    browser.evaluate("document.querySelectorAll('details').forEach((details) => { details.open = true; })")
    for colour in ("changes", "kind", "importance"):
        browser.evaluate(f"document.querySelector('input[value={colour}]').click()")
    assert browser.requests() == [page.as_uri()]
    assert browser.complaints() == []
    # A telephone shows a page that is too wide in a window that is as wide as the page.
    assert browser.evaluate("document.documentElement.scrollWidth") <= width
    assert browser.evaluate(TOO_WIDE) == []


def test_charts_are_drawn(browser: Browser, shop: Path) -> None:
    for scheme in ("light", "dark"):
        browser.open(shop, width=1280, height=900, scheme=scheme)
        assert browser.evaluate(f"{DRAWN}('treemap')") > 20
        assert browser.evaluate(f"{DRAWN}('graph')") > 20


def test_attacks_are_text(browser: Browser, tmp_path: Path) -> None:
    file = tmp_path / "attacks.html"
    file.write_text(report_on(make_attacks(tmp_path / "root")).text, "utf-8")
    browser.events.clear()
    browser.open(file, width=1280, height=900)
    type_text(browser, "alert")
    assert "<img src=x onerror=alert(1)>" in text(browser, "#found")
    assert browser.evaluate("document.querySelectorAll('img, iframe, object, link').length") == 0
    assert browser.evaluate("document.scripts.length") == 3
    press(browser, "Enter")
    browser.evaluate("for (let i = 1; i < nFolders; i++) openFolder(i)")
    assert browser.complaints() == []


def test_a_click_opens_a_folder_and_the_path_leads_back(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=1000)
    browser.evaluate("document.getElementById('treemap').scrollIntoView({block: 'center', behavior: 'instant'})")
    x, y = browser.evaluate(MIDDLE_OF_CHILD)
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    crumbs = text(browser, "#crumbs")
    assert "shop" in crumbs
    assert browser.evaluate("folder") > 0
    browser.evaluate("document.querySelector('#crumbs button').click()")
    assert browser.evaluate("folder") == 0


def test_a_click_on_a_box_of_the_graph_opens_its_folder(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=1000)
    browser.evaluate("document.getElementById('graph').scrollIntoView({block: 'center', behavior: 'instant'})")
    # Near the left end of the box, where only its label is.
    x, y = browser.evaluate(BOX_OF_FOLDER % "till")
    browser.point_at(x, y)
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    assert browser.evaluate("pathOf(folder)") == "shop/till"


def test_folders_open_by_keyboard(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=900)
    browser.evaluate("document.querySelector('#contents button').focus()")
    press(browser, "Enter")
    assert browser.evaluate("pathOf(folder)") == "shop"
    # The focus stays where the folder is named.
    assert browser.evaluate("document.activeElement.getAttribute('aria-current')") == "true"
    assert "in shop" in text(browser, "#folders-title")
    assert "↻ 2 folders reach each other" in text(browser, "#cycles")


def test_search_finds_files_folders_and_definitions(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=900)
    type_text(browser, "stock.py")
    assert browser.evaluate("document.getElementById('search').getAttribute('aria-expanded')") == "true"
    press(browser, "ArrowDown")
    active = browser.evaluate("document.getElementById('search').getAttribute('aria-activedescendant')")
    assert text(browser, f"#{active}") == "shop/stock/stock.py"
    press(browser, "Enter")
    assert browser.evaluate("pathOf(folder)") == "shop/stock"
    assert "shop/stock/stock.py" in text(browser, "#picked")
    assert "stock.py" in text(browser, "tr.picked")
    browser.evaluate("document.getElementById('search').value = ''")
    type_text(browser, "Till class")
    assert "Till (class, shop/till/till.py:3)" in text(browser, "#found")
    press(browser, "Escape")
    assert browser.evaluate("document.getElementById('found').hidden")


def test_the_slider_changes_the_map(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=900)
    before = text(browser, "#tokens")
    browser.evaluate("document.getElementById('budget').focus()")
    press(browser, "ArrowRight")
    assert (before, text(browser, "#tokens")) == ("1,024 tokens", "2,048 tokens")
    assert "class Till" in text(browser, "#map-text")
    browser.evaluate("document.getElementById('copy').click()")
    browser.evaluate("new Promise((done) => setTimeout(done, 50))")
    assert text(browser, "#copied") != ""


def test_every_control_and_chart_has_a_name(browser: Browser, shop: Path) -> None:
    browser.open(shop, width=1280, height=900)
    tree = browser.call("Accessibility.getFullAXTree")["nodes"]
    roles = ("button", "link", "radio", "slider", "combobox", "image", "img", "region", "table")
    nameless = [
        node["role"]["value"]
        for node in tree
        if not node.get("ignored") and node["role"]["value"] in roles[:-1] and not node.get("name", {}).get("value")
    ]
    assert nameless == []
    named = {(node["role"]["value"], node["name"]["value"]) for node in tree if node.get("name", {}).get("value")}
    assert any(role in ("image", "img") and name.startswith("Treemap of ") for role, name in named)


def test_text_is_easy_to_read_in_both_schemes(browser: Browser, shop: Path) -> None:
    for scheme in ("light", "dark"):
        browser.open(shop, width=1280, height=900, scheme=scheme)
        ground = luminance(browser, "section", "backgroundColor")
        for where in (".facts", "h2", "td", "td button", "thead th", ".cycles li"):
            if browser.evaluate(f"document.querySelector('{where}') === null"):
                continue
            ink = luminance(browser, where, "color")
            lighter, darker = max(ink, ground), min(ink, ground)
            assert (lighter + 0.05) / (darker + 0.05) >= 4.5, (scheme, where)


def luminance(browser: Browser, where: str, kind: str) -> float:
    """Return how bright a colour is to the eye, 0 to 1, as the guidelines for contrast count it."""
    red, green, blue = browser.evaluate(
        f"getComputedStyle(document.querySelector('{where}')).{kind}.match(/[0-9.]+/g).slice(0, 3).map(Number)"
    )
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in (red / 255, green / 255, blue / 255)]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
