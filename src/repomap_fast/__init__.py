"""repomap-fast: what is defined where in a whole repository, and who refers to it.

    import repomap_fast

    repomap_fast.map(".", tokens=2048, query="close idle connections").text
    repomap_fast.scan(".").definitions("main")
    repomap_fast.search(".", "main").found
    repomap_fast.explain(".", "main").definitions

    with repomap_fast.open(".") as repository:  # for processes that ask more than once
        repository.map(query="close idle connections").text

The names of ``__all__`` are public, and imported at their first use. ``import repomap_fast`` loads nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repomap_fast.api import explain, imports, map, outline, refs, scan, search, show
    from repomap_fast.calls import callees, callers, impact, unused
    from repomap_fast.drawing.repo_map import MapDefinition, MapFile, RepoMap
    from repomap_fast.errors import (
        ConfigurationError,
        FleetError,
        GitError,
        LanguageError,
        OptionError,
        QueryError,
        RepoMapError,
        RootError,
        ScanCancelled,
        StoreError,
        SymbolError,
    )
    from repomap_fast.indexing.index import Index
    from repomap_fast.joining.identifier_rows import Identifier
    from repomap_fast.joining.result import File, ScanResult, Tag
    from repomap_fast.metrics import IndexStats
    from repomap_fast.options import ScanOptions
    from repomap_fast.ranking.explain import DefinitionExplanation, Explanation, FileExplanation, Referrer
    from repomap_fast.ranking.search import Found, SearchResult
    from repomap_fast.reporting.report import Report, report
    from repomap_fast.repository import Repository, open
    from repomap_fast.resolving.imports import Cycle, Import, Imported, Imports
    from repomap_fast.symbols.calls import Calls, Linked
    from repomap_fast.symbols.impact import Impact
    from repomap_fast.symbols.outline import FileOutline, OutlineDefinition
    from repomap_fast.symbols.refs import Reference, References, RefersTo
    from repomap_fast.symbols.show import OtherDefinition, Shown, ShownDefinition
    from repomap_fast.symbols.unused import Unused
    from repomap_fast.tables import FileStatus, FileTable, StringTable, TagTable
    from repomap_fast.tagging.build import BuildInfo, build_info
    from repomap_fast.weights import Weights

__version__ = "0.1.0"

__all__ = [
    "BuildInfo",
    "Calls",
    "ConfigurationError",
    "Cycle",
    "DefinitionExplanation",
    "Explanation",
    "File",
    "FileExplanation",
    "FileOutline",
    "FileStatus",
    "FileTable",
    "FleetError",
    "Found",
    "GitError",
    "Identifier",
    "Impact",
    "Import",
    "Imported",
    "Imports",
    "Index",
    "IndexStats",
    "LanguageError",
    "Linked",
    "MapDefinition",
    "MapFile",
    "OptionError",
    "OtherDefinition",
    "OutlineDefinition",
    "QueryError",
    "Reference",
    "References",
    "Referrer",
    "RefersTo",
    "RepoMap",
    "RepoMapError",
    "Report",
    "Repository",
    "RootError",
    "ScanCancelled",
    "ScanOptions",
    "ScanResult",
    "SearchResult",
    "Shown",
    "ShownDefinition",
    "StoreError",
    "StringTable",
    "SymbolError",
    "Tag",
    "TagTable",
    "Unused",
    "Weights",
    "build_info",
    "callees",
    "callers",
    "explain",
    "impact",
    "imports",
    "map",
    "open",
    "outline",
    "refs",
    "report",
    "scan",
    "search",
    "show",
    "unused",
]

_MODULES = {
    **dict.fromkeys(("BuildInfo", "build_info"), "tagging.build"),
    **dict.fromkeys(("explain", "imports", "map", "outline", "refs", "scan", "search", "show"), "api"),
    **dict.fromkeys(("callees", "callers", "impact", "unused"), "calls"),
    **dict.fromkeys(("Calls", "Linked"), "symbols.calls"),
    "Impact": "symbols.impact",
    "Unused": "symbols.unused",
    **dict.fromkeys(("DefinitionExplanation", "Explanation", "FileExplanation", "Referrer"), "ranking.explain"),
    **dict.fromkeys(("File", "ScanResult", "Tag"), "joining.result"),
    "Identifier": "joining.identifier_rows",
    "Index": "indexing.index",
    **dict.fromkeys(("Cycle", "Import", "Imported", "Imports"), "resolving.imports"),
    **dict.fromkeys(("Found", "SearchResult"), "ranking.search"),
    "IndexStats": "metrics",
    **dict.fromkeys(("Report", "report"), "reporting.report"),
    **dict.fromkeys(("Repository", "open"), "repository"),
    "ScanOptions": "options",
    **dict.fromkeys(("MapDefinition", "MapFile", "RepoMap"), "drawing.repo_map"),
    **dict.fromkeys(("FileStatus", "FileTable", "StringTable", "TagTable"), "tables"),
    **dict.fromkeys(("FileOutline", "OutlineDefinition"), "symbols.outline"),
    **dict.fromkeys(("Reference", "References", "RefersTo"), "symbols.refs"),
    **dict.fromkeys(("OtherDefinition", "Shown", "ShownDefinition"), "symbols.show"),
    "Weights": "weights",
}


def __getattr__(name: str) -> Any:
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    return getattr(import_module(f"{__name__}.{_MODULES.get(name, 'errors')}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
