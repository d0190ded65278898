"""The analysis of a project: the plan's two functions, and repomap-tool's RepoMapService, whose methods they are."""

from __future__ import annotations

import logging
import os
import time
from collections.abc import Iterable, Sequence
from contextlib import ExitStack
from datetime import datetime
from pathlib import Path
from typing import Any, ClassVar

import numpy as np

from repomap_fast.compat.repomap_tool.analyzer import analyze_file_types, analyze_identifier_types
from repomap_fast.compat.repomap_tool.extractor import ParallelTagExtractor
from repomap_fast.compat.repomap_tool.file_scanner import DEFAULT_EXCLUSIONS, get_project_files
from repomap_fast.compat.repomap_tool.memory_monitor import MEBIBYTE, MemoryMetrics, MemoryMonitor
from repomap_fast.compat.repomap_tool.models import (
    MatchResult,
    ProjectInfo,
    RepoMapConfig,
    SearchRequest,
    SearchResponse,
)
from repomap_fast.compat.repomap_tool.search_engine import basic_search, fuzzy_search, hybrid_search, semantic_search
from repomap_fast.compat.repomap_tool.tag_cache import is_cache_disabled
from repomap_fast.compat.repomap_tool.tree_sitter_parser import TreeSitterParser
from repomap_fast.drawing.draw import draw
from repomap_fast.drawing.entries import list_definitions
from repomap_fast.drawing.repo_map import Style
from repomap_fast.drawing.tokens import estimate_tokens
from repomap_fast.indexing.index import Index
from repomap_fast.joining.result import ScanResult
from repomap_fast.options import MIN_MAX_MEMORY_BYTES, ScanOptions
from repomap_fast.progress import STAGE_CHECK, STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG, CancelEvent, ProgressCallback
from repomap_fast.ranking.rank import rank
from repomap_fast.resources.memory import resident_memory_bytes
from repomap_fast.store.sqlite_store import SqliteStore
from repomap_fast.tables import ROLE_DEFINITION
from repomap_fast.weights import Weights

_OWN_SHARE = 0.75
"""Of the memory that an analysis may bring the process to: with more in use before it begins, it gets a share more."""


class RepoMapService:
    """A project, as repomap-tool analyses and searches it: over an index, so that only what has changed is parsed.

    console            rich's, to draw progress on; the standard error output if None.
    fuzzy_matcher, semantic_matcher, hybrid_matcher
                       asked for searches of their kind; without one, names that hold the text are found.

    What else repomap-tool's constructor takes is kept as an attribute; nothing of ours uses it.

    The process stays below ``config.performance.max_memory_mb``: as it comes near, caches shrink, then batches, then
    workers are fewer. A process that holds most of that before an analysis begins may come to a third more than it has,
    and 64 MB.
    """

    def __init__(
        self,
        config: RepoMapConfig,
        console: Any | None = None,
        parallel_extractor: ParallelTagExtractor | None = None,
        fuzzy_matcher: Any | None = None,
        semantic_matcher: Any | None = None,
        embedding_matcher: Any | None = None,
        hybrid_matcher: Any | None = None,
        dependency_graph: Any | None = None,
        impact_analyzer: Any | None = None,
        centrality_calculator: Any | None = None,
        spellchecker_service: Any | None = None,
    ) -> None:
        self.config = config
        self.console = console
        self.parallel_extractor = parallel_extractor or ParallelTagExtractor(
            config.performance.max_workers,
            config.performance.enable_progress,
            console,
            parallel_threshold=config.performance.parallel_threshold,
        )
        self.fuzzy_matcher = fuzzy_matcher
        self.semantic_matcher = semantic_matcher
        self.embedding_matcher = embedding_matcher
        self.hybrid_matcher = hybrid_matcher
        self.dependency_graph = dependency_graph
        self.impact_analyzer = impact_analyzer
        self.centrality_calculator = centrality_calculator
        self.spellchecker_service = spellchecker_service
        self.tree_sitter_parser = TreeSitterParser(config.project_root)
        self.memory_metrics: MemoryMetrics | None = None
        self.logger = logging.getLogger("repomap_fast")

    def analyze_project(
        self, progress_callback: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> ProjectInfo:
        """Analyse the project, without drawing anything; ``progress_callback`` gets (stage, done, total).

        Raises ScanCancelled.
        """
        return self._analyze(progress_callback, cancel)

    def search_identifiers(self, request: SearchRequest) -> SearchResponse:
        """Search the names of the project."""
        start_s = time.perf_counter()
        result = self._refresh(None, None)
        places = _first_places(result)
        names = list(places)
        kind = request.match_type
        if kind == "fuzzy" and self.fuzzy_matcher:
            found = fuzzy_search(request.query, names, self.fuzzy_matcher, request.max_results)
        elif kind == "semantic" and self.semantic_matcher:
            found = semantic_search(request.query, names, self.semantic_matcher, request.max_results)
        elif kind == "hybrid" and self.hybrid_matcher:
            found = hybrid_search(request.query, names, self.hybrid_matcher, request.max_results, request.threshold)
        else:
            found = basic_search(request.query, names, request.max_results)
        suggestions: list[str] = []
        if len(found) < 3 and self.spellchecker_service is not None:
            suggestions = list(self.spellchecker_service.get_did_you_mean_suggestions(request.query))
        return SearchResponse(
            query=request.query,
            match_type=kind,
            threshold=request.threshold,
            total_results=len(found),
            results=[_with_place(match, places.get(match.identifier)) for match in found],
            search_time_ms=1000 * (time.perf_counter() - start_s),
            cache_hit=result.metrics.files_parsed == 0,
            spellcheck_suggestions=suggestions,
        )

    def get_tags(self) -> list[str]:
        """Return the distinct names of the project, sorted."""
        return sorted(_distinct_names(self._refresh(None, None)))

    def get_ranked_tags_map(self, files: Sequence[str], max_tokens: int) -> str | None:
        """Return a map of these files, absolute or below the root, in at most so many tokens; None if nothing fits.

        The definitions that most is referred to, by PageRank over these files.
        """
        root = self.config.project_root
        real_paths = [os.path.realpath(os.path.join(root, path)) for path in files]
        names = [os.fsencode(os.path.relpath(path, root)) for path in real_paths if Path(path).is_relative_to(root)]
        if not names:
            return None
        options = self._options(self.config.performance.max_workers)
        style = Style.of("excerpts", tokenizer=estimate_tokens, header=False, ascii_marks=False)
        with Index.open_with(root, options, cache_dir=self.config.cache_dir, cache=not is_cache_disabled()) as index:
            result = index.tag_files(names)
            graph = result.graph
            ranking = rank(graph, weights=Weights.aider(), limit=None)
            entries = list_definitions(result.file_table, graph, ranking)
            return draw(result, graph, ranking, entries, style, budget=max_tokens).text or None

    def _options(self, n_workers: int) -> ScanOptions:
        performance = self.config.performance
        return ScanOptions(
            workers=n_workers,
            exclude=DEFAULT_EXCLUSIONS,
            max_memory=_limit_bytes(performance.max_memory_mb) if performance.enable_monitoring else None,
        )

    def _refresh(self, progress: ProgressCallback | None, cancel: CancelEvent | None) -> ScanResult:
        return self._open(self._n_workers(), progress, cancel)[0]

    def _n_workers(self) -> int:
        performance = self.config.performance
        if performance.parallel_threshold > 1 and performance.max_workers > 1:
            n_files = len(get_project_files(self.config.project_root))
            return 1 if n_files < performance.parallel_threshold else performance.max_workers
        return performance.max_workers

    def _open(
        self, n_workers: int, progress: ProgressCallback | None, cancel: CancelEvent | None
    ) -> tuple[ScanResult, int | None]:
        """Return the tables of the project, and the bytes of the database that they are kept in."""
        keep = not is_cache_disabled() and not self.config.refresh_cache
        with Index.open_with(
            self.config.project_root, self._options(n_workers), cache_dir=self.config.cache_dir, cache=keep
        ) as index:
            index.refresh(progress=progress, cancel=cancel)
            result = index.result
            # The tags of an index that is closed would be read by opening it once more.
            _ = result.tag_table
            store = index.store
            kept_bytes = store.database_path.stat().st_size if isinstance(store, SqliteStore) else None
            return result, kept_bytes

    def _analyze(self, progress: ProgressCallback | None, cancel: CancelEvent | None) -> ProjectInfo:
        start_s = time.perf_counter()
        result, kept_bytes = self._open(self._n_workers(), progress, cancel)
        metrics = result.metrics
        return ProjectInfo(
            project_root=str(self.config.project_root),
            total_files=len(result.file_table),
            total_identifiers=len(result.tag_table.names),
            file_types=analyze_file_types(map(os.fsdecode, result.file_table.paths)),
            identifier_types=analyze_identifier_types(_distinct_names(result)),
            analysis_time_ms=1000 * (time.perf_counter() - start_s),
            cache_size_bytes=kept_bytes,
            last_updated=datetime.now(),
            cache_stats={
                "hit_rate": metrics.hit_rate,
                "files_parsed": metrics.files_parsed,
                "files_known": metrics.files_known,
                "notes": list(result.notes),
            },
        )

    def analyze_project_with_progress(
        self, progress_callback: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> ProjectInfo:
        """See the function of that name."""
        return analyze_project_with_progress(self, progress_callback, cancel)

    def analyze_project_with_monitoring(
        self, progress_callback: ProgressCallback | None = None, cancel: CancelEvent | None = None
    ) -> ProjectInfo:
        """See the function of that name."""
        return analyze_project_with_monitoring(self, progress_callback, cancel)


def analyze_project_with_progress(
    self: RepoMapService | str | os.PathLike[str],
    progress_callback: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> ProjectInfo:
    """Analyse a project while bars show how far it is and how long it will take; they end with the analysis.

    self               a service, or the folder of a project.
    progress_callback  called with (stage, done, total), beside the bars or without them.

    Nothing is drawn where the configuration says ``enable_progress=False``. Raises ScanCancelled.
    """
    service = _service(self)
    with ExitStack() as stack:
        follow = progress_callback
        if service.config.performance.enable_progress:
            follow = stack.enter_context(_Bars(service.console, progress_callback)).follow
        return service.analyze_project(follow, cancel)


def analyze_project_with_monitoring(
    self: RepoMapService | str | os.PathLike[str],
    progress_callback: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> ProjectInfo:
    """Analyse a project while its memory is watched; a warning is logged each time it rises to what it may have.

    self  a service, or the folder of a project. Its ``memory_metrics`` are then the figures, which are also in
          ``cache_stats["memory"]`` of what is returned. Raises ScanCancelled.
    """
    service = _service(self)
    start_s = time.perf_counter()
    with MemoryMonitor(alert_mb=service.config.performance.max_memory_mb) as monitor:
        info = service.analyze_project(progress_callback, cancel)
    service.logger.info("Analysis completed in %.2fs", time.perf_counter() - start_s)
    service.memory_metrics = monitor.metrics
    info.cache_stats["memory"] = vars(monitor.metrics).copy()
    return info


class ServiceFactory:
    """Makes services, without the matchers that repomap-tool's factory puts into them: the caller brings those."""

    def create_repomap_service(self, config: RepoMapConfig) -> RepoMapService:
        """Return a service for the project of ``config``; what is known of it is in its index, not in the factory."""
        return RepoMapService(config)


def get_service_factory() -> ServiceFactory:
    """Return a factory of services."""
    return ServiceFactory()


class _Bars:
    """The plan's three bars, moved by the stages that an index reports."""

    _DESCRIPTIONS = ("Scanning project files...", "Extracting identifiers...", "Analyzing results...")
    _BAR_OF_STAGE: ClassVar = {STAGE_DISCOVER: 0, STAGE_CHECK: 1, STAGE_TAG: 1, STAGE_JOIN: 2}

    def __init__(self, console: Any | None, also: ProgressCallback | None) -> None:
        from repomap_fast.compat.repomap_tool.bars import make_bar

        self._display = make_bar(console)
        self._tasks = [self._display.add_task(description, total=None) for description in self._DESCRIPTIONS]
        self._also = also

    def __enter__(self) -> _Bars:
        self._display.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            for task in self._display.tasks:
                # A stage that had nothing to do told nothing.
                self._display.update(task.id, total=task.total or 1, completed=task.total or 1)
        self._display.stop()

    def follow(self, stage: str, done: int, total: int) -> None:
        """Move the bar of that stage."""
        self._display.update(self._tasks[self._BAR_OF_STAGE[stage]], completed=done, total=total or None)
        if self._also is not None:
            self._also(stage, done, total)


def _service(of: RepoMapService | str | os.PathLike[str]) -> RepoMapService:
    return of if isinstance(of, RepoMapService) else RepoMapService(RepoMapConfig(project_root=Path(of)))


def _limit_bytes(wanted_mb: int) -> int:
    """Return the limit to the process's memory, in bytes, for the plan's mebibytes."""
    resident_bytes = resident_memory_bytes()
    limit_bytes = wanted_mb * MEBIBYTE
    if resident_bytes > _OWN_SHARE * limit_bytes:
        limit_bytes = max(limit_bytes, int(resident_bytes / _OWN_SHARE) + 64 * MEBIBYTE)
    return max(MIN_MAX_MEMORY_BYTES, limit_bytes)


def _distinct_names(result: ScanResult) -> Iterable[str]:
    return {name.decode(errors="replace") for name in result.tag_table.names}


def _first_places(result: ScanResult) -> dict[str, tuple[str, int]]:
    """Return for each name the file and line of its first definition; where it has none, of its first tag."""
    table, n_names, n_tags = result.tag_table, len(result.tag_table.names), result.n_tags
    numbers = np.arange(n_tags)
    first, first_definition = np.full(n_names, n_tags), np.full(n_names, n_tags)
    np.minimum.at(first, table.name_ids, numbers)
    is_definition = table.roles == ROLE_DEFINITION
    np.minimum.at(first_definition, table.name_ids[is_definition], numbers[is_definition])
    tags = np.where(first_definition < n_tags, first_definition, first)
    files = np.searchsorted(result.file_table.tag_offsets, tags, side="right") - 1
    paths = [os.path.join(result.root, os.fsdecode(path)) for path in result.file_table.paths]
    lines = (table.rows[tags] + 1).tolist()
    names = (name.decode(errors="replace") for name in table.names)
    return {name: (paths[file], line) for name, file, line in zip(names, files.tolist(), lines, strict=True)}


def _with_place(match: MatchResult, place: tuple[str, int] | None) -> MatchResult:
    if place is None:
        return match
    path, line = place
    return match.model_copy(update={"file_path": path, "line_number": line})
