"""ParallelTagExtractor: one class for the plan's signature and for repomap-tool's, which differ."""

from __future__ import annotations

import logging
import os
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, overload

from repomap_fast.compat.named_files import CodeTag, NamedFile, tag_named_files
from repomap_fast.compat.repomap_tool.exceptions import ParallelProcessingError
from repomap_fast.compat.repomap_tool.tag_cache import is_cache_disabled
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_TAG

if TYPE_CHECKING:
    from repomap_fast.metrics import ScanMetrics

DEFAULT_WORKERS = 4

_KIBIBYTE, _MEBIBYTE = 1 << 10, 1 << 20
_log = logging.getLogger("repomap_fast")


class _Absent:
    """The type of a repository map that was not named at all: the plan's call, where None is one of repomap-tool's."""


_ABSENT: Final = _Absent()


@dataclass
class ProcessingStats:
    """How far a run over files is, and what came of it; ``errors`` are pairs of file and message."""

    total_files: int = 0
    processed_files: int = 0
    successful_files: int = 0
    failed_files: int = 0
    total_identifiers: int = 0
    start_time: float = field(default_factory=time.time)
    end_time: float | None = None
    errors: list[tuple[str, str]] = field(default_factory=list)

    @property
    def processing_time(self) -> float:
        """Seconds until the end; until now where there is none yet."""
        return (time.time() if self.end_time is None else self.end_time) - self.start_time

    @property
    def success_rate(self) -> float:
        """Successful files in hundredths of all; 0 where there are none."""
        return 100 * self.successful_files / self.total_files if self.total_files else 0.0

    @property
    def files_per_second(self) -> float:
        """Files processed in a second; 0 before any time has passed."""
        elapsed_s = self.processing_time
        return self.processed_files / elapsed_s if elapsed_s > 0 else 0.0

    def add_error(self, file_path: str, error_message: str) -> None:
        """Count a file that failed."""
        self.errors.append((file_path, error_message))
        self.failed_files += 1

    def add_success(self, identifiers_count: int) -> None:
        """Count a file that gave so many identifiers."""
        self.successful_files += 1
        self.total_identifiers += identifiers_count

    def finalize(self) -> None:
        """Note that the run is over."""
        self.end_time = time.time()


class ParallelTagExtractor:
    """Tags of many files in one parallel pass, which a file that fails does not end.

        tags = ParallelTagExtractor(max_workers=4).extract_tags_parallel(files, root)                  # the plan
        names, stats = ParallelTagExtractor(console=console).extract_tags_parallel(files, root, None)  # repomap-tool

    max_workers         threads that parse; None for 4, 0 for one for each processor.
    enable_progress     draw a progress bar, with an estimate of the time left, where there is a ``console`` to draw on.
    console             rich's; None for no drawing.
    parallel_threshold  fewer files than that are parsed by one thread.
    """

    def __init__(
        self,
        max_workers: int | None = DEFAULT_WORKERS,
        enable_progress: bool = True,
        console: Any | None = None,
        *,
        parallel_threshold: int = 1,
    ) -> None:
        self.max_workers = DEFAULT_WORKERS if max_workers is None else max_workers
        self.enable_progress = enable_progress
        self.console = console
        self.parallel_threshold = parallel_threshold
        self.logger = _log
        self._lock = threading.Lock()
        self._stats = ProcessingStats()
        self._seconds_by_worker: dict[str, list[float]] = {}
        self._sizes_bytes: list[int] = []

    @overload
    def extract_tags_parallel(
        self,
        files: Sequence[str | os.PathLike[str]],
        project_root: str | os.PathLike[str],
        *,
        progress_callback: Callable[[str, int], object] | None = None,
    ) -> list[CodeTag]: ...
    @overload
    def extract_tags_parallel(
        self,
        files: Sequence[str | os.PathLike[str]],
        project_root: str | os.PathLike[str],
        repo_map: Any | None,
        progress_callback: Callable[[str, int], object] | None = None,
    ) -> tuple[list[str], ProcessingStats]: ...
    def extract_tags_parallel(
        self,
        files: Sequence[str | os.PathLike[str]],
        project_root: str | os.PathLike[str],
        repo_map: Any = _ABSENT,
        progress_callback: Callable[[str, int], object] | None = None,
    ) -> list[CodeTag] | tuple[list[str], ProcessingStats]:
        """Extract the tags of ``files``, each absolute or below ``project_root``, in the order of the files.

        Called as in the plan, without ``repo_map``, it returns all tags. With ``repo_map`` it returns the names alone,
        with the figures, as repomap-tool does: None has us find the tags; any other object has its ``get_tags(path,
        relative path)`` called in threads.

        ``progress_callback`` is called for each file that did not fail, with its path and how many names it gave.
        """
        paths = [os.fspath(path) for path in files]
        self._stats = stats = ProcessingStats(total_files=len(paths))
        self._seconds_by_worker, self._sizes_bytes = {}, []
        tags: list[CodeTag] = []
        names: list[str] = []
        is_plans = repo_map is _ABSENT
        with self._drawn(len(paths)) as advance:
            if is_plans or repo_map is None:
                for file in self._tag(paths, project_root, advance):
                    of_file = [] if file.error is not None else file.code_tags() if is_plans else file.names()
                    self._count(file.given, len(of_file), file.error, progress_callback)
                    (tags if is_plans else names).extend(of_file)  # type: ignore[arg-type]
            else:
                for path, of_path, error in self._ask(repo_map, paths, project_root, advance):
                    self._count(path, len(of_path), error, progress_callback)
                    names.extend(of_path)
        stats.finalize()
        self._log_summary()
        return tags if is_plans else (names, stats)

    def _tag(
        self, paths: list[str], project_root: str | os.PathLike[str], advance: Callable[[int], object]
    ) -> Iterator[NamedFile]:
        def follow(stage: str, done: int, _: int) -> None:
            if stage == STAGE_TAG:
                advance(done)

        options = ScanOptions(workers=1 if len(paths) < self.parallel_threshold else self.max_workers)
        took: list[ScanMetrics] = []
        for file in tag_named_files(
            paths, project_root, options, keep=not is_cache_disabled(), progress=follow, metrics=took
        ):
            self._sizes_bytes.append(file.size_bytes)
            yield file
        for metrics in took:
            if metrics.files_parsed:
                # Each free worker takes the next batch, so all have the same share of the time.
                share = metrics.stages_s[STAGE_TAG] * metrics.workers / metrics.files_parsed
                self._seconds_by_worker.setdefault("worker_all", []).extend([share] * metrics.files_parsed)
        advance(len(paths))

    def _ask(
        self,
        repo_map: Any,
        paths: list[str],
        project_root: str | os.PathLike[str],
        advance: Callable[[int], object],
    ) -> Iterator[tuple[str, list[str], str | None]]:
        """Yield the names that another's map gives for each file, or why it gives none."""
        n_done = 0

        def ask(path: str) -> list[str]:
            nonlocal n_done
            absolute = Path(project_root) / path
            start_s = time.perf_counter()
            try:
                if absolute.exists():
                    self._sizes_bytes.append(absolute.stat().st_size)
                return [tag.name for tag in repo_map.get_tags(str(absolute), path) or () if tag.name]
            except Exception as error:
                raise ParallelProcessingError(f"Failed to process file {path}: {error}") from error
            finally:
                worker = f"worker_{threading.get_ident()}"
                with self._lock:
                    self._seconds_by_worker.setdefault(worker, []).append(time.perf_counter() - start_s)
                    n_done += 1
                    advance(n_done)

        n_workers = 1 if len(paths) < self.parallel_threshold else self.max_workers
        with ThreadPoolExecutor(n_workers or None) as executor:
            futures = [executor.submit(ask, path) for path in paths]
            for path, future in zip(paths, futures, strict=True):
                try:
                    yield path, future.result(), None
                except ParallelProcessingError as error:
                    yield path, [], str(error)

    def _count(
        self, path: str, n_names: int, error: str | None, progress_callback: Callable[[str, int], object] | None
    ) -> None:
        with self._lock:
            self._stats.processed_files += 1
            if error is None:
                self._stats.add_success(n_names)
            else:
                self._stats.add_error(path, error)
        if error is not None:
            self.logger.warning("failed to process %s: %s", path, error)
        elif progress_callback is not None:
            progress_callback(path, n_names)

    @contextmanager
    def _drawn(self, n_files: int) -> Iterator[Callable[[int], object]]:
        """Draw a bar while the block runs; gives a function to call with the number of files that are done."""
        if not (self.enable_progress and self.console is not None and n_files):
            yield lambda n_done: None
            return
        from repomap_fast.compat.repomap_tool.bars import make_bar

        with make_bar(self.console) as bar:
            task = bar.add_task(f"Processing {n_files} files with {self.max_workers} workers...", total=n_files)
            yield lambda n_done: bar.update(task, completed=n_done)

    def _log_summary(self) -> None:
        stats = self._stats
        self.logger.info(
            "%d of %d files, %d failed, %d identifiers in %.2f s: %.1f files a second, at most %d workers",
            stats.processed_files,
            stats.total_files,
            stats.failed_files,
            stats.total_identifiers,
            stats.processing_time,
            stats.files_per_second,
            self.max_workers,
        )

    def get_performance_metrics(self) -> dict[str, Any]:
        """Return the figures of the last run: processing_stats, worker_performance, file_size_stats, configuration.

        Where we found the tags, ``worker_all`` stands for all threads.
        """
        stats, sizes_bytes = self._stats, self._sizes_bytes
        return {
            "processing_stats": {
                "total_files": stats.total_files,
                "processed_files": stats.processed_files,
                "successful_files": stats.successful_files,
                "failed_files": stats.failed_files,
                "success_rate": stats.success_rate,
                "total_identifiers": stats.total_identifiers,
                "processing_time": stats.processing_time,
                "files_per_second": stats.files_per_second,
            },
            "worker_performance": {
                worker: {
                    "files_processed": len(seconds),
                    "avg_time": sum(seconds) / len(seconds),
                    "total_time": sum(seconds),
                }
                for worker, seconds in self._seconds_by_worker.items()
            },
            "file_size_stats": {}
            if not sizes_bytes
            else {
                "total_size_mb": sum(sizes_bytes) / _MEBIBYTE,
                "avg_size_kb": sum(sizes_bytes) / len(sizes_bytes) / _KIBIBYTE,
                "largest_file_kb": max(sizes_bytes) / _KIBIBYTE,
                "smallest_file_kb": min(sizes_bytes) / _KIBIBYTE,
            },
            "configuration": {"max_workers": self.max_workers, "enable_progress": self.enable_progress},
        }
