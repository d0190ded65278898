"""repomap-fast: what is defined where in a whole repository, and who refers to it.

    import repomap_fast

    result = repomap_fast.scan(".")
    result.definitions("main")

Everything is imported when it is first asked for, so that ``import repomap_fast`` costs nothing.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repomap_fast.api import scan
    from repomap_fast.errors import (
        GitError,
        LanguageError,
        OptionError,
        QueryError,
        RepoMapError,
        RootError,
        ScanCancelled,
        StoreError,
    )
    from repomap_fast.index import Index
    from repomap_fast.metrics import IndexStats
    from repomap_fast.result import File, ScanResult, Tag
    from repomap_fast.tables import FileStatus, FileTable, StringTable, TagTable

__version__ = "0.1.0"

__all__ = [
    "File",
    "FileStatus",
    "FileTable",
    "GitError",
    "Index",
    "IndexStats",
    "LanguageError",
    "OptionError",
    "QueryError",
    "RepoMapError",
    "RootError",
    "ScanCancelled",
    "ScanResult",
    "StoreError",
    "StringTable",
    "Tag",
    "TagTable",
    "scan",
]

_MODULES = {
    "scan": "api",
    **dict.fromkeys(("File", "ScanResult", "Tag"), "result"),
    "Index": "index",
    "IndexStats": "metrics",
    **dict.fromkeys(("FileStatus", "FileTable", "StringTable", "TagTable"), "tables"),
}

_COMPILED = frozenset({"_graph", "_inodes", "_languages", "_listing", "_join", "_lru", "_strings", "_tagger"})
"""The compiled halves of the modules of the same name."""


def __getattr__(name: str) -> Any:
    if name in _COMPILED:
        return _import_compiled(f"{__name__}.{name}")
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)


def _import_compiled(name: str) -> Any:
    """Return the compiled module ``name``; where there is none, say how to come by it."""
    from importlib import import_module

    try:
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        import sys

        from repomap_fast.errors import NotCompiledError

        raise NotCompiledError(
            f"{name} is not compiled for this Python, {sys.executable}: {__path__[0]} is a source tree, or was "
            "installed for another Python. Run 'pip install .' in the repository, and keep its src/ off PYTHONPATH",
            name=name,
        ) from None


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
