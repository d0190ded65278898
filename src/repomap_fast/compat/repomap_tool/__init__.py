"""The classes of the performance plan, and those of repomap-tool, under their names, working.

    from repomap_fast.compat.repomap_tool import AdvancedCacheManager, analyze_project_with_progress

All are thin: files come from ``discover``, tags from an ``Index``, caches are ``LruCache``, memory is watched by
``memory``, names are classified by ``strings``. Each is imported when it is first asked for; pydantic with the models
alone, rich when a bar is drawn. Names that begin with an underscore are ours, not the plan's.

Where the plan's sketch is faulty or incomplete, ours does what was meant:

============================= ================================================== ====================================
the plan                      its sketch                                         here
============================= ================================================== ====================================
ParallelTagExtractor          ``self.repo_map`` and ``self.logger`` are never    an index finds the tags; another's map
                              set                                                is asked where one is handed over
..                            tags come in the order in which files are done     in the order of the files
..                            threads parse under one interpreter lock           the lock is let go of for each batch
..                            errors of a file are caught twice, and lost        counted, logged, in ``errors``
analyze_project_with_progress no estimate of the time left; a bar with no total  bars move with the work, with the time
                              is "completed" by the number True                  left; the callback gets the same
OptimizedFileScanner          ``_should_include_file`` is not defined; each path git's rules, each compiled once; none
                              is tested against each pattern anew                given: those of all ignore files
..                            links to files are listed                          links are not
AdvancedCacheManager          ``_get_ttl``, ``_estimate_size`` and               a ttl for each entry, sizes exact, hits
                              ``_calculate_hit_rate`` are not defined; the ttl   and misses counted
                              of ``put`` is dropped
..                            the process's memory is taken for the cache's; one the cache's own bytes are limited and
                              entry is evicted, whatever its size                reported; as many go as need be
..                            the oldest entry is searched for among all         constant time
..                            no lock                                            any number of threads
..                            nothing is warmed                                  ``warm``; ``repomap-fast cache warm``
..                            pressure is one comparison                         ``max_process_memory_mb``: shrinks by
                                                                                 steps, and grows again
MemoryMonitor                 the peak is 0 unless ``check_memory`` is called    sampled, and the system's own mark read
..                            ``self.logger`` is never set; metrics are logged   ``metrics``; ``alert_mb``, ``on_alert``
                              and lost; no alerts
OptimizedDataStructures       a name is classified each time it occurs           once, and when it is asked for;
                                                                                 ``profile`` says what is held
PerformanceBenchmark          memory is what is left at the end; the first       the peak above the start; processor
                              ``cpu_percent()`` is always 0 and halves the mean  time against wall time
..                            ``_get_cache_hit_rate`` is not defined             of the cache given, or of the result
..                            the result is thrown away                          ``result``
PerformanceConfig             ``parallel_threshold`` and ``max_memory_mb`` are   fewer files: one worker; the process is
                              used by nothing                                    kept below the limit
============================= ================================================== ====================================

Where repomap-tool is faulty, or does what only it would do:

============================= ================================================== ====================================
repomap-tool                  there                                              here
============================= ================================================== ====================================
ParallelTagExtractor          no console is a ValueError; a parser and a         no console: no drawing; one pass over
                              database connection for each file                  all files
..                            a file that is not there counts as a success       as an error
..                            ``enable_progress=False`` parses one by one        switches the drawing off alone
CacheManager                  an expired ``get`` is neither hit nor miss; sizes  a miss; sizes are exact
                              are guessed from ``str(value)``
..                            values are shared with their callers; keys of      copies; forgotten
                              evicted entries stay with their files forever
TreeSitterTagCache            a touched file is forgotten; a connection for      contents alone decide; one connection
                              each call, no lock
..                            comments are dropped                               kept
TreeSitterParser              tags of whole nodes (``definition.class``), with   tags of names alone
                              all of their text as the name
..                            gives nothing with tree-sitter from 0.25 on        its own core
..                            19 languages are claimed, some without a query     those that there are tags of
get_project_files,            the root's .gitignore alone; ``name`` and          git's answer: nested files, exclude
should_ignore_file,           ``name/`` match at the top alone; ``*`` matches    files, all patterns; comments and
parse_gitignore               slashes; files in the order that the disk has      escapes as git reads them; sorted
get_cache_size                always 0                                           the bytes of the tag cache
RepoMapService                parses all files in its constructor, and lists     an index, refreshed when asked
                              them twice for each call
============================= ================================================== ====================================
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from repomap_fast.compat.named_files import CodeTag
    from repomap_fast.compat.repomap_tool.analyzer import (
        analyze_file_types,
        analyze_identifier_types,
        get_cache_size,
    )
    from repomap_fast.compat.repomap_tool.caches import AdvancedCacheManager, CacheManager
    from repomap_fast.compat.repomap_tool.exceptions import (
        CacheError,
        ConfigurationError,
        FileAccessError,
        MatcherError,
        NetworkError,
        ParallelProcessingError,
        ProjectAnalysisError,
        RepoMapError,
        RepoMapMemoryError,
        RepoMapTimeoutError,
        SearchError,
        TagExtractionError,
        ValidationError,
        handle_errors,
        safe_operation,
    )
    from repomap_fast.compat.repomap_tool.extractor import ParallelTagExtractor, ProcessingStats
    from repomap_fast.compat.repomap_tool.file_scanner import (
        OptimizedFileScanner,
        get_project_files,
        parse_gitignore,
        should_ignore_file,
    )
    from repomap_fast.compat.repomap_tool.memory_monitor import MemoryMetrics, MemoryMonitor
    from repomap_fast.compat.repomap_tool.models import (
        DependencyConfig,
        EmbeddingConfig,
        ErrorResponse,
        FuzzyMatchConfig,
        MatchResult,
        PerformanceConfig,
        ProjectInfo,
        RepoMapConfig,
        SearchRequest,
        SearchResponse,
        SemanticMatchConfig,
        TreeConfig,
        config_to_dict,
        create_config_from_dict,
        create_error_response,
        validate_search_request,
    )
    from repomap_fast.compat.repomap_tool.performance import (
        PerformanceBenchmark,
        PerformanceDashboard,
        PerformanceMetrics,
    )
    from repomap_fast.compat.repomap_tool.project import (
        RepoMapService,
        ServiceFactory,
        analyze_project_with_monitoring,
        analyze_project_with_progress,
        get_service_factory,
    )
    from repomap_fast.compat.repomap_tool.search_engine import (
        basic_search,
        fuzzy_search,
        hybrid_search,
        semantic_search,
    )
    from repomap_fast.compat.repomap_tool.shapes import (
        CacheManagerProtocol,
        CacheStats,
        FileData,
        FileScannerProtocol,
        IdentifierSet,
        MatcherProtocol,
        ProjectAnalyzerProtocol,
        ProjectMap,
        RepoMapProtocol,
        Tag,
        safe_validate_identifier_set,
        safe_validate_project_map,
        validate_cache_stats,
        validate_identifier_set,
        validate_match_result,
        validate_project_map,
    )
    from repomap_fast.compat.repomap_tool.structures import OptimizedDataStructures
    from repomap_fast.compat.repomap_tool.tag_cache import TreeSitterTagCache
    from repomap_fast.compat.repomap_tool.tree_sitter_parser import TreeSitterParser

_NAMES = {
    "analyzer": "analyze_file_types analyze_identifier_types get_cache_size",
    "caches": "AdvancedCacheManager CacheManager",
    "exceptions": (
        "CacheError ConfigurationError FileAccessError MatcherError NetworkError ParallelProcessingError "
        "ProjectAnalysisError RepoMapError RepoMapMemoryError RepoMapTimeoutError SearchError TagExtractionError "
        "ValidationError handle_errors safe_operation"
    ),
    "extractor": "ParallelTagExtractor ProcessingStats",
    "file_scanner": "OptimizedFileScanner get_project_files parse_gitignore should_ignore_file",
    "memory_monitor": "MemoryMetrics MemoryMonitor",
    "models": (
        "DependencyConfig EmbeddingConfig ErrorResponse FuzzyMatchConfig MatchResult PerformanceConfig ProjectInfo "
        "RepoMapConfig SearchRequest SearchResponse SemanticMatchConfig TreeConfig config_to_dict "
        "create_config_from_dict create_error_response validate_search_request"
    ),
    "performance": "PerformanceBenchmark PerformanceDashboard PerformanceMetrics",
    "project": (
        "RepoMapService ServiceFactory analyze_project_with_monitoring analyze_project_with_progress "
        "get_service_factory"
    ),
    "search_engine": "basic_search fuzzy_search hybrid_search semantic_search",
    "shapes": (
        "CacheManagerProtocol CacheStats FileData FileScannerProtocol IdentifierSet MatcherProtocol "
        "ProjectAnalyzerProtocol ProjectMap RepoMapProtocol Tag safe_validate_identifier_set "
        "safe_validate_project_map validate_cache_stats validate_identifier_set validate_match_result "
        "validate_project_map"
    ),
    "structures": "OptimizedDataStructures",
    "tag_cache": "CodeTag TreeSitterTagCache",
    "tree_sitter_parser": "TreeSitterParser",
}
__all__ = [
    "AdvancedCacheManager",
    "CacheError",
    "CacheManager",
    "CacheManagerProtocol",
    "CacheStats",
    "CodeTag",
    "ConfigurationError",
    "DependencyConfig",
    "EmbeddingConfig",
    "ErrorResponse",
    "FileAccessError",
    "FileData",
    "FileScannerProtocol",
    "FuzzyMatchConfig",
    "IdentifierSet",
    "MatchResult",
    "MatcherError",
    "MatcherProtocol",
    "MemoryMetrics",
    "MemoryMonitor",
    "NetworkError",
    "OptimizedDataStructures",
    "OptimizedFileScanner",
    "ParallelProcessingError",
    "ParallelTagExtractor",
    "PerformanceBenchmark",
    "PerformanceConfig",
    "PerformanceDashboard",
    "PerformanceMetrics",
    "ProcessingStats",
    "ProjectAnalysisError",
    "ProjectAnalyzerProtocol",
    "ProjectInfo",
    "ProjectMap",
    "RepoMapConfig",
    "RepoMapError",
    "RepoMapMemoryError",
    "RepoMapProtocol",
    "RepoMapService",
    "RepoMapTimeoutError",
    "SearchError",
    "SearchRequest",
    "SearchResponse",
    "SemanticMatchConfig",
    "ServiceFactory",
    "Tag",
    "TagExtractionError",
    "TreeConfig",
    "TreeSitterParser",
    "TreeSitterTagCache",
    "ValidationError",
    "analyze_file_types",
    "analyze_identifier_types",
    "analyze_project_with_monitoring",
    "analyze_project_with_progress",
    "basic_search",
    "config_to_dict",
    "create_config_from_dict",
    "create_error_response",
    "fuzzy_search",
    "get_cache_size",
    "get_project_files",
    "get_service_factory",
    "handle_errors",
    "hybrid_search",
    "parse_gitignore",
    "safe_operation",
    "safe_validate_identifier_set",
    "safe_validate_project_map",
    "semantic_search",
    "should_ignore_file",
    "validate_cache_stats",
    "validate_identifier_set",
    "validate_match_result",
    "validate_project_map",
    "validate_search_request",
]

_MODULES = {name: module for module, names in _NAMES.items() for name in names.split()}


def __getattr__(name: str) -> Any:
    if name not in _MODULES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_MODULES[name]}"), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *_MODULES])
