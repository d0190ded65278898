"""The MCP server, asked by the SDK's own client over standard streams and over HTTP."""

from __future__ import annotations

import asyncio
import contextlib
import json
import os
import signal
import subprocess
import sys
import textwrap
import time
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest

pytest.importorskip("mcp")

import mcp_types as types
from mcp import Client, MCPError

from repomap_fast import __version__
from support.mcp_client import http_server, over_stdio, parameters, run_client, text_in, text_of

MAX_END_S = 2.0
"""From the end of a client to that of its server. It takes half a second at the most where nothing else runs."""

Connect = Callable[..., AbstractAsyncContextManager[Client]]


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "shop"
    (root / "src").mkdir(parents=True)
    (root / "src" / "pool.py").write_text("class Pool:\n    def close(self):\n        return 1\n")
    (root / "main.py").write_text("from src.pool import Pool\n\ndef main():\n    Pool().close()\n")
    return root


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture(params=["stdio", "stdio of 2025", "http", "http of 2025"])
def connect(request: pytest.FixtureRequest, cache: Path) -> Connect:
    """Return how a client connects to a new server: over either transport, in either protocol."""
    transport, _, of_2025 = request.param.partition(" ")
    mode = "legacy" if of_2025 else "auto"

    @asynccontextmanager
    async def http(*arguments: str | Path, **options: Any) -> AsyncIterator[Client]:
        with http_server(*arguments, cache=cache) as (url, _):
            async with Client(url, mode=mode, **options) as client:
                yield client

    @asynccontextmanager
    async def stdio(*arguments: str | Path, **options: Any) -> AsyncIterator[Client]:
        async with over_stdio(*arguments, cache=cache, mode=mode, **options) as client:
            yield client

    return http if transport == "http" else stdio


def test_tools_are_listed_and_called(connect: Connect, root: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in root.rglob("*")}

    async def work() -> None:
        async with connect(root) as client:
            assert (client.server_info.name, client.server_info.version) == ("repomap-fast", __version__)
            tools = (await client.list_tools()).tools
            assert [tool.name for tool in tools] == ["repo_map", "search_symbols", "read_symbol", "find_references"]
            assert all(tool.annotations is not None and tool.annotations.read_only_hint for tool in tools)
            assert "class Pool" in await text_of(client, "repo_map", query="close the pool", tokens=500)
            assert "src/pool.py:2-3 function Pool.close" in await text_of(client, "search_symbols", name="close")
            assert "return 1" in await text_of(client, "read_symbol", symbol="Pool.close")
            assert "main.py:4 in main" in await text_of(client, "find_references", symbol="Pool.close")
            assert {path: path.stat().st_mtime_ns for path in root.rglob("*")} == before
            # A file that was saved a moment ago is in the answer.
            (root / "new.py").write_text("def made_now():\n    return 2\n")
            assert "return 2" in await text_of(client, "read_symbol", symbol="made_now")

    run_client(work)


@pytest.mark.parametrize("connect", ["stdio of 2025", "http"], indirect=True)
def test_errors_say_what_to_try(connect: Connect, root: Path) -> None:
    async def work() -> None:
        async with connect(root) as client:
            for tool, arguments, message in (
                ("read_symbol", {"symbol": "Pool.clsoe"}, "did you mean 'close'?"),
                ("read_symbol", {}, "read_symbol needs symbol"),
                ("read_symbol", {"symbol": "../../etc/passwd:1"}, "no file"),
                ("read_symbol", {"symbol": "x" * 1_000_000}, "at most 1,000"),
                ("read_symbol", {"symbol": "\0\x1b"}, "nothing here is called"),
                ("repo_map", {"tokens": -1}, "tokens is -1"),
                ("repo_map", {"focus": "/etc/passwd"}, "/etc/passwd"),
                ("nothing", {}, "there is no tool 'nothing'"),
            ):
                result = await client.call_tool(tool, arguments)
                assert result.is_error
                assert message in text_in(result)
            assert "return 1" in await text_of(client, "read_symbol", symbol="Pool.close")

    run_client(work)


def test_the_roots_of_the_client_are_the_roots(connect: Connect, root: Path, tmp_path: Path) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "b.py").write_text("def only_here(): pass\n")
    roots = [root]

    async def list_roots(_: Any) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=one.as_uri()) for one in roots])

    async def work() -> None:
        async with connect(list_roots_callback=list_roots) as client:
            assert "return 1" in await text_of(client, "read_symbol", symbol="Pool.close")
            assert (await client.call_tool("read_symbol", {"symbol": "only_here"})).is_error
            roots.append(other)
            assert "b.py:1-1 function only_here" in await text_of(client, "read_symbol", symbol="only_here")

    run_client(work)


def test_the_roots_of_the_command_line_stay(root: Path, cache: Path, tmp_path: Path) -> None:
    async def list_roots(_: Any) -> types.ListRootsResult:
        return types.ListRootsResult(roots=[types.Root(uri=tmp_path.as_uri())])

    async def work() -> None:
        async with over_stdio(root / "src", cache=cache, list_roots_callback=list_roots) as client:
            assert (await client.call_tool("read_symbol", {"symbol": "main"})).is_error

    run_client(work)


def test_the_working_folder_is_the_root_where_nobody_names_one(root: Path, cache: Path) -> None:
    async def work() -> None:
        async with over_stdio(cache=cache, folder=root) as client:
            assert "return 1" in await text_of(client, "read_symbol", symbol="Pool.close")

    run_client(work)


@pytest.fixture
def slow_root(tmp_path: Path) -> Path:
    """A folder whose scan takes long with ``SLOWLY``."""
    root = tmp_path / "slow"
    root.mkdir()
    for i in range(300):
        (root / f"file{i}.py").write_text("".join(f"def function_{i}_{j}(): call()\n" for j in range(60)))
    return root


SLOWLY = ("--workers", "1", "--max-cpu", "1")


def test_a_scan_reports_its_progress_and_can_be_cancelled(connect: Connect, slow_root: Path) -> None:
    seen: list[tuple[float, float | None, str | None]] = []

    async def work() -> float:
        begun = asyncio.Event()

        async def progress(done: float, total: float | None, message: str | None) -> None:
            seen.append((done, total, message))
            begun.set()

        async with connect(slow_root, *SLOWLY) as client:
            call = asyncio.ensure_future(client.call_tool("repo_map", {}, progress_callback=progress))
            await begun.wait()
            call.cancel()
            with pytest.raises(asyncio.CancelledError):
                await call
            # The next call waits until the work of the cancelled one has ended.
            start = time.monotonic()
            second = asyncio.ensure_future(client.call_tool("search_symbols", {"name": "x"}))
            await asyncio.sleep(0.3)
            second.cancel()
            return time.monotonic() - start

    assert run_client(work) < 10
    assert [done for done, _, _ in seen] == sorted({done for done, _, _ in seen})
    assert all(total == 100 and message for _, total, message in seen)


def test_two_clients_are_served_at_once(root: Path, cache: Path) -> None:
    async def ask(client: Client) -> list[str]:
        return [await text_of(client, "read_symbol", symbol="Pool.close") for _ in range(10)]

    async def work() -> None:
        with http_server(root, cache=cache) as (url, _):
            async with Client(url) as first, Client(url) as second, over_stdio(root, cache=cache) as third:
                answers = await asyncio.gather(*map(ask, (first, second, third, first)))
        assert len({text for texts in answers for text in texts}) == 1

    run_client(work)


def test_http_is_on_loopback_and_refuses_other_hosts(root: Path, cache: Path) -> None:
    import http.client

    with http_server(root, cache=cache) as (url, process):
        assert url.startswith("http://127.0.0.1:")
        port = int(url.split(":")[2].partition("/")[0])
        assert {one.laddr.ip for one in psutil.Process(process.pid).net_connections() if one.status == "LISTEN"} == {
            "127.0.0.1"
        }
        for headers in ({"Host": "evil.example"}, {"Host": f"127.0.0.1:{port}", "Origin": "http://evil.example"}):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
            body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": "ping"})
            accepted = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
            connection.request("POST", "/mcp", body, {**accepted, **headers})
            assert connection.getresponse().status in (403, 421)
            connection.close()


# How it ends

INITIALIZE = {
    "jsonrpc": "2.0",
    "id": 0,
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "0"}},
}
CALL = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "repo_map", "arguments": {}}}


def started(*arguments: str | Path, cache: Path) -> subprocess.Popen[bytes]:
    """Start a server, and shake hands with it."""
    command = parameters(*arguments, cache=cache)
    process = subprocess.Popen(
        [command.command, *command.args],
        env=command.env,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    send(process, INITIALIZE)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["id"] == 0
    send(process, {"jsonrpc": "2.0", "method": "notifications/initialized"})
    return process


def send(process: subprocess.Popen[bytes], message: dict[str, Any]) -> None:
    assert process.stdin is not None
    process.stdin.write(json.dumps(message).encode() + b"\n")
    process.stdin.flush()


def end_of(process: subprocess.Popen[bytes]) -> float:
    """Return how long the process takes to end; it must end well and say nothing."""
    start = time.monotonic()
    assert process.wait(30) == 0
    assert process.stderr is not None
    assert process.stderr.read() == b""
    return time.monotonic() - start


@pytest.mark.parametrize("is_busy", [False, True])
@pytest.mark.parametrize("way", ["end of input", "SIGTERM", "SIGINT"])
def test_it_ends_at_once(way: str, is_busy: bool, slow_root: Path, cache: Path) -> None:
    with started(slow_root, *SLOWLY, cache=cache) as process:
        if is_busy:
            send(process, CALL)
            time.sleep(0.5)
        assert process.stdin is not None
        if way == "end of input":
            process.stdin.close()
        else:
            process.send_signal(signal.SIGTERM if way == "SIGTERM" else signal.SIGINT)
        assert end_of(process) < MAX_END_S
        # What was scanned until then is kept, and sound.
    done = subprocess.run(
        [sys.executable, "-m", "repomap_fast", "cache", "check", str(slow_root), "--cache-dir", str(cache)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_http_ends_at_once(root: Path, cache: Path) -> None:
    for sign in (signal.SIGTERM, signal.SIGINT):
        with http_server(root, cache=cache) as (_, process):
            start = time.monotonic()
            process.send_signal(sign)
            assert process.wait(30) == 0
            assert time.monotonic() - start < MAX_END_S


def test_http_ends_at_once_though_a_client_is_connected(root: Path, cache: Path) -> None:
    took_s: list[float] = []

    async def work() -> None:
        # The client notices that its server is gone, each in its own way.
        with http_server(root, cache=cache) as (url, process), contextlib.suppress(Exception):
            async with Client(url, mode="legacy") as client:
                await client.list_tools()
                start = time.monotonic()
                process.send_signal(signal.SIGTERM)
                assert await asyncio.to_thread(process.wait, 30) == 0
                took_s.append(time.monotonic() - start)

    run_client(work)
    assert took_s[0] < MAX_END_S


KILLED_CLIENT = """
import json, subprocess, sys, time
reading, writing = __import__("os").pipe()
server = subprocess.Popen(sys.argv[1:], stdin=reading, stdout=subprocess.PIPE)
__import__("os").write(writing, (INITIALIZE + "\\n").encode())
server.stdout.readline()
print(server.pid, writing, flush=True)
time.sleep(60)
"""


@pytest.mark.skipif(sys.platform != "linux", reason="asks /proc whether the process is there")
def test_it_ends_with_its_parent_though_its_input_stays_open(root: Path, cache: Path) -> None:
    command = parameters(root, cache=cache)
    script = textwrap.dedent(KILLED_CLIENT).replace("INITIALIZE", repr(json.dumps(INITIALIZE)))
    arguments = [sys.executable, "-c", script, command.command, *command.args]
    with subprocess.Popen(arguments, env=command.env, stdout=subprocess.PIPE, text=True) as client:
        assert client.stdout is not None
        pid, writing = map(int, client.stdout.readline().split())
        server = psutil.Process(pid)
        # Another process that holds the pipe open, as a second child of the client would.
        kept_open = os.open(f"/proc/{client.pid}/fd/{writing}", os.O_WRONLY)
        try:
            client.kill()
            client.wait()
            start = time.monotonic()
            psutil.wait_procs([server], timeout=30)
            assert not server.is_running()
            assert time.monotonic() - start < MAX_END_S
        finally:
            os.close(kept_open)


def used_s(process: psutil.Process, seconds: float) -> float:
    """Return the processor time that a process uses in so many seconds."""
    before = process.cpu_times()
    time.sleep(seconds)
    after = process.cpu_times()
    return float(after.user + after.system - before.user - before.system)


def test_it_is_idle_while_nobody_asks(root: Path, cache: Path) -> None:
    with started(root, cache=cache) as process:
        assert process.stdout is not None
        send(process, CALL)
        process.stdout.readline()
        watched = psutil.Process(process.pid)
        end = time.monotonic() + 20
        # The SDK is loaded after the first answer.
        while used_s(watched, 0.3) > 0.01:
            assert time.monotonic() < end
        assert used_s(watched, 1) <= 0.03
        assert process.stdin is not None
        process.stdin.close()


def test_what_is_no_message_is_survived(root: Path, cache: Path) -> None:
    with started(root, cache=cache) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        process.stdin.write(b"nonsense\n\xff\xfe\n{}\n[]\n" + b"x" * 1_000_000 + b"\n" + b"[" * 10_000 + b"\n")
        send(process, CALL)
        answers = [json.loads(process.stdout.readline())]
        while answers[-1].get("id") != 1:
            answers.append(json.loads(process.stdout.readline()))
        assert "class Pool" in answers[-1]["result"]["content"][0]["text"]
        process.stdin.close()


def grown_bytes(root: Path, cache: Path, n_calls: int) -> int:
    """Return by how much a server has grown in so many calls after its first ones."""

    async def work() -> int:
        with http_server(root, cache=cache) as (url, process):
            async with Client(url) as client:
                sizes = []
                for n in (40, n_calls):
                    for i in range(n):
                        tool, argument = (("repo_map", "query"), ("search_symbols", "name"), ("read_symbol", "symbol"))[
                            i % 3
                        ]
                        await client.call_tool(tool, {argument: "Pool.close" if i % 2 else f"close{i}"})
                        if i % 10 == 0:
                            (root / "main.py").write_text(f"def main{i}(): Pool().close()\n")
                    sizes.append(psutil.Process(process.pid).memory_info().rss)
        return sizes[1] - sizes[0]

    return int(run_client(work, limit_s=60 + n_calls))


def test_calls_leave_nothing_behind(root: Path, cache: Path) -> None:
    assert grown_bytes(root, cache, 60) < 8 << 20


@pytest.mark.slow
def test_a_thousand_calls_leave_nothing_behind(root: Path, cache: Path) -> None:
    assert grown_bytes(root, cache, 1_000) < 8 << 20


def test_a_protocol_error_is_no_end(root: Path, cache: Path) -> None:
    async def work() -> None:
        async with over_stdio(root, cache=cache) as client:
            with pytest.raises(MCPError):
                await client.read_resource("file:///etc/passwd")
            assert "return 1" in await text_of(client, "read_symbol", symbol="Pool.close")

    run_client(work)
