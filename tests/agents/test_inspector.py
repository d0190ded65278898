"""The MCP Inspector's command line, another client than the SDK's: npm install -g @modelcontextprotocol/inspector."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

INSPECTOR = shutil.which("mcp-inspector")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(INSPECTOR is None, reason="the MCP Inspector is not installed"),
]


def inspect(root: Path, cache: Path, *arguments: str) -> Any:
    server = [sys.executable, "-m", "repomap_fast", "mcp", str(root)]
    environment = {**os.environ, "REPOMAP_FAST_CACHE_DIR": str(cache)}
    done = subprocess.run(
        [str(INSPECTOR), "--cli", *server, *arguments], capture_output=True, text=True, check=True, env=environment
    )
    return json.loads(done.stdout)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    root.mkdir()
    (root / "pool.py").write_text("class Pool:\n    def close(self): pass\n\n\nPool().close()\n")
    return root


def test_the_inspector_lists_the_tools(root: Path, tmp_path: Path) -> None:
    tools = inspect(root, tmp_path / "cache", "--method", "tools/list")["tools"]
    assert [tool["name"] for tool in tools] == ["repo_map", "search_symbols", "read_symbol", "find_references"]
    # Some clients refuse a schema in which an argument has several types.
    assert all(isinstance(one["type"], str) for tool in tools for one in tool["inputSchema"]["properties"].values())


@pytest.mark.parametrize(
    ("tool", "arguments", "expected", "is_error"),
    [
        ("repo_map", ["query=close the pool", "tokens=500"], "close", False),
        ("search_symbols", ["name=clos", "limit=3"], "pool.py:2 function Pool.close", False),
        ("read_symbol", ["symbol=Pool.close", "context=1"], "def close(self)", False),
        ("find_references", ["symbol=Pool.close"], "pool.py:5", False),
        ("read_symbol", ["symbol=Pool.clse"], "did you mean", True),
        ("search_symbols", [], "search_symbols needs name", True),
    ],
)
def test_the_inspector_calls_each_tool(
    tool: str, arguments: list[str], expected: str, is_error: bool, root: Path, tmp_path: Path
) -> None:
    said = [word for argument in arguments for word in ("--tool-arg", argument)]
    result = inspect(root, tmp_path / "cache", "--method", "tools/call", "--tool-name", tool, *said)
    assert expected in result["content"][0]["text"]
    assert result["isError"] is is_error
