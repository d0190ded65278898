"""``repomap-fast imports``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from support.command_runs import run
from support.import_trees import write_files


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return write_files(tmp_path / "root", {"a.py": "import b\nimport os\n", "b.py": "import a\n", "c.py": ""})


def test_a_file_and_a_folder_are_told_apart(root: Path) -> None:
    done = run("imports", "a.py", root, "--no-cache")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith("a.py: 2 imports: 1 of files here, 1 from outside, 0 not found\n1: b → b.py\n")
    assert run("imports", root, "--no-cache").stdout.startswith("3 imports in 2 files: 2 of files here")
    assert run("imports", "z.py", root, "--no-cache").returncode == 1


def test_cycles_and_tables_are_printed(root: Path) -> None:
    assert run("imports", root, "--cycles", "--no-cache").stdout == (
        "1 cycle of imports\n\n2 files; a shortest way around:\na.py:1: b → b.py\nb.py:1: a → a.py\n"
    )
    table = run("imports", root, "-f", "table", "--no-cache").stdout
    assert table == (
        "Where   Import  Leads    To\na.py:1  b       inside   b.py\na.py:2  os      outside\n"
        "b.py:1  a       inside   a.py\n"
    )


def test_json_has_the_fields_of_the_result(root: Path) -> None:
    document = json.loads(run("imports", "c.py", root, "-f", "json", "--no-cache").stdout)
    assert (document["schema"], document["path"], document["imports"]) == (1, "c.py", [])
