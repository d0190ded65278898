"""The query from the standard input: as text, and as a field of a hook's document."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from support.command_runs import COMMAND, make_repository


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return make_repository(tmp_path / "root")


def run_map(root: Path, text: str | bytes, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    given = text.encode() if isinstance(text, str) else text
    command = [*COMMAND, "map", str(root), "--no-cache", "--no-header", *arguments]
    return subprocess.run(command, input=given, capture_output=True, check=False)


def test_a_query_is_read(root: Path) -> None:
    expected = run_map(root, b"", "--query", "measure shapes").stdout
    assert expected
    document = json.dumps(
        {"hook_event_name": "x", "prompt": "measure shapes", "tool_input": {"task": "measure shapes"}}
    )
    for text, arguments in (
        ("measure shapes", ["--query", "-"]),
        (document, ["--query-json", "prompt"]),
        (document, ["--query-json", "tool_input.task"]),
    ):
        done = run_map(root, text, *arguments)
        assert (done.returncode, done.stdout) == (0, expected)


@pytest.mark.parametrize(
    ("text", "arguments", "message"),
    [
        ("{", ["--query-json", "a"], b"--query-json is 'a', and the standard input is not JSON"),
        ("[" * 100_000, ["--query-json", "a"], b"is not JSON"),
        ('{"b": 1}', ["--query-json", "a"], b"has no 'a'; it has 'b'"),
        ('{"a": 1}', ["--query-json", "a.b"], b"has no 'b'; expected an object"),
        ('{"a": 1}', ["--query-json", "a"], b"--query-json is 'a', which is of type int there; expected a text"),
        ("x", ["--query-json", "a", "--query", "-"], b"--query and --query-json are both given"),
    ],
)
def test_what_is_wrong_is_named(root: Path, text: str, arguments: list[str], message: bytes) -> None:
    done = run_map(root, text, *arguments)
    assert (done.returncode, done.stdout) == (2, b"")
    assert message in done.stderr
    assert len(done.stderr) < 1_000


def test_a_text_that_is_not_utf_8_is_a_query(root: Path) -> None:
    assert run_map(root, b"measure \xff\xfe \0", "--query", "-").returncode == 0
