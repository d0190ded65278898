"""The SDK is loaded in part, and as a whole where that cannot be done."""

from __future__ import annotations

import subprocess
import sys

import pytest

pytest.importorskip("mcp")

IN_PART = """
import sys
from repomap_fast.agents.sdk import load_sdk
load_sdk()
from mcp.server.lowlevel.server import Server
unwanted = {"mcp.client.client", "mcp.server.mcpserver", "mcp.server.streamable_http", "httpx2", "starlette", "uvicorn"}
print(sorted(unwanted & sys.modules.keys()), Server("x").name)
"""
HTTP_LATER = """
from repomap_fast.agents.sdk import load_sdk
load_sdk()
from mcp.server.streamable_http import EventStore
from starlette.applications import Starlette
print(Starlette.__module__, EventStore.__module__)
"""
AS_A_WHOLE = """
import sys
from repomap_fast.agents import sdk
sdk._PACKAGES = (*sdk._PACKAGES, "mcp.no_such_package")
sdk.load_sdk()
import mcp
from mcp.server.lowlevel.server import Server
print(mcp.Client.__name__, Server("x").name)
"""


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (IN_PART, "[] x\n"),
        (AS_A_WHOLE, "Client x\n"),
        (HTTP_LATER, "starlette.applications mcp.server.streamable_http\n"),
    ],
)
def test_the_sdk_is_loaded(code: str, expected: str) -> None:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == expected


def test_what_is_loaded_already_stays() -> None:
    import mcp

    from repomap_fast.agents.sdk import load_sdk

    load_sdk()
    assert sys.modules["mcp"] is mcp
    assert mcp.Client
