"""``repomap-fast unused``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_runs import make_repository, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "root")
    shapes = root / "package" / "shapes.py"
    shapes.write_text(f"from measure import measure\n{shapes.read_text()}")
    return root


def test_it_is_printed(root: Path) -> None:
    done = run("unused", root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert "naïve name.py:1-2 function naïve\n" in done.stdout


def test_json_and_a_folder(root: Path) -> None:
    document = json.loads(run("unused", root, "--path", "package", "-f", "json", "--no-cache").stdout)
    assert {one["path"] for one in document["definitions"]} == {"package/shapes.py"}
