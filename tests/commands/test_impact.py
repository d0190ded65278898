"""``repomap-fast impact``."""

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
    (root / "naïve name.py").unlink()
    return root


@pytest.mark.parametrize("target", ["measure", "measure.py"])
def test_it_is_printed(root: Path, target: str) -> None:
    done = run("impact", target, root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "1 definition changes\nfound by: import 1; unresolved: 0\nmeasure.py:1-2 function measure\n\n"
        "reached: 1\npackage/shapes.py:3-4 function Shape.area: line 4\n\ntests: none\n"
    )


def test_json_says_the_same(root: Path) -> None:
    document = json.loads(run("impact", "measure", root, "-f", "json", "--no-cache").stdout)
    assert (document["target"], document["n_reached"], document["n_tests"]) == ("measure", 1, 0)


def test_without_a_target_it_is_what_changed_in_git(root: Path) -> None:
    done = run("impact", root, "--no-cache")
    assert done.returncode == 2
    assert "is in no git work tree" in done.stderr
