"""A client of our MCP server: the SDK's own, over standard streams and over HTTP."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import mcp_types as types
from mcp import Client, StdioServerParameters

LIMIT_S = 60.0


def parameters(*arguments: str | Path, cache: Path, folder: Path | None = None) -> StdioServerParameters:
    """Return how a client starts the server."""
    return StdioServerParameters(
        command=sys.executable,
        args=["-m", "repomap_fast", "mcp", *map(str, arguments)],
        env={**os.environ, "REPOMAP_FAST_CACHE_DIR": str(cache)},
        cwd=folder,
    )


def run_client(work: Callable[[], Awaitable[Any]], *, limit_s: float = LIMIT_S) -> Any:
    """Run a test's coroutine to its end, within a limit of time."""

    async def within_limit() -> Any:
        return await asyncio.wait_for(work(), limit_s)

    return asyncio.run(within_limit())


@asynccontextmanager
async def over_stdio(*arguments: str | Path, cache: Path, **options: Any) -> AsyncIterator[Client]:
    """Start a server and connect to it over its standard streams."""
    folder = options.pop("folder", None)
    async with Client(parameters(*arguments, cache=cache, folder=folder), **options) as client:
        yield client


@contextmanager
def http_server(*arguments: str | Path, cache: Path) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """Start a server over HTTP; yield its address and its process."""
    command = [sys.executable, "-m", "repomap_fast", "mcp", *map(str, arguments), "--http", "0"]
    environment = {**os.environ, "REPOMAP_FAST_CACHE_DIR": str(cache)}
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env=environment) as process:
        try:
            assert process.stderr is not None
            yield process.stderr.readline().split()[-1], process
        finally:
            process.kill()


async def text_of(client: Client, tool: str, **arguments: Any) -> str:
    """Call a tool; return its text, which must be no error."""
    result = await client.call_tool(tool, arguments)
    assert isinstance(result, types.CallToolResult)
    assert not result.is_error, result.content
    return text_in(result)


def text_in(result: Any) -> str:
    """Return the text of a result, of which there is one."""
    (content,) = result.content
    assert isinstance(content, types.TextContent)
    return content.text
