"""Go: from the path of a package to the files in its folder."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from support.import_trees import resolved

FILES = {
    "go.mod": "module example.com/shop\n\nreplace example.com/fork => ./third/fork\n",
    "till/till.go": "package till\n",
    "till/clock.go": "package till\n",
    "till/till_test.go": "package till\n",
    "third/fork/fork.go": "package fork\n",
    "tools/go.mod": "module example.com/shop/tools\n",
    "tools/gen/gen.go": "package gen\n",
    "vendor/example.com/dep/dep.go": "package dep\n",
}
LINES = (
    'package main\nimport (\n"fmt"\n"example.com/shop/till"\n"example.com/fork"\n"example.com/shop/tools/gen"\n'
    '"example.com/dep"\n"example.com/shop/gone"\n"example.com/shopping"\n)\n'
)


def test_packages_are_folders_below_the_module_that_is_nearest_by_name(tmp_path: Path) -> None:
    assert resolved(tmp_path, {**FILES, "main.go": LINES}, "main.go") == [
        ("fmt", "outside", []),
        ("example.com/shop/till", "inside", ["till/clock.go", "till/till.go"]),
        ("example.com/fork", "inside", ["third/fork/fork.go"]),
        ("example.com/shop/tools/gen", "inside", ["tools/gen/gen.go"]),
        ("example.com/dep", "inside", ["vendor/example.com/dep/dep.go"]),
        ("example.com/shop/gone", "unknown", []),
        ("example.com/shopping", "outside", []),
    ]


def test_without_a_module_the_path_goes_on_from_the_name_of_the_root(tmp_path: Path) -> None:
    files = {"main.go": 'package main\nimport "github.com/me/gin/render"\n', "render/json.go": "package render\n"}
    (tmp_path / "gin").mkdir()
    assert resolved(tmp_path / "gin", files, "main.go") == [("github.com/me/gin/render", "inside", ["render/json.go"])]


def test_a_replacement_may_have_a_comment(tmp_path: Path) -> None:
    files = {
        "go.mod": "module a.b/c\nreplace (\n\td.e/f v1.2.3 => ./f // for now\n)\n",
        "f/f.go": "package f\n",
        "main.go": 'package main\nimport "d.e/f"\n',
    }
    assert resolved(tmp_path, files, "main.go") == [("d.e/f", "inside", ["f/f.go"])]


@pytest.mark.parametrize("piece", ["\n", " ", "replace ", "v1 ", "a => "])
def test_odd_settings_take_little_time(piece: str, tmp_path: Path) -> None:
    files = {
        "go.mod": piece * (200_000 // len(piece)) + "\nmodule a.b/c\n",
        "f/f.go": "package f\n",
        "main.go": 'package main\nimport "a.b/c/f"\n',
    }
    start = time.process_time()
    assert resolved(tmp_path, files, "main.go") == [("a.b/c/f", "inside", ["f/f.go"])]
    assert time.process_time() - start < 2
