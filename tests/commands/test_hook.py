"""``repomap-fast hook``: whatever goes wrong, it ends well, and soon."""

from __future__ import annotations

import json
import os
import subprocess
import time
from pathlib import Path

import pytest

from support.command_runs import COMMAND, make_repository


def run_hook(text: bytes, *arguments: str, folder: Path, **variables: str) -> subprocess.CompletedProcess[bytes]:
    environment = {**os.environ, "REPOMAP_FAST_CACHE_DIR": str(folder / "cache"), **variables}
    environment.pop("CLAUDE_PROJECT_DIR", None)
    return subprocess.run([*COMMAND, "hook", *arguments], input=text, capture_output=True, cwd=folder, env=environment)


def test_the_map_is_printed(tmp_path: Path) -> None:
    root = make_repository(tmp_path / "root")
    document = json.dumps({"cwd": str(root), "hook_event_name": "SessionStart"}).encode()
    done = run_hook(document, "SessionStart", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, b"")
    # On a loaded machine Python's start may leave no time for the map, and the folders are listed.
    assert b"package/" in done.stdout
    done = run_hook(document, "SubagentStart", folder=tmp_path)
    assert "package/" in json.loads(done.stdout)["hookSpecificOutput"]["additionalContext"]


@pytest.mark.parametrize(
    ("text", "arguments"),
    [
        (b'{"cwd": "/no/such/folder"}', ["SessionStart"]),
        (b'{"cwd": "a\\u0000b"}', []),
        (b"\xff" * 2_000_000, ["--unknown", "Nonsense", "more"]),
        (b'{"cwd": "/dev/null"}', ["SubagentStart", "--format", "json"]),
    ],
)
def test_whatever_goes_wrong_it_ends_well(text: bytes, arguments: list[str], tmp_path: Path) -> None:
    done = run_hook(text, *arguments, folder=tmp_path)
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) <= 1


def test_a_cache_that_cannot_be_written_is_no_trouble(tmp_path: Path) -> None:
    make_repository(tmp_path / "root")
    done = run_hook(b"", folder=tmp_path / "root", REPOMAP_FAST_CACHE_DIR="/dev/null/x")
    assert done.returncode == 0
    assert b"Traceback" not in done.stderr


def test_an_input_that_does_not_end_is_not_waited_for(tmp_path: Path) -> None:
    with subprocess.Popen(
        [*COMMAND, "hook", "SessionStart"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=tmp_path,
    ) as process:
        start = time.monotonic()
        assert process.wait(30) == 0
        # Two seconds, and what a loaded machine adds to Python's start.
        assert time.monotonic() - start < 6
        assert process.stderr is not None
        assert b"took too long" in process.stderr.read()
        assert process.stdout is not None
        assert b"was not ready in time" in process.stdout.read()
