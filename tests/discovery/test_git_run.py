"""git_run: git is bounded in time, memory and output, and leaves nothing behind."""

from __future__ import annotations

import os
import shutil
import signal
import sys
import threading
import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast import scan
from repomap_fast.discovery.commits import commit_named
from repomap_fast.discovery.git_run import LIST_FILES, GitBounds, GitRun, _open_path, run_git, start_listing
from repomap_fast.errors import GitError, ScanCancelled
from repomap_fast.progress import Progress
from support.repositories import fake_git, git, needs_git, repository_of


@needs_git
def test_git_answers_for_the_folder_whatever_the_environment_says(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    git(tmp_path, "init", "-q")
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "elsewhere"))
    top = run_git(repository_of(tmp_path), ["rev-parse", "--show-toplevel"], Progress()).output
    assert top.rstrip(b"\n") == os.fsencode(tmp_path.resolve())


@needs_git
def test_a_failure_holds_the_words_of_git(tmp_path: Path) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        run_git(None, ["ls-files"], Progress())


def test_a_missing_git_is_a_git_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(GitError, match="not installed"):
        run_git(None, ["ls-files"], Progress())


def test_a_git_that_says_nothing_is_named_by_its_exit_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "exit 7", monkeypatch)
    with pytest.raises(GitError, match="exit code 7"):
        run_git(None, ["ls-files"], Progress())


def test_cancelling_ends_a_git_that_hangs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", f"echo $$ > {tmp_path}/pid; exec sleep 60", monkeypatch)
    cancel = threading.Event()
    threading.Timer(0.3, cancel.set).start()
    start = time.perf_counter()
    with pytest.raises(ScanCancelled):
        run_git(None, ["ls-files"], Progress(cancel=cancel))
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
    monkeypatch.setattr("repomap_fast.discovery.git_run._MAX_SLEEP_S", 0.2)
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    start = time.perf_counter()
    result = scan(root, cache=False)
    # git itself would not have come back.
    assert time.perf_counter() - start < 30
    assert [tag.name for tag in result.tags] == ["f"]


def test_a_git_that_works_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "i=0; while [ $i -lt 300000 ]; do i=$((i + 1)); done; echo done", monkeypatch)
    monkeypatch.setattr("repomap_fast.discovery.git_run._MAX_SLEEP_S", 0.1)
    assert run_git(None, ["ls-files"], Progress()).output == b"done\n"


def test_much_output_does_not_stop_git(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "head -c 3000000 /dev/zero; head -c 300000 /dev/zero >&2", monkeypatch)
    answer = run_git(None, ["ls-files"], Progress())
    assert (len(answer.output), len(answer.warnings)) == (3_000_000, 300_000)


def test_a_git_that_nobody_waits_for_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(
        tmp_path / "bin", f"echo $$ > {tmp_path}/new; mv {tmp_path}/new {tmp_path}/pid; exec sleep 60", monkeypatch
    )
    running = GitRun(None, ["ls-files"])
    deadline = time.monotonic() + 10
    while not (tmp_path / "pid").exists():
        assert time.monotonic() < deadline
    running.end()
    with pytest.raises(ProcessLookupError):
        os.kill(int((tmp_path / "pid").read_text()), 0)


@pytest.mark.own_memory
@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit it")
def test_a_git_that_takes_much_memory_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = "import time; time.sleep(0.1); print(len(bytearray(2**29)))"
    fake_git(tmp_path / "bin", f'exec {sys.executable} -c "{taken}"', monkeypatch)
    with pytest.raises(GitError):
        run_git(None, ["ls-files"], Progress())


def test_much_memory_ends_a_git_for_which_the_system_has_no_limit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.discovery.git_run._system_limits_memory", lambda: False)
    taken = "import time; text = b'a' * 2**28; time.sleep(60)"
    fake_git(tmp_path / "bin", f'exec {sys.executable} -c "{taken}"', monkeypatch)
    with pytest.raises(GitError, match="took more than 128 MiB of memory"):
        GitRun(None, ["ls-files"], bounds=GitBounds(memory_bytes=2**25)).answer(Progress())


def test_a_git_that_names_an_impossible_path_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "yes aaaaaaa | tr '\\n' a", monkeypatch)
    with pytest.raises(GitError, match="path of more than 4096 bytes"):
        run_git(None, ["ls-files", "-z"], Progress())


def test_a_git_that_never_stops_writing_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "exec yes", monkeypatch)
    monkeypatch.setattr("repomap_fast.discovery.git_run._MAX_OUTPUT_BYTES", 2**20)
    with pytest.raises(GitError, match="wrote more than 1 MiB"):
        run_git(None, ["ls-files"], Progress())


@given(st.lists(st.integers(0, 7), max_size=12), st.integers(1, 9))
def test_a_path_that_is_too_long_is_found_in_any_chunks(lengths: list[int], n_bytes: int) -> None:
    text = b"".join(b"a" * length + b"\0" for length in lengths)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("repomap_fast.discovery.git_run.MAX_PATH_BYTES", 4)
        n_open, found = 0, False
        for start in range(0, len(text), n_bytes):
            n_open, is_too_long = _open_path(text[start : start + n_bytes], n_open)
            found = found or is_too_long
            if found:
                break
    assert found == (max(lengths, default=0) > 4)


@pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")
def test_ctrl_c_is_heard_at_once_while_git_is_waited_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fake_git(tmp_path / "bin", "exec sleep 60", monkeypatch)
    running = GitRun(None, ["ls-files"])
    pressed: list[float] = []

    def press() -> None:
        pressed.append(time.perf_counter())
        os.kill(os.getpid(), signal.SIGINT)

    threading.Timer(0.2, press).start()
    with pytest.raises(KeyboardInterrupt):
        running.answer(Progress())
    assert time.perf_counter() - pressed[0] < 0.25


@needs_git
@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit git")
def test_a_reference_without_end_is_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "refs" / "heads" / "endless").symlink_to("/dev/zero")
    assert commit_named(repository_of(tmp_path), "endless", Progress()) is None


@needs_git
def test_a_git_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("repomap_fast.discovery.git_view._IN_MEMORY", str(folder))
    git(tmp_path, "init", "-q")
    run_git(repository_of(tmp_path), LIST_FILES, Progress())
    with pytest.raises(GitError):
        run_git(repository_of(tmp_path), ["no-such-command"], Progress())
    GitRun(repository_of(tmp_path), LIST_FILES).end()
    assert list(folder.iterdir()) == []


@needs_git
def test_a_git_that_has_answered_can_still_be_ended(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "a").touch()
    running = start_listing(os.fsencode(tmp_path))
    assert running is not None
    assert running.answer(Progress()).output == b"? a\0"
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
    run_git(repository_of(tmp_path), LIST_FILES, Progress())
    assert state() == before


@needs_git
def test_a_program_that_the_repository_names_is_not_run(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    monitor = tmp_path / "monitor.sh"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    monitor.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    run_git(repository_of(tmp_path), LIST_FILES, Progress())
    assert not (tmp_path / "was-run").exists()
