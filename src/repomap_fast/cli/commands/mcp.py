"""``repomap-fast mcp``: a server for coding agents."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path
from typing import Annotated

import typer

from repomap_fast.cli.arguments import Scanning, takes_groups
from repomap_fast.cli.exit_codes import exit_codes, say
from repomap_fast.errors import OptionError

_MAX_PORT = 65_535


@takes_groups
def mcp(
    roots: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="ROOT", help="Repositories. If none is given: what the client names, or the working folder."
        ),
    ] = None,
    *,
    http: Annotated[
        int | None,
        typer.Option(
            "--http", metavar="PORT", help="Serve streamable HTTP on 127.0.0.1, not the standard streams; 0: any port."
        ),
    ] = None,
    scanning: Scanning,
) -> None:
    """Serve coding agents over MCP, the Model Context Protocol.

    Has four tools: repo_map, search_symbols, read_symbol and find_references. Each call looks at the files first, so no
    answer is stale. Nothing outside of the roots is read, and nothing below them is written. It ends with the client
    that started it. `repomap-fast init CLIENT` sets a client up. Needs `pip install 'repomap-fast[mcp]'`.
    """
    with exit_codes():
        if http is not None and not 0 <= http <= _MAX_PORT:
            raise OptionError(f"--http is {http}; expected a port, 0 to {_MAX_PORT}")
        if scanning.no_cache:
            raise OptionError("--no-cache was given; a server keeps its index (--cache-dir says where)")
        options = scanning.checked()
        from repomap_fast.agents.roots import check_folders

        folders = check_folders(roots or [])
        if find_spec("mcp") is None:
            raise OptionError("the MCP SDK is missing; install it: pip install 'repomap-fast[mcp]'")
        if http is None:
            from repomap_fast.agents.opening import serve_stdio

            serve_stdio(folders, options, scanning.cache_dir)
            return
        from repomap_fast.agents import server

        try:
            server.serve_http(http, folders, options, scanning.cache_dir, announce=lambda url: say(f"serving {url}"))
        except OSError as error:
            raise OptionError(f"--http is {http}, and the port cannot be used: {error.strerror or error}") from None
