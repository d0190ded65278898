"""Discovery from outside: files, links, names of any bytes, progress and cancellation, with git and without it."""

from __future__ import annotations

import os
import socket
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest

from repomap_fast.discovery.discover import discover
from repomap_fast.errors import ScanCancelled
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, Progress
from support.repositories import Discover, git, needs_git, write_files


def test_a_plain_folder_gives_its_files_sorted_with_size_and_time(find: Discover, tmp_path: Path) -> None:
    write_files(tmp_path, {"b/c.py": "12345", "b.py": "", "a/x/y.c": "1", "B.py": "22", ".hidden": "1"})
    os.utime(tmp_path / "b/c.py", ns=(1, 1_700_000_000_123_456_789))

    found = find(tmp_path)
    assert list(found.paths) == [b".hidden", b"B.py", b"a/x/y.c", b"b.py", b"b/c.py"]
    assert found.sizes_bytes.tolist() == [1, 2, 1, 0, 5]
    status = (tmp_path / "b/c.py").stat()
    assert found.mtimes_ns[-1] == status.st_mtime_ns
    assert found.ctimes_ns[-1] == (0 if sys.platform == "win32" else status.st_ctime_ns)
    assert found.inodes[-1] == (0 if sys.platform == "win32" else status.st_ino)
    assert found.sizes_bytes.dtype == found.mtimes_ns.dtype == found.ctimes_ns.dtype == np.int64
    assert found.inodes.dtype == np.uint64
    assert found.notes == ()


def test_an_empty_folder_gives_nothing(find: Discover, tmp_path: Path) -> None:
    found = find(tmp_path)
    assert list(found.paths) == []
    assert found.notes == ()
    assert [len(column) for column in (found.sizes_bytes, found.mtimes_ns, found.ctimes_ns, found.inodes)] == [0] * 4


def test_rules_apply_in_a_folder_that_is_no_repository(find: Discover, tmp_path: Path, home: Path) -> None:
    write_files(home, {".config/git/ignore": "*.swp\n"})
    write_files(
        tmp_path,
        {".gitignore": "out/\n", "out/a": "", "a.c": "", "x.swp": "", "sub/.gitignore": "/a.c\n", "sub/a.c": ""},
    )
    assert list(find(tmp_path).paths) == [b".gitignore", b"a.c", b"sub/.gitignore"]


@pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links take a privilege")
@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
@pytest.mark.parametrize("no_ignore", [True, False])
def test_links_and_special_files_are_passed_over(
    find: Discover, is_repository: bool, no_ignore: bool, tmp_path: Path
) -> None:
    outside, root = tmp_path / "outside", tmp_path / "root"
    write_files(outside, {"secret.c": ""})
    write_files(root, {"sub/a.c": ""})
    if is_repository:
        git(root, "init", "-q")
    (root / "sub/loop").symlink_to("..")
    (root / "self").symlink_to("self")
    (root / "out").symlink_to(outside)
    (root / "file.c").symlink_to(outside / "secret.c")
    os.mkfifo(root / "fifo.c")
    os.mkfifo(root / "sub/.gitignore")
    os.mkfifo(root / ".repomapignore")
    with socket.socket(socket.AF_UNIX) as listener, pytest.MonkeyPatch.context() as patched:
        patched.chdir(root)
        # git waits for the FIFO's writer.
        patched.setattr("repomap_fast.discovery.git_run._MAX_SLEEP_S", 0.2)
        listener.bind("socket.c")
        assert list(find(root, no_ignore=no_ignore).paths) == [b"sub/a.c"]


@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_any_bytes_may_be_in_a_path(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    names = [
        b"a b",
        b" lead",
        b"trail ",
        b"new\nline.c",
        b"quote\"'\\",
        b"tab\t",
        b"caf\xc3\xa9",
        b"-n",
        b":(top)",
        b"*",
    ]
    try:
        (tmp_path / os.fsdecode(b"probe\xff")).mkdir()
        names.append(b"latin\xe9")
    except OSError:
        pass
    for name in names:
        folder = tmp_path / os.fsdecode(name)
        folder.mkdir()
        (folder / os.fsdecode(name)).touch()
    if is_repository:
        git(tmp_path, "init", "-q")
        git(tmp_path, "add", "--", "./*b")
    assert list(find(tmp_path).paths) == sorted(name + b"/" + name for name in names)


@pytest.mark.parametrize("is_repository", [pytest.param(True, marks=needs_git), False])
def test_a_folder_of_many_files(find: Discover, is_repository: bool, tmp_path: Path) -> None:
    if is_repository:
        git(tmp_path, "init", "-q")
    (tmp_path / "many").mkdir()
    for i in range(10_000):
        (tmp_path / "many" / f"{i}.c").touch()
    (tmp_path / ".gitignore").write_text("*7.c\n*[0-4].?\n")
    start = time.perf_counter()
    found = find(tmp_path)
    assert time.perf_counter() - start < 5
    assert len(found.paths) == 4_001


def test_progress_is_told_and_cancelling_is_heard(tmp_path: Path) -> None:
    for i in range(5_000):
        (tmp_path / f"{i}.c").touch()
    told: list[tuple[str, int, int]] = []
    cancel = threading.Event()

    def note_and_cancel(stage: str, done: int, total: int) -> None:
        told.append((stage, done, total))
        cancel.set()

    with pytest.raises(ScanCancelled):
        discover(tmp_path, ScanOptions(), Progress(note_and_cancel, cancel))
    assert len(told) == 1
    assert told[0][0] == STAGE_DISCOVER
    assert 0 < told[0][1] < 5_000
