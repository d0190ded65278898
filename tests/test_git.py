"""git: how it is run, where its repositories are, and its settings without it."""

from __future__ import annotations

import os
import shutil
import subprocess
import threading
import time
from pathlib import Path

import pytest

from repomap_fast import scan
from repomap_fast.errors import GitError, ScanCancelled
from repomap_fast.git import (
    LIST_FILES,
    GitRun,
    configured_excludes_file,
    excludes_file,
    repository_around,
    repository_at,
    run_git,
    start_listing,
)
from repomap_fast.progress import Watch

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")


@pytest.fixture(autouse=True)
def own_settings(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Path:
    home = tmp_path_factory.mktemp("home")
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    for name in ("XDG_CONFIG_HOME", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.delenv(name, raising=False)
    return home


def git(folder: Path, *arguments: str) -> None:
    identity = ("-c", "user.name=a", "-c", "user.email=a@b", "-c", "protocol.file.allow=always")
    subprocess.run(["git", *identity, *arguments], cwd=folder, check=True, capture_output=True)


def fake_git(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "git").write_text(f"#!/bin/sh\n{script}\n")
    (folder / "git").chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


@needs_git
def test_git_answers_for_the_folder_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    top = run_git(["rev-parse", "--show-toplevel"], os.fsencode(tmp_path), Watch()).output
    assert top.rstrip(b"\n") == os.fsencode(tmp_path.resolve())


@needs_git
def test_a_failure_holds_the_words_of_git(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        run_git(["ls-files"], os.fsencode(tmp_path), Watch())


def test_a_missing_git_is_a_git_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="not installed"):
        run_git(["ls-files"], os.fsencode(tmp_path), Watch())


def test_a_git_that_says_nothing_is_named_by_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "exit 7", monkeypatch)
    with pytest.raises(GitError, match="exit code 7"):
        run_git(["ls-files"], os.fsencode(tmp_path), Watch())


def test_cancelling_ends_a_git_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", f"echo $$ > {tmp_path}/pid; exec sleep 60", monkeypatch)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    start = time.perf_counter()
    with pytest.raises(ScanCancelled):
        run_git(["ls-files"], os.fsencode(tmp_path), Watch(cancel=cancel))
    assert time.perf_counter() - start < 5
    pid = int((tmp_path / "pid").read_text())
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)


@needs_git
@pytest.mark.parametrize("name", [".gitignore", ".git/config", ".git/index", ".git/info/exclude"])
@pytest.mark.parametrize("has_git", [True, False])
def test_a_fifo_that_git_waits_for_holds_nobody_up(
    name: str, has_git: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "a.py").write_text("def f(): pass\n")
    git(root, "init", "-q")
    (root / name).unlink(missing_ok=True)
    os.mkfifo(root / name)
    monkeypatch.setattr("repomap_fast.git._MAX_SLEEP_S", 0.2)
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    start = time.perf_counter()
    result = scan(root, cache=False)
    # git itself would not have come back.
    assert time.perf_counter() - start < 30
    assert [tag.name for tag in result.tags] == ["f"]


def test_a_git_that_works_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "i=0; while [ $i -lt 1000000 ]; do i=$((i + 1)); done; echo done", monkeypatch)
    monkeypatch.setattr("repomap_fast.git._MAX_SLEEP_S", 0.1)
    assert run_git(["ls-files"], os.fsencode(tmp_path), Watch()).output == b"done\n"


def test_much_output_does_not_stop_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "head -c 3000000 /dev/zero; head -c 300000 /dev/zero >&2", monkeypatch)
    answer = run_git(["ls-files"], os.fsencode(tmp_path), Watch())
    assert (len(answer.output), len(answer.warnings)) == (3_000_000, 300_000)


def test_a_git_that_nobody_waits_for_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(
        tmp_path / "bin", f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 60", monkeypatch
    )
    running = GitRun(["ls-files"], os.fsencode(tmp_path))
    deadline = time.monotonic() + 10
    while not (tmp_path / "pid").exists():
        assert time.monotonic() < deadline
    running.end()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@needs_git
def test_a_git_that_has_answered_can_still_be_ended(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").touch()
    running = start_listing(os.fsencode(tmp_path))
    assert running is not None
    assert running.answer(Watch()).output == b"? a\0"
    running.end()


def test_outside_a_work_tree_and_without_git_there_is_nothing_to_list(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert start_listing(os.fsencode(tmp_path)) is None
    if shutil.which("git"):
        git(tmp_path, "init", "-q")
    monkeypatch.setenv("PATH", str(tmp_path))
    assert start_listing(os.fsencode(tmp_path)) is None


@needs_git
def test_listing_leaves_the_repository_as_it_was(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").touch()
    git(tmp_path, "add", "a")
    os.utime(tmp_path / "a", (0, 0))

    def state() -> list[tuple[str, int, int]]:
        return sorted((str(file), file.lstat().st_mtime_ns, file.lstat().st_size) for file in tmp_path.rglob("*"))

    before = state()
    run_git(LIST_FILES, os.fsencode(tmp_path), Watch())
    assert state() == before


@needs_git
def test_a_program_that_the_repository_names_is_not_run(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    monitor = tmp_path / "monitor.sh"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    monitor.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    run_git(LIST_FILES, os.fsencode(tmp_path), Watch())
    assert not (tmp_path / "was-run").exists()


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


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[core]\n\texcludesFile = /a/b\n", b"/a/b"),
        ("[CORE] EXCLUDESFILE=/a/b ; why\n", b"/a/b"),
        ('[core]\nexcludesfile = "/a b;c"  # why\n', b"/a b;c"),
        ('[core]\nexcludesfile = /a" "b\\\\c\n', b"/a b\\c"),
        ("[core]\r\nexcludesfile = /a/b\r\n", b"/a/b"),
        ("[core]\nexcludesfile = /a\\\n/b\n", b"/a/b"),
        ("[core]\nexcludesfile = /a\n[other]\nexcludesfile = /b\n", b"/a"),
        ('[core "x"]\nexcludesfile = /a\n', None),
        ("[core]\nexcludesfile = /a\nexcludesfile = /b\n", b"/b"),
        ("[core]\n# excludesfile = /a\n", None),
        ("[core]\nexcludesfile =\n", b""),
        ("[core\nexcludesfile = \\", None),
    ],
)
def test_the_setting_is_read_from_a_config_file(config: str, expected: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(config.encode())
    assert configured_excludes_file([os.fsencode(tmp_path / "config")]) == expected


@pytest.mark.parametrize("has_git", [pytest.param(True, marks=needs_git), False])
def test_excludes_file_is_found_with_and_without_git(
    has_git: bool, own_settings: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("git"):
        git(tmp_path, "init", "-q")
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    folder, home = os.fsencode(tmp_path), os.fsencode(own_settings)

    assert excludes_file(folder, Watch()) == home + b"/.config/git/ignore"
    (own_settings / ".config" / "git").mkdir(parents=True)
    (own_settings / ".config" / "git" / "config").write_text("[core]\nexcludesFile = /from/xdg\n")
    assert excludes_file(folder, Watch()) == b"/from/xdg"
    (own_settings / ".gitconfig").write_text("[core]\nexcludesFile = ~/mine\n")
    assert excludes_file(folder, Watch()) == home + b"/mine"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")
    assert excludes_file(folder, Watch()) == b"/xdg/git/ignore"
    if (tmp_path / ".git").exists():
        with (tmp_path / ".git" / "config").open("a") as config:
            config.write("[core]\nexcludesFile = /of/this/repository\n")
        assert excludes_file(folder, Watch()) == b"/of/this/repository"
