"""A walk that remembers the last one finds what a walk that remembers nothing finds."""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from repomap_fast.discovery import stamps
from repomap_fast.discovery.discover import Discovery, discover
from repomap_fast.discovery.file_stats import Inodes, look_up_inodes
from repomap_fast.discovery.walk_memory import Taken, WalkMemory, Way
from repomap_fast.options import ScanOptions
from repomap_fast.progress import Progress
from repomap_fast.tables import StringTable
from support.walked import (
    TICK_S,
    change_something,
    give_settings_of_git,
    make_walked_folder,
    note_listed_folders,
    write,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="nothing is remembered there")
OPTIONS = ScanOptions()


@pytest.fixture(autouse=True)
def settings_of_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    return give_settings_of_git(tmp_path, monkeypatch)


@pytest.fixture
def fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock without a grain, so that what has just changed counts as settled."""
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_walked_folder(tmp_path)


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many paths each look at the disk has asked for."""
    counts: list[int] = []

    def counting(root: bytes, paths: StringTable, tell: Callable[[int], None], **others: Any) -> Inodes:
        counts.append(len(paths))
        return look_up_inodes(root, paths, tell, **others)

    for module in ("walk_memory", "discover"):
        monkeypatch.setattr(f"repomap_fast.discovery.{module}.look_up_inodes", counting)
    return counts


@pytest.fixture
def listed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    return note_listed_folders(monkeypatch)


def paths_of(root: Path, memory: WalkMemory | None, options: ScanOptions = OPTIONS) -> list[str]:
    time.sleep(TICK_S)
    return [os.fsdecode(path) for path in discovered(root, memory, options).paths]


def assert_same(found: Discovery, expected: Discovery) -> None:
    assert found.paths.equals(expected.paths)
    for column in ("sizes_bytes", "mtimes_ns", "ctimes_ns", "inodes"):
        assert getattr(found, column).tolist() == getattr(expected, column).tolist()


def discovered(root: Path, memory: WalkMemory | None, options: ScanOptions = OPTIONS) -> Discovery:
    return discover(root, options, Progress(), memory=memory)


@pytest.mark.usefixtures("fine_clock")
def test_a_tree_that_did_not_change_is_not_listed_again(root: Path, listed: list[str]) -> None:
    memory = WalkMemory()
    first = paths_of(root, memory)
    assert "src/deep/c.py" in first
    assert "docs/d.md" not in first
    listed.clear()
    assert paths_of(root, memory) == first
    assert listed == []


@pytest.mark.usefixtures("fine_clock")
def test_only_the_folder_that_changed_is_listed_again(root: Path, listed: list[str]) -> None:
    memory = WalkMemory()
    paths_of(root, memory)
    write(root / "src" / "new.py")
    listed.clear()
    assert "src/new.py" in paths_of(root, memory)
    assert listed == ["src/"]


@pytest.mark.usefixtures("fine_clock")
def test_a_tree_that_did_not_change_is_looked_up_in_one_go(root: Path, asked: list[int]) -> None:
    memory = WalkMemory()
    n_files = len(paths_of(root, memory))
    write(root / "a.py", "longer than before")
    asked.clear()
    assert_same(discovered(root, memory), discovered(root, None))
    # The rule file is a file of the scan as well.
    folders, rule_files = ["build", "src", "src/deep"], [".gitignore"]
    assert asked[:-1] == [len(folders) + len(rule_files) + n_files]


def spare(memory: WalkMemory, found: Discovery, suffix: bytes = b".log") -> list[int]:
    """Spare the files of a suffix; return their rows."""
    rows = [row for row, path in enumerate(found.paths) if path.endswith(suffix)]
    memory.spare(found.paths, found.as_inodes(), np.array(rows, np.intp))
    return rows


@pytest.mark.usefixtures("fine_clock")
def test_a_file_that_is_spared_is_asked_for_once_more_where_all_are_wanted(root: Path, asked: list[int]) -> None:
    memory = WalkMemory()
    first = discovered(root, memory)
    (spared,) = spare(memory, first, b"a.py")
    write(root / "a.py", "longer than before")
    write(root / "src/b.py", "longer than before")
    for _ in range(2):
        asked.clear()
        found = discover(root, OPTIONS, Progress(), memory=memory, is_sparing=True)
        assert len(asked) == 1
        assert found.sizes_bytes[spared] == 0
        assert [*found.paths].index(b"src/b.py") in np.flatnonzero(found.sizes_bytes == len("longer than before"))
        n_sparing = asked[0]
        asked.clear()
        assert_same(discovered(root, memory), discovered(root, None))
        assert asked[0] == n_sparing + 1


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("change", ["removed", "replaced", "made a link", "made a folder", "moved"])
def test_of_a_file_that_is_spared_its_folder_tells(root: Path, change: str) -> None:
    memory = WalkMemory()
    write(root / "src/c.log.md")
    time.sleep(TICK_S)
    spare(memory, discovered(root, memory), b".md")
    file = root / "src/c.log.md"
    if change == "replaced":
        write(root / "src/other", "another text")
        (root / "src/other").replace(file)
    elif change == "moved":
        file.rename(root / "d.md")
    else:
        file.unlink()
    if change == "made a link":
        file.symlink_to(root / "a.py")
    elif change == "made a folder":
        write(file / "e.py")
    time.sleep(TICK_S)
    assert_same(discover(root, OPTIONS, Progress(), memory=memory, is_sparing=True), discovered(root, None))


@pytest.mark.usefixtures("fine_clock")
def test_a_file_that_is_spared_in_a_tree_that_changed_is_looked_up(root: Path, asked: list[int]) -> None:
    memory = WalkMemory()
    write(root / "docs.md")
    time.sleep(TICK_S)
    n_files = len(discovered(root, memory).paths)
    assert spare(memory, discovered(root, memory), b".md")
    write(root / "docs.md", "longer than before")
    write(root / "written.tmp", "another text")
    (root / "written.tmp").replace(root / "src/b.py")
    asked.clear()
    found = discover(root, OPTIONS, Progress(), memory=memory, is_sparing=True)
    # Before the walk without it, after the walk it alone, and the folders at the end.
    assert asked[1] == 1
    assert asked[0] >= n_files - 1
    assert_same(found, discovered(root, None))


@pytest.mark.usefixtures("fine_clock")
def test_a_file_that_was_replaced_is_not_asked_for_again(root: Path, asked: list[int]) -> None:
    memory = WalkMemory()
    n_files = len(paths_of(root, memory))
    write(root / "written.tmp", "another text")
    (root / "written.tmp").replace(root / "src/b.py")
    asked.clear()
    found = discovered(root, memory)
    assert len(found.paths) == n_files
    # The first is before the walk, the other after it for the folders alone.
    assert len(asked) == 2
    assert asked[1] < asked[0] - 1
    assert_same(found, discovered(root, None))


@pytest.mark.usefixtures("fine_clock")
def test_a_file_that_comes_back_while_folders_are_listed_is_found(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    memory = WalkMemory()
    first = paths_of(root, memory)
    (root / "src/b.py").unlink()
    taken_from = WalkMemory.taken_from

    def writing(self: WalkMemory, way: Way) -> Taken | None:
        write(root / "src/b.py")
        return taken_from(self, way)

    monkeypatch.setattr(WalkMemory, "taken_from", writing)
    assert paths_of(root, memory) == first


def test_what_changed_a_moment_ago_is_listed_again(root: Path, listed: list[str]) -> None:
    memory = WalkMemory()
    paths_of(root, memory)
    listed.clear()
    paths_of(root, memory)
    assert "src/deep/" in listed


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("name", [".gitignore", "src/.gitignore", ".repomapignore", "src/.repomapignore"])
def test_rules_that_come_change_and_go_are_followed(root: Path, name: str) -> None:
    memory = WalkMemory()
    paths_of(root, memory)
    for text in ("*.md\n", "*.md\nb.py\n", "", "c.py\n"):
        write(root / name, text)
        assert paths_of(root, memory) == paths_of(root, None)
    (root / name).unlink()
    assert paths_of(root, memory) == paths_of(root, None)


@pytest.mark.usefixtures("fine_clock")
def test_the_users_own_rules_are_followed(root: Path, settings_of_git: Path, tmp_path: Path) -> None:
    memory = WalkMemory()
    assert "a.py" in paths_of(root, memory)
    write(tmp_path / "xdg" / "git" / "ignore", "a.py\n")
    assert "a.py" not in paths_of(root, memory)
    settings_of_git.write_text(f"[core]\n\texcludesFile = {tmp_path / 'mine'}\n")
    assert "a.py" in paths_of(root, memory)
    write(tmp_path / "mine", "b.py\n")
    assert "src/b.py" not in paths_of(root, memory)
    settings_of_git.write_text(f"[include]\n\tpath = {tmp_path / 'included'}\n")
    write(tmp_path / "included", f"[core]\n\texcludesFile = {tmp_path / 'other'}\n")
    write(tmp_path / "other", "c.py\n")
    assert "src/deep/c.py" not in paths_of(root, memory)
    write(tmp_path / "included", "")
    assert paths_of(root, memory) == paths_of(root, None)


@pytest.mark.usefixtures("fine_clock")
def test_a_repository_that_is_made_within_takes_its_own_rules(root: Path) -> None:
    memory = WalkMemory()
    write(root / "src" / ".git" / "info" / "exclude", "b.py\n")
    assert "src/b.py" in paths_of(root, memory)
    for folder in ("objects", "refs"):
        (root / "src" / ".git" / folder).mkdir()
    write(root / "src" / ".git" / "HEAD", "ref: refs/heads/main\n")
    assert "src/b.py" not in paths_of(root, memory)
    assert paths_of(root, memory) == paths_of(root, None)


@pytest.mark.usefixtures("fine_clock")
def test_notes_stay_where_nothing_is_listed_again(root: Path) -> None:
    write(root / "env" / "pyvenv.cfg")
    write(root / "env" / "f.py")
    write(root / "build" / "CACHEDIR.TAG", "Signature: 8a477f597d28d172789f06886806bc55")
    memory = WalkMemory()
    for _ in range(3):
        time.sleep(TICK_S)
        assert discovered(root, memory).notes == discovered(root, None).notes != ()


@pytest.mark.usefixtures("fine_clock")
def test_a_walk_that_was_cancelled_leaves_what_was_known(root: Path) -> None:
    class Cancelled(Exception):
        pass

    def cancel(*_: object) -> None:
        raise Cancelled

    memory = WalkMemory()
    paths_of(root, memory)
    write(root / "src" / "new.py")
    write(root / "src" / ".gitignore", "b.py\n")
    time.sleep(TICK_S)
    with pytest.raises(Cancelled):
        discover(root, OPTIONS, Progress(cancel), memory=memory)
    write(root / "src" / ".gitignore", "c.py\n")
    assert paths_of(root, memory) == paths_of(root, None)


@pytest.mark.usefixtures("fine_clock")
@pytest.mark.parametrize("options", [OPTIONS, ScanOptions(no_ignore=True), ScanOptions(exclude=("b*",))])
def test_any_changes_give_what_a_walk_without_memory_finds(root: Path, options: ScanOptions) -> None:
    chance = random.Random(14)
    memory = WalkMemory()
    for _ in range(40):
        change_something(root, chance)
        expected = discovered(root, None, options)
        sparing = discover(root, options, Progress(), memory=memory, is_sparing=True)
        assert sparing.paths.equals(expected.paths)
        assert sparing.notes == expected.notes
        rows = np.setdiff1d(
            np.arange(len(expected.paths)), [row for row, path in enumerate(expected.paths) if path.endswith(b".log")]
        )
        assert_same(sparing.rows(rows), expected.rows(rows))
        if chance.randrange(2):
            assert_same(discovered(root, memory, options), expected)
            spare(memory, expected)
