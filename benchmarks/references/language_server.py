"""Asks a language server where names are defined."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import unquote, urlparse

Place = tuple[str, int, int]
"""Path below the root; line and column from 0, in bytes of UTF-8."""


class Span(NamedTuple):
    """What a definition takes on its first line.

    path             below the root, or an absolute one of a file outside of it.
    line             from 0, as are
    column, behind   from the first up to the one behind the last, in bytes of UTF-8.
    """

    path: str
    line: int
    column: int
    behind: int


class LanguageServer:
    """A server of the Language Server Protocol that speaks on its standard streams; close it in the end."""

    def __init__(self, command: list[str], root: Path) -> None:
        """Start the server for a folder."""
        self._root = root.resolve()
        self._process = subprocess.Popen(
            command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._n_asked = 0
        self._texts: dict[str, list[str]] = {}
        uri = self._root.as_uri()
        folders = [{"uri": uri, "name": root.name}]
        capabilities = {"textDocument": {"definition": {"linkSupport": False}}, "workspace": {"configuration": True}}
        self._ask(
            "initialize",
            {"processId": None, "rootUri": uri, "workspaceFolders": folders, "capabilities": capabilities},
        )
        self._send({"method": "initialized", "params": {}})

    def close(self) -> None:
        """End the server."""
        self._process.kill()
        self._process.wait()

    def open(self, path: str) -> list[str]:
        """Tell the server of a file; return its lines."""
        if path not in self._texts:
            text = (self._root / path).read_bytes().decode("utf-8", "replace")
            self._texts[path] = text.split("\n")
            document = {"uri": self._uri(path), "languageId": "python", "version": 1, "text": text}
            self._send({"method": "textDocument/didOpen", "params": {"textDocument": document}})
        return self._texts[path]

    def definitions(self, place: Place) -> list[Span]:
        """Return where what stands at a place is defined; nothing where the server does not know."""
        path, line, column = place
        text = self.open(path)[line].encode()[:column].decode()
        position = {"line": line, "character": len(text.encode("utf-16-le")) // 2}
        found = self._ask("textDocument/definition", {"textDocument": {"uri": self._uri(path)}, "position": position})
        locations = [found] if isinstance(found, dict) else found or []
        return [self._span(one) for one in locations]

    def _uri(self, path: str) -> str:
        return (self._root / path).as_uri()

    def _span(self, location: dict[str, Any]) -> Span:
        path = Path(unquote(urlparse(location["uri"]).path))
        start, end = location["range"]["start"], location["range"]["end"]
        if not path.is_relative_to(self._root):
            return Span(str(path), start["line"], start["character"], start["character"])
        name = path.relative_to(self._root).as_posix()
        lines = self.open(name)
        line = lines[start["line"]] if start["line"] < len(lines) else ""
        last = end["character"] if end["line"] == start["line"] else len(line)
        return Span(name, start["line"], _n_bytes(line, start["character"]), _n_bytes(line, last))

    def _ask(self, method: str, params: dict[str, Any]) -> Any:
        self._n_asked += 1
        self._send({"id": self._n_asked, "method": method, "params": params})
        while True:
            message = self._read()
            if "method" in message and "id" in message:
                wanted = message.get("params", {}).get("items", [])
                self._send({"id": message["id"], "result": [{} for _ in wanted] if wanted else None})
            elif message.get("id") == self._n_asked and "method" not in message:
                return message.get("result")

    def _send(self, message: dict[str, Any]) -> None:
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin is not None
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))
        self._process.stdin.flush()

    def _read(self) -> dict[str, Any]:
        assert self._process.stdout is not None
        size = 0
        while line := self._process.stdout.readline().strip():
            name, _, value = line.partition(b":")
            if name.lower() == b"content-length":
                size = int(value)
        if not size:
            raise RuntimeError("the language server has ended; expected an answer")
        message: dict[str, Any] = json.loads(self._process.stdout.read(size))
        return message


def _n_bytes(line: str, n_units: int) -> int:
    """Return how many bytes of UTF-8 the first units of UTF-16 of a line are."""
    return len(line.encode("utf-16-le")[: 2 * n_units].decode("utf-16-le", "ignore").encode())
