"""Inodes beside a slow twin that asks os.lstat(), on small trees and for paths of every sort."""

from __future__ import annotations

import os
import shutil
import stat
import sys
import tempfile
import threading
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from repomap_fast.discovery import _file_stats
from repomap_fast.discovery import file_stats as inodes
from repomap_fast.discovery.file_stats import BEHIND_LINK, FILE, FOLDER, LINK, MISSING, OTHER, Inodes, look_up_inodes
from repomap_fast.tables import StringTable

on_posix = pytest.mark.skipif(sys.platform == "win32", reason="no FIFOs, and links take a privilege")

RULES = b".rules"


def ignore(n_paths: int) -> None:
    """Take the place of a caller who does not want to know."""


def look_up(root: Path, paths: list[bytes], *, n_threads: int = 1, rule_file: bytes = b"") -> Inodes:
    table = StringTable.from_strings(paths)
    return look_up_inodes(os.fsencode(root), table, ignore, n_threads=n_threads, rule_file=rule_file)


def twin(root: bytes, path: bytes) -> tuple[int, int, int, int, int]:
    """Return kind, size, mtime, ctime and inode of one path."""
    if b"\0" in path:
        return MISSING, 0, 0, 0, 0
    *_, last = names = path.split(b"/")
    if len(real_folders(root, path)) < len(names):
        return BEHIND_LINK, 0, 0, 0, 0
    if last in (b"", b".", b".."):
        return MISSING, 0, 0, 0, 0
    try:
        status = os.lstat(os.path.join(root, path))
    except OSError:
        return MISSING, 0, 0, 0, 0
    kinds = {stat.S_IFREG: FILE, stat.S_IFDIR: FOLDER, stat.S_IFLNK: LINK}
    kind = kinds.get(stat.S_IFMT(status.st_mode), OTHER)
    return kind, status.st_size, wrapped(status.st_mtime_ns), wrapped(status.st_ctime_ns), status.st_ino


def real_folders(root: bytes, path: bytes) -> list[bytes]:
    """Return the folders on the way to a path, the root first, up to the first that is none."""
    folders = [root]
    for name in path.split(b"/")[:-1]:
        folder = os.path.join(folders[-1], name)
        if name in (b"", b".", b"..") or not os.path.isdir(folder) or os.path.islink(folder):
            break
        folders.append(folder)
    return folders


def has_rule_file(root: bytes, path: bytes) -> bool:
    if b"\0" in path:
        path = b""
    rule_files = [os.path.join(folder, RULES) for folder in real_folders(root, path)]
    return any(os.path.isfile(file) and not os.path.islink(file) for file in rule_files)


def wrapped(time_ns: int) -> int:
    return (time_ns + 2**63) % 2**64 - 2**63


def rows(found: Inodes) -> list[tuple[int, ...]]:
    columns = (found.kinds, found.sizes_bytes, found.mtimes_ns, found.ctimes_ns, found.inodes)
    return list(zip(*(column.tolist() for column in columns), strict=True))


names = st.sampled_from([b"a", b"b", b"ab", b"a-b", b"caf\xc3\xa9", b"n\nl"])
hostile_names = st.sampled_from([b"", b".", b"..", b"...", b".a", b"a\0b", b"x" * 300, RULES])
made_paths = st.lists(names, min_size=1, max_size=4).map(b"/".join)
any_paths = st.lists(names | hostile_names, min_size=1, max_size=5).map(b"/".join)
things = st.sampled_from(["file", "folder", "link to folder", "link to nothing", "fifo", "rules", "linked rules"])


def make(root: bytes, path: bytes, thing: str) -> None:
    """Make a thing at the path, unless something else is in its way."""
    target = os.path.join(root, path)
    try:
        os.makedirs(target if "rules" in thing or thing == "folder" else os.path.dirname(target), exist_ok=True)
        if thing == "file":
            Path(os.fsdecode(target)).write_bytes(path)
        elif thing == "link to folder":
            os.symlink(root, target)
        elif thing == "link to nothing":
            os.symlink(b"nothing", target)
        elif thing == "fifo":
            os.mkfifo(target)
        elif thing == "rules":
            Path(os.fsdecode(target), os.fsdecode(RULES)).write_bytes(b"")
        elif thing == "linked rules":
            os.symlink(b"/dev/null", os.path.join(target, RULES))
    except OSError:
        pass


@on_posix
@settings(max_examples=100, deadline=None)
@given(
    made=st.dictionaries(made_paths, things, max_size=10),
    others=st.lists(any_paths, max_size=10),
    is_sorted=st.booleans(),
    n_slice=st.integers(1, 5),
)
def test_the_twin_agrees(made: dict[bytes, str], others: list[bytes], is_sorted: bool, n_slice: int) -> None:
    with tempfile.TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patched:
        patched.setattr(inodes, "_SLICE", n_slice)
        patched.setattr(inodes, "_WORTH_A_THREAD", 2 * n_slice)
        root = os.fsencode(folder)
        for path, thing in made.items():
            make(root, path, thing)
        paths = [*made, *others, *(path + b"/" + more for path in made for more in others[:2])]
        if is_sorted:
            paths.sort()
        found = look_up(Path(folder), paths, n_threads=3, rule_file=RULES)
        assert rows(found) == [twin(root, path) for path in paths]
        assert found.has_rule_files == any(has_rule_file(root, path) for path in paths)
        assert not look_up(Path(folder), paths).has_rule_files


@pytest.mark.parametrize("path", [b"../secret", b"a/../../secret", b"a/./../../secret"])
def test_no_path_leads_out_of_the_root(path: bytes, tmp_path: Path) -> None:
    (tmp_path / "secret").touch()
    (tmp_path / "root/a").mkdir(parents=True)
    absolute = os.fsencode(tmp_path / "secret")
    found = look_up(tmp_path / "root", [path, absolute])
    assert found.kinds.tolist() == [BEHIND_LINK, BEHIND_LINK]
    assert found.sizes_bytes.tolist() == found.mtimes_ns.tolist() == [0, 0]


def test_of_no_paths_there_is_nothing(tmp_path: Path) -> None:
    assert rows(look_up(tmp_path, [], rule_file=RULES)) == []


def test_below_a_root_that_is_gone_everything_is_missing(tmp_path: Path) -> None:
    assert rows(look_up(tmp_path / "gone", [b"a", b"b/c"])) == [(MISSING, 0, 0, 0, 0)] * 2


@on_posix
def test_paths_that_are_too_long_for_the_system_are_missing(tmp_path: Path) -> None:
    name = "x" * 250
    folder = os.open(tmp_path, os.O_RDONLY)
    for _ in range(20):
        os.mkdir(name, dir_fd=folder)
        below = os.open(name, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = below
    os.close(folder)
    try:
        deep = os.fsencode("/".join([name] * 20))
        found = look_up(tmp_path, [deep + b"/file", b"y/" * 100_000, b"z" * 1_000_000])
        assert found.kinds.tolist() == [BEHIND_LINK, BEHIND_LINK, MISSING]
        assert look_up(tmp_path, [deep[:2000]]).kinds.tolist() == [MISSING]
        assert look_up(tmp_path, [os.fsencode("/".join([name] * 8))]).kinds.tolist() == [FOLDER]
    finally:
        shutil.rmtree(tmp_path / name)


@on_posix
def test_a_time_that_is_centuries_away_wraps(tmp_path: Path) -> None:
    (tmp_path / "a").touch()
    os.utime(tmp_path / "a", (15_000_000_000, 15_000_000_000))
    assert look_up(tmp_path, [b"a"]).mtimes_ns[0] == wrapped((tmp_path / "a").stat().st_mtime_ns)


@pytest.mark.parametrize("n_threads", [1, 4])
def test_all_is_told_and_whoever_hears_it_may_end_it(n_threads: int, tmp_path: Path) -> None:
    paths = [b"%d" % i for i in range(20_000)]
    told: list[int] = []
    look_up_inodes(os.fsencode(tmp_path), StringTable.from_strings(paths), told.append, n_threads=n_threads)
    assert told == sorted(told)
    assert told[-1] == 20_000

    def end(n_paths: int) -> None:
        raise KeyboardInterrupt

    n_before = threading.active_count()
    with pytest.raises(KeyboardInterrupt):
        look_up_inodes(os.fsencode(tmp_path), StringTable.from_strings(paths), end, n_threads=n_threads)
    assert threading.active_count() == n_before


def test_an_error_in_another_thread_is_raised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    main = threading.current_thread()
    has_failed = threading.Event()

    def fail_elsewhere(*columns: object) -> bool:
        if threading.current_thread() is main:
            assert has_failed.wait(10)
            return False
        has_failed.set()
        raise MemoryError("no memory for a path")

    monkeypatch.setattr(inodes._file_stats, "look_up", fail_elsewhere)
    with pytest.raises(MemoryError, match="no memory for a path"):
        look_up(tmp_path, [b"a"] * 20_000, n_threads=2)


@pytest.mark.parametrize("offsets", [[], [0], [0, 1, 1], [1, 0], [0, 3]])
def test_columns_that_do_not_fit_are_refused(offsets: list[int], tmp_path: Path) -> None:
    times = np.zeros(1, np.int64)
    with pytest.raises(ValueError, match="columns must be of one length"):
        _file_stats.look_up(
            os.fsencode(tmp_path),
            np.array(offsets, np.uint64),
            np.zeros(2, np.uint8),
            b"",
            np.zeros(1, np.uint8),
            times,
            times,
            times,
            np.zeros(1, np.uint64),
        )
