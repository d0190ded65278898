"""Loads of the MCP SDK what a server over streams needs: half of its time and its memory is for clients and HTTP.

The SDK's packages import all of their parts when they are imported. Here packages of the same names and places stand in
for them, which import nothing, so that each part is loaded when another one asks for it. In place of the parts for HTTP
stand modules that have whatever is asked of them, and nothing in it: a server over streams calls none of it. Where a
version of the SDK cannot be loaded so, or is loaded already, it is loaded as a whole.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec
from types import ModuleType

from repomap_fast.agents.openssl import without

_PACKAGES = ("mcp", "mcp.server", "mcp.server.lowlevel")
_PARTS = ("mcp.server.lowlevel.server", "mcp.server.stdio")
_OF_HTTP = (
    "mcp.server.auth",
    "mcp.server.auth.middleware",
    "mcp.server.auth.middleware.auth_context",
    "mcp.server.auth.middleware.bearer_auth",
    "mcp.server.auth.provider",
    "mcp.server.auth.routes",
    "mcp.server.auth.settings",
    "mcp.server.streamable_http",
    "mcp.server.streamable_http_manager",
    "mcp.server.transport_security",
    "starlette",
    "starlette.applications",
    "starlette.middleware",
    "starlette.middleware.authentication",
    "starlette.routing",
)


def load_sdk() -> None:
    """Load the SDK. Raises ImportError where it is not installed."""
    if "mcp" not in sys.modules:
        try:
            _load_parts()
        except Exception:
            for name in [name for name in sys.modules if name == "mcp" or name.startswith("mcp.")]:
                del sys.modules[name]
    for name in _PARTS:
        importlib.import_module(name)


def _load_parts() -> None:
    for name in _PACKAGES:
        found = find_spec(name)
        if found is None or found.submodule_search_locations is None:
            raise ImportError(f"there is no package {name!r}; expected the MCP SDK")
        spec = ModuleSpec(name, None, is_package=True)
        spec.submodule_search_locations = list(found.submodule_search_locations)
        sys.modules[name] = module_from_spec(spec)
    absent = {name: _AbsentModule(name) for name in _OF_HTTP if name not in sys.modules}
    sys.modules.update(absent)
    try:
        # asyncio does without the one, and hmac without the other.
        with without("ssl"), without("_hashlib"):
            for name in _PARTS:
                importlib.import_module(name)
    finally:
        # Whoever asks for them later is given the modules themselves.
        for name in absent:
            del sys.modules[name]


class _AbsentModule(ModuleType):
    """Stands for a module that is imported, of which nothing is called."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.__path__: list[str] = []

    def __getattr__(self, name: str) -> object:
        if name.startswith("__"):
            raise AttributeError(name)
        return type(name, (), {"__module__": self.__name__})
