"""Archives that others made are unpacked within bounds, into one folder."""

from __future__ import annotations

import io
import struct
import tarfile
import tracemalloc
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from repomap_fast.fleet.archives import ArchiveError, is_archive, unpack
from repomap_fast.fleet.bounds import BoundError, Bounds, Watch

FILES = {"a.py": b"def a(): pass\n", "lib/b.py": b"def b(): pass\n", "empty": b""}


def tar(path: Path, files: Mapping[str, bytes], mode: str = "w", *others: tarfile.TarInfo) -> Path:
    with tarfile.open(path, mode) as archive:  # type: ignore[call-overload]
        for info in others:
            archive.addfile(info)
        for name, contents in files.items():
            info = tarfile.TarInfo(name)
            info.size = len(contents)
            archive.addfile(info, io.BytesIO(contents))
    return path


def zipped(path: Path, files: Mapping[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, contents in files.items():
            archive.writestr(name, contents)
    return path


def unpacked(archive: Path, folder: Path, **bounds: float) -> Path:
    folder.mkdir()
    chosen = Bounds(**bounds)  # type: ignore[arg-type]
    return unpack(archive, folder, chosen, Watch(chosen))


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*")) if path.is_file()
    }


MAKERS: dict[str, Callable[[Path, Mapping[str, bytes]], Path]] = {
    "tar": tar,
    "gz": lambda path, files: tar(path, files, "w:gz"),
    "bz2": lambda path, files: tar(path, files, "w:bz2"),
    "xz": lambda path, files: tar(path, files, "w:xz"),
    "zip": zipped,
}


@pytest.mark.parametrize("kind", MAKERS)
def test_an_archive_of_each_kind_gives_its_files(tmp_path: Path, kind: str) -> None:
    archive = MAKERS[kind](tmp_path / "archive", FILES)
    assert is_archive(archive)
    assert files_in(unpacked(archive, tmp_path / "out")) == FILES


@pytest.mark.parametrize("kind", MAKERS)
def test_a_bomb_is_given_up_when_it_has_unpacked_what_it_may(tmp_path: Path, kind: str) -> None:
    archive = MAKERS[kind](tmp_path / "bomb", {"a.py": b"a" * 1000, "zeros": bytes(20 << 20)})
    if kind != "tar":
        assert archive.stat().st_size < 1 << 17
    with pytest.raises(BoundError, match="more than 1,000,000 bytes"):
        unpacked(archive, tmp_path / "out", max_bytes=1_000_000)
    assert sum(map(len, files_in(tmp_path / "out").values())) <= 2_000_000


@pytest.mark.parametrize("kind", MAKERS)
@pytest.mark.parametrize("name", ["../out.py", "a/../../out.py", "/out.py"])
def test_a_name_that_leads_out_ends_the_archive(tmp_path: Path, kind: str, name: str) -> None:
    archive = MAKERS[kind](tmp_path / "archive", {"a.py": b"", name: b"x"})
    with pytest.raises(ArchiveError, match=r"out\.py"):
        unpacked(archive, tmp_path / "out")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["archive", "out"]


def test_links_and_devices_are_left_out(tmp_path: Path) -> None:
    others = []
    for name, kind in (("link.py", tarfile.SYMTYPE), ("hard.py", tarfile.LNKTYPE), ("pipe.py", tarfile.FIFOTYPE)):
        info = tarfile.TarInfo(name)
        info.type, info.linkname = kind, "/etc/passwd"
        others.append(info)
    # A folder that is a link, and a file in it.
    inner = tarfile.TarInfo("lib")
    inner.type, inner.linkname = tarfile.SYMTYPE, str(tmp_path)
    archive = tar(tmp_path / "archive", FILES, "w", *others, inner)
    assert files_in(unpacked(archive, tmp_path / "out")) == FILES
    assert not (tmp_path / "b.py").exists()


def test_a_link_of_a_zip_archive_is_left_out(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "archive", FILES)
    info = zipfile.ZipInfo("link.py")
    info.external_attr = 0o120777 << 16
    with zipfile.ZipFile(archive, "a") as opened:
        opened.writestr(info, "/etc/passwd")
    assert files_in(unpacked(archive, tmp_path / "out")) == FILES


def test_a_repository_of_git_in_an_archive_is_left_out(tmp_path: Path) -> None:
    archive = tar(tmp_path / "archive", {**FILES, ".git/config": b"[core]\n", "lib/.GIT/HEAD": b"x"})
    assert files_in(unpacked(archive, tmp_path / "out")) == FILES


@pytest.mark.parametrize("kind", ["tar", "zip"])
def test_members_and_folders_are_bounded(tmp_path: Path, kind: str) -> None:
    archive = MAKERS[kind](tmp_path / "many", {f"{n}.py": b"" for n in range(20)})
    with pytest.raises(BoundError, match="more than 10 files and folders"):
        unpacked(archive, tmp_path / "out", max_files=10)
    archive = MAKERS[kind](tmp_path / "deep", {"d/" * 20 + "a.py": b""})
    with pytest.raises(BoundError, match="20 deep"):
        unpacked(archive, tmp_path / "out2", max_depth=10)


def test_time_is_bounded(tmp_path: Path) -> None:
    archive = tar(tmp_path / "archive", FILES)
    with pytest.raises(BoundError, match="more than 1e-09 s"):
        unpacked(archive, tmp_path / "out", timeout=1e-9)


def test_the_head_of_a_member_is_bounded(tmp_path: Path) -> None:
    """A name of megabytes, which tarfile reads into memory."""
    archive = tar(tmp_path / "archive", {"n" * (3 << 20): b""}, "w:gz")
    with pytest.raises(BoundError, match="more than 1,048,576 bytes of one member"):
        unpacked(archive, tmp_path / "out")


def test_no_more_members_of_a_zip_archive_are_listed_than_there_may_be(tmp_path: Path) -> None:
    entry = struct.pack("<4s4B4HL2L5H2LB", b"PK\1\2", 20, 0, 20, *[0] * 8, 1, *[0] * 6, ord("a"))
    entries = entry * 100_000
    end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(entries), 4, 0)
    archive = tmp_path / "archive"
    archive.write_bytes(b"PK\3\4" + entries + end)
    tracemalloc.start()
    try:
        with pytest.raises(BoundError, match="more than 1,000 files and folders"):
            unpacked(archive, tmp_path / "out", max_files=1000)
        assert tracemalloc.get_traced_memory()[1] < 3 * len(entries)
    finally:
        tracemalloc.stop()


def test_the_list_of_a_zip_archive_is_bounded(tmp_path: Path) -> None:
    archive = zipped(tmp_path / "archive", {f"{n}{'n' * 60_000}": b"" for n in range(600)})
    with pytest.raises(BoundError, match="lists its members in more than 33,554,432 bytes"):
        unpacked(archive, tmp_path / "out")


@pytest.mark.parametrize("compression", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_zip_archive_that_cannot_be_unpacked_in_pieces_is_refused(tmp_path: Path, compression: int) -> None:
    with zipfile.ZipFile(tmp_path / "archive", "w", compression) as archive:
        archive.writestr("zeros", bytes(1 << 20))
    with pytest.raises(ArchiveError, match=f"method {compression} of zip; expected 0 or 8"):
        unpacked(tmp_path / "archive", tmp_path / "out")
    assert files_in(tmp_path / "out") == {}


@pytest.mark.parametrize("kind", MAKERS)
def test_half_an_archive_is_damaged(tmp_path: Path, kind: str) -> None:
    archive = MAKERS[kind](tmp_path / "archive", {"a.py": bytes(range(256)) * 100, "b.py": b"x" * 5000})
    archive.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])
    with pytest.raises(ArchiveError, match="damaged"):
        unpacked(archive, tmp_path / "out")


def test_what_cannot_be_a_path_ends_the_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="a name of 300 characters"):
        unpacked(tar(tmp_path / "long", {"n" * 300: b""}), tmp_path / "out")
    with pytest.raises(ArchiveError, match="both a file and a folder at 'a/b'"):
        unpacked(tar(tmp_path / "both", {"a": b"", "a/b": b""}), tmp_path / "out2")


def test_a_folder_that_holds_all_is_the_root(tmp_path: Path) -> None:
    archive = tar(tmp_path / "archive", {f"flask-3.0/{name}": contents for name, contents in FILES.items()})
    assert files_in(unpacked(archive, tmp_path / "out")) == FILES


def test_other_files_are_no_archives(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def a(): pass\n")
    assert not is_archive(tmp_path / "a.py")
