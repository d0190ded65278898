"""Clocks that are wrong and files that change at the worst moment: no change is ever missed."""

from __future__ import annotations

import os
import random
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from repomap_fast.indexing.index import Index
from support.repositories import fresh, kept, make_repository, settle, source, tables

HOUR_NS = 3600 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "root", 12)


def same_size_edit(path: Path, number: int) -> None:
    """Change a file and nothing that a look at it shows but its ctime."""
    before = path.stat()
    size = before.st_size
    path.write_bytes(f"def f{number:06d}(): pass\n".encode().ljust(size, b"#"))
    assert path.stat().st_size == size
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


@pytest.mark.parametrize("offsets_ns", [(0, -HOUR_NS), (0, -HOUR_NS, HOUR_NS, -2 * HOUR_NS), (0, HOUR_NS, 0)])
def test_a_clock_that_is_set(
    offsets_ns: tuple[int, ...], root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = time.time_ns
    paths = sorted(root.rglob("*.py"))
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        settle(root)
        for number, offset_ns in enumerate(offsets_ns * 2):
            monkeypatch.setattr(time, "time_ns", lambda offset_ns=offset_ns: real() + offset_ns)
            same_size_edit(paths[number % len(paths)], number)
            # The clock of the files goes on as it was; an edit within its grain is told by it alone.
            time.sleep(0.02)
            index.refresh()
            assert tables(index.result) == fresh(root)


def test_files_from_the_future_and_from_the_past(root: Path, tmp_path: Path) -> None:
    paths = sorted(root.rglob("*.py"))
    times = [2**33 * 10**9, 2**31 * 10**9 - 1, 0, 1, -(10**9), time.time_ns() + HOUR_NS]
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        for number, time_ns in enumerate(times * 2):
            path = paths[number % len(paths)]
            path.write_text(source("py", random.Random(number)))
            os.utime(path, ns=(time_ns, time_ns))
            index.refresh()
            assert tables(index.result) == fresh(root)
            same_size_edit(path, number)
            index.refresh()
            assert tables(index.result) == fresh(root)
        settle(root)
        index.refresh()
        assert index.refresh().read == 0


def test_edits_of_one_size_within_the_grain_of_the_clock(root: Path, tmp_path: Path) -> None:
    paths = sorted(root.rglob("*.py"))
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        for number in range(30):
            same_size_edit(paths[number % len(paths)], number)
            index.refresh()
            names = {tag.name for tag in index.result.file(paths[number % len(paths)]).tags}
            assert f"f{number:06d}" in names
        assert tables(index.result) == fresh(root)


def test_a_file_that_changes_while_it_is_read(root: Path, tmp_path: Path) -> None:
    path = root / "d0" / "f0.py"
    stop = threading.Event()

    def rewrite() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            text = f"def f{number:06d}(): pass\n".encode() * 500
            if number % 3:
                path.write_bytes(text)
            else:
                with path.open("r+b") as file:
                    file.write(text)
                    file.truncate(len(text) - number % 7)

    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        for _ in range(3):
            stop.clear()
            writer = threading.Thread(target=rewrite)
            writer.start()
            try:
                for _ in range(5):
                    index.refresh()
                    assert len(index.result.tag_table) == index.result.n_tags
            finally:
                stop.set()
                writer.join()
            index.refresh()
            assert tables(index.result) == fresh(root)
            assert kept(root, tmp_path / "cache")[0] == fresh(root)


def to_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()
    (path / "in.py").write_text("def inside(): pass\n")


def to_file(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    path.write_text("def outside(): pass\n")


def to_link(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink(missing_ok=True)
    path.symlink_to(path.parent)


def to_link_to_file(path: Path) -> None:
    path.unlink(missing_ok=True)
    path.symlink_to(path.with_name("f4.c"))


def to_unreadable(path: Path) -> None:
    to_file(path)
    path.chmod(0)


CHANGES: list[Callable[[Path], None]] = [
    to_folder,
    to_file,
    to_link,
    to_file,
    to_folder,
    to_link,
    to_link_to_file,
    to_unreadable,
    to_file,
    to_folder,
    to_file,
]


def test_files_that_become_something_else_and_files_again(root: Path, tmp_path: Path) -> None:
    path = root / "d0" / "f0.py"
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        for change in CHANGES:
            change(path)
            index.refresh()
            assert tables(index.result) == fresh(root)
            assert kept(root, tmp_path / "cache")[0] == fresh(root)


def test_folders_that_come_and_go_during_a_scan(root: Path, tmp_path: Path) -> None:
    stop = threading.Event()
    spare = tmp_path / "spare"

    def move() -> None:
        while not stop.is_set():
            (root / "d1").rename(spare)
            spare.rename(root / "d1")
            shutil.copytree(root / "d2", root / "d9")
            shutil.rmtree(root / "d9")

    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        mover = threading.Thread(target=move)
        mover.start()
        try:
            for _ in range(15):
                index.refresh()
                assert len(index.result.tag_table) == index.result.n_tags
        finally:
            stop.set()
            mover.join()
        index.refresh()
        assert tables(index.result) == fresh(root)


def test_a_root_that_vanishes_and_comes_back(root: Path, tmp_path: Path) -> None:
    with Index.open(root, cache_dir=tmp_path / "cache") as index:
        index.refresh()
        root.rename(tmp_path / "elsewhere")
        index.refresh()
        assert index.result.n_tags == 0
        (tmp_path / "elsewhere").rename(root)
        index.refresh()
        assert tables(index.result) == fresh(root)


def test_a_file_that_changes_between_the_refresh_and_the_asking_for_its_tags(root: Path, tmp_path: Path) -> None:
    """Its block is lost at the same time: it is shown as it is by then, in tables that fit each other."""
    cache = tmp_path / "cache"
    kept(root, cache)
    (root / "d0" / "f0.py").write_text("def first(): pass\n")
    kept(root, cache)
    with Index.open(root, cache_dir=cache) as index:
        index.refresh()
        result = index.result
        (root / "d0" / "f0.py").write_text("def second(): third()\n" * 9)
        shutil.rmtree(cache)
        index.close()
        assert len(result.tag_table) == result.n_tags
        assert {tag.name for tag in result.file("d0/f0.py").tags} == {"second", "third"}
        assert tables(result) == {**fresh(root), "sizes": tables(result)["sizes"], "classes": tables(result)["classes"]}
