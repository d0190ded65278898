"""What refers to a symbol, and the like, as tables: every command that prints such has them."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from repomap_fast.cli.app import app
from support.import_trees import write_files

FILES = {
    "pool.py": "class Pool:\n    def drain(self):\n        pass\n\n\ndef lonely():\n    pass\n",
    "app.py": "from pool import Pool\n\n\ndef run(other):\n    Pool().drain()\n    other.drain()\n",
    "test_app.py": "from app import run\n\n\ndef test_run():\n    run(1)\n",
}


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_files(tmp_path_factory.mktemp("pool"), FILES)


def printed(root: Path, *arguments: str) -> tuple[list[list[str]], str]:
    """Return the cells of the table, and what is said beside it."""
    result = CliRunner().invoke(app, [*arguments, str(root), "--format", "table", "--no-cache", "--no-progress"])
    assert result.exit_code == 0, result.output
    return [line.split() for line in result.stdout.splitlines()], result.stderr


def test_references(root: Path) -> None:
    rows, said = printed(root, "refs", "Pool.drain")
    assert rows[0] == ["Where", "Kind", "Found", "by", "In", "Line"]
    assert rows[1] == ["app.py:5", "call", "member", "run", "Pool().drain()"]
    assert rows[2] == ["app.py:6", "call", "guess", "run", "other.drain()"]
    assert "2 references to 'drain' in 1 file" in said
    assert "found by: member 1, guess 1; unresolved: 0" in said


def test_references_without_guesses_of_some_files(root: Path) -> None:
    rows, said = printed(root, "refs", "Pool.drain", "--sure", "--no-tests", "--limit", "1")
    assert [row[0] for row in rows] == ["Where", "app.py:5"]
    assert "found by: member 1; unresolved: 0" in said


def test_callers_over_two_steps(root: Path) -> None:
    rows, said = printed(root, "callers", "Pool.drain", "--depth", "2")
    assert rows[0] == ["Steps", "Where", "Kind", "Name", "Found", "by", "Sites", "Refers", "to"]
    assert rows[1] == ["1", "app.py:4", "function", "run", "member", "2", "Pool.drain"]
    assert rows[2] == ["2", "test_app.py:4", "function", "test_run", "import", "1", "run"]
    assert "found by: import 1, member 1; unresolved: 0" in said


def test_callees(root: Path) -> None:
    rows, _ = printed(root, "callees", "run")
    assert rows[0][-1] == "From"
    assert [row[3] for row in rows[1:]] == ["Pool", "Pool.drain"]


@pytest.mark.parametrize(
    ("flag", "tests"), [((), ["app.py:4", "test"]), (("--tests",), ["test"]), (("--no-tests",), ["app.py:4"])]
)
def test_what_a_change_reaches(root: Path, flag: tuple[str, ...], tests: list[str]) -> None:
    rows, said = printed(root, "impact", "Pool.drain", *flag)
    assert [row[0] if row[0] == "test" else row[1] for row in rows[1:]] == tests
    assert "1 definition changes" in said
    assert "unresolved: 0" in said


def test_what_is_unused(root: Path) -> None:
    rows, said = printed(root, "unused")
    assert rows == [["Where", "Kind", "Name"], ["pool.py:6", "function", "lonely"]]
    assert "found by: rules 1; unresolved: 0" in said
