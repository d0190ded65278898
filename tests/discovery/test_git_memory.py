"""git_memory: whether what decides git's listing is as it was, and when to compare; test_root_walk has whole looks."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from repomap_fast.discovery import git_memory, stamps
from repomap_fast.discovery.git_folder import repository_around
from repomap_fast.discovery.git_memory import GitMemory
from repomap_fast.progress import Progress
from support.repositories import git, make_work_tree, needs_git

pytestmark = [
    needs_git,
    pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names differ by case there, so git is asked"),
]


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return make_work_tree(tmp_path / "top", {"sub/deep/a.py": ""}, "sub/deep/a.py")


@pytest.fixture
def fine_clock(monkeypatch: pytest.MonkeyPatch) -> None:
    """A clock without a grain, so that what has just changed counts as settled."""
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)


def looked(memory: GitMemory, root: Path) -> GitMemory:
    time.sleep(0.012)
    real_root = os.fsencode(root.resolve())
    memory.look(real_root, repository_around(real_root))
    return memory


@pytest.mark.usefixtures("fine_clock")
def test_the_state_has_each_file_that_decides(top: Path, home: Path) -> None:
    (home / ".gitconfig").write_text("[core]\nexcludesFile = ~/mine\n")
    state = looked(GitMemory(), top / "sub/deep").state
    assert state is not None
    assert state.excludes == os.fsencode(home / "mine")
    of_git = [top / ".git" / name for name in ("HEAD", "index", "config", "info/exclude")]
    of_user = [home / name for name in (".config/git/config", ".gitconfig", "mine")]
    above = [top / "sub/.gitignore", top / ".gitignore"]
    assert {os.fsdecode(path) for path in state.stamps} == {str(path) for path in (*of_git, *of_user, *above)}


@pytest.mark.usefixtures("fine_clock")
def test_rules_of_the_repository_take_the_place_of_those_of_the_user(top: Path) -> None:
    git(top, "config", "core.excludesFile", "its")
    state = looked(GitMemory(), top).state
    assert state is not None
    assert state.excludes == os.fsencode(top / "its")
    assert state.stamps[state.excludes] is None
    git(top, "config", "core.excludesFile", "")
    state = looked(GitMemory(), top).state
    assert state is not None
    assert state.excludes is None


def test_there_is_no_state_where_a_file_has_just_changed_or_there_is_no_repository(top: Path, tmp_path: Path) -> None:
    assert looked(GitMemory(), top).state is None
    assert looked(GitMemory(), tmp_path).state is None


@pytest.mark.usefixtures("fine_clock")
def test_a_comparison_is_worth_it_at_the_second_look(top: Path) -> None:
    memory = looked(GitMemory(), top)
    assert not memory.may_compare(1, Progress())
    assert looked(memory, top).may_compare(1, Progress())
    memory.compared(is_same=True)
    assert memory.has_agreed
    assert not memory.may_compare(1, Progress())
    git(top, "commit", "-q", "--allow-empty", "-m", "second")
    assert looked(memory, top).has_agreed
    git(top, "rm", "-q", "--cached", "sub/deep/a.py")
    assert not looked(memory, top).has_agreed
    assert not memory.may_compare(1, Progress())


@pytest.mark.usefixtures("fine_clock")
def test_after_each_comparison_in_vain_twice_as_many_looks_pass(top: Path) -> None:
    memory = looked(GitMemory(), top)
    compared = []
    looked(memory, top)
    for look in range(40):
        if memory.may_compare(1, Progress()):
            compared.append(look)
            memory.compared(is_same=False)
    assert compared == [0, 1, 3, 7, 15, 31]
    memory.held()
    memory.doubt()
    for _ in range(40):
        if memory.may_compare(1, Progress()):
            break
    memory.compared(is_same=False)
    assert [memory.may_compare(1, Progress()) for _ in range(2)] == [False, True]


@pytest.mark.usefixtures("fine_clock")
def test_a_comparison_of_many_files_is_worth_it_after_as_many_looks_as_it_costs(top: Path) -> None:
    memory = looked(GitMemory(), top)
    n_looks = 0
    while not memory.may_compare(3 * git_memory._FILES_A_LOOK, Progress()):
        looked(memory, top)
        n_looks += 1
    assert n_looks == 4
    git(top, "rm", "-q", "--cached", "sub/deep/a.py")
    assert not looked(memory, top).may_compare(3 * git_memory._FILES_A_LOOK, Progress())
    assert not looked(memory, top).may_compare(3 * git_memory._FILES_A_LOOK, Progress())
    assert memory.may_compare(git_memory._FILES_A_LOOK - 1, Progress())
