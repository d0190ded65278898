"""The MCP server: it lists the tools and calls them, over standard streams or HTTP on the loopback interface.

Calls run in threads. A call that the client cancels, or whose client is gone, ends within a twentieth of a second. The
process itself ends with its client: on the end of its input, on SIGTERM and SIGINT, and with its parent.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import anyio
import mcp_types as types
from mcp.server.lowlevel.server import Server
from mcp.server.stdio import stdio_server

from repomap_fast import __version__
from repomap_fast.agents import tools
from repomap_fast.agents.parent import on_end_of_parent
from repomap_fast.agents.roots import AnswerError, Roots, path_of_uri, working_folder
from repomap_fast.errors import RepoMapError
from repomap_fast.joining.join import give_back_memory

if TYPE_CHECKING:
    from mcp.server.context import ServerRequestContext

    from repomap_fast.options import ScanOptions

INSTRUCTIONS = (
    "A map of this repository. Every answer is as new as the files. Begin a task with repo_map, with the task as its "
    "query. Then use read_symbol in place of whole files, search_symbols for where something is defined, and "
    "find_references for who uses it."
)
LOOPBACK = "127.0.0.1"
_ROOTS_TIMEOUT_S = 2.0
"""How long a client may take to say what its roots are."""
_PROGRESS_S = 0.1
"""Between two reports of progress."""
_TIDY_S = 0.02
"""After a call, until the memory of old results is given back."""
_GRACE_S = 0.3
"""How long calls have to end when the process ends."""
_STAGES = {"discover": (0, 5), "check": (5, 10), "tag": (10, 90), "join": (90, 100)}
"""The share of each stage in the progress of a scan, in percent."""
_ROOTS = "roots"
_ANNOTATIONS = types.ToolAnnotations(
    read_only_hint=True, destructive_hint=False, idempotent_hint=True, open_world_hint=False
)


class RepoMapServer:
    """The tools over some roots, for any number of clients at a time.

    paths  of the roots; if empty, each client says what its roots are, or else the working folder is the root.
    """

    def __init__(self, paths: Sequence[Path], options: ScanOptions, cache_dir: Path | None = None) -> None:
        self._paths = list(paths)
        self._roots = Roots(options, cache_dir)
        self._calls: set[threading.Event] = set()
        self._tidying = threading.Lock()
        self._is_tidy_due = False
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
        work = partial(tools.call, name, arguments, progress=_Report(context), cancel=cancel)
        try:
            return await anyio.to_thread.run_sync(self._run, work, paths, cancel, abandon_on_cancel=True)
        finally:
            # Whatever ends the call, ends the work.
            cancel.set()

    def _run(self, work: Callable[..., str], paths: Sequence[Path], cancel: threading.Event) -> str:
        self._calls.add(cancel)
        try:
            # Here, since another root may be closed for it, after the call that is in it.
            return work(roots=self._roots.at(paths))
        except RepoMapError:
            raise
        except Exception as error:
            if not cancel.is_set():
                sys.stderr.write(f"repomap-fast: {type(error).__name__}: {error}\n")
            raise AnswerError(f"repomap-fast failed with {type(error).__name__}: {error}") from error
        finally:
            self._calls.discard(cancel)
            self._tidy_soon()

    def _tidy_soon(self) -> None:
        """Give back the memory of old results, after the answer has left: it takes some milliseconds."""
        with self._tidying:
            if not self._is_tidy_due:
                self._is_tidy_due = True
                timer = threading.Timer(_TIDY_S, self._tidy)
                timer.daemon = True
                timer.start()

    def _tidy(self) -> None:
        with self._tidying:
            self._is_tidy_due = False
        # A result is part of a circle, of few objects with large columns: the collector would not come for long.
        gc.collect()
        give_back_memory()

    def end_calls(self) -> None:
        """Cancel all calls, and wait for them a moment."""
        for cancel in list(self._calls):
            cancel.set()
        end = time.monotonic() + _GRACE_S
        while self._calls and time.monotonic() < end:
            time.sleep(0.005)

    def close(self) -> None:
        """Close all indexes that no call uses."""
        if not self._calls:
            self._roots.close()


class _Report:
    """Sends the progress of one call to its client, from the thread of the call. Each report is above the last."""

    def __init__(self, context: ServerRequestContext[Any]) -> None:
        self._context = context
        self._wanted = bool(context.meta and context.meta.get("progress_token") is not None)
        self._last = -1.0
        self._next_s = 0.0

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report how far a stage is."""
        now_s = time.monotonic()
        if not self._wanted or now_s < self._next_s:
            return
        start, end = _STAGES.get(stage, (100, 100))
        progress = start + (end - start) * min(1.0, done / total if total else done / (done + 10_000))
        if progress <= self._last:
            return
        self._last, self._next_s = progress, now_s + _PROGRESS_S
        message = f"{stage}: {done:,} of {total:,} files" if total else f"{stage}: {done:,} files"
        try:
            anyio.from_thread.run(self._context.session.report_progress, progress, 100.0, message)
        except Exception:
            # The client is gone, or the call was cancelled. The scan notices by itself.
            self._wanted = False


def _result(text: str, *, is_error: bool = False) -> types.CallToolResult:
    return types.CallToolResult(content=[types.TextContent(type="text", text=text)], is_error=is_error)


def serve_stdio(paths: Sequence[Path], options: ScanOptions, cache_dir: Path | None = None) -> None:
    """Serve one client over the standard streams. The process ends with it, and does not return here."""
    server = RepoMapServer(paths, options, cache_dir)
    leave = _leaver(server)
    on_end_of_parent(leave)

    async def serve() -> None:
        async with stdio_server() as (messages, answers):
            await server.protocol.run(messages, answers, server.protocol.create_initialization_options())

    try:
        anyio.run(serve)
    finally:
        # Another thread may be reading the standard input, and would keep the interpreter from its end.
        leave()


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

    server = RepoMapServer(paths, options, cache_dir)
    leave = _leaver(server)
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


def _leaver(server: RepoMapServer) -> Callable[[], None]:
    """Return a function that ends the process, after calls had a moment to end; SIGTERM and SIGINT call it too."""
    # What is imported by now stays: without it, a collection takes less than a millisecond.
    gc.collect()
    gc.freeze()
    lock = threading.Lock()

    def leave() -> None:
        # Of several reasons to leave, the first does the work.
        if lock.acquire(blocking=False):
            server.end_calls()
            server.close()
            os._exit(0)

    for sign in (signal.SIGTERM, signal.SIGINT):
        signal.signal(sign, lambda *_: leave())
    return leave
