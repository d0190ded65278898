"""excludes: ``core.excludesFile`` of the user and of a repository, with git and without."""

from __future__ import annotations

import os
import shutil
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from repomap_fast.discovery import excludes, stamps
from repomap_fast.discovery.excludes import configured_excludes_file, excludes_file, user_excludes
from repomap_fast.discovery.git_folder import repository_at
from repomap_fast.discovery.git_run import LIST_FILES, run_git
from repomap_fast.progress import Progress
from support.repositories import git, needs_git, repository_of


@needs_git
def test_settings_that_the_user_includes_for_a_folder_count(home: Path, tmp_path: Path) -> None:
    (home / ".gitconfig").write_text(f'[includeIf "gitdir:{tmp_path}/"]\n\tpath = ~/here\n')
    (home / "here").write_text("[core]\n\texcludesFile = ~/mine\n")
    (home / "mine").write_text("*.o\n")
    for name in ("work", "other"):
        git(tmp_path, "init", "-q", name)
        (tmp_path / name / "a.o").touch()
        (tmp_path / name / "a.c").touch()
    assert run_git(repository_of(tmp_path / "work"), LIST_FILES, Progress()).output == b"a.c\0"
    assert excludes_file(repository_of(tmp_path / "work"), Progress()) == os.fsencode(home / "mine")


@pytest.mark.parametrize(
    ("config", "expected"),
    [
        ("[core]\n\texcludesFile = /a/b\n", b"/a/b"),
        ("[CORE] EXCLUDESFILE=/a/b ; why\n", b"/a/b"),
        ('[core]\nexcludesfile = "/a b;c"  # why\n', b"/a b;c"),
        ('[core]\nexcludesfile = /a" "b\\\\c\n', b"/a b\\c"),
        ("[core]\r\nexcludesfile = /a/b\r\n", b"/a/b"),
        ("[core]\nexcludesfile = /a\\\n/b\n", b"/a/b"),
        ("[core]\nexcludesfile = /a\n[other]\nexcludesfile = /b\n", b"/a"),
        ('[core "x"]\nexcludesfile = /a\n', None),
        ("[core]\nexcludesfile = /a\nexcludesfile = /b\n", b"/b"),
        ("[core]\n# excludesfile = /a\n", None),
        ("[core]\nexcludesfile =\n", b""),
        ("[core\nexcludesfile = \\", None),
    ],
)
def test_the_setting_is_read_from_a_config_file(config: str, expected: bytes | None, tmp_path: Path) -> None:
    (tmp_path / "config").write_bytes(config.encode())
    assert configured_excludes_file([os.fsencode(tmp_path / "config")]) == expected


@pytest.mark.parametrize("has_git", [pytest.param(True, marks=needs_git), False])
def test_excludes_file_is_found_with_and_without_git(
    has_git: bool, home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if shutil.which("git"):
        git(tmp_path, "init", "-q")
    if not has_git:
        monkeypatch.setenv("PATH", str(tmp_path))
    folder, home_path = repository_at(os.fsencode(tmp_path)), os.fsencode(home)

    assert excludes_file(folder, Progress()) == home_path + b"/.config/git/ignore"
    (home / ".config" / "git").mkdir(parents=True)
    (home / ".config" / "git" / "config").write_text("[core]\nexcludesFile = /from/xdg\n")
    assert excludes_file(folder, Progress()) == b"/from/xdg"
    (home / ".gitconfig").write_text("[core]\nexcludesFile = ~/mine\n")
    assert excludes_file(folder, Progress()) == home_path + b"/mine"
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("XDG_CONFIG_HOME", "/xdg")
    assert excludes_file(folder, Progress()) == b"/xdg/git/ignore"
    if (tmp_path / ".git").exists():
        with (tmp_path / ".git" / "config").open("a") as config:
            config.write("[core]\nexcludesFile = /of/this/repository\n")
        assert excludes_file(folder, Progress()) == b"/of/this/repository"


@needs_git
@pytest.mark.skipif(sys.platform == "win32", reason="nothing is remembered there")
def test_git_is_asked_again_only_when_a_file_that_decides_has_changed(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def counting(*arguments: Any) -> Any:
        asked.append(arguments)
        return run_git(*arguments)

    monkeypatch.setattr(excludes, "run_git", counting)
    monkeypatch.setattr(stamps, "GRAIN_NS", 0)
    config = home / ".gitconfig"

    def ask_twice() -> tuple[bytes | None, int]:
        time.sleep(0.02)
        asked.clear()
        found = [user_excludes(Progress()).path for _ in range(2)]
        assert found[0] == found[1]
        return found[0], len(asked)

    default = os.fsencode(home / ".config" / "git" / "ignore")
    assert ask_twice() == (default, 1)
    assert ask_twice() == (default, 0)
    config.write_text("[core]\n\texcludesFile = ~/mine\n")
    assert ask_twice() == (os.fsencode(home / "mine"), 1)
    config.write_text("[core]\n\texcludesFile = ~/ours\n")
    assert ask_twice() == (os.fsencode(home / "ours"), 1)
    config.unlink()
    assert ask_twice() == (default, 1)
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", os.devnull)
    assert ask_twice()[1] == 1
    monkeypatch.delenv("GIT_CONFIG_GLOBAL")
    # What the file includes may change, and the file stays as it is.
    config.write_text("[include]\n\tpath = ~/more\n")
    assert ask_twice() == (default, 2)
    (home / "more").write_text("[core]\n\texcludesFile = /a\n")
    assert ask_twice() == (b"/a", 2)


@needs_git
def test_settings_that_have_just_changed_are_asked_for_each_time(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stamps, "GRAIN_NS", 10**15)
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = /a\n")
    assert user_excludes(Progress()).path == b"/a"
    (home / ".gitconfig").write_text("[core]\n\texcludesFile = /b\n")
    os.utime(home / ".gitconfig", (1, 1))
    assert user_excludes(Progress()).path == b"/b"
