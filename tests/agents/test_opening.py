"""The opening of a session: what is answered before the SDK is loaded, and how the SDK takes the session over."""

from __future__ import annotations

import asyncio
import io
import json
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("mcp")

import mcp_types as types
from mcp_types.version import HANDSHAKE_PROTOCOL_VERSIONS

from repomap_fast.agents import opening
from repomap_fast.agents.calls import Calls
from repomap_fast.agents.opening import Session, handshake, tools_list
from repomap_fast.errors import ScanCancelled
from repomap_fast.options import ScanOptions

CLIENT = {"name": "test", "version": "0"}
INITIALIZE = {
    "jsonrpc": "2.0",
    "id": "first",
    "method": "initialize",
    "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": CLIENT},
}
INITIALIZED = {"jsonrpc": "2.0", "method": "notifications/initialized"}


class Echo(Calls):
    """Answers with the name of the tool; one of the name "wait" waits until it is cancelled."""

    def __init__(self) -> None:
        super().__init__(ScanOptions())
        self.has_begun = threading.Event()

    def run(self, name: str, arguments: Any, paths: Any, *, progress: Any, cancel: threading.Event) -> str:
        self.has_begun.set()
        if name == "wait":
            assert cancel.wait(10)
            raise ScanCancelled("cancelled")
        progress("tag", 1, 2)
        return f"{name} {sorted(arguments)} of {len(paths)}"


class Client:
    """What a client has written, and what it is answered."""

    def __init__(self, *messages: object, paths: tuple[Path, ...] = (Path("/nowhere"),)) -> None:
        lines = [message if isinstance(message, bytes) else json.dumps(message).encode() for message in messages]
        self.output, self.calls = io.BytesIO(), Echo()
        self.session = Session(io.BytesIO(b"".join(line + b"\n" for line in lines)), self.output, paths, self.calls)
        # The SDK is loaded in this process already.
        self.session.load = lambda: None  # type: ignore[method-assign]

    def answers(self) -> list[dict[str, Any]]:
        for thread in threading.enumerate():
            if thread.name == "repomap-fast-call":
                thread.join(10)
        return [json.loads(line) for line in self.output.getvalue().splitlines()]


def request(method: str, number: int = 1, **parameters: Any) -> dict[str, Any]:
    return {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ('"\\ud800"', '"\\ufffd"'),
        ('"\\uDC00\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'),
        ('"\\ud83d\\ud83d\\ude00"', '"\\ufffd\\ud83d\\ude00"'),
        ('"\\\\ud800"', '"\\\\ud800"'),
        ('"\\u0064\\n"', '"\\u0064\\n"'),
    ],
)
def test_half_a_character_is_replaced_since_the_sdk_would_not_answer(sent: str, read: str) -> None:
    assert Client(sent.encode()).session.readline() == f"{read}\n"
    json.loads(read).encode()


def test_the_handshake_takes_neither_the_sdk_nor_numpy() -> None:
    code = "import repomap_fast.agents.opening, sys; print(sorted({'mcp', 'numpy', 'asyncio'} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "[]\n"


def test_it_answers_what_the_sdk_would_answer() -> None:
    from repomap_fast.agents.server import RepoMapServer

    server = RepoMapServer([], Echo())
    options = server.protocol.create_initialization_options()
    assert opening.VERSIONS == HANDSHAKE_PROTOCOL_VERSIONS
    expected = types.InitializeResult(
        protocol_version="2025-06-18",
        capabilities=options.capabilities,
        server_info=types.Implementation(name="repomap-fast", title="repomap-fast", version=options.server_version),
        instructions=options.instructions,
    )
    dumped = expected.model_dump(by_alias=True, exclude_none=True)
    # The versions with a handshake do not know of extensions.
    assert not dumped["capabilities"].pop("extensions")
    assert handshake("2025-06-18") == dumped
    listed = asyncio.run(server._list_tools(None, None))  # type: ignore[arg-type]
    tools = [tool.model_dump(by_alias=True, exclude_none=True) for tool in listed.tools]
    assert tools_list() == {"tools": tools}


@pytest.mark.parametrize(("asked", "told"), [("2024-11-05", "2024-11-05"), ("1999-01-01", "2025-11-25")])
def test_a_version_that_is_unknown_gets_the_last(asked: str, told: str) -> None:
    assert handshake(asked)["protocolVersion"] == told


def test_handshake_ping_list_and_a_call_are_answered_until_the_end() -> None:
    call = request("tools/call", 4, name="repo_map", arguments={"query": "x"}, _meta={"progressToken": "p"})
    client = Client(INITIALIZE, INITIALIZED, request("ping", 2), request("tools/list", 3), call)
    assert not client.session.open()
    first, ping, listed, progress, answer = client.answers()
    assert first["id"] == "first"
    assert first["result"]["protocolVersion"] == "2025-06-18"
    assert ping == {"jsonrpc": "2.0", "id": 2, "result": {}}
    assert listed["result"]["tools"][0]["name"] == "repo_map"
    assert progress["params"]["progressToken"] == "p"
    assert progress["params"]["progress"] == 50
    assert answer["result"] == {"content": [{"type": "text", "text": "repo_map ['query'] of 1"}], "isError": False}


@pytest.mark.parametrize(
    "odd",
    [
        request("resources/list"),
        request("tools/list", cursor="x"),
        request("tools/call", name="repo_map", arguments=[]),
        request("tools/call", name="repo_map", task={}),
        {"jsonrpc": "2.0", "method": "notifications/roots/list_changed"},
        {"jsonrpc": "2.0", "id": None, "method": "ping"},
        {"jsonrpc": "1.0", "id": 1, "method": "ping"},
        b"nonsense",
        b"[" * 10_000,
        b"\xff\xfe",
        [],
    ],
)
def test_what_is_not_plain_is_for_the_sdk_after_the_handshake(odd: object) -> None:
    client = Client(INITIALIZE, INITIALIZED, odd, request("ping", 9))
    assert client.session.open()
    session = client.session
    assert json.loads(session.readline()) == INITIALIZE
    assert json.loads(session.readline()) == INITIALIZED
    session.readline()
    assert json.loads(session.readline())["id"] == 9
    assert session.readline() == ""
    # The client has its answer to the handshake already.
    before = len(client.answers())
    session.write(json.dumps({"jsonrpc": "2.0", "id": "first", "result": {}}) + "\n")
    assert len(client.answers()) == before
    session.write(json.dumps({"jsonrpc": "2.0", "id": "first", "result": {}}) + "\n")
    assert len(client.answers()) == before + 1


@pytest.mark.parametrize(
    "first",
    [
        request("ping"),
        request("server/discover"),
        request("initialize", protocolVersion="2025-06-18", capabilities={}, clientInfo={"name": 1}),
        request("initialize", protocolVersion=1, capabilities={}, clientInfo=CLIENT),
        request("initialize"),
        b"{}",
    ],
)
def test_without_a_plain_handshake_all_is_for_the_sdk(first: object) -> None:
    client = Client(first)
    assert client.session.open()
    assert client.answers() == []
    assert client.session.readline().encode().strip() == (
        first if isinstance(first, bytes) else json.dumps(first).encode()
    )


def test_roots_of_a_client_are_asked_by_the_sdk() -> None:
    with_roots = {**INITIALIZE, "params": {**INITIALIZE["params"], "capabilities": {"roots": {}}}}  # type: ignore[dict-item]
    call = request("tools/call", name="repo_map", arguments={})
    assert Client(with_roots, INITIALIZED, call, paths=()).session.open()
    assert not Client(with_roots, INITIALIZED, call).session.open()


def test_a_second_call_at_once_is_for_the_sdk_and_the_first_can_be_cancelled() -> None:
    cancel = {"jsonrpc": "2.0", "method": "notifications/cancelled", "params": {"requestId": 4}}
    calls = [request("tools/call", number, name="wait", arguments={}) for number in (4, 5)]
    client = Client(INITIALIZE, INITIALIZED, *calls, cancel)
    assert client.session.open()
    assert [json.loads(client.session.readline()).get("id") for _ in range(3)] == ["first", None, 5]
    assert "cancelled" in client.session.readline()
    assert [answer["id"] for answer in client.answers()] == ["first"]
