"""Folders that tools make are left out, by git's listing and by the walk; nobody's sources are."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.discovery.tool_folders import find_tool_folders, is_told_by_a_file
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from support.repositories import make_work_tree, write_files

CACHE_TAG = "Signature: 8a477f597d28d172789f06886806bc55\n# made by a tool\n"
LEFT_OUT = {
    "node_modules/x/index.js": "",
    "app/node_modules/y/index.js": "",
    "__pycache__/a.py": "",
    ".venv/pyvenv.cfg": "home = /usr",
    ".venv/lib/a.py": "",
    "python-3/pyvenv.cfg": "home = /usr",
    "python-3/lib/a.py": "",
    "rust/target/debug/a.rs": "",
    "cached/CACHEDIR.TAG": CACHE_TAG,
    "cached/a.py": "",
    "out/CMakeCache.txt": "",
    "out/a.c": "",
}
KEPT = {
    "a.py": "",
    "app/a.js": "",
    "rust/Cargo.toml": "",
    "rust/src/target/a.rs": "",
    "venv/a.py": "",
    "target/a.c": "",
    "build/a.py": "",
    "dist/a.js": "",
    "tagged/CACHEDIR.TAG": "no signature",
    "tagged/a.py": "",
    "in_source/CMakeCache.txt": "",
    "in_source/CMakeLists.txt": "",
    "in_source/a.c": "",
}


def make(root: Path, *, git: bool) -> Path:
    return (make_work_tree if git else write_files)(root, LEFT_OUT | KEPT)


def find(root: Path, **options: object) -> Discovery:
    return discover(root, ScanOptions(**options), Progress())  # type: ignore[arg-type]


def paths_of(found: Discovery) -> list[str]:
    return [os.fsdecode(path) for path in found.paths]


@pytest.mark.parametrize("git", [False, True])
def test_what_tools_made_is_left_out_and_counted(git: bool, tmp_path: Path) -> None:
    found = find(make(tmp_path, git=git))
    assert paths_of(found) == sorted(KEPT)
    (note,) = [note for note in found.notes if "tools made" in note]
    assert note.startswith("left out 8 folders that tools made (.venv, __pycache__, app/node_modules, …)")
    assert "--no-ignore" in note


@pytest.mark.parametrize("git", [False, True])
def test_what_the_user_leaves_out_is_not_counted(git: bool, tmp_path: Path) -> None:
    root = make(tmp_path, git=git)
    write_files(root, {".repomapignore": "/cached/\n/rust/\n"})
    (note,) = find(root, exclude=("app", "__pycache__")).notes
    assert note.startswith("left out 4 folders that tools made (.venv, node_modules, out, …)")


@pytest.mark.parametrize("git", [False, True])
def test_no_ignore_shows_them(git: bool, tmp_path: Path) -> None:
    found = find(make(tmp_path, git=git), no_ignore=True)
    assert paths_of(found) == sorted(KEPT | LEFT_OUT)
    assert not found.notes


@pytest.mark.parametrize("is_installed", [True, False])
def test_what_git_tracks_is_kept(is_installed: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = make(tmp_path, git=True)
    tracked = ["node_modules/x/index.js", "out/a.c"]
    subprocess.run(["git", "-C", root, "add", "-f", *tracked], check=True)
    (root / "node_modules/x/other.js").write_text("")
    if not is_installed:
        monkeypatch.setenv("PATH", "")
    assert paths_of(find(root)) == sorted([*KEPT, *tracked])


def test_a_root_that_a_tool_made_is_scanned(tmp_path: Path) -> None:
    root = make(tmp_path, git=False) / ".venv"
    assert paths_of(find(root)) == ["lib/a.py", "pyvenv.cfg"]
    assert paths_of(find(tmp_path / "node_modules")) == ["x/index.js"]


def test_a_cache_tag_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "a.py").write_text("")
    os.mkfifo(tmp_path / "a" / "CACHEDIR.TAG")
    assert paths_of(find(tmp_path)) == ["a/a.py"]


def test_paths_of_folders_that_tools_made_are_counted_once(tmp_path: Path) -> None:
    paths = [b"a", b"node_modules-b/c", b"node_modules/a", b"node_modules/b/node_modules/c", b"x/.tox/a", b"x/b"]
    found = find_tool_folders(os.fsencode(tmp_path), paths)
    assert found.folders == [b"node_modules", b"x/.tox"]
    assert found.positions == [2, 3, 4]


def test_a_cache_tag_alone_says_by_its_contents_whose_folder_it_is() -> None:
    assert is_told_by_a_file([b"a.py", b"CACHEDIR.TAG"])
    assert not is_told_by_a_file([b"a.py", b"pyvenv.cfg", b"CMakeCache.txt"])
