"""What --include, --exclude and .repomapignore leave of a work tree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from repomap_fast.discovery.selection import Selection


def is_selected(selection: Selection, path: bytes) -> bool:
    *folders, name = path.split(b"/")
    folder = selection.at_root()
    for part in folders:
        below = selection.below(folder, part)
        if below is None:
            return False
        folder = below
    return selection.has_file(folder, name)


@pytest.mark.parametrize(
    ("include", "path", "expected"),
    [
        ((), b"a/b.c", True),
        (("*.py",), b"a/b.py", True),
        (("*.py",), b"a/b.c", False),
        (("/src/",), b"src/a/b.c", True),
        (("/src/",), b"lib/src/b.c", False),
        (("src/*.c",), b"src/b.c", True),
        (("src/*.c",), b"src/a/b.c", False),
        (("src/", "!*.md"), b"src/a.md", False),
        (("src/", "!*.md"), b"src/a.c", True),
        (("a", "b"), b"b", True),
        (("\udcff*",), b"\xffa", True),
    ],
)
def test_include(include: tuple[str, ...], path: bytes, expected: bool, tmp_path: Path) -> None:
    assert is_selected(Selection(os.fsencode(tmp_path), include=include), path) is expected


@pytest.mark.parametrize(
    ("exclude", "path", "expected"),
    [
        (("*.py",), b"a/b.py", False),
        (("*.py",), b"a/b.c", True),
        (("vendor/",), b"a/vendor/x/y.c", False),
        (("vendor/",), b"a/vendor", True),
        (("*.c", "!main.c"), b"a/main.c", True),
        (("a/", "!main.c"), b"a/main.c", False),
    ],
)
def test_exclude(exclude: tuple[str, ...], path: bytes, expected: bool, tmp_path: Path) -> None:
    assert is_selected(Selection(os.fsencode(tmp_path), exclude=exclude), path) is expected


def test_exclude_wins_over_include(tmp_path: Path) -> None:
    selection = Selection(os.fsencode(tmp_path), include=("*.py",), exclude=("test_*",))
    assert is_selected(selection, b"a.py")
    assert not is_selected(selection, b"test_a.py")


def test_repomapignore_counts_at_every_level_and_only_takes_away(tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / ".repomapignore").write_text("*.md\n/docs/\n!wanted.c\n")
    (tmp_path / "sub" / ".repomapignore").write_text("!keep.md\nlocal.c\n")
    selection = Selection(os.fsencode(tmp_path), exclude=("wanted.c",))

    assert not is_selected(selection, b"a.md")
    assert not is_selected(selection, b"docs/a.c")
    assert not is_selected(selection, b"sub/a.md")
    assert not is_selected(selection, b"sub/local.c")
    assert not is_selected(selection, b"wanted.c")
    assert is_selected(selection, b"sub/keep.md")
    assert is_selected(selection, b"sub/docs/a.c")
    assert is_selected(selection, b"local.c")


def test_repomapignore_is_not_read_with_no_ignore(tmp_path: Path) -> None:
    (tmp_path / ".repomapignore").write_text("*\n")
    assert is_selected(Selection(os.fsencode(tmp_path), follow_ignore_files=False), b"a")
