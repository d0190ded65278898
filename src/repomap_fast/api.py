"""The library's own calls; each reads as the way of the data."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from repomap_fast import options as defaults
from repomap_fast.discover import discover
from repomap_fast.errors import RootError
from repomap_fast.join import join
from repomap_fast.languages import find_language, identify_languages
from repomap_fast.metrics import ScanMetrics, peak_memory_bytes
from repomap_fast.options import ScanOptions
from repomap_fast.progress import STAGE_DISCOVER, STAGE_JOIN, STAGE_TAG, CancelEvent, ProgressCallback, Watch
from repomap_fast.result import ScanResult
from repomap_fast.tables import FileTable, StringTable
from repomap_fast.tagger import tag


def scan(
    root: str | os.PathLike[str] = ".",
    *,
    workers: int = 0,
    languages: Sequence[str] = (),
    include: Sequence[str] = (),
    exclude: Sequence[str] = (),
    follow_ignore_files: bool = True,
    queries_dir: str | os.PathLike[str] | None = None,
    max_file_bytes: int = defaults.DEFAULT_MAX_FILE_BYTES,
    file_timeout_s: float = defaults.DEFAULT_FILE_TIMEOUT_S,
    max_file_memory_bytes: int = defaults.DEFAULT_MAX_FILE_MEMORY_BYTES,
    progress: ProgressCallback | None = None,
    cancel: CancelEvent | None = None,
) -> ScanResult:
    """Find every definition and reference below ``root``.

    The options are those of ``ScanOptions``. ``progress`` is called as (stage, done, total) in this thread;
    ``cancel`` is an event that ends the scan when it is set. The same tree gives the same tables, byte for byte,
    with any number of workers.

    Raises RootError, OptionError, LanguageError, QueryError, ScanCancelled. Trouble with a single file raises
    nothing: it is the file's status.
    """
    options = ScanOptions(
        workers=workers,
        languages=tuple(languages),
        include=tuple(include),
        exclude=tuple(exclude),
        follow_ignore_files=follow_ignore_files,
        queries_dir=None if queries_dir is None else Path(queries_dir),
        max_file_bytes=max_file_bytes,
        file_timeout_s=file_timeout_s,
        max_file_memory_bytes=max_file_memory_bytes,
    )
    start = time.perf_counter()
    watch, metrics, top = Watch(progress, cancel), ScanMetrics(), _check_root(root)
    with metrics.stage(STAGE_DISCOVER):
        wanted = [find_language(name) for name in options.languages]
        found = discover(top, options, watch)
        language_ids = identify_languages(top, found.paths)
        if wanted:
            rows = np.flatnonzero(np.isin(language_ids, wanted))
            found, language_ids = found.rows(rows), language_ids[rows]
        paths = StringTable.from_strings(found.paths)
    with metrics.stage(STAGE_TAG):
        tag_workers, kinds = tag(top, paths, language_ids, found.sizes_bytes, options, watch)
        metrics.source_bytes = sum(worker.source_bytes for worker in tag_workers)
        metrics.workers = len(tag_workers)
    with metrics.stage(STAGE_JOIN):
        tags, statuses, errors, tag_offsets = join(tag_workers, kinds, len(paths), watch)
    files = FileTable(
        paths=paths,
        language_ids=language_ids,
        sizes_bytes=found.sizes_bytes,
        mtimes_ns=found.mtimes_ns,
        ctimes_ns=found.ctimes_ns,
        inodes=found.inodes,
        statuses=statuses,
        errnos=errors,
        tag_offsets=tag_offsets,
    )
    metrics.elapsed_s, metrics.peak_memory_bytes = time.perf_counter() - start, peak_memory_bytes()
    return ScanResult(top, files, tags, found.notes, metrics)


def _check_root(root: str | os.PathLike[str]) -> Path:
    """Return the absolute path of a folder that can be read. Raises RootError."""
    path = Path(root).absolute()
    if not path.exists():
        raise RootError(f"there is no {str(path)!r}; expected a folder to scan")
    if not path.is_dir():
        raise RootError(f"{str(path)!r} is not a folder; expected a folder to scan")
    if not os.access(path, os.R_OK | os.X_OK):
        raise RootError(f"the folder {str(path)!r} cannot be read: permission denied")
    return path
