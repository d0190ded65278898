"""git_view: git is shown a folder of ours, with a few settings, and nothing of it stays."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from repomap_fast.discovery.git_config import read_settings
from repomap_fast.discovery.git_view import common_dir_for, read_excludes, temporary_file
from support.repositories import git, make_work_tree, needs_git, repository_of

pytestmark = needs_git


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return make_work_tree(tmp_path / "top", {"a.py": ""}, "a.py")


def settings_in(folder: str) -> dict[tuple[bytes, bytes | None, bytes], bytes]:
    return {setting.key: setting.value for setting in read_settings(Path(folder, "config").read_bytes())}


def test_settings_that_name_programs_are_not_shown(top: Path) -> None:
    for name, value in (
        ("core.fsmonitor", "evil"),
        ("core.ignoreCase", "true"),
        ("filter.evil.clean", "evil"),
        ("branch.main.merge", "refs/heads/main"),
        ("include.path", "evil"),
    ):
        git(top, "config", name, value)
    with common_dir_for(repository_of(top)) as folder:
        shown = settings_in(folder)
    assert shown[b"core", None, b"ignorecase"] == b"true"
    assert shown[b"branch", b"main", b"merge"] == b"refs/heads/main"
    assert shown[b"core", None, b"bare"] == b"false"
    assert {section for section, _, _ in shown} <= {b"core", b"extensions", b"branch", b"remote"}
    assert (b"core", None, b"fsmonitor") not in shown


def test_the_folder_is_gone_afterwards_whatever_happens(top: Path) -> None:
    with common_dir_for(repository_of(top)) as folder:
        assert os.path.isdir(folder)
    with pytest.raises(ZeroDivisionError), common_dir_for(repository_of(top)) as second:
        raise ZeroDivisionError
    assert not os.path.exists(folder)
    assert not os.path.exists(second)


@pytest.mark.parametrize(("text", "is_shown"), [("# a comment\n\n", False), ("*.log\n", True)])
def test_rules_beside_the_repository_are_shown_where_there_are_any(text: str, is_shown: bool, top: Path) -> None:
    (top / ".git/info").mkdir(exist_ok=True)
    (top / ".git/info/exclude").write_text(text)
    with common_dir_for(repository_of(top)) as folder:
        assert Path(folder, "info/exclude").exists() is is_shown


@pytest.mark.parametrize(("value", "expected"), [("mine", b"mine"), ("", b""), ("pipe", b""), ("large", b"")])
def test_a_file_of_rules_counts_where_it_can_be_read(value: str, expected: bytes, top: Path) -> None:
    assert read_excludes(repository_of(top)) is None
    (top / "mine").write_text("*.log\n")
    os.mkfifo(top / "pipe")
    with (top / "large").open("wb") as file:
        file.truncate(1 << 40)
    git(top, "config", "core.excludesFile", value)
    assert read_excludes(repository_of(top)) == (os.path.join(os.fsencode(top), expected) if expected else b"")


def test_a_temporary_file_has_no_name() -> None:
    with temporary_file() as file:
        assert os.fstat(file.fileno()).st_nlink == 0


def test_without_a_folder_in_memory_the_temporary_folder_serves(
    top: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("repomap_fast.discovery.git_view._IN_MEMORY", str(tmp_path / "none"))
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with common_dir_for(repository_of(top)) as folder:
        assert Path(folder).parent == tmp_path
        assert stat.S_IMODE(os.stat(folder).st_mode) == 0o700
    assert not Path(folder).exists()
