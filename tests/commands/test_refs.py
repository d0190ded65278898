"""``repomap-fast refs``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_runs import make_repository, run


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = make_repository(tmp_path / "root")
    for path in (root / "naïve name.py", root / "package" / "shapes.py"):
        path.write_text(f"from measure import measure\n{path.read_text()}")
    return root


def test_references_are_printed(root: Path) -> None:
    done = run("refs", "measure", root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout == (
        "4 references to 'measure' in 2 files\n"
        "found by: import 4; unresolved: 0\n"
        "measure.py:1-2 function measure\n"
        "\n"
        "naïve name.py:1: from measure import measure\n"
        "naïve name.py:3 in naïve: measure(None)\n"
        "package/shapes.py:1: from measure import measure\n"
        "package/shapes.py:4 in Shape.area: return measure(self)\n"
    )


def test_json_has_no_more_than_the_limit(root: Path) -> None:
    document = json.loads(run("refs", "measure", root, "-f", "json", "-n", "1", "--no-cache").stdout)
    assert (document["n_references"], len(document["references"])) == (4, 1)


def test_errors(root: Path) -> None:
    assert run("refs", "mesure", root, "--no-cache").returncode == 1
    done = run("refs", "measure", root, "-n", "-1", "--no-cache")
    assert (done.returncode, done.stderr) == (2, "repomap-fast: error: --limit is -1; expected 0 or more\n")
