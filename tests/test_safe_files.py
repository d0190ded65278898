"""safe_files: files of a repository are read where they are regular, small enough, and not behind a link."""

from __future__ import annotations

import gc
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from repomap_fast import safe_files as below
from repomap_fast.safe_files import open_regular, read_below, read_each_below, read_regular, read_start

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no such files")


@pytest.fixture(params=[True, False], ids=["by folder", "by path"])
def root(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> bytes:
    """A folder with ``a`` and ``d/e/b``, and ``outside/b`` beside it; read in both ways."""
    monkeypatch.setattr(below, "_HAS_DIR_FD", request.param)
    (tmp_path / "root/d/e").mkdir(parents=True)
    (tmp_path / "outside/e").mkdir(parents=True)
    (tmp_path / "root/a").write_bytes(b"0123456789")
    (tmp_path / "root/d/e/b").write_bytes(b"b")
    for secret in ("outside/b", "outside/e/b"):
        (tmp_path / secret).write_bytes(b"secret")
    return os.fsencode(tmp_path / "root")


@pytest.fixture(autouse=True)
def no_descriptor_left(root: bytes) -> Iterator[None]:
    # What an earlier test left to the garbage collector must not count.
    gc.collect()
    before = len(list(Path("/dev/fd").iterdir()))
    yield
    assert len(list(Path("/dev/fd").iterdir())) == before


def test_a_file_is_read(root: bytes) -> None:
    assert read_below(root, b"a", 10) == b"0123456789"
    assert read_below(root, b"d/e/b", 10) == b"b"


def test_no_more_than_the_bound_is_read(root: bytes) -> None:
    with pytest.raises(OSError, match="more than 9 bytes"):
        read_below(root, b"a", 9)


def test_a_sparse_file_of_a_terabyte_is_not_read(root: bytes) -> None:
    os.truncate(root + b"/a", 1 << 40)
    with pytest.raises(OSError, match="more than"):
        read_below(root, b"a", 1 << 20)


def test_a_file_that_says_it_is_empty_is_read_and_bounded() -> None:
    assert read_below(b"/proc/self", b"status", 1 << 20).startswith(b"Name:")
    with pytest.raises(OSError, match="more than 100 bytes"):
        read_below(b"/proc/self", b"status", 100)


@pytest.mark.parametrize("path", [b"gone", b"gone/a", b"a/b"])
def test_what_is_not_there(root: bytes, path: bytes) -> None:
    with pytest.raises(OSError, match=r"No such file|Not a directory"):
        read_below(root, path, 10)


def test_a_folder_is_no_file(root: bytes) -> None:
    with pytest.raises(OSError, match="not a regular file"):
        read_below(root, b"d", 10)


def test_a_pipe_does_not_block(root: bytes) -> None:
    os.mkfifo(root + b"/pipe")
    with pytest.raises(OSError, match="not a regular file"):
        read_below(root, b"pipe", 10)


@pytest.mark.parametrize(
    ("link", "target", "path"),
    [
        (b"link", b"../outside/b", b"link"),
        (b"link", b"a", b"link"),
        (b"link", b"../outside", b"link/b"),
        (b"link", b"../outside", b"link/e/b"),
        (b"d/link", b"../../outside/e", b"d/link/b"),
        (b"link", b"/dev/zero", b"link"),
        (b"link", b"a", b"../outside/b"),
        (b"link", b"a", b"d/../../outside/b"),
    ],
)
def test_no_link_is_followed(root: bytes, link: bytes, target: bytes, path: bytes) -> None:
    Path(os.fsdecode(root), os.fsdecode(link)).symlink_to(os.fsdecode(target))
    with pytest.raises(OSError, match=r"symbolic link|Not a directory|not below"):
        read_below(root, path, 1 << 20)


def test_the_root_may_be_a_link(root: bytes) -> None:
    Path(os.fsdecode(root) + "-link").symlink_to(os.fsdecode(root))
    assert read_below(root + b"-link", b"d/e/b", 10) == b"b"


def test_what_the_user_names_may_be_a_link(root: bytes) -> None:
    link = Path(os.fsdecode(root), "link")
    link.symlink_to("../outside/b")
    assert read_regular(link, 6) == b"secret"
    with pytest.raises(OSError, match="more than 5 bytes"):
        read_regular(link, 5)


def test_a_pipe_that_the_user_names_does_not_block(root: bytes) -> None:
    pipe = Path(os.fsdecode(root), "pipe")
    os.mkfifo(pipe)
    with pytest.raises(OSError, match="not a regular file"):
        read_regular(pipe, 10)


def test_a_start_is_all_of_a_short_file(root: bytes) -> None:
    assert read_start(root + b"/a", 4) == b"0123"
    assert read_start(root + b"/a", 10) == read_start(root + b"/a", 1 << 40) == b"0123456789"
    assert read_start(root + b"/a", 0) == b""
    os.truncate(root + b"/a", 1 << 40)
    assert read_start(root + b"/a", 12) == b"0123456789\0\0"


def test_the_start_of_a_file_without_a_size_is_read() -> None:
    assert read_start("/proc/self/status", 5) == b"Name:"


def test_a_start_is_read_through_a_link_only_where_it_may(root: bytes) -> None:
    Path(os.fsdecode(root), "link").symlink_to("a")
    assert read_start(root + b"/link", 1) == b"0"
    with pytest.raises(OSError, match="symbolic link"):
        read_start(root + b"/link", 1, follow_link=False)


@pytest.mark.parametrize("name", [b"pipe", b"d"])
def test_only_a_regular_file_is_opened(root: bytes, name: bytes) -> None:
    os.mkfifo(root + b"/pipe")
    with pytest.raises(OSError, match="not a regular file"):
        open_regular(root + b"/" + name)


def test_several_files_are_read_one_after_another(root: bytes) -> None:
    folder, deep = Path(os.fsdecode(root)), b"/".join([b"deep"] * 20)
    (folder / "d/link").symlink_to(folder.parent / "outside/e")
    (folder / os.fsdecode(deep)).mkdir(parents=True)
    (folder / "deep/deep/c").write_bytes(b"c" * 10)
    (folder / os.fsdecode(deep) / "c").touch()
    paths = [
        b"a",
        b"d/e/b",
        b"d/e/b",
        b"d/link/b",
        b"d",
        b"../outside/b",
        b"deep/deep/c",
        deep + b"/c",
        b"gone/x",
        b"a",
    ]
    read = list(read_each_below(root, paths, 25))
    assert read == [b"0123456789", b"b", b"b", None, None, None, b"c" * 10, b"", None, None]
    assert list(read_each_below(root, [paths[0], b"d/e/b", b"a\0b"], 99, 5)) == [None, b"b", None]


def test_the_folders_of_an_iterator_that_is_given_up_are_closed(root: bytes) -> None:
    reading = read_each_below(root, [b"d/e/b", b"a"], 99)
    assert next(reading) == b"b"
    reading.close()
