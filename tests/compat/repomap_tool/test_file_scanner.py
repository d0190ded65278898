"""Files of a project, beside those that git does not ignore."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

import pytest

import repomap_fast
from repomap_fast.compat.repomap_tool import (
    OptimizedFileScanner,
    get_project_files,
    parse_gitignore,
    should_ignore_file,
)

PATTERNS = ["*.log", "!keep.log", "build/", "/top.txt", "docs/**/*.tmp", "# no pattern", "", "a[bc].py", "lib/deep"]


PATHS = [
    *("a.log", "keep.log", "x/keep.log", "build/x.py", "src/build/x.py", "top.txt", "src/top.txt", "docs/a.tmp"),
    *("docs/x/y/b.tmp", "ab.py", "x/ac.py", "ad.py", "lib/deep/z.c", "lib/deeper/z.c", "build.py", "# no pattern"),
]


def test_a_path_is_ignored_where_git_ignores_it(tmp_path: Path) -> None:
    (tmp_path / ".gitignore").write_text("\n".join(PATTERNS) + "\n")
    for path in PATHS:
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).touch()
    subprocess.run(["git", "init", "-q", tmp_path], check=True)
    run = subprocess.run(
        ["git", "-C", tmp_path, "check-ignore", "--no-index", "--stdin"],
        input="\n".join(PATHS), capture_output=True, text=True, check=False,
    )  # fmt: skip
    patterns = parse_gitignore(tmp_path / ".gitignore")
    assert patterns == [pattern for pattern in PATTERNS if pattern and not pattern.startswith("#")]
    ours = [path for path in PATHS if should_ignore_file(tmp_path / path, patterns, tmp_path)]
    assert ours == run.stdout.split("\n")[:-1]
    scanned = OptimizedFileScanner(tmp_path, patterns).scan_files()
    assert sorted(scanned) == sorted(tmp_path / path for path in [*PATHS, ".gitignore"] if path not in ours)


def test_what_no_pattern_speaks_of_is_not_ignored(tmp_path: Path) -> None:
    assert not should_ignore_file(tmp_path / "a", [], tmp_path)
    assert not should_ignore_file(tmp_path, ["*"], tmp_path)
    assert not should_ignore_file("/elsewhere/a", ["*"], tmp_path)
    assert should_ignore_file(tmp_path / "node_modules" / "gone.js", ["node_modules/"], tmp_path)
    assert parse_gitignore(tmp_path / "gone") == []


def test_scanner_without_patterns_follows_the_ignore_files(root: Path) -> None:
    (root / "lib/.gitignore").write_text("deep/\n")
    names = [path.relative_to(root).as_posix() for path in OptimizedFileScanner(root).scan_files()]
    assert names == ["a.py", "lib/.gitignore", "lib/b.c", "logo.png", "notes.txt"]
    names = [path.relative_to(root).as_posix() for path in OptimizedFileScanner(root, ["*.png"]).scan_files()]
    assert names == ["a.py", "lib/.gitignore", "lib/b.c", "lib/deep/c.js", "notes.txt"]


def test_scanner_tells_how_far_it_is_and_can_be_stopped(root: Path) -> None:
    told = []
    OptimizedFileScanner(root).scan_files(progress=lambda *event: told.append(event))
    assert told[-1] == ("discover", 5, 5)
    cancel = threading.Event()
    cancel.set()
    with pytest.raises(repomap_fast.ScanCancelled):
        OptimizedFileScanner(root).scan_files(cancel=cancel)


def test_project_files_are_absolute_and_without_what_is_no_source(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for path in ("node_modules/x/y.js", "lib/node_modules/z.js", "build/made.py", "lib/build/ours.py", "x.lock"):
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).touch()
    expected = ["a.py", "lib/b.c", "lib/build/ours.py", "lib/deep/c.js", "notes.txt"]
    assert get_project_files(str(root)) == [str(root / path) for path in expected]
    monkeypatch.chdir(root)
    assert get_project_files(".", verbose=True) == [str(root / path) for path in expected]
