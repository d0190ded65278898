"""Roots: opened late, each once, and none that nobody meant."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from repomap_fast import RootError, ScanCancelled, ScanOptions
from repomap_fast.agents.roots import MAX_OPEN, MAX_ROOTS, Roots, check_folders, path_of_uri, working_folder


@pytest.fixture
def roots(tmp_path: Path) -> Roots:
    return Roots(ScanOptions(), tmp_path / "cache")


def test_nothing_is_opened_before_it_is_asked(roots: Roots, tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (root,) = roots.at([tmp_path / "a"])
    assert not (tmp_path / "cache").exists()
    root.ask(lambda index: index.stats, progress=None, cancel=threading.Event())
    assert (tmp_path / "cache").exists()


def test_each_root_is_there_once_and_those_within_another_are_part_of_it(roots: Roots, tmp_path: Path) -> None:
    for name in ("a/b", "c"):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "link").symlink_to("a")
    found = roots.at([tmp_path / "a/b", tmp_path / "a", tmp_path / "link", tmp_path / "c", tmp_path / "c/../a"])
    assert [root.path for root in found] == [tmp_path / "a", tmp_path / "c"]
    assert roots.at([tmp_path / "a"])[0] is found[0]


def test_only_some_are_open_at_a_time(roots: Roots, tmp_path: Path) -> None:
    folders = [tmp_path / f"r{i}" for i in range(MAX_ROOTS + 5)]
    for folder in folders:
        folder.mkdir()
    found = roots.at(folders)
    assert len(found) == MAX_ROOTS
    assert len(roots._open) == MAX_OPEN
    for root in found:
        assert root.ask(lambda index: len(index.files), progress=None, cancel=threading.Event()) == 0
    roots.close()


def test_a_folder_that_is_gone_is_an_error_until_it_is_back(roots: Roots, tmp_path: Path) -> None:
    folder = tmp_path / "a"
    folder.mkdir()
    (root,) = roots.at([folder])
    for _ in range(2):
        (folder / "a.py").write_text("def a(): pass\n")
        assert root.ask(lambda index: len(index.files), progress=None, cancel=threading.Event()) == 1
        (folder / "a.py").unlink()
        folder.rmdir()
        with pytest.raises(RootError):
            root.ask(lambda index: 0, progress=None, cancel=threading.Event())
        folder.mkdir()


def test_a_call_that_waits_for_another_can_be_cancelled(roots: Roots, tmp_path: Path) -> None:
    (root,) = roots.at([tmp_path])
    is_in, is_over, cancel = threading.Event(), threading.Event(), threading.Event()

    def hold(_: object) -> None:
        is_in.set()
        is_over.wait(10)

    holder = threading.Thread(target=lambda: root.ask(hold, progress=None, cancel=threading.Event()))
    holder.start()
    is_in.wait(10)
    threading.Timer(0.1, cancel.set).start()
    start = time.monotonic()
    with pytest.raises(ScanCancelled):
        root.ask(hold, progress=None, cancel=cancel)
    assert time.monotonic() - start < 5
    is_over.set()
    holder.join()


def test_folders_of_uris(tmp_path: Path) -> None:
    folder = tmp_path / "ä b%"
    folder.mkdir()
    assert path_of_uri(folder.as_uri()) == folder
    assert path_of_uri(f"file://localhost{tmp_path}") == tmp_path
    for other in ("http://a/b", "file:relative", "file://host/a", f"{folder.as_uri()}/none", "", "file:///a%00b", "\0"):
        assert path_of_uri(other) is None


def test_neither_the_home_folder_nor_the_top_is_a_repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    for folder in (tmp_path, Path("/")):
        monkeypatch.chdir(folder)
        with pytest.raises(RootError, match="repomap-fast mcp ROOT"):
            working_folder()
    (tmp_path / "a").mkdir()
    monkeypatch.chdir(tmp_path / "a")
    assert working_folder() == tmp_path / "a"


def test_folders_that_the_user_names(tmp_path: Path) -> None:
    assert check_folders([tmp_path]) == [tmp_path]
    with pytest.raises(RootError, match="there is no folder"):
        check_folders([tmp_path / "none"])
