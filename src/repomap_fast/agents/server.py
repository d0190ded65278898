"""The MCP server, on the official SDK: it lists the tools and calls them, over streams or HTTP on loopback.

Calls run in threads. A call that the client cancels, or whose client is gone, ends within a twentieth of a second.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import anyio
import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from repomap_fast import __version__
from repomap_fast.agents import tools
from repomap_fast.agents.allocator import share_memory_among_threads
from repomap_fast.agents.calls import INSTRUCTIONS, Calls, Progress, leaver
from repomap_fast.agents.roots import path_of_uri, working_folder
from repomap_fast.errors import RepoMapError

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from repomap_fast.agents.opening import TextFile
    from repomap_fast.options import ScanOptions

LOOPBACK = "127.0.0.1"
_ROOTS_TIMEOUT_S = 2.0
"""How long a client may take to say what its roots are."""
_ROOTS = "roots"
_ANNOTATIONS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class RepoMapServer:
    """The tools over some roots, for any number of clients at a time.

    paths  of the roots; if empty, each client says what its roots are, or else the working folder is the root.
    """

    def __init__(self, paths: Sequence[Path], calls: Calls) -> None:
        self._paths = list(paths)
        self._calls = calls
        self.protocol: Server[Any] = Server(
            "repomap-fast",
            version=__version__,
            title="repomap-fast",
            instructions=INSTRUCTIONS,
            on_list_tools=self._list_tools,
            on_call_tool=self._call_tool,
        )

    async def _list_tools(self, _: ServerRequestContext[Any], __: Any) -> types.ListToolsResult:
        return types.ListToolsResult(
            tools=[
                types.Tool(
                    name=tool.name,
                    title=tool.title,
                    description=tool.description,
                    input_schema=tool.schema,
                    annotations=_ANNOTATIONS,
                )
                for tool in tools.TOOLS.values()
            ]
        )

    async def _call_tool(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> types.CallToolResult | types.InputRequiredResult:
        try:
            paths = self._paths or await self._paths_of_client(context, params)
            if isinstance(paths, types.InputRequiredResult):
                return paths
            text = await self._call(params.name, params.arguments, paths, context)
        except RepoMapError as error:
            return _result(str(error), is_error=True)
        return _result(text)

    async def _paths_of_client(
        self, context: ServerRequestContext[Any], params: types.CallToolRequestParams
    ) -> Sequence[Path] | types.InputRequiredResult:
        """Return the roots that the client names, or the working folder. Raises RootError.

        Clients of the newest protocol are asked by an answer, which they repeat the call for; all others by a request.
        """
        session = context.session
        capabilities = session.client_capabilities
        if capabilities is None or capabilities.roots is None:
            return [working_folder()]
        listed: Any = (params.input_responses or {}).get(_ROOTS)
        if listed is None and not session.can_send_request:
            return types.InputRequiredResult(input_requests={_ROOTS: types.ListRootsRequest()})
        if listed is None:
            try:
                with anyio.fail_after(_ROOTS_TIMEOUT_S):
                    listed = await session.send_request(types.ListRootsRequest(), types.ListRootsResult)
            except Exception:
                # It does not answer, or answers with an error.
                return [working_folder()]
        found = [path for root in getattr(listed, "roots", ()) if (path := path_of_uri(str(root.uri))) is not None]
        return found or [working_folder()]

    async def _call(
        self, name: str, arguments: dict[str, Any] | None, paths: Sequence[Path], context: ServerRequestContext[Any]
    ) -> str:
        """Call a tool in a thread. Raises RepoMapError."""
        cancel = threading.Event()
        wants_progress = context.meta and context.meta.get("progress_token") is not None

        def send(percent: float, message: str) -> None:
            anyio.from_thread.run(context.session.report_progress, percent, 100.0, message)

        progress = Progress(send if wants_progress else None)
        work = partial(self._calls.run, name, arguments, paths, progress=progress, cancel=cancel)
        try:
            return await anyio.to_thread.run_sync(work, abandon_on_cancel=True)
        finally:
            # Whatever ends the call, ends the work.
            cancel.set()


def _result(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


def serve_streams(reading: TextFile, writing: TextFile, paths: Sequence[Path], calls: Calls) -> None:
    """Serve one client that writes to ``reading`` and reads from ``writing``, a message a line, until its end."""
    server = RepoMapServer(paths, calls)

    async def serve() -> None:
        files = anyio.wrap_file(cast("Any", reading)), anyio.wrap_file(cast("Any", writing))
        async with stdio_server(*files) as (messages, answers):
            await server.protocol.run(messages, answers, server.protocol.create_initialization_options())

    anyio.run(serve)


def serve_http(
    port: int,
    paths: Sequence[Path],
    options: ScanOptions,
    cache_dir: Path | None = None,
    *,
    announce: Callable[[str], None] = lambda _: None,
) -> None:
    """Serve any number of clients over streamable HTTP on the loopback interface, until SIGTERM or SIGINT.

    port      0 for any that is free.
    announce  is called with the address once clients can connect.

    Raises OSError where the port is taken.
    """
    import socket

    import uvicorn

    share_memory_among_threads()
    calls = Calls(options, cache_dir)
    server = RepoMapServer(paths, calls)
    leave = leaver(calls)
    calls.freeze()
    listener = socket.create_server((LOOPBACK, port))
    application = server.protocol.streamable_http_app(host=LOOPBACK)
    configuration = uvicorn.Config(application, log_level="error", lifespan="on")
    announce(f"http://{LOOPBACK}:{listener.getsockname()[1]}/mcp")

    class Http(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            """Leave the signals to us: it would wait for clients that are connected."""
            yield

    async def serve() -> None:
        await Http(configuration).serve(sockets=[listener])

    try:
        anyio.run(serve)
    finally:
        leave()
