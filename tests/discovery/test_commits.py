"""Commits, beside what git itself says of them; the one that is checked out is tested in test_changed."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path

import pytest

from repomap_fast.discovery.commits import commit_named, last_changed
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress
from support.repositories import git, repository_of

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A repository with a root commit, a branch that was merged, a rename and a deletion."""
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / "sub").mkdir()
    for message, changes in (
        ("one", {"a.py": "1", "sub/b.py": "1", "c.py": "1"}),
        ("two", {"a.py": "2", "sub/naïve.py": "2"}),
    ):
        for name, text in changes.items():
            (tmp_path / name).write_text(text)
        git(tmp_path, "add", "-A")
        git(tmp_path, "commit", "-qm", message)
    git(tmp_path, "checkout", "-qb", "side", "HEAD~1")
    git(tmp_path, "mv", "c.py", "sub/moved.py")
    git(tmp_path, "commit", "-qm", "three")
    git(tmp_path, "checkout", "-q", "main")
    git(tmp_path, "merge", "-qm", "four", "side")
    git(tmp_path, "rm", "-q", "a.py")
    git(tmp_path, "commit", "-qm", "five")
    return tmp_path


@pytest.mark.parametrize("folder", ["", "sub"])
@pytest.mark.parametrize("n_commits", [1, 2, 3, 99])
def test_what_changed_last_is_what_the_log_of_git_names(top: Path, folder: str, n_commits: int) -> None:
    command = ["log", f"-{n_commits}", "--relative", "--name-only", "--no-renames", "--format=", "-z"]
    logged = [os.fsencode(name) for name in git(top / folder, *command).split("\0") if name]
    found = last_changed(repository_of(top), n_commits, os.fsencode(top / folder), Progress())
    assert [path for path in found if path] == list(dict.fromkeys(logged))


def test_before_the_first_commit_nothing_changed(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert last_changed(repository_of(tmp_path), 9, os.fsencode(tmp_path), Progress()) == []


@pytest.mark.parametrize("name", ["main", "side", "HEAD~1", "main~1^2", "main^{/two}", "main@{1}"])
def test_a_commit_is_known_by_all_its_names(top: Path, name: str) -> None:
    assert commit_named(repository_of(top), name, Progress()) == git(top, "rev-parse", f"{name}^{{commit}}")


def test_a_commit_is_known_by_a_part_of_its_message(top: Path) -> None:
    assert commit_named(repository_of(top), ":/tw", Progress()) == git(top, "rev-parse", "main^{/two}")
    assert commit_named(repository_of(top), ":/tw^{commit}", Progress()) is None
    assert commit_named(repository_of(top), ":/(", Progress()) is None


def test_a_commit_is_known_as_the_upstream_of_a_branch(top: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    clone = tmp_path_factory.mktemp("clone")
    git(clone, "clone", "-q", str(top), ".")
    assert commit_named(repository_of(clone), "main@{upstream}", Progress()) == git(top, "rev-parse", "main")


@pytest.mark.parametrize("name", ["", "none", "a\0b", "--all", "main:sub"])
def test_what_names_no_commit_is_none(top: Path, name: str) -> None:
    assert commit_named(repository_of(top), name, Progress()) is None


@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit git")
def test_a_tree_that_unfolds_to_a_billion_files_ends_git(top: Path) -> None:
    blob = git(top, "hash-object", "-w", "--stdin", feed="x")
    tree = git(top, "mktree", feed="".join(f"100644 blob {blob}\tf{i}\n" for i in range(10)))
    for _ in range(8):
        tree = git(top, "mktree", feed="".join(f"040000 tree {tree}\td{i}\n" for i in range(10)))
    commit = git(top, "commit-tree", tree, "-p", "HEAD", "-m", "many")
    git(top, "update-ref", "refs/heads/main", commit)
    began = time.monotonic()
    with pytest.raises(GitError):
        last_changed(repository_of(top), 1, os.fsencode(top), Progress())
    assert time.monotonic() - began < 30
