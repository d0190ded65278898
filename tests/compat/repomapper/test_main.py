"""RepoMapper's command line, and the names of its module."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from repomap_fast.compat import repomapper
from repomap_fast.compat.repomapper import (
    RepoMap,
    find_src_files,
)
from repomap_fast.compat.repomapper.__main__ import main

FLAGS = (
    *("--map-tokens", "4000", "--verbose", "--model", "gpt-4", "--max-context-window", "100000"),
    *("--force-refresh", "--exclude-unranked", "--mentioned-idents", "helper", "--mentioned-files", "lone.py"),
)


def test_every_flag_of_its_command_line_is_taken(root: Path, capfd: pytest.CaptureFixture[str]) -> None:
    arguments = ["--root", str(root), "--chat-files", str(root / "app.py"), "--other-files", str(root), *FLAGS]
    assert main(arguments) == 0
    shown, told = capfd.readouterr()
    assert "(Rank value: " in shown
    assert "lone" not in shown
    assert "Repo-map: " in told
    assert "4 files, 6 definitions, 7 references" in told


def test_its_command_maps_the_root_and_prints_the_map_alone(root: Path) -> None:
    command = [sys.executable, "-m", "repomap_fast.compat.repomapper"]
    run = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    assert run.stdout == RepoMap(8192, root).get_repo_map([], find_src_files(root))[0]
    assert run.stderr == ""
    assert not [path for path in root.iterdir() if path.name.startswith(".")]
    run = subprocess.run([*command, "gone"], cwd=root, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("", "No repository map generated.\n")
    run = subprocess.run([*command, "--map-tokens", "many"], cwd=root, capture_output=True, text=True, check=False)
    assert run.returncode == 2


def test_every_name_is_there() -> None:
    assert set(repomapper.__all__) <= set(dir(repomapper))
    with pytest.raises(AttributeError):
        _ = repomapper.nothing
