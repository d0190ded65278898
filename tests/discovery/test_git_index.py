"""The reader of git's index, against git itself."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

import pytest

from repomap_fast.discovery.git_index import NOTHING_TRACKED, TrackedPaths, read_index
from repomap_fast.errors import GitError

pytestmark = pytest.mark.skipif(shutil.which("git") is None, reason="git is not installed")

LONGEST = b"/".join([b"y" * 250] * 16 + [b"y" * 80])
"""4,096 bytes, and so more than the field for the length of a path can say."""
PATHS = sorted([b"a", b"a b/c\nd", b"deep/er/than/most", b"deep/er/than/other", b"x" * 255, LONGEST, b"z\xff"])


def git(folder: Path, *arguments: str, feed: bytes = b"") -> bytes:
    return subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True, input=feed).stdout


def make_index(folder: Path, paths: list[bytes], *, mode: bytes = b"100644", object_format: str = "sha1") -> bytes:
    """Fill an index with paths of which no file exists, and return where it is."""
    git(folder, "init", "-q", f"--object-format={object_format}")
    object_id = git(folder, "hash-object", "-w", "--stdin", feed=b"text").strip()
    git(folder, "update-index", "-z", "--index-info", feed=b"".join(
        mode + b" " + object_id + b"\t" + path + b"\0" for path in paths
    ))  # fmt: skip
    return os.fsencode(folder / ".git" / "index")


@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("object_format", ["sha1", "sha256"])
def test_all_versions_give_the_paths_that_git_gives(version: str, object_format: str, tmp_path: Path) -> None:
    index = make_index(tmp_path, PATHS, object_format=object_format)
    git(tmp_path, "update-index", "--index-version", version)
    assert sorted(read_index(index).files) == PATHS
    assert git(tmp_path, "ls-files", "-z").split(b"\0")[:-1] == PATHS


def test_version_3_has_longer_flags(tmp_path: Path) -> None:
    index = make_index(tmp_path, PATHS)
    (tmp_path / "new").touch()
    git(tmp_path, "add", "--intent-to-add", "new")
    assert Path(os.fsdecode(index)).read_bytes()[4:8] == b"\0\0\0\3"
    assert read_index(index).files == {*PATHS, b"new"}


def test_submodules_are_told_apart(tmp_path: Path) -> None:
    index = make_index(tmp_path, [b"deps/library"], mode=b"160000")
    assert read_index(index) == TrackedPaths(frozenset(), frozenset([b"deps/library"]), frozenset([b"deps"]))


def test_an_index_may_have_a_folder_in_place_of_its_files(tmp_path: Path) -> None:
    index = make_index(tmp_path, [b"in/a", b"out/deep/b", b"out/c"])
    assert not read_index(index).is_sparse
    git(tmp_path, "-c", "user.name=a", "-c", "user.email=a@b", "commit", "-q", "-m", "first")
    git(tmp_path, "sparse-checkout", "set", "--cone", "--sparse-index", "in")
    sparse = read_index(index)
    assert sparse.is_sparse
    assert sparse.files == {b"in/a"}
    assert sparse.moved(from_folder=b"in/", to_folder=b"").is_sparse


def test_a_missing_index_tracks_nothing(tmp_path: Path) -> None:
    assert read_index(os.fsencode(tmp_path / "index")) == NOTHING_TRACKED


def test_a_missing_checksum_is_fine(tmp_path: Path) -> None:
    index = Path(os.fsdecode(make_index(tmp_path, PATHS)))
    index.write_bytes(index.read_bytes()[:-20] + bytes(20))
    assert sorted(read_index(os.fsencode(index)).files) == PATHS


@pytest.mark.parametrize("n_kept", [0, 3, 12, 13, 70, 1000, -21, -1])
def test_a_truncated_index_is_refused(n_kept: int, tmp_path: Path) -> None:
    index = Path(os.fsdecode(make_index(tmp_path, PATHS)))
    index.write_bytes(index.read_bytes()[:n_kept])
    with pytest.raises(GitError, match="cannot be used"):
        read_index(os.fsencode(index))


@pytest.mark.parametrize(
    "body", [b"DIRC" + b"\0\0\0\4" + b"\xff" * 4, b"DIRC\0\0\0\2\0\0\0\1", b"DIRC\0\0\0\t" + bytes(90)]
)
def test_a_lying_index_is_refused(body: bytes, tmp_path: Path) -> None:
    (tmp_path / "index").write_bytes(body + bytes(20))
    with pytest.raises(GitError, match="cannot be used"):
        read_index(os.fsencode(tmp_path / "index"))


def index_of(paths: list[bytes]) -> bytes:
    """Return an index of version 4 in which each path is written whole."""
    entries = [bytes(24) + b"\0\0\x81\xa4" + bytes(32) + b"\x0f\xff" + b"\0" + path + b"\0" for path in paths]
    drops = [0, *(len(path) for path in paths)]
    for i, entry in enumerate(entries):
        entries[i] = entry[:62] + varint(drops[i]) + entry[63:]
    return b"DIRC\0\0\0\4" + len(paths).to_bytes(4, "big") + b"".join(entries) + bytes(20)


def varint(value: int) -> bytes:
    text = [value & 0x7F]
    while value := value >> 7:
        value -= 1
        text.append(0x80 | (value & 0x7F))
    return bytes(reversed(text))


def test_the_longest_path_is_read_and_a_longer_one_refused(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.write_bytes(index_of([b"a", b"b" * 4096]))
    assert read_index(os.fsencode(index)).files == {b"a", b"b" * 4096}
    index.write_bytes(index_of([b"a", b"b" * 4097]))
    with pytest.raises(GitError, match="too long"):
        read_index(os.fsencode(index))


def test_folders_of_many_deep_paths_are_bounded(tmp_path: Path) -> None:
    index = tmp_path / "index"
    index.write_bytes(index_of([b"%d/" % i + b"a/" * 2000 + b"f" for i in range(64)]))
    with pytest.raises(GitError, match="nested too deeply"):
        read_index(os.fsencode(index))


def test_an_index_that_is_too_large_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("repomap_fast.discovery.git_index._MAX_INDEX_BYTES", 2**20)
    with (tmp_path / "index").open("wb") as file:
        file.truncate(2**40)
    with pytest.raises(GitError, match="more than 1 MiB"):
        read_index(os.fsencode(tmp_path / "index"))


def test_a_split_index_is_refused(tmp_path: Path) -> None:
    index = make_index(tmp_path, PATHS)
    git(tmp_path, "update-index", "--split-index")
    with pytest.raises(GitError, match="split index"):
        read_index(index)


def test_paths_move_between_a_work_tree_and_a_folder_of_it() -> None:
    tracked = TrackedPaths.of(frozenset([b"a/b/c", b"a/d", b"ab"]), frozenset([b"a/e/sub"]))
    below = tracked.moved(from_folder=b"a/", to_folder=b"")
    assert below == TrackedPaths(frozenset([b"b/c", b"d"]), frozenset([b"e/sub"]), frozenset([b"b", b"e"]))
    assert below.moved(from_folder=b"", to_folder=b"a/").files == {b"a/b/c", b"a/d"}
