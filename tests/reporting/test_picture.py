"""picture: the report as SVG."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from repomap_fast.reporting.page import read_part
from support.made_reports import ATTACKS, make_attacks, make_shop, report_on

SVG = "{http://www.w3.org/2000/svg}"


def test_it_has_the_files_and_the_graph(tmp_path: Path) -> None:
    made = report_on(make_shop(tmp_path / "shop"), format="svg")
    picture = ET.fromstring(made.text)
    titles = [title.text for title in picture.iter(f"{SVG}title")]
    assert "shop/till: 7 lines" in titles
    assert {"till → stock: 1", "stock → till: 1"} <= set(titles)
    assert "shop/till: 2 files, 7 lines" in titles
    assert len([path for path in picture.iter(f"{SVG}path") if path.get("class") == "back"]) == 1


def test_an_arrow_that_leads_back_is_not_below_the_one_that_leads_down(tmp_path: Path) -> None:
    picture = ET.fromstring(report_on(make_shop(tmp_path / "shop"), format="svg").text)
    arrows = {
        path.get("class"): [float(number) for number in re.findall(r"[0-9.]+", path.get("d") or "")]
        for path in picture.iter(f"{SVG}path")
        if path.findtext(f"{SVG}title") in ("till → stock: 1", "stock → till: 1")
    }
    # Between the same two folders: the one begins and ends beside the ends of the other, along the sides of the boxes.
    down, back = arrows["arrow"], arrows["back"]
    assert down[1::2] == back[1::2][::-1]
    assert all(abs(x - other) >= 10 for x, other in zip(down[::2], back[::2][::-1], strict=True))


def test_one_file_is_no_files(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("x = 1\n")
    picture = ET.fromstring(report_on(tmp_path, format="svg").text)
    assert "a.py: 1 line" in [title.text for title in picture.iter(f"{SVG}title")]
    assert (picture.findtext(f"{SVG}desc") or "").startswith("1 file, 1 line. ")


def test_boxes_lie_in_the_drawing(tmp_path: Path) -> None:
    made = report_on(make_shop(tmp_path / "shop"), format="svg")
    picture = ET.fromstring(made.text)
    width, height = map(float, (picture.get("viewBox") or "").split()[2:])
    for box in picture.iter(f"{SVG}rect"):
        assert float(box.get("x", 0)) + float(box.get("width", 0)) <= width + 0.2
        assert float(box.get("y", 0)) + float(box.get("height", 0)) <= height + 0.2


def contrast(colour: str, other: str) -> float:
    """As WCAG 2 counts it."""

    def light(text: str) -> float:
        parts = [int(text[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    low, high = sorted((light(colour), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_names_can_be_read_on_every_colour_of_both_schemes(scheme: str) -> None:
    light, dark = read_part("picture.css").split("@media (prefers-color-scheme: dark) {")
    fills: dict[str, str] = {}
    for rules in (light, dark) if scheme == "dark" else (light,):
        for selectors, colour in re.findall(r"([^{}]+)\{[^{}]*?fill: (#[0-9a-f]{6})", rules):
            fills.update((selector.strip(), colour) for selector in selectors.split(","))
    for level in range(11):
        ink = fills.get(f"text.on{level}", fills["text"])
        assert contrast(ink, fills[f".l{level}"]) > 4, level
    for ground in (".ground", ".folder", ".rest", ".node", ".cycle"):
        assert contrast(fills["text"], fills[ground]) > 7, ground


@pytest.mark.parametrize("n_files", [0, 1])
def test_little_is_drawn_too(tmp_path: Path, n_files: int) -> None:
    for i in range(n_files):
        (tmp_path / f"{i}.py").write_text("x = 1\n")
    assert ET.fromstring(report_on(tmp_path, format="svg").text).tag == f"{SVG}svg"


def test_names_are_text(tmp_path: Path) -> None:
    picture = ET.fromstring(report_on(make_attacks(tmp_path), format="svg").text)
    tags = {element.tag.removeprefix(SVG) for element in picture.iter()}
    assert tags <= {"svg", "title", "desc", "style", "rect", "text", "g", "defs", "marker", "path"}
    assert any(ATTACKS[2] in (title.text or "") for title in picture.iter(f"{SVG}title"))
