"""Go: from the path of a package to the files in its folder."""

from __future__ import annotations

from pathlib import Path

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
