"""The command grep-ast."""

from __future__ import annotations

import inspect
import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.compat.grep_ast.main import enumerate_files, main
from support.repositories import write_files

FOUND = '\n{}:\n│"""What this is."""\n│\n│import os\n│\n⋮\n│def last():\n█    return A()\n\n'


@pytest.fixture
def folder(tmp_path: Path, source: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with a file that git ignores."""
    files = {
        "a.py": source,
        "sub/b.py": source,
        "c.log": "A()\n",
        "d.py": "A()\n",
        ".gitignore": "d.py\n",
        ".e.py": "A()",
    }
    monkeypatch.chdir(write_files(tmp_path / "folder", files))
    return Path()


@pytest.mark.usefixtures("folder")
def test_folders_are_read_without_what_git_ignores(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([r"return A\(", "--no-color"]) == 0
    assert capsys.readouterr().out == FOUND.format("a.py") + FOUND.format("sub/b.py")
    assert main([r"return a\(", "sub", "-i", "--no-color"]) == 0
    assert capsys.readouterr().out == FOUND.format("sub/b.py")
    assert main([r"^A\(", "--no-color", "--no-gitignore", "-n"]) == 0
    assert capsys.readouterr().out == "\nd.py:\n  1█A()\n\n"


def test_files_that_cannot_be_shown_are_passed_over(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "bad.py").write_bytes(b"\xff return A()\n")
    assert main(["return", "bad.py", "c.log", "gone.py"]) == 0
    assert capsys.readouterr().out == ""
    assert main(["return", "bad.py", "--encoding", "latin-1", "--no-color"]) == 0
    assert capsys.readouterr().out == "\nbad.py:\n█ÿ return A()\n\n"


def test_languages_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--languages"]) == 0
    assert ".py: python" in capsys.readouterr().out.splitlines()


def test_a_pattern_is_wanted_that_can_be_used(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 1
    assert main(["("]) == 2
    assert "'(' cannot be used" in capsys.readouterr().err
    for pattern in ("a{99999999999}", "(" * 2_000):
        assert main([pattern]) == 2
        assert "cannot be used" in capsys.readouterr().err


def test_it_runs_as_a_module(folder: Path) -> None:
    command = [sys.executable, "-m", "repomap_fast.compat.grep_ast", r"return A\(", "a.py"]
    assert subprocess.run(command, capture_output=True, encoding="utf-8", check=True).stdout == FOUND.format("a.py")


class OfLogs:
    def match_file(self, path: Path) -> bool:
        return path.suffix == ".log"


def test_files_are_enumerated_without_hidden_ones_and_what_a_spec_matches(folder: Path) -> None:
    (folder / "sub/.hidden").mkdir()
    (folder / "sub/.hidden/f.py").touch()
    (folder / "sub/back").symlink_to("..", target_is_directory=True)
    (folder / "sub/linked.py").symlink_to("b.py")
    files = [str(Path(path)) for path in ("a.py", "d.py", "sub/b.py", "sub/linked.py")]
    assert sorted(enumerate_files([folder], OfLogs())) == files
    found = sorted(enumerate_files(["sub", Path("c.log"), "gone.py", ".e.py"], OfLogs()))
    assert found == ["c.log", *files[2:]]
    assert list(enumerate_files(["c.log"], OfLogs(), use_spec=True)) == []


def test_no_folder_is_too_deep_to_be_enumerated(folder: Path) -> None:
    deep = folder.joinpath("deep", *["d"] * 120)
    deep.mkdir(parents=True)
    (deep / "a.py").touch()
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(len(inspect.stack(0)) + 100)
    try:
        found = list(enumerate_files(["deep"], OfLogs()))
    finally:
        sys.setrecursionlimit(limit)
    assert found == [str(deep / "a.py")]
