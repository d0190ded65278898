"""Blobs: read from one git, which ends with its users; what git does not give is an error and no end."""

from __future__ import annotations

import errno
import os
import pickle
import random
import sys
from pathlib import Path

import pytest

from repomap_fast.discovery import git_blobs
from repomap_fast.discovery.git_blobs import BlobReader
from support.repositories import fake_git, git, make_work_tree, needs_git, repository_of

pytestmark = needs_git
BYTES = random.Random(1).randbytes(70_000)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return make_work_tree(tmp_path / "top", {"a.py": b"a\r\n", "b.py": BYTES, "c.py": b""}, ".")


def blob(top: Path, name: str) -> bytes:
    return bytes.fromhex(git(top, "rev-parse", f"HEAD:{name}"))


def loose(top: Path, name: str) -> Path:
    digits = blob(top, name).hex()
    return top / ".git" / "objects" / digits[:2] / digits[2:]


def number_of(error: pytest.ExceptionInfo[OSError]) -> int | None:
    return error.value.errno


def test_blobs_are_read_from_one_git_that_ends(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started = []
    start = git_blobs.start_git

    def count(*arguments: object, **keywords: object) -> object:
        started.append(start(*arguments, **keywords))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(git_blobs, "start_git", count)
    reader = BlobReader(repository_of(top))
    with reader, reader:
        assert reader.read(blob(top, "a.py"), 3) == b"a\r\n"
        assert reader.read(blob(top, "b.py"), 1 << 20) == BYTES
        with pytest.raises(FileNotFoundError):
            reader.read(bytes(20), 10)
        assert reader.read(blob(top, "c.py"), 0) == b""
    assert len(started) == 1
    assert started[0].poll() is not None
    # Outside of a block it is one git for one blob; a copy has its own.
    assert pickle.loads(pickle.dumps(reader)).read(blob(top, "a.py"), 3) == b"a\r\n"
    assert [process.poll() is not None for process in started] == [True, True]


def test_what_is_no_blob_or_too_large_is_an_error_and_the_next_is_read(top: Path) -> None:
    commit = bytes.fromhex(git(top, "rev-parse", "HEAD"))
    with BlobReader(repository_of(top)) as reader:
        for name, n_bytes, number in ((commit, 1 << 20, errno.EIO), (blob(top, "b.py"), 69_999, errno.EFBIG)):
            with pytest.raises(OSError, match=r".") as error:
                reader.read(name, n_bytes)
            assert number_of(error) == number
            assert reader.read(blob(top, "a.py"), 3) == b"a\r\n"


def test_a_corrupt_object_is_an_error_and_the_next_is_read(top: Path) -> None:
    path = loose(top, "b.py")
    path.chmod(0o600)
    path.write_bytes(path.read_bytes()[:30_000])
    with BlobReader(repository_of(top)) as reader:
        for _ in range(2):
            with pytest.raises(OSError, match=r".") as error:
                reader.read(blob(top, "b.py"), 1 << 20)
            assert number_of(error) == errno.EIO
            assert reader.read(blob(top, "a.py"), 3) == b"a\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="there are no named pipes there")
def test_an_object_that_git_would_wait_for_is_given_up(top: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(git_blobs, "_PATIENCE_S", 0.2)
    monkeypatch.setattr(git_blobs, "_POLL_S", 0.05)
    names = {name: blob(top, name) for name in ("a.py", "b.py")}
    path = loose(top, "b.py")
    path.unlink()
    os.mkfifo(path)
    with BlobReader(repository_of(top)) as reader:
        with pytest.raises(OSError, match="git does not give the blob") as error:
            reader.read(names["b.py"], 1 << 20)
        assert number_of(error) == errno.EIO
        assert reader.read(names["a.py"], 3) == b"a\r\n"


@pytest.mark.skipif(sys.platform == "win32", reason="a shell script stands for git")
def test_a_git_that_always_fails_is_not_asked_for_ever(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    repository, name = repository_of(top), blob(top, "a.py")
    fake_git(tmp_path / "bin", f"echo >> {tmp_path / 'asked'}; exit 3", monkeypatch)
    with BlobReader(repository) as reader:
        for _ in range(12):
            with pytest.raises(OSError, match=r".") as error:
                reader.read(name, 3)
            assert number_of(error) == errno.EIO
    assert (tmp_path / "asked").read_text().count("\n") == 8
