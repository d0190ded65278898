"""The files of a repository as those see them who look for a module."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from repomap_fast.contents import FolderContents
from repomap_fast.resolving import source_tree
from repomap_fast.resolving.source_tree import (
    SourceTree,
    ancestors,
    join,
    n_common_folders,
    read_each_of_settings,
    read_settings,
    without_comments,
)

PATHS = ["a/b/x.h", "a/include/b/x.h", "c/x.h", "x.h"]


@pytest.fixture
def tree() -> SourceTree:
    return SourceTree(None, PATHS, ["c"] * len(PATHS))


def test_folders_without_files_of_their_own_are_folders(tree: SourceTree) -> None:
    assert sorted(tree.folders) == ["", "a", "a/b", "a/include", "a/include/b", "c"]


def test_files_are_found_by_the_end_of_their_paths_from_a_folder_on(tree: SourceTree) -> None:
    assert tree.ending_in("b/x.h") == [0, 1]
    assert tree.ending_in("x.h") == [0, 1, 2, 3]
    assert tree.ending_in("/x.h") == []


def test_names_with_equal_ends_are_told_apart() -> None:
    paths = ["a/x_long_test.go", "b/x_long_test.go", "go", "long_test.go", "ä/ö.h", "ö.h", "y_long_test.go/z"]
    tree = SourceTree(None, paths, ["go"] * len(paths))
    asked = ("x_long_test.go", "long_test.go", "test.go", "go", "ö.h", "z", "", "y_long_test.go")
    assert [tree.named(name) for name in asked] == [[0, 1], [3], [], [2], [4, 5], [6], [], []]
    assert SourceTree(None, [], []).named("go") == []


def test_the_nearest_have_most_folders_in_common_and_then_fewest(tree: SourceTree) -> None:
    assert tree.nearest([0, 1, 2, 3], "a/include") == [1]
    assert tree.nearest([0, 1], "d") == [0]
    assert tree.nearest([0, 2], "d") == [2]


@pytest.mark.parametrize(
    ("folder", "path", "joined"),
    [("a/b", "../c", "a/c"), ("", "./x", "x"), ("a", "..", ""), ("a", "../..", None), ("", "/x", None)],
)
def test_paths_stay_below_the_root(folder: str, path: str, joined: str | None) -> None:
    assert join(folder, path) == joined


def test_folders_around() -> None:
    assert list(ancestors("a/b")) == ["a/b", "a", ""]
    assert (n_common_folders("a/b/c", "a/b/d"), n_common_folders("a", "b"), n_common_folders("", "")) == (2, 0, 0)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ('{"a": 1, // one\n "b": [1, 2,], /* two */}', {"a": 1, "b": [1, 2]}),
        ('{"a": "// no", "b": "\\"/*"}', {"a": "// no", "b": '"/*'}),
        ("{} // last", {}),
    ],
)
def test_comments_and_last_commas_are_taken_out(text: str, value: object) -> None:
    assert json.loads(without_comments(text)) == value


def test_settings_are_not_read_through_a_link(tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_text('{"name": "x"}')
    root = tmp_path / "root"
    root.mkdir()
    (root / "package.json").symlink_to(tmp_path / "outside.json")
    tree = SourceTree(root, ["package.json"], [""])
    assert tree.read_json("package.json") == {}


def test_settings_that_git_ignores_are_read(tmp_path: Path) -> None:
    (tmp_path / "ui").mkdir()
    (tmp_path / "ui" / "package.json").write_text('{"name": "@scope/ui"}')
    tree = SourceTree(tmp_path, ["ui/index.ts", "ui/.gitignore"], ["typescript", ""])
    assert tree.has_settings("ui/package.json")
    assert not tree.has_settings("ui/tsconfig.json")
    assert tree.folders_with("package.json", ("typescript",)) == ["ui"]
    assert tree.read_json("ui/package.json") == {"name": "@scope/ui"}


def test_settings_that_are_not_there_do_not_count_for_the_bound(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.resolving.source_tree._MOST_SETTINGS", 2)
    for name in ("a", "b", "c"):
        (tmp_path / f"{name}.json").write_text('{"x": 1}')
    tree = SourceTree(tmp_path, [], [])
    assert not any(tree.has_settings(f"missing{i}.json") for i in range(9))
    assert [tree.read_json(f"{name}.json") for name in ("a", "b", "c")] == [{"x": 1}, {"x": 1}, {}]


def test_settings_that_are_not_listed_or_have_no_language_are_told(tmp_path: Path) -> None:
    for name in ("a.json", "b.json", "go.mod"):
        (tmp_path / name).write_text("{}")
    tree = SourceTree(tmp_path, ["a.json", "go.mod"], ["json", ""])
    for name in ("a.json", "b.json", "c.json", "go.mod"):
        tree.read(name)
    assert tree.unlisted == {"b.json": b"{}", "c.json": None, "go.mod": b"{}"}


def test_many_settings_are_read_as_single_ones_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(source_tree, "_MOST_BYTES", 10)
    (tmp_path / "a/b").mkdir(parents=True)
    (tmp_path / "a/b/small.json").write_bytes(b"{}")
    (tmp_path / "a/large.json").write_bytes(b"1" * 11)
    (tmp_path / "a/link.json").symlink_to("b/small.json")
    paths = ["a/large.json", "a/b/small.json", "none/a.json", "a/link.json", "a\0b", "\ud800", "../x", "a", "", "a/b/x"]
    contents = FolderContents(tmp_path)
    found = dict(read_each_of_settings(contents, paths))
    assert found == {path: read_settings(contents, path) for path in paths}
    assert found["a/b/small.json"] == b"{}"
