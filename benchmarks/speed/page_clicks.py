"""How long the page of a report takes to open, and to answer a click, in a real Chromium without a window.

    repomap-fast report FOLDER -o report.html
    PYTHONPATH=tests python -m benchmarks.speed.page_clicks report.html --rounds 5

A click is a press of the mouse on the largest folder of the treemap, on and on until there are files alone, then on the
first part of the path. The clock runs from the press to the second frame after it, when the answer is on the screen.
Processor time is that of the page's main thread: on a busy machine the clock says how long it waited for a processor.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from support.browser import Browser

_MOST_MISSES = 3
"""Clicks that open nothing, after which a round goes on to the path."""
_WATCH = """
window.answered = [];
addEventListener("click", (event) => {
  requestAnimationFrame(() => requestAnimationFrame(() => answered.push(performance.now() - event.timeStamp)));
}, true);
"""
_LARGEST = """
(() => {
  const folders_ = innerOf[folder].slice().sort((a, b) => totals[b].lines - totals[a].lines);
  if (!folders_.length) return null;
  const map = document.getElementById("treemap");
  const tree = treemap.getModel().getSeriesByIndex(0).getData().tree.root;
  const node = tree.children.find((one) => one.getModel().option.folder === folders_[0]);
  if (!node) return null;
  // Its heading: what is below may be one of its own folders.
  const box = map.getBoundingClientRect(), place = node.getLayout();
  return [box.x + place.x + place.width / 2, box.y + place.y + Math.min(9, place.height / 2)];
})()
"""
_CRUMB = """
(() => {
  const box = document.querySelector("#crumbs button").getBoundingClientRect();
  return [box.x + box.width / 2, box.y + box.height / 2];
})()
"""


def main() -> None:
    """Print a table of the page's size and times."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("page", type=Path, metavar="FILE")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--width", type=int, default=1280, metavar="PIXELS")
    arguments = parser.parse_args()
    # Of the tests, which are not beside an installed package.
    from support.browser import Browser, find_browser

    executable = find_browser()
    if executable is None:
        parser.error("there is no Chromium here")
    opened, answers, searches, n_missed = [], [], [], 0
    for _ in range(arguments.rounds):
        # What the browser had begun to write there may come after its end.
        with (
            tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile,
            Browser(executable, Path(profile)) as browser,
        ):
            browser.call("Performance.enable", timeDomain="threadTicks")
            start = time.monotonic()
            browser.open(arguments.page.absolute(), width=arguments.width, height=1000)
            opened.append((_busy(browser), time.monotonic() - start))
            browser.evaluate(_WATCH)
            clicks = []
            while (place := _place(browser, _LARGEST)) is not None and clicks.count(None) < _MOST_MISSES:
                clicks.append(_click(browser, place))
            clicks.append(_click(browser, _place(browser, _CRUMB)) if any(clicks) else None)
            n_missed += clicks.count(None)
            answers += filter(None, clicks)
            searches.append(_search(browser))
    print(f"{arguments.page.name}: {arguments.page.stat().st_size / 1e6:.2f} MB\n")
    print("| what | times | processor ms, median | most | clock ms, median | least | most |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | ---: |")
    for name, found in (("open the page", opened), ("a click", answers), ("a search for `init`", searches)):
        processor, clock = ([1000 * one for one in column] for column in zip(*found, strict=True))
        figures = (statistics.median(processor), max(processor), statistics.median(clock), min(clock), max(clock))
        print(f"| {name} | {len(found)} | {' | '.join(f'{one:,.0f}' for one in figures)} |")
    print(f"\nclicks that opened nothing: {n_missed}")


def _busy(browser: Browser) -> float:
    """Return the processor seconds of the page's main thread so far."""
    metrics: dict[str, Any] = {one["name"]: one["value"] for one in browser.call("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def _place(browser: Browser, expression: str) -> Any:
    """Return where in the window something stands, in pixels, once the page has come to rest."""
    browser.evaluate("document.getElementById('treemap').scrollIntoView({block: 'center', behavior: 'instant'})")
    _frames(browser)
    return browser.evaluate(expression)


def _click(browser: Browser, place: list[float]) -> tuple[float, float] | None:
    """Press and release the mouse; return processor seconds and seconds of the clock until the answer is there.

    None where the click opened nothing.
    """
    x, y = place
    browser.point_at(x, y)
    _frames(browser)
    before, folder = _busy(browser), browser.evaluate("folder")
    for kind in ("mousePressed", "mouseReleased"):
        browser.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)
    clock = browser.evaluate(
        "new Promise((done) => { const look = () => answered.length ? done(answered.shift())"
        " : setTimeout(look, 5); look(); })"
    )
    if browser.evaluate("folder") == folder:
        return None
    return _busy(browser) - before, clock / 1000


def _search(browser: Browser) -> tuple[float, float]:
    browser.evaluate("document.getElementById('search').focus()")
    before = _busy(browser)
    start = browser.evaluate("performance.now()")
    browser.call("Input.insertText", text="init")
    _frames(browser)
    clock = browser.evaluate("performance.now()") - start
    return _busy(browser) - before, clock / 1000


def _frames(browser: Browser) -> None:
    browser.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


if __name__ == "__main__":
    main()
