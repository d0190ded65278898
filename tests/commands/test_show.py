"""``repomap-fast show``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_runs import make_repository, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "root")


def test_the_source_is_printed(root: Path) -> None:
    done = run("show", "Shape.area", root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "package/shapes.py:2-3 function Shape.area\n    def area(self):\n        return measure(self)\n"
    )


def test_nothing_of_that_name_is_answered_with_the_nearest(root: Path) -> None:
    done = run("show", "Shape.aera", root, "--no-cache")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == (
        "repomap-fast: error: nothing here is called 'Shape.aera'\nrepomap-fast: hint: did you mean 'area'?\n"
    )


def test_json_has_path_and_lines(root: Path) -> None:
    document = json.loads(run("show", "package/shapes.py:3", root, "-f", "json", "--no-cache").stdout)
    (one,) = document["definitions"]
    assert (document["schema"], one["path"], one["start_line"], one["end_line"]) == (1, "package/shapes.py", 2, 3)


def test_flags_are_named_in_errors(root: Path) -> None:
    for flag, value in (("--context", "-1"), ("--tokens", "0")):
        done = run("show", "Shape", root, flag, value, "--no-cache")
        assert (done.returncode, done.stderr.startswith(f"repomap-fast: error: {flag} is {value}")) == (2, True)
