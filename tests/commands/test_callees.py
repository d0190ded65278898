"""``repomap-fast callees``."""

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


def test_they_are_printed(root: Path) -> None:
    done = run("callees", "area", root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("1 callee of 'area'\n")


def test_json_says_the_same(root: Path) -> None:
    document = json.loads(run("callees", "area", root, "-f", "json", "--no-cache").stdout)
    assert (document["direction"], document["n_linked"], document["linked"][0]["how"]) == ("callees", 1, "import")


def test_errors(root: Path) -> None:
    assert run("callees", "mesure", root, "--no-cache").returncode == 1
    done = run("callees", "area", root, "--depth", "11", "--no-cache")
    assert (done.returncode, done.stderr) == (2, "repomap-fast: error: --depth is 11; expected 1 to 10\n")
