"""Loads of the MCP SDK what a server over streams needs: a third of its time and its memory is for clients and HTTP.

The SDK's packages import all of their parts when they are imported. Here packages of the same names and places stand in
for them, which import nothing, so that each part is loaded when another one asks for it. Where a version of the SDK
cannot be loaded so, or is loaded already, it is loaded as a whole.
"""

from __future__ import annotations

import importlib
import sys
from importlib.machinery import ModuleSpec
from importlib.util import find_spec, module_from_spec

_PACKAGES = ("mcp", "mcp.server", "mcp.server.lowlevel")
_PARTS = ("mcp.server.lowlevel.server", "mcp.server.stdio")


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
    for name in _PARTS:
        importlib.import_module(name)
