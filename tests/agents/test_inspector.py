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


def test_the_inspector_lists_and_calls(tmp_path: Path) -> None:
    root = tmp_path / "root"
    root.mkdir()
    (root / "pool.py").write_text("class Pool:\n    def close(self): pass\n")
    tools = inspect(root, tmp_path / "cache", "--method", "tools/list")["tools"]
    assert [tool["name"] for tool in tools] == ["repo_map", "search_symbols", "read_symbol", "find_references"]
    # Some clients refuse a schema in which an argument has several types.
    assert all(isinstance(one["type"], str) for tool in tools for one in tool["inputSchema"]["properties"].values())
    call = ("--method", "tools/call", "--tool-name", "read_symbol", "--tool-arg", "symbol=Pool.close")
    result = inspect(root, tmp_path / "cache", *call)
    assert "def close(self)" in result["content"][0]["text"]
