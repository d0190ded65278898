"""The opening of a session over the standard streams: what can be answered before the SDK is loaded.

To load the SDK takes longer than to start Python and to make a map. So the handshake, the list of the tools, and plain
calls one at a time are answered here, as the SDK would answer them. It is loaded once there is time: after the first
answer, or when the client has been silent for a moment. Then it is shown the handshake, and has the session from there
on. It has so at once with any message that is not plain, or is wrong.

The process ends with its client: on the end of its input, on SIGTERM and SIGINT, and with its parent.
"""

from __future__ import annotations

import json
import os
import re
import threading
from collections import deque
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from repomap_fast import __version__
from repomap_fast.agents.allocator import share_memory_among_threads
from repomap_fast.agents.calls import INSTRUCTIONS, Calls, Progress, leaver
from repomap_fast.agents.openssl import hash_without_openssl
from repomap_fast.agents.parent import on_end_of_parent
from repomap_fast.errors import RepoMapError

if TYPE_CHECKING:
    from repomap_fast.options import ScanOptions

VERSIONS = ("2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25")
"""Those of the protocol that begin with a handshake. A client that names another is told the last of them."""
HINTS = {"readOnlyHint": True, "destructiveHint": False, "idempotentHint": True, "openWorldHint": False}
_SILENCE_S = 0.3
"""After the handshake, until the SDK is loaded though no call has come."""
_HALVES = ("\\ud", "\\uD")
_ESCAPE = re.compile(
    r"\\(?:u[Dd][89ABab][\dA-Fa-f]{2}\\u[Dd][C-Fc-f][\dA-Fa-f]{2}|(u[Dd][89A-Fa-f][\dA-Fa-f]{2})|.)", re.DOTALL
)
"""An escape of JSON: two halves of a character, one alone, or another."""

Message = Mapping[str, Any]


class TextFile(Protocol):
    """A stream of lines."""

    def readline(self) -> str:
        """Return the next line; empty at the end."""
        ...

    def write(self, text: str) -> int:
        """Write a text."""
        ...

    def flush(self) -> None:
        """Send it."""
        ...


class _Call(NamedTuple):
    id: str | int
    cancel: threading.Event


def serve_stdio(paths: Sequence[Path], options: ScanOptions, cache_dir: Path | None = None) -> None:
    """Serve one client over the standard streams. The process ends with it, and does not return here."""
    share_memory_among_threads()
    hash_without_openssl()
    calls = Calls(options, cache_dir)
    leave = leaver(calls)
    on_end_of_parent(leave)
    session = Session(*_private_streams(), paths, calls)
    try:
        if session.open():
            session.load()
            from repomap_fast.agents.server import serve_streams

            serve_streams(session, session, paths, calls)
    finally:
        # Another thread may be reading the standard input, and would keep the interpreter from its end.
        leave()


class Session:
    """The lines from and to one client. First it answers by itself, then it is the two streams of the SDK."""

    def __init__(self, reading: Any, writing: Any, paths: Sequence[Path], calls: Calls) -> None:
        self._reading = reading
        self._writing = writing
        self._write_lock = threading.Lock()
        self._paths = paths
        self._calls = calls
        self._client: Message | None = None
        self._is_initialized = False
        self._call: _Call | None = None
        self._handed_over: deque[str] = deque()
        """Lines that the SDK is to read before those of the client."""
        self._unwanted_answer: object = None
        """The id of what the client was answered before the SDK reads it."""
        self._loader = threading.Timer(_SILENCE_S, self.load)
        self._loader.daemon = True
        self._loading = threading.Lock()
        self._is_loaded = False

    def open(self) -> bool:
        """Answer the first messages. Return whether the SDK has to go on; False at the end of the input."""
        while line := self._read_line():
            is_free = self._is_loaded and self._call is None
            if is_free or not self._is_answered(line):
                self._handed_over.append(line)
                return True
        return False

    def load(self) -> None:
        """Load the SDK and what other calls need, if that was not done."""
        with self._loading:
            if not self._is_loaded:
                from repomap_fast.agents.sdk import load_sdk

                load_sdk()
                from repomap_fast.agents import server  # noqa: F401
                from repomap_fast.symbols import refs  # noqa: F401

                self._calls.freeze()
                self._is_loaded = True

    # Streams of the SDK

    def readline(self) -> str:
        """Return the next line for the SDK; empty at the end."""
        return self._handed_over.popleft() if self._handed_over else self._read_line()

    def write(self, text: str) -> int:
        """Write what the SDK answers."""
        if self._unwanted_answer is not None:
            message = json.loads(text)
            if message.get("id") == self._unwanted_answer and "method" not in message:
                self._unwanted_answer = None
                return len(text)
        with self._write_lock:
            self._writing.write(text.encode("utf-8", "replace"))
        return len(text)

    def flush(self) -> None:
        """Send it."""
        with self._write_lock:
            self._writing.flush()

    def _read_line(self) -> str:
        line = _with_whole_characters(self._reading.readline().decode("utf-8", "replace"))
        if self._call is not None and "notifications/cancelled" in line:
            self._cancel(line)
        return line

    def _cancel(self, line: str) -> None:
        """Cancel the call that is answered here, if it is that which the client means."""
        message, call = _read_message(line), self._call
        if call is None or message is None or message.get("method") != "notifications/cancelled":
            return
        parameters = message.get("params")
        if isinstance(parameters, dict) and parameters.get("requestId") == call.id:
            call.cancel.set()

    # The opening

    def _is_answered(self, line: str) -> bool:
        """Answer a message, if that can be done without the SDK."""
        message = _read_message(line)
        if message is None:
            return False
        method, parameters = message.get("method"), message.get("params", {})
        is_request = isinstance(message.get("id"), str | int) and not isinstance(message["id"], bool)
        if not isinstance(parameters, dict):
            return False
        if self._client is None:
            if not (is_request and method == "initialize" and _is_plain_handshake(parameters)):
                return False
            self._client = parameters
            self._hand_over(line, message["id"])
            self._send(message["id"], handshake(parameters["protocolVersion"]))
            return True
        if not is_request:
            return self._is_noted(line, str(method))
        if method == "ping":
            self._send(message["id"], {})
            return True
        if method == "tools/list" and not parameters.keys() - {"_meta"}:
            self._send(message["id"], tools_list())
            return True
        return method == "tools/call" and self._is_called(message["id"], parameters)

    def _hand_over(self, line: str, unwanted: object = None) -> None:
        self._handed_over.append(line)
        if unwanted is not None:
            self._unwanted_answer = unwanted

    def _is_noted(self, line: str, method: str) -> bool:
        if method == "notifications/initialized" and not self._is_initialized:
            self._is_initialized = True
            self._hand_over(line)
            self._loader.start()
            return True
        # Of a call that was answered in the meantime.
        return method == "notifications/cancelled"

    def _is_called(self, request: str | int, parameters: Mapping[str, Any]) -> bool:
        meta, arguments = parameters.get("_meta", {}), parameters.get("arguments", {})
        is_plain = (
            self._is_initialized
            and self._call is None
            and isinstance(parameters.get("name"), str)
            and isinstance(arguments, dict)
            and isinstance(meta, dict)
            and not parameters.keys() - {"name", "arguments", "_meta"}
        )
        assert self._client is not None
        if not is_plain or (not self._paths and self._client["capabilities"].get("roots") is not None):
            return False
        # It would take the time from the call.
        self._loader.cancel()
        self._call = _Call(request, threading.Event())
        work = (self._call, parameters["name"], arguments, meta.get("progressToken"))
        threading.Thread(target=self._answer_call, args=work, name="repomap-fast-call", daemon=True).start()
        return True

    def _answer_call(self, call: _Call, name: str, arguments: Mapping[str, Any], token: object) -> None:
        from repomap_fast.agents.roots import working_folder

        def report(percent: float, message: str) -> None:
            progress = {"progressToken": token, "progress": percent, "total": 100.0, "message": message}
            self._write({"jsonrpc": "2.0", "method": "notifications/progress", "params": progress})

        reporting, is_error = Progress(None if token is None else report), False
        try:
            paths = self._paths or [working_folder()]
            text = self._calls.run(name, arguments, paths, progress=reporting, cancel=call.cancel)
        except RepoMapError as error:
            text, is_error = str(error), True
        self._call = None
        if not call.cancel.is_set():
            self._send(call.id, {"content": [{"type": "text", "text": text}], "isError": is_error})
        self.load()

    def _send(self, request: str | int, result: Mapping[str, Any]) -> None:
        self._write({"jsonrpc": "2.0", "id": request, "result": result})

    def _write(self, message: Message) -> None:
        line = json.dumps(message, ensure_ascii=False, separators=(",", ":")) + "\n"
        with self._write_lock:
            self._writing.write(line.encode("utf-8", "replace"))
            self._writing.flush()


def _with_whole_characters(line: str) -> str:
    """Replace halves of characters, such as ``\\ud800`` alone: the SDK passes over a line that has any, unanswered."""
    if not any(half in line for half in _HALVES):
        return line
    return _ESCAPE.sub(lambda found: "\\ufffd" if found[1] else found[0], line)


def handshake(version: str) -> dict[str, Any]:
    """Return the answer to ``initialize`` by a client of this version of the protocol."""
    return {
        "protocolVersion": version if version in VERSIONS else VERSIONS[-1],
        "capabilities": {"tools": {"listChanged": False}},
        "serverInfo": {"name": "repomap-fast", "title": "repomap-fast", "version": __version__},
        "instructions": INSTRUCTIONS,
    }


@cache
def tools_list() -> dict[str, Any]:
    """Return the answer to ``tools/list``."""
    from repomap_fast.agents.tools import TOOLS

    return {
        "tools": [
            {
                "name": tool.name,
                "title": tool.title,
                "description": tool.description,
                "inputSchema": tool.schema,
                "annotations": HINTS,
            }
            for tool in TOOLS.values()
        ]
    }


def _is_plain_handshake(parameters: Message) -> bool:
    client = parameters.get("clientInfo")
    return (
        isinstance(parameters.get("protocolVersion"), str)
        and isinstance(parameters.get("capabilities"), dict)
        and isinstance(client, dict)
        and isinstance(client.get("name"), str)
        and isinstance(client.get("version"), str)
    )


def _read_message(line: str) -> Message | None:
    """Return one message of JSON-RPC; None for anything else."""
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) and message.get("jsonrpc") == "2.0" else None


def _private_streams() -> tuple[Any, Any]:
    """Return the standard streams; what reads or prints by mistake from now on gets nothing, and goes to stderr."""
    reading, writing = os.dup(0), os.dup(1)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    os.close(nothing)
    os.dup2(2, 1)
    # Never closed: a thread may wait for one of them until the end.
    return os.fdopen(reading, "rb", closefd=False), os.fdopen(writing, "wb", closefd=False)
