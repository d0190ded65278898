"""git: how it is run, where its repositories are, and its settings without it."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from repomap_fast import scan
from repomap_fast.discovery.commits import commit_named
from repomap_fast.discovery.excludes import configured_excludes_file, excludes_file
from repomap_fast.discovery.git import Repository, repository_around, repository_at
from repomap_fast.discovery.git_changes import changed_paths
from repomap_fast.discovery.git_run import LIST_FILES, GitRun, _open_path, run_git, start_listing
from repomap_fast.errors import GitError, ScanCancelled
from repomap_fast.progress import Progress

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


def here(folder: Path) -> Repository:
    """Return the repository whose work tree has its top at ``folder``."""
    found = repository_at(os.fsencode(folder.resolve()))
    assert found is not None
    return found


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
    top = run_git(here(tmp_path), ["rev-parse", "--show-toplevel"], Progress()).output
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
    fake_git(tmp_path / "bin", "i=0; while [ $i -lt 1000000 ]; do i=$((i + 1)); done; echo done", monkeypatch)
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


@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit it")
def test_a_git_that_takes_much_memory_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    taken = "import time; time.sleep(0.1); print(len(bytearray(2**29)))"
    fake_git(tmp_path / "bin", f'exec {sys.executable} -c "{taken}"', monkeypatch)
    with pytest.raises(GitError):
        run_git(None, ["ls-files"], Progress())


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
def test_settings_that_the_user_includes_for_a_folder_count(own_settings: Path, tmp_path: Path) -> None:
    (own_settings / ".gitconfig").write_text(f'[includeIf "gitdir:{tmp_path}/"]\n\tpath = ~/here\n')
    (own_settings / "here").write_text("[core]\n\texcludesFile = ~/mine\n")
    (own_settings / "mine").write_text("*.o\n")
    for name in ("work", "other"):
        git(tmp_path, "init", "-q", name)
        (tmp_path / name / "a.o").touch()
        (tmp_path / name / "a.c").touch()
    assert run_git(here(tmp_path / "work"), LIST_FILES, Progress()).output == b"a.c\0"
    assert excludes_file(here(tmp_path / "work"), Progress()) == os.fsencode(own_settings / "mine")


@needs_git
@pytest.mark.skipif(sys.platform != "linux", reason="the system is asked to limit git")
def test_a_reference_without_end_is_no_commit(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / ".git" / "refs" / "heads" / "endless").symlink_to("/dev/zero")
    assert commit_named(here(tmp_path), "endless", Progress()) is None


@needs_git
@pytest.mark.parametrize("name", ["packed-refs", "shallow", "objects/info/alternates"])
def test_files_that_git_reads_to_the_end_are_bounded(name: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    path = tmp_path / ".git" / name
    path.touch()
    assert here(tmp_path).doubt == ""
    os.truncate(path, 2**40)
    assert "has more than" in here(tmp_path).doubt


@needs_git
def test_a_git_leaves_no_file_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr("repomap_fast.discovery.git_view._folder_in_memory", lambda: str(folder))
    git(tmp_path, "init", "-q")
    run_git(here(tmp_path), LIST_FILES, Progress())
    with pytest.raises(GitError):
        run_git(here(tmp_path), ["no-such-command"], Progress())
    GitRun(here(tmp_path), LIST_FILES).end()
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
    run_git(here(tmp_path), LIST_FILES, Progress())
    assert state() == before


@needs_git
def test_a_program_that_the_repository_names_is_not_run(tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    monitor = tmp_path / "monitor.sh"
    monitor.write_text(f"#!/bin/sh\ntouch {tmp_path}/was-run\n")
    monitor.chmod(0o755)
    git(tmp_path, "config", "core.fsmonitor", str(monitor))
    run_git(here(tmp_path), LIST_FILES, Progress())
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
    assert here(tmp_path).doubt == ""


@needs_git
@pytest.mark.parametrize("elsewhere", ["/usr", "/", "other"])
def test_the_work_tree_is_the_folder_that_holds_the_repository(elsewhere: str, tmp_path: Path) -> None:
    git(tmp_path, "init", "-q")
    (tmp_path / "other").mkdir()
    (tmp_path / "a").touch()
    git(tmp_path, "config", "core.worktree", str(tmp_path / elsewhere))
    assert run_git(here(tmp_path), LIST_FILES, Progress()).output == b"a\0"


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
    folder, home = repository_at(os.fsencode(tmp_path)), os.fsencode(own_settings)

    assert excludes_file(folder, Progress()) == home + b"/.config/git/ignore"
    (own_settings / ".config" / "git").mkdir(parents=True)
    (own_settings / ".config" / "git" / "config").write_text("[core]\nexcludesFile = /from/xdg\n")
    assert excludes_file(folder, Progress()) == b"/from/xdg"
    (own_settings / ".gitconfig").write_text("[core]\nexcludesFile = ~/mine\n")
    assert excludes_file(folder, Progress()) == home + b"/mine"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")
    assert excludes_file(folder, Progress()) == b"/xdg/git/ignore"
    if (tmp_path / ".git").exists():
        with (tmp_path / ".git" / "config").open("a") as config:
            config.write("[core]\nexcludesFile = /of/this/repository\n")
        assert excludes_file(folder, Progress()) == b"/of/this/repository"
