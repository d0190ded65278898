"""git_folder: which repository a folder is in, and which ones are not to be trusted."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from repomap_fast import scan
from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.discovery.git_folder import repository_around, repository_at
from repomap_fast.discovery.git_run import LIST_FILES, run_git
from repomap_fast.errors import GitError
from repomap_fast.progress import Progress
from support.repositories import fake_git, git, needs_git, repository_of


@needs_git
@pytest.mark.parametrize("name", ["packed-refs", "shallow", "objects/info/alternates"])
def test_files_that_git_reads_to_the_end_are_bounded(name: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    path = tmp_path / ".git" / name
    path.touch()
    assert repository_of(tmp_path).doubt == ""
    os.truncate(path, 2**40)
    assert "has more than" in repository_of(tmp_path).doubt


@needs_git
def test_repositories_of_all_kinds_are_found(tmp_path: Path) -> None:
    main, library = tmp_path / "main", tmp_path / "library"
    for folder in (main, library):
        git(tmp_path, "init", "-q", str(folder))
        git(folder, "commit", "-q", "--allow-empty", "-m", "first")
    git(main, "submodule", "--quiet", "add", str(library), "deps/library")
    git(main, "worktree", "add", "-q", str(tmp_path / "linked"))
    (main / "sub" / "deeper").mkdir(parents=True)

    plain = repository_around(os.fsencode(main / "sub" / "deeper"))
    linked = repository_at(os.fsencode(tmp_path / "linked"))
    submodule = repository_at(os.fsencode(main / "deps" / "library"))
    assert plain is not None
    assert linked is not None
    assert submodule is not None
    assert plain.top == os.fsencode(main)
    assert plain.git_dir == plain.common_dir == os.fsencode(main / ".git")
    assert linked.git_dir == os.fsencode(main / ".git" / "worktrees" / "linked")
    assert linked.common_dir == plain.common_dir
    assert submodule.git_dir == os.fsencode(main / ".git" / "modules" / "deps" / "library")
    assert repository_around(os.fsencode(main / ".git" / "refs")) is None
    assert plain.doubt == linked.doubt == submodule.doubt == ""


def of_a_repository_elsewhere(main: Path, elsewhere: Path) -> None:
    (main / ".git").rename(main.parent / "away")
    (main / ".git").write_text(f"gitdir: {elsewhere / '.git'}\n")


def with_a_link_in_place_of(name: str) -> Callable[[Path, Path], None]:
    def change(main: Path, elsewhere: Path) -> None:
        path = main / ".git" / name
        if path.is_dir():
            shutil.rmtree(path)
        path.unlink(missing_ok=True)
        path.parent.mkdir(exist_ok=True)
        target = elsewhere / ".git" / name
        path.symlink_to(target if target.exists() else "/dev/zero")

    return change


def as_a_link(main: Path, elsewhere: Path) -> None:
    shutil.rmtree(main / ".git")
    (main / ".git").symlink_to(elsewhere / ".git")


def with_the_common_files_of_another(main: Path, elsewhere: Path) -> None:
    (main / ".git" / "commondir").write_text(f"{elsewhere / '.git'}\n")


def with_a_fifo_as_index(main: Path, elsewhere: Path) -> None:
    (main / ".git" / "index").unlink()
    os.mkfifo(main / ".git" / "index")


@needs_git
@pytest.mark.skipif(os.name == "nt", reason="links need a privilege there")
@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (of_a_repository_elsewhere, "does not name it in return"),
        (as_a_link, "is a symbolic link"),
        (with_the_common_files_of_another, "has no such work tree"),
        (with_a_fifo_as_index, "is no regular file"),
        *(
            (with_a_link_in_place_of(name), "leads out of the repository")
            for name in ("HEAD", "config", "index", "objects", "refs", "info", "objects/info/alternates", "shallow")
        ),
    ],
)
def test_git_is_not_asked_about_a_repository_that_leads_elsewhere(
    change: Callable[[Path, Path], None], expected: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    main, elsewhere = tmp_path / "main", tmp_path / "elsewhere"
    for folder in (main, elsewhere):
        git(tmp_path, "init", "-q", str(folder))
        (folder / "a.py").write_text("def f(): pass\n")
        (folder / ".gitignore").write_text("*.log.py\n")
        (folder / "b.log.py").write_text("def g(): pass\n")
        git(folder, "add", ".")
        git(folder, "commit", "-qm", "first")
    change(main, elsewhere)
    fake_git(tmp_path / "bin", f"echo $* >> {tmp_path}/asked; exit 1", monkeypatch)
    result = scan(main, cache=False)
    assert [tag.name for tag in result.tags] == ["f"]
    assert [expected in note for note in result.notes] == [True]
    with pytest.raises(GitError, match=expected):
        changed_paths(os.fsencode(main), None, Progress())
    # git is asked for the user's own settings alone.
    assert not any("ls-files" in line for line in (tmp_path / "asked").read_text().splitlines())


@needs_git
def test_a_link_that_stays_in_the_repository_is_no_doubt(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q", "-b", "main")
    (tmp_path / ".git" / "HEAD").unlink()
    (tmp_path / ".git" / "HEAD").symlink_to("refs/heads/main")
    (tmp_path / ".git" / "refs" / "heads" / "main").write_text("0" * 40)
    assert repository_of(tmp_path).doubt == ""


@needs_git
@pytest.mark.parametrize("elsewhere", ["/usr", "/", "other"])
def test_the_work_tree_is_the_folder_that_holds_the_repository(elsewhere: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "other").mkdir()
    (tmp_path / "a").touch()
    git(tmp_path, "config", "core.worktree", str(tmp_path / elsewhere))
    assert run_git(repository_of(tmp_path), LIST_FILES, Progress()).output == b"a\0"


def test_what_only_looks_like_a_repository_is_none(tmp_path: Path) -> None:
    for name in ("empty", "pointer", "garbage", "fifo", "loop"):
        (tmp_path / name).mkdir()
    (tmp_path / "empty" / ".git").mkdir()
    (tmp_path / "pointer" / ".git").write_text("gitdir: ../nowhere\n")
    (tmp_path / "garbage" / ".git").write_bytes(b"\xff" * 100)
    os.mkfifo(tmp_path / "fifo" / ".git")
    (tmp_path / "loop" / ".git").symlink_to(".git")
    for folder in tmp_path.iterdir():
        assert repository_at(os.fsencode(folder)) is None, folder
