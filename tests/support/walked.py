"""A folder outside of git that is walked again and again, while files, folders and rules in it come and go."""

from __future__ import annotations

import os
import random
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

TICK_S = 0.012
"""More than the clock of a file system needs for its next time."""
_NAMES = ["a", "b.py", "c.log", "build", "x", "node_modules", ".gitignore", "package.json"]


def give_settings_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Leave out the settings of the machine, and return the file for those of the user."""
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(tmp_path / "gitconfig"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "xdg"))
    return tmp_path / "gitconfig"


def write(path: Path, text: str = "") -> None:
    """Write a file, and make the folders that it needs."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)


def make_walked_folder(tmp_path: Path) -> Path:
    """Make a few files and folders, of which rules leave out some."""
    root = tmp_path / "walked"
    for path in ("a.py", "src/b.py", "src/deep/c.py", "docs/d.md", "build/e.py"):
        write(root / path)
    (root / ".gitignore").write_text("*.log\n/docs/\n")
    time.sleep(TICK_S)
    return root


def note_listed_folders(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return a list to which each folder is added that is listed from now on, below the root."""
    seen: list[str] = []
    scandir = os.scandir

    def noting(path: bytes) -> Iterator[os.DirEntry[bytes]]:
        # The note on what is ignored looks at the root as well, without a slash at its end.
        if isinstance(path, bytes) and b"/walked/" in path:
            seen.append(os.fsdecode(path).rpartition("/walked/")[2])
        return scandir(path)

    monkeypatch.setattr(os, "scandir", noting)
    return seen


def change_something(root: Path, chance: random.Random) -> None:
    """Make, move, write or remove something, or change a rule; then wait for the clock's next time."""
    folders = [root, *(path for path in root.rglob("*") if path.is_dir() and not path.is_symlink())]
    there = chance.choice(folders) / chance.choice(_NAMES)
    step = chance.randrange(7)
    if there.is_dir() and not there.is_symlink():
        if step == 0:
            shutil.rmtree(there)
        elif step == 1 and not there.with_name(f"moved{there.name}").exists():
            there.rename(there.with_name(f"moved{there.name}"))
    elif there.is_symlink() or (there.exists() and step == 0):
        there.unlink()
    elif there.name == ".gitignore":
        there.write_text(chance.choice(["*.log\n", "a\n", "!c.log\n", "/x/\n", ""]))
    elif step == 1 and not there.exists():
        there.symlink_to(root)
    elif step < 4 and not there.exists():
        there.mkdir()
    else:
        write(there, "x" * step)
    time.sleep(TICK_S)
