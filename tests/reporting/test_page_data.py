"""page_data: what of a report is on its page."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from repomap_fast.reporting import page_data as pages
from repomap_fast.reporting.page_data import level_of, page_data
from repomap_fast.reporting.report import Report
from support.made_reports import made_file, make_shop, report_on


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Report:
    return report_on(make_shop(tmp_path_factory.mktemp("shop")))


def test_folders_come_after_those_that_hold_them(shop: Report) -> None:
    folders = page_data(shop)["folders"]
    assert folders["parents"][0] == -1
    assert all(parent < number for number, parent in enumerate(folders["parents"]))
    assert set(folders["names"]) == {"", "shop", "till", "stock", "tests"}


def test_columns_of_files_say_what_the_report_says(shop: Report) -> None:
    data = page_data(shop)
    files, names = data["files"], data["folders"]["names"]
    row = files["names"].index("till.py")
    assert names[files["folders"][row]] == "till"
    assert (files["lines"][row], files["changes"][row]) == (7, 3)
    assert data["kinds"][files["kinds"][row]] == "code"
    assert data["languages"][files["languages"][row]] == "python"
    assert data["nFolded"] == 0


def test_graphs_are_found_by_the_numbers_of_their_folders(shop: Report) -> None:
    data = page_data(shop)
    number = data["folders"]["names"].index("shop")
    graph = data["graphs"][number]
    assert [node[0] for node in graph["nodes"]] == ["till", "stock"] or [node[0] for node in graph["nodes"]] == [
        "stock",
        "till",
    ]
    assert len(graph["cycles"]) == 1


def test_what_is_small_is_folded_into_its_folder(shop: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_BYTES_OF_TREE", 500)
    files = tuple(made_file(f"a/b{i // 10}/file{i:03}.py", n_lines=i + 1, place=i + 1, n_changes=1) for i in range(100))
    data = page_data(replace(shop, files=files))
    kept = len(data["files"]["names"])
    assert 0 < kept < 20
    assert data["nFolded"] == 100 - kept == sum(data["folders"]["folded"])
    assert sum(data["files"]["lines"]) + sum(data["folders"]["foldedLines"]) == sum(range(1, 101))
    assert sum(data["files"]["changes"]) + sum(data["folders"]["foldedChanges"]) == 100
    # The largest and the most important file stay.
    assert {"file000.py", "file099.py"} <= set(data["files"]["names"])


def test_a_path_of_many_folders_costs_them(shop: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "MAX_BYTES_OF_TREE", 5_000)
    files = tuple(made_file(f"{i}/" + "d/" * 1000 + "f.py", place=i + 1) for i in range(20))
    assert len(json.dumps(page_data(replace(shop, files=files))["folders"])) < 20_000


def test_long_and_odd_names_are_cut_and_escaped(shop: Report) -> None:
    files = (made_file("x" * 5000 + ".py"), made_file("odd\udcff\x1b[0m.py"))
    names = page_data(replace(shop, files=files))["files"]["names"]
    assert sorted(map(len, names)) == [len("odd\ufffd\\x1b[0m.py"), 200]
    assert "odd\ufffd\\x1b[0m.py" in names


@pytest.mark.parametrize(("multiple", "level"), [(0, 0), (0.001, 0), (0.1, 25), (1, 50), (10, 75), (1000, 100)])
def test_the_mean_file_is_in_the_middle(multiple: float, level: int) -> None:
    assert level_of(multiple) == level
