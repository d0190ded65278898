"""Imports compiled modules when they are asked for, with an error that says how to compile them.

A package that holds a compiled module sets ``__getattr__ = compiled_modules(__name__, "_name")``.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import ModuleType


def compiled_modules(package: str, *names: str) -> Callable[[str], ModuleType]:
    """Return the ``__getattr__`` of a package whose compiled modules are ``names``.

    It raises NotCompiledError where a compiled module is missing, and AttributeError for any other name.
    """

    def get(name: str) -> ModuleType:
        if name not in names:
            raise AttributeError(f"module {package!r} has no attribute {name!r}")
        return _import_compiled(f"{package}.{name}")

    return get


def _import_compiled(name: str) -> ModuleType:
    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        from repomap_fast.errors import NotCompiledError

        raise NotCompiledError(
            f"{name} is not compiled for this Python, {sys.executable}: {Path(__file__).parent} is a source tree, or "
            "was installed for another Python. Run 'pip install .' in the repository, and keep its src/ off PYTHONPATH",
            name=name,
        ) from None
