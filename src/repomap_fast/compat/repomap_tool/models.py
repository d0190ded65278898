"""repomap-tool's and the plan's models, as pydantic's: configurations, searches, and what is known of a project.

The configurations of what has no replacement here (embeddings, exploration trees, dependency graphs) are kept for the
parts of repomap-tool that read them; nothing of ours does.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field

MAX_PATH_CHARACTERS = 4096

_STRATEGIES = frozenset({"prefix", "suffix", "substring", "levenshtein", "word"})
_LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL")


def _resolved(value: object, what: str) -> object:
    """Return a path, absolute and without links. Raises ValueError for a text that can be none."""
    if not isinstance(value, str | Path):
        return value
    text = str(value)
    if "\0" in text:
        raise ValueError(f"{what} cannot contain null bytes")
    if len(text) > MAX_PATH_CHARACTERS:
        raise ValueError(f"{what} path too long (max {MAX_PATH_CHARACTERS} characters)")
    try:
        return Path(value).resolve()
    except (OSError, RuntimeError) as error:
        raise ValueError(f"Invalid {what.lower()}: {error}") from error


def _as_root(value: object) -> object:
    if isinstance(value, str) and not value.strip():
        raise ValueError("Project root cannot be empty or whitespace only")
    path = _resolved(value, "Project root")
    if isinstance(path, Path):
        try:
            exists = path.exists()
        except OSError as error:
            raise ValueError(f"Invalid project root: {error}") from error
        if not exists:
            raise ValueError(f"Project root does not exist: {path}")
        if not path.is_dir():
            raise ValueError(f"Project root must be a directory: {path}")
    return path


def _as_folder(value: object) -> object:
    return None if value is None else _resolved(value, "Cache directory")


def _as_log_level(value: str) -> str:
    if value.upper() not in _LOG_LEVELS:
        raise ValueError(f"Invalid log level: {value}; expected one of {', '.join(_LOG_LEVELS)}")
    return value.upper()


def _check_strategies(value: list[str]) -> list[str]:
    if unknown := sorted(set(value) - _STRATEGIES):
        raise ValueError(f"Invalid strategies: {', '.join(unknown)}; expected some of {', '.join(sorted(_STRATEGIES))}")
    return value


def _strip_query(value: str) -> str:
    if not value.strip():
        raise ValueError("Query cannot be empty")
    return value.strip()


class PerformanceConfig(BaseModel):
    """How much an analysis may take; the plan's fields and bounds, and repomap-tool's two more.

    max_memory_mb       what the process is to stay below, see ``RepoMapService``.
    parallel_threshold  fewer files than that are parsed by one worker.
    cache_ttl           seconds that entries of caches live.
    allow_fallback      accepted and ignored: a file that fails never ends a run here.
    """

    max_workers: int = Field(default=4, ge=1, le=16)
    cache_size: int = Field(default=1000, ge=100, le=10000)
    max_memory_mb: int = Field(default=100, ge=10, le=1000)
    enable_progress: bool = True
    enable_monitoring: bool = True
    parallel_threshold: int = Field(default=10, description="Min files for parallel processing")
    cache_ttl: int = 3600
    allow_fallback: bool = False


class FuzzyMatchConfig(BaseModel):
    """How a fuzzy matcher is to match; ``threshold`` in hundredths."""

    enabled: bool = True
    threshold: int = Field(default=70, ge=0, le=100)
    strategies: Annotated[list[str], AfterValidator(_check_strategies)] = ["prefix", "substring", "levenshtein"]
    cache_results: bool = True


class SemanticMatchConfig(BaseModel):
    """How a semantic matcher is to match; ``threshold`` from 0 to 1."""

    enabled: bool = False
    threshold: float = Field(default=0.1, ge=0.0, le=1.0)
    use_tfidf: bool = True
    min_word_length: int = Field(default=3, ge=1)
    cache_results: bool = True


class EmbeddingConfig(BaseModel):
    """How an embedding matcher is to match; ``threshold`` from 0 to 1."""

    enabled: bool = True
    model_name: str = "nomic-ai/CodeRankEmbed"
    trust_remote_code: bool = True
    threshold: float = Field(default=0.3, ge=0.0, le=1.0)
    cache_dir: str | None = None


class TreeConfig(BaseModel):
    """How trees of code are to be explored."""

    max_depth: int = 10
    max_trees_per_session: int = Field(default=10, ge=1, le=100)
    entrypoint_threshold: float = Field(default=0.6, ge=0.0, le=1.0)
    enable_code_snippets: bool = True
    cache_tree_structures: bool = True


class DependencyConfig(BaseModel):
    """How a graph of dependencies is to be built; ``performance_threshold_seconds`` is the most that may take."""

    cache_graphs: bool = True
    max_graph_size: int = Field(default=10000, ge=100, le=100000)
    enable_call_graph: bool = True
    enable_impact_analysis: bool = True
    centrality_algorithms: list[str] = ["degree", "betweenness", "pagerank"]
    max_centrality_cache_size: int = Field(default=1000, ge=100, le=10000)
    performance_threshold_seconds: float = Field(default=30.0, ge=5.0, le=300.0)


class RepoMapConfig(BaseModel):
    """What to analyse, and how."""

    project_root: Annotated[Path, BeforeValidator(_as_root)]
    map_tokens: int = Field(default=4096, ge=1, le=8192)
    cache_dir: Annotated[Path | None, BeforeValidator(_as_folder)] = None
    verbose: bool = True
    log_level: Annotated[str, AfterValidator(_as_log_level)] = "INFO"
    performance: PerformanceConfig = Field(default_factory=PerformanceConfig)
    fuzzy_match: FuzzyMatchConfig = Field(default_factory=FuzzyMatchConfig)
    semantic_match: SemanticMatchConfig = Field(default_factory=SemanticMatchConfig)
    embedding: EmbeddingConfig = Field(default_factory=EmbeddingConfig)
    trees: TreeConfig = Field(default_factory=TreeConfig)
    dependencies: DependencyConfig = Field(default_factory=DependencyConfig)
    refresh_cache: bool = False
    output_format: Literal["text", "json"] = "text"
    max_results: int = Field(default=50, ge=1, le=1000)


class MatchResult(BaseModel):
    """An identifier that a search found; ``score`` from 0 to 1, ``line_number`` one-based."""

    identifier: str
    score: float = Field(ge=0.0, le=1.0)
    strategy: str
    match_type: Literal["fuzzy", "semantic", "hybrid"]
    file_path: str | None = None
    line_number: int | None = Field(default=None, ge=1)
    context: str | None = None
    metadata: dict[str, Any] = Field(default_factory=dict)


class SearchRequest(BaseModel):
    """What to search for; ``threshold`` is the least score."""

    query: Annotated[str, AfterValidator(_strip_query)]
    match_type: Literal["fuzzy", "semantic", "hybrid"] = "hybrid"
    threshold: float = Field(default=0.3, ge=0.0, le=1.0)
    max_results: int = Field(default=10, ge=1, le=100)
    include_context: bool = True
    strategies: list[str] | None = None


class SearchResponse(BaseModel):
    """What a search found."""

    query: str
    match_type: str
    threshold: float
    total_results: int
    results: list[MatchResult]
    search_time_ms: float
    cache_hit: bool = False
    spellcheck_suggestions: list[str] = Field(default_factory=list)
    metadata: dict[str, Any] = Field(default_factory=dict)
    performance_metrics: dict[str, Any] = Field(default_factory=dict)


class _StrictModel(BaseModel):
    model_config = ConfigDict(validate_assignment=True, extra="forbid")


class ProjectInfo(_StrictModel):
    """What an analysis found.

    total_identifiers  distinct names of definitions and references.
    file_types         files by ending; identifier_types: names as ``analyze_identifier_types`` counts them.
    cache_size_bytes   of the index's database; None where nothing is kept.
    cache_stats        ``hit_rate``, ``files_parsed``, ``files_known``; with monitoring ``memory`` and ``notes`` too.
    """

    project_root: str
    total_files: int
    total_identifiers: int
    file_types: dict[str, int]
    identifier_types: dict[str, int]
    analysis_time_ms: float
    cache_size_bytes: int | None = None
    last_updated: datetime
    cache_stats: dict[str, Any] = Field(default_factory=dict)


class ErrorResponse(_StrictModel):
    """An error as a response of a service."""

    error: str
    error_type: str
    details: dict[str, Any] | None = None
    timestamp: datetime = Field(default_factory=datetime.now)
    request_id: str | None = None


def create_config_from_dict(config_dict: Mapping[str, Any] | None) -> RepoMapConfig:
    """Return the configuration that a dictionary holds. Raises ValueError."""
    return RepoMapConfig(**_as_dictionary(config_dict, "Configuration"))


def config_to_dict(config: RepoMapConfig) -> dict[str, Any]:
    """Return a configuration as a dictionary."""
    return config.model_dump()


def validate_search_request(data: Mapping[str, Any] | None) -> SearchRequest:
    """Return the request that a dictionary holds. Raises ValueError."""
    return SearchRequest(**_as_dictionary(data, "Search request"))


def create_error_response(
    error: str,
    error_type: str = "ValidationError",
    details: dict[str, Any] | None = None,
    request_id: str | None = None,
) -> ErrorResponse:
    """Return an error as it is answered."""
    return ErrorResponse(error=error, error_type=error_type, details=details, request_id=request_id)


def _as_dictionary(value: object, what: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{what} must be a dictionary; found {type(value).__name__}")
    return value
