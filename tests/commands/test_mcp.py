"""``repomap-fast mcp``: what is refused before a server starts. ``agents/test_server.py`` has the server."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from support.command_runs import loaded_modules, run


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["none"], "there is no folder 'none'; expected the root of a repository"),
        ([".", "--http", "65536"], "--http is 65536; expected a port, 0 to 65535"),
        ([".", "--no-cache"], "--no-cache was given; a server keeps its index"),
        ([".", "--max-file-size", "0"], "--max-file-size is 0"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, arguments: list[str], message: str) -> None:
    done = run("mcp", *(str(tmp_path) if one == "." else one for one in arguments))
    assert (done.returncode, done.stdout) == (2, "")
    assert message in done.stderr


def test_a_missing_sdk_is_named_with_what_to_install(tmp_path: Path) -> None:
    script = (
        "import sys\nfor name in ('mcp', 'mcp_types', 'anyio'):\n    sys.modules[name] = None\n"
        "from repomap_fast.cli import main\nsys.argv = ['repomap-fast', 'mcp', sys.argv[1]]\nmain()\n"
    )
    done = subprocess.run([sys.executable, "-c", script, str(tmp_path)], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "install it: pip install 'repomap-fast[mcp]'" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_other_command_loads_the_sdk(tmp_path: Path) -> None:
    (tmp_path / "a.py").write_text("def a(): pass\n")
    for arguments in (
        ["mcp", "--help"],
        ["map", str(tmp_path), "--no-cache"],
        ["show", "a", str(tmp_path), "--no-cache"],
    ):
        assert not loaded_modules(arguments) & {"mcp", "mcp_types", "anyio", "uvicorn", "pydantic"}
