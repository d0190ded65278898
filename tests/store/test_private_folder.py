"""Folders that only this user may change: which those are, and that no link leads out of them."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.errors import StoreError
from repomap_fast.store import private_folder as private
from repomap_fast.store.private_folder import PrivateFolder, check_private

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="users and modes are others there")

FOLDER, FILE, LINK = stat.S_IFDIR, stat.S_IFREG, stat.S_IFLNK


def status(mode: int, user: int | None = None, group: int = 12345) -> os.stat_result:
    return os.stat_result((mode, 1, 1, 1, os.geteuid() if user is None else user, group, 0, 0, 0, 0))


@pytest.mark.parametrize("mode", [FOLDER | 0o700, FOLDER | 0o755, FILE | 0o600, FILE | 0o444])
@pytest.mark.parametrize("user", [None, 0])
def test_what_only_this_user_and_root_may_change_will_do(mode: int, user: int | None) -> None:
    check_private(Path("there"), status(mode, user))


@pytest.mark.parametrize("may_be_shared", [False, True])
@pytest.mark.parametrize(
    ("of", "why"),
    [
        (status(LINK | 0o777), "symbolic link"),
        (status(FOLDER | 0o700, user=54321), "belongs to user 54321"),
        (status(FILE | 0o600, user=54321), "belongs to user 54321"),
        (status(FOLDER | 0o702), "mode 0702"),
        (status(FOLDER | 0o770), "mode 0770"),
        (status(FILE | 0o666), "mode 0666"),
        (status(FILE | stat.S_ISVTX | 0o666), "mode 1666"),
    ],
)
def test_what_others_may_change_is_refused(of: os.stat_result, why: str, may_be_shared: bool) -> None:
    with pytest.raises(StoreError, match=rf"^there .*{why}"):
        check_private(Path("there"), of, may_be_shared=may_be_shared)


def test_a_sticky_folder_will_do_where_ours_cannot_be_renamed_by_others() -> None:
    shared = status(FOLDER | stat.S_ISVTX | 0o777, user=0)
    check_private(Path("there"), shared, may_be_shared=True)
    with pytest.raises(StoreError, match="mode 1777"):
        check_private(Path("there"), shared)


def test_the_group_of_this_user_alone_is_nobody_else(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(private, "_is_own_group", lambda group: group == 7)
    check_private(Path("there"), status(FOLDER | 0o775, group=7))
    for of in (status(FOLDER | 0o775, group=8), status(FOLDER | 0o777, group=7)):
        with pytest.raises(StoreError, match="other users"):
            check_private(Path("there"), of)


def test_a_group_that_the_system_does_not_know_is_not_our_own() -> None:
    assert not private._is_own_group(2**31 - 7)


def test_no_link_is_followed(tmp_path: Path) -> None:
    precious = tmp_path / "precious"
    precious.mkdir()
    (precious / "file").write_text("precious")
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "ours" / "folder").symlink_to(precious)
    (tmp_path / "ours" / "file").symlink_to(precious / "file")
    (tmp_path / "ours" / "new").symlink_to(precious / "new")
    with PrivateFolder.open(tmp_path / "ours") as folder:
        for name in ("file", "new"):
            with pytest.raises(OSError, match="symbolic link"):
                folder.open_file(name, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
            with pytest.raises(StoreError, match="symbolic link"):
                folder.check_file(name)
        with pytest.raises(OSError, match=r"symbolic link|Not a directory"):
            folder.folder("folder")
        folder.remove_folder("folder")
        assert len(list(folder.files(depth=3))) == 3
        folder.remove("file")
    with pytest.raises(StoreError, match="symbolic link"):
        PrivateFolder.open(tmp_path / "ours" / "folder")
    assert [path.name for path in precious.iterdir()] == ["file"]
    assert (precious / "file").read_text() == "precious"


def test_a_folder_that_is_put_elsewhere_is_still_the_same(tmp_path: Path) -> None:
    (tmp_path / "ours").mkdir(mode=0o700)
    (tmp_path / "precious" / "below").mkdir(parents=True)
    with PrivateFolder.open(tmp_path / "ours") as folder:
        (tmp_path / "ours").rename(tmp_path / "moved")
        (tmp_path / "ours").symlink_to(tmp_path / "precious")
        folder.make_folder("made").close()
        folder.remove_folder("below")
    assert (tmp_path / "moved" / "made").is_dir()
    assert [path.name for path in (tmp_path / "precious").iterdir()] == ["below"]


def test_what_is_made_is_this_users_alone(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        with PrivateFolder.make(tmp_path / "made") as folder:
            os.close(folder.open_file("file", os.O_WRONLY | os.O_CREAT))
            folder.make_folder("below").close()
    finally:
        os.umask(before)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "made", *(tmp_path / "made").iterdir())
    }
    assert modes == {"made": 0o700, "file": 0o600, "below": 0o700}


def test_folders_that_are_nested_deeper_than_ours_are_no_crash(tmp_path: Path) -> None:
    depth = sys.getrecursionlimit() + 100
    here = os.open(tmp_path, os.O_RDONLY)
    for _ in range(depth):
        os.mkdir("d", dir_fd=here)
        below = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.close(here)
    with PrivateFolder.open(tmp_path) as folder:
        assert list(folder.files(depth=2)) == []
        folder.remove_folder("d")
    # pytest would meet them when it clears up.
    subprocess.run(["rm", "-rf", tmp_path / "d"], check=True)
