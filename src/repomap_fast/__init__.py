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
    )
    from repomap_fast.result import File, ScanResult, Tag
    from repomap_fast.tables import FileStatus, FileTable, StringTable, TagTable

__version__ = "0.1.0"

__all__ = [
    "File",
    "FileStatus",
    "FileTable",
    "GitError",
    "LanguageError",
    "OptionError",
    "QueryError",
    "RepoMapError",
    "RootError",
    "ScanCancelled",
    "ScanResult",
    "StringTable",
    "Tag",
    "TagTable",
    "scan",
]

_MODULES = {
    "scan": "api",
    **dict.fromkeys(("File", "ScanResult", "Tag"), "result"),
    **dict.fromkeys(("FileStatus", "FileTable", "StringTable", "TagTable"), "tables"),
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
