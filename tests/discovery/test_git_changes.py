"""changed: what git says has changed, and what a repository may not have it do."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

from repomap_fast.discovery.commits import head_commit
from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.discovery.git_folder import repository_at
from repomap_fast.errors import GitError, OptionError
from repomap_fast.progress import Progress
from support.repositories import git

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


def commit(folder: Path, message: str) -> str:
    git(folder, "add", "-A")
    git(folder, "commit", "-qm", message)
    return git(folder, "rev-parse", "HEAD")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Two commits: the second changed ``b.py`` and ``sub/c.py``."""
    root = tmp_path / "repository"
    (root / "sub").mkdir(parents=True)
    git(tmp_path, "init", "-q", "repository")
    for name in ("a.py", "b.py", "sub/c.py", "gone.py"):
        (root / name).write_text(f"name = {name!r}\n")
    (root / ".gitignore").write_text("*.log\n")
    commit(root, "one")
    (root / "b.py").write_text("b = 2\n")
    (root / "sub" / "c.py").write_text("c = 2\n")
    commit(root, "two")
    return root


def changed(root: Path, revision: str | None = None) -> list[str]:
    return [os.fsdecode(path) for path in changed_paths(os.fsencode(root), revision, Progress())]


def test_a_clean_work_tree_has_no_changes(repository: Path) -> None:
    assert changed(repository) == []


def test_changes_of_all_kinds_are_seen(repository: Path) -> None:
    (repository / "a.py").write_text("a = 2\n")
    (repository / "new naïve.py").write_text("")
    (repository / "build.log").write_text("")
    (repository / "staged.py").write_text("")
    git(repository, "add", "staged.py")
    (repository / "gone.py").unlink()
    (repository / "b.py").rename(repository / "moved.py")
    assert changed(repository) == ["a.py", "moved.py", "new naïve.py", "staged.py"]


def test_changes_since_a_commit(repository: Path) -> None:
    (repository / "a.py").write_text("a = 2\n")
    assert changed(repository, "HEAD~1") == ["a.py", "b.py", "sub/c.py"]


def test_paths_are_below_the_root(repository: Path) -> None:
    (repository / "a.py").write_text("a = 2\n")
    (repository / "sub" / "new.py").write_text("")
    assert changed(repository / "sub") == ["new.py"]
    assert changed(repository / "sub", "HEAD~1") == ["c.py", "new.py"]


def test_a_file_that_was_only_touched_has_not_changed(repository: Path) -> None:
    os.utime(repository / "a.py", (1, 1))
    assert changed(repository) == []


def test_before_the_first_commit_every_file_is_new(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a.py").write_text("")
    (tmp_path / "b.py").write_text("")
    git(tmp_path, "add", "a.py")
    assert changed(tmp_path) == ["a.py", "b.py"]


@pytest.mark.parametrize("revision", ["no-such-branch", "--help", "-p", "HEAD:a.py", "", "a b"])
def test_an_unknown_revision_is_named(repository: Path, revision: str) -> None:
    with pytest.raises(OptionError, match="git does not know") as raised:
        changed(repository, revision)
    assert repr(revision) in str(raised.value)


def test_a_file_that_a_partial_clone_lacks_is_not_fetched_and_named(repository: Path) -> None:
    name = git(repository, "rev-parse", "HEAD:a.py")
    (repository / "a.py").write_text("a = 2\n")
    (repository / ".git" / "objects" / name[:2] / name[2:]).unlink()
    with pytest.raises(GitError, match=f"since [0-9a-f]{{12}} is unknown: .*{name}.*`git diff` there fetches"):
        changed(repository)


def test_outside_a_work_tree_the_error_says_so(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="in no git work tree"):
        changed(tmp_path)


def test_without_git_the_error_says_so(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(repository))
    with pytest.raises(GitError, match="git is not installed"):
        changed(repository)


@pytest.mark.skipif(os.name == "nt", reason="the filter is a shell command")
def test_no_program_of_the_repository_is_run(repository: Path, tmp_path: Path) -> None:
    witness = tmp_path / "witness"
    (repository / ".gitattributes").write_text("*.py filter=evil.name diff=evil\n")
    for setting in ("filter.evil.name.clean", "filter.evil.name.process", "diff.evil.textconv", "diff.evil.command"):
        git(repository, "config", setting, f"touch '{witness}'; cat")
    git(repository, "config", "filter.evil.name.required", "true")
    git(repository, "config", "core.fsmonitor", f"touch '{witness}'")
    os.utime(repository / "a.py", (1, 1))
    (repository / "b.py").write_text("b = 3\n")
    assert changed(repository) == [".gitattributes", "b.py"]
    assert not witness.exists()


# The commit that is checked out, read without git


def head(folder: Path) -> str | None:
    repository = repository_at(os.fsencode(folder))
    assert repository is not None
    return head_commit(repository)


def test_the_commit_is_the_one_that_git_says(repository: Path) -> None:
    expected = git(repository, "rev-parse", "HEAD")
    assert head(repository) == expected
    git(repository, "pack-refs", "--all")
    assert head(repository) == expected
    git(repository, "checkout", "-q", "--detach", "HEAD~1")
    assert head(repository) == git(repository, "rev-parse", "HEAD") != expected


def test_the_commit_of_a_linked_work_tree(repository: Path, tmp_path: Path) -> None:
    git(repository, "worktree", "add", "-q", "-b", "other/branch", str(tmp_path / "linked"), "HEAD~1")
    assert head(tmp_path / "linked") == git(repository, "rev-parse", "HEAD~1")
    git(repository, "pack-refs", "--all")
    assert head(tmp_path / "linked") == git(repository, "rev-parse", "HEAD~1")


def test_before_the_first_commit_there_is_none(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    assert head(tmp_path) is None


@pytest.mark.parametrize("text", ["", "ref: refs/../../secret\n", "ref: /etc/passwd\n", "not a hash\n", "0123\n"])
def test_a_head_that_makes_no_sense_is_no_commit(repository: Path, text: str) -> None:
    (repository / ".git" / "HEAD").write_text(text)
    assert head_commit(repository_at(os.fsencode(repository))) is None  # type: ignore[arg-type]
